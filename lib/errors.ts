/** A contradiction in what was asked for, found at synth. `code` is stable, the message says what to change. */
export class GateError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'GateError';
  }
}

/** A contradiction in what was asked for, found at synth. `code` is stable and stands at the message's end; the message says what to change. */
export class GateError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${message} [${code}]`);
    this.name = 'GateError';
  }
}

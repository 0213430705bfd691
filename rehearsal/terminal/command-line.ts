/** What the command line says and is told. Loads nothing heavy: help and progress come at once. */
import pc from 'picocolors';

export interface Options {
  readonly app?: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly ignorePermissions: boolean;
  readonly list: boolean;
  readonly json: boolean;
  readonly junit?: string;
  readonly script?: readonly string[];
  readonly pipeline?: string;
  readonly port: number;
  readonly open: boolean;
  readonly quiet: boolean;
}

/** Standard output is for the rehearsal itself. */
export function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What takes seconds is told before it begins. */
export function progress(what: string): void {
  const line = `${what}…`;
  process.stderr.write(`${process.stderr.isTTY ? pc.dim(line) : line}\n`);
}

import { Token } from 'aws-cdk-lib';
import { GateError } from '../errors';
import { mustBeText } from '../private/types';

/** Name of a reader that was given none. */
export const DEFAULT_READER = 'reader';

/** Short enough for the name of a role, which also holds the longest name of a workflow, and of a Region. */
export function mustBeReaderName(method: string, name: string): string {
  mustBeText(`${method} readerName`, name);
  if (Token.isUnresolved(name) || !/^[A-Za-z0-9-]{1,15}$/.test(name)) {
    throw new GateError(
      'BadReaderName',
      `\`${method} readerName\` is '${name}', but has to be 1 to 15 literal letters, digits and '-': rename it`,
    );
  }
  return name;
}

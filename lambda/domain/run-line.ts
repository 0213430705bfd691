/** The last line of a gate's custom data, which names the run that asks. People need not read it. */
import { RUN_LABEL } from '../../contract/names';

const LINE = new RegExp(`(?:^|\\n)${RUN_LABEL}([^\\n]*)\\s*$`);
const RUN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Undefined when there is no such line, or when its variable was not resolved. */
export function runNamedIn(customData: string): string | undefined {
  const run = LINE.exec(customData)?.[1]?.trim();
  return run !== undefined && RUN.test(run) ? run : undefined;
}

export function withoutRunLine(customData: string): string {
  return customData.replace(LINE, '');
}

/** The execution id line: the last line of a gate's custom data, which names the run that asks. People need not read it. */
import { RUN_LABEL } from '../../contract/names';

const RUN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Undefined when there is no such line, or when its variable was not resolved. */
export function executionIdIn(customData: string): string | undefined {
  const run = split(customData).run?.trim();
  return run !== undefined && RUN.test(run) ? run : undefined;
}

export function withoutExecutionIdLine(customData: string): string {
  const { text, run } = split(customData);
  return run === undefined ? customData : text;
}

/** Without a pattern that could go back and forth: what is published to the topic is anybody's, and as long as they like. */
function split(customData: string): { readonly text: string; readonly run?: string } {
  const end = customData.trimEnd();
  const start = end.lastIndexOf('\n') + 1;
  return end.startsWith(RUN_LABEL, start)
    ? { text: end.slice(0, Math.max(start - 1, 0)), run: end.slice(start + RUN_LABEL.length) }
    : { text: customData };
}

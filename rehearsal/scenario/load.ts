import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { Scenario } from './schema';
import { scenario } from './schema';
import { problemsOf, ScenarioError } from './shape';

/** Reads and checks a scenario file; what is wrong with it is told all at once. */
export function loadScenario(file: string): Scenario {
  return parseScenario(readText(file), file);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ScenarioError(file, [code === 'ENOENT' ? 'there is no such file' : 'the file cannot be read']);
  }
}

export function parseScenario(text: string, file: string): Scenario {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new ScenarioError(
      file,
      document.errors.map((error) => error.message.split('\n')[0]?.replace(/:$/, '') ?? 'not YAML'),
    );
  }
  const read = scenario.safeParse(document.toJS(), { reportInput: true });
  const problems = read.success ? contradictionsOf(read.data) : problemsOf(read.error, scenario);
  if (!read.success || problems.length > 0) throw new ScenarioError(file, problems);
  return read.data;
}

/** What no shape says. */
function contradictionsOf({ steps }: Scenario): readonly string[] {
  if (steps.length === 0) return ['steps: needs at least one step'];
  const given = (...ways: readonly unknown[]): number => ways.filter((way) => way !== undefined).length;
  return steps.flatMap((step, index) => {
    if ('wait' in step && given(step.wait.for, step.wait.until) !== 1) {
      return [`steps[${index}].wait: needs either for, or until (and within)`];
    }
    if ('parameter' in step && given(step.parameter.missing, step.parameter.value, step.parameter.with) !== 1) {
      return [`steps[${index}].parameter: needs one of missing, value and with`];
    }
    if ('metric' in step && given(step.metric.value, step.metric.silent) !== 1) {
      return [`steps[${index}].metric: needs either value, or silent`];
    }
    return [];
  });
}

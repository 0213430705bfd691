import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { Scenario } from './schema';
import { scenario } from './schema';
import { ScenarioError } from './shape';

/** Reads and checks a scenario file; what is wrong with it is told all at once. */
export function loadScenario(file: string): Scenario {
  return parseScenario(readText(file), file);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ScenarioError(file, ['the file cannot be read']);
  }
}

export function parseScenario(text: string, file: string): Scenario {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new ScenarioError(
      file,
      document.errors.map((error) => error.message.split('\n')[0] ?? 'not YAML'),
    );
  }
  const problems: string[] = [];
  const found = scenario.read(document.toJS(), 'scenario', {
    add: (path, problem) => problems.push(`${path.replace(/^scenario\.?/, '') || 'the file'}: ${problem}`),
  });
  if (found !== undefined && found.steps?.length === 0) problems.push('steps: needs at least one step');
  found?.steps?.forEach((one, index) => {
    if (one === undefined || !('wait' in one) || one.wait === undefined) return;
    const { wait } = one;
    const ways = [wait.for, wait.until].filter((way) => way !== undefined).length;
    if (ways !== 1) problems.push(`steps[${index}].wait: needs either for, or until (and within)`);
  });
  found?.steps?.forEach((one, index) => {
    if (one === undefined || !('parameter' in one) || one.parameter === undefined) return;
    const { missing, value, with: members } = one.parameter;
    if ([missing, value, members].filter((way) => way !== undefined).length !== 1) {
      problems.push(`steps[${index}].parameter: needs one of missing, value and with`);
    }
  });
  if (found === undefined || problems.length > 0) throw new ScenarioError(file, problems);
  return found;
}

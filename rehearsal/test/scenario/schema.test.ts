import { describeStep } from '../../scenario/describe';
import { loadScenario, parseScenario } from '../../scenario/load';
import { SCENARIOS, scenarioOf } from '../support/scenarios';

function problemOf(text: string): string {
  try {
    parseScenario(text, 'my.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

const file = (step: string) => `title: t\nsteps:\n  - ${step}\n`;

describe('a scenario file', () => {
  test.each(SCENARIOS)('%s is well formed, and every step can be told', (file) => {
    const told = scenarioOf(file).steps.map(describeStep);

    expect(told).not.toEqual([]);
    expect(told.join()).not.toMatch(/undefined|\[object/);
  });

  test('reads times', () => {
    expect(parseScenario(file('wait: { for: 1h 30m }'), 'f').steps).toEqual([{ wait: { for: 5_400_000 } }]);
  });

  test.each([
    [
      'a file that is not there',
      () => loadScenario('nowhere.yaml'),
      'nowhere.yaml cannot be run:\n  there is no such file',
    ],
    ['a folder', () => loadScenario(__dirname), 'cannot be run:\n  the file cannot be read'],
  ])('fails for %s', (_what, load, message) => {
    expect(load).toThrow(message);
  });

  test.each([
    ['no YAML', 'title: [', 'my.yaml cannot be run:'],
    ['nothing', '', 'the file: must be an object with title, steps'],
    ['no title', 'steps:\n  - wait: { for: 1m }', 'the file: needs title: a text'],
    ['no step', 'title: t\nsteps: []', 'steps: needs at least one step'],
    ['an unknown field', 'title: t\nstep: 1\nsteps: []', 'the file: has no field step; the fields are title, steps'],
    ['an unknown step', file('aprove: {}'), 'steps[0]: must be exactly one of push, wait'],
    ['two steps in one', file('{ wait: { for: 1m }, stop: {} }'), 'got wait, stop'],
    ['a step without its fields', file('push: {}'), 'steps[0].push: needs message: a text'],
    ['no time', file('wait: { for: soon }'), 'steps[0].wait.for: must be a time such as 90s, 15m, 2h, 7d'],
    ['two waits', file('wait: { for: 1m, until: { run: Failed } }'), 'steps[0].wait: needs either for, or until'],
    [
      'a share that is no percentage',
      file("requests: { alias: 'shop:live', perMinute: 1, baseline: 0.1, canary: 5 % }"),
      'requests.baseline: must be a percentage from 0 to 100, as 0.1 %',
    ],
    [
      'more than all',
      file("requests: { alias: 'shop:live', perMinute: 1, baseline: 0 %, canary: 101 % }"),
      'requests.canary: must be a percentage',
    ],
    ['a metric without value', file('metric: { name: Errors }'), 'steps[0].metric: needs either value, or silent'],
    [
      'a metric that is silent and is not',
      file('metric: { name: Errors, value: 1, silent: true }'),
      'needs either value, or silent',
    ],
    ['no gate', file('approve: { gate: Approve, as: a }'), 'approve.gate: must be a stage and an action, as Prod/App'],
    ['no state', file('expect: { run: Done }'), 'expect.run: must be one of InProgress, Stopping'],
    ['no gate to lose a notification of', file('lose: { gate: Approve }'), 'lose.gate: must be a stage and an action'],
    ['no gate at all', file('lose: {}'), 'steps[0].lose: needs gate: a stage and an action'],
    [
      'no web address',
      file('web: { address: health, status: 200 }'),
      'web.address: must be a web address, as shop.exam',
    ],
    ['no HTTP status', file('web: { address: a.example.com, status: 42 }'), 'must be an HTTP status from 200 to 599'],
    ['no stage', file('rollback: {}'), 'steps[0].rollback: needs stage: a text'],
    ['no alias', file('expect: { alias: { shop: old } }'), 'must be a function and its alias, as shop-prod:live'],
  ])('fails for %s, and says where and what is allowed', (_what, text, message) => {
    expect(problemOf(text)).toContain(message);
  });

  test.each([
    ['a bracket that is not closed', file('push: { message: a'), /^ {2}Flow map .* at line \d+, column \d+$/],
    ['a step that is misspelt', file('aprove: {}'), /^ {2}steps\[0\]: must be .*, got aprove: did you mean approve\?$/],
    ['a step like no other', file('celebrate: {}'), /^ {2}steps\[0\]: must be .*, got celebrate$/],
  ])('says of %s one thing', (_what, text, message) => {
    const [, ...problems] = problemOf(text).split('\n');

    expect(problems).toEqual([expect.stringMatching(message)]);
  });
});

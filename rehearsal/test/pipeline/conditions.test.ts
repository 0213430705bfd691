/** Conditions of stages, as CodePipeline documents them. */
import { matches, nextMatch } from '../../pipeline/cron';
import { action, MINUTE, SOURCE, stand, type Stand, statusOf } from './stand';

function rule(Provider: string, Configuration: object, Name = 'Rule'): object {
  return { Name, RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider, Version: '1' }, Configuration };
}

const condition = (Result: string, ...Rules: object[]): object => ({ Conditions: [{ Result, Rules }] });

const bake = (WaitTime: string): object => rule('CloudWatchAlarm', { AlarmName: 'shop-5xx', WaitTime });

/** A pipeline with these conditions in `Prod`, and an alarm whose state is `alarm`. */
function prod(conditions: object, more: object = {}, ...before: readonly object[]) {
  const alarm = { state: 'OK' as string | undefined, refuses: false };
  const s = stand(
    [SOURCE, ...before, { Name: 'Prod', Actions: [action('Deploy', 'Deploy')], ...conditions }, last],
    { RoleArn: 'arn:aws:iam::111111111111:role/pipeline', ...more },
    {
      functions: ['ready'],
      call: async (service, operation, input: any, caller) => {
        expect(caller?.roleArn).toBe('arn:aws:iam::111111111111:role/pipeline');
        if (service === 'lambda') return {};
        expect([service, operation, input.AlarmNames]).toEqual(['cloudwatch', 'DescribeAlarms', ['shop-5xx']]);
        if (alarm.refuses) throw new Error('not authorized to perform: cloudwatch:DescribeAlarms');
        const found = alarm.state === undefined ? [] : [{ StateValue: alarm.state }];
        return { MetricAlarms: found, CompositeAlarms: [] };
      },
    },
  );
  return { s, alarm, run: s.push() };
}

const last = { Name: 'Last', Actions: [action('Announce', 'Build')] };

const didRun = (s: Stand, name: string): boolean =>
  s.pipelines.find('shop-release')!.executions.some(({ actions }) => actions.some((run) => run.action === name));

describe('before entry', () => {
  test('a red alarm is waited for, and fails the run when it stays red', async () => {
    const entry = { BeforeEntry: condition('FAIL', bake('10')) };
    const { s, alarm, run } = prod(entry);
    alarm.state = 'ALARM';
    await s.clock.advanceBy(8 * MINUTE);
    expect(didRun(s, 'Deploy')).toBe(false);
    alarm.state = 'OK';
    await s.clock.advanceBy(20 * MINUTE);
    expect(await statusOf(s, run)).toBe('Succeeded');

    const second = prod(entry);
    second.alarm.state = 'ALARM';
    await second.s.clock.advanceBy(12 * MINUTE);
    expect(await statusOf(second.s, second.run)).toBe('Failed');
    expect(didRun(second.s, 'Deploy')).toBe(false);
  });

  test('an alarm that is not there, or may not be described, fails the run', async () => {
    for (const change of [{ state: undefined }, { refuses: true }]) {
      const { s, alarm, run } = prod({ BeforeEntry: condition('FAIL', bake('1')) });
      Object.assign(alarm, change);
      await s.clock.advanceBy(30 * MINUTE);
      expect(await statusOf(s, run)).toBe('Failed');
    }
  });

  test.each([
    ['EQ', 'Change the shop', true],
    ['EQ', 'Change', false],
    ['NE', 'Change', true],
    ['NE', 'Change the shop', false],
    ['CONTAINS', 'the', true],
    ['CONTAINS', 'milk', false],
    ['MATCHES', 'Change.*', true],
    ['MATCHES', 'the', false],
    ['LIKE', 'Change the shop', false],
  ])('a variable that is compared by %s with %j lets in: %s', async (Operator, Value, lets) => {
    const check = rule('VariableCheck', { Variable: '#{Src.CommitMessage}', Operator, Value });
    const { s, run } = prod({ BeforeEntry: condition('SKIP', check) });
    await s.clock.advanceBy(30 * MINUTE);

    expect(didRun(s, 'Deploy')).toBe(lets);
    expect(didRun(s, 'Announce')).toBe(true);
    expect(await statusOf(s, run)).toBe('Succeeded');
  });

  test('a variable that has no value fails', async () => {
    const { s, run } = prod({
      BeforeEntry: condition('FAIL', rule('VariableCheck', { Variable: '#{No.Such}', Operator: 'EQ', Value: 'x' })),
    });
    await s.clock.advanceBy(30 * MINUTE);
    expect(await statusOf(s, run)).toBe('Failed');
  });

  test('all rules have to pass, and one that fails ends the others', async () => {
    const no = rule('VariableCheck', { Variable: 'a', Operator: 'EQ', Value: 'b' }, 'No');
    const { s, alarm, run } = prod({ BeforeEntry: condition('FAIL', bake('60'), no) });
    alarm.state = 'ALARM';
    await s.clock.advanceBy(2 * MINUTE);

    expect(await statusOf(s, run)).toBe('Failed');
    const [asked] = s.pipelines.find('shop-release')!.executions[0]!.conditions;
    expect(asked!.rules.map(({ status }) => status)).toEqual(['Abandoned', 'Failed']);
  });

  test('a function that does not answer fails the rule', async () => {
    const { s, run } = prod({ BeforeEntry: condition('FAIL', rule('LambdaInvoke', { FunctionName: 'ready' })) });
    await s.clock.advanceBy(19 * MINUTE);
    expect(await statusOf(s, run)).toBe('InProgress');
    await s.clock.advanceBy(2 * MINUTE);
    expect(await statusOf(s, run)).toBe('Failed');
  });

  test('a run that is stopped while it waits frees the stage', async () => {
    const { s, alarm, run } = prod({ BeforeEntry: condition('FAIL', bake('60')) });
    alarm.state = 'ALARM';
    await s.clock.advanceBy(5 * MINUTE);
    await s.call('StopPipelineExecution', { pipelineName: 'shop-release', pipelineExecutionId: run, abandon: true });
    alarm.state = 'OK';
    const next = s.push();
    await s.clock.advanceBy(30 * MINUTE);

    expect([await statusOf(s, run), await statusOf(s, next)]).toEqual(['Stopped', 'Succeeded']);
  });

  test('a run that is stopped, but not abandoned, ends when its condition does', async () => {
    const { s, alarm, run } = prod({ BeforeEntry: condition('FAIL', bake('60')) });
    alarm.state = 'ALARM';
    await s.clock.advanceBy(5 * MINUTE);
    await s.call('StopPipelineExecution', { pipelineName: 'shop-release', pipelineExecutionId: run, abandon: false });
    expect(await statusOf(s, run)).toBe('Stopping');
    alarm.state = 'OK';
    await s.clock.advanceBy(30 * MINUTE);

    expect(await statusOf(s, run)).toBe('Stopped');
    expect(didRun(s, 'Deploy')).toBe(false);
  });
});

describe('on success', () => {
  test.each(['OK', 'INSUFFICIENT_DATA'])('an alarm that is %s all the time lets the run go on', async (state) => {
    const { s, alarm, run } = prod({ OnSuccess: condition('FAIL', bake('30')) });
    alarm.state = state;
    await s.clock.advanceBy(25 * MINUTE);
    expect(didRun(s, 'Announce')).toBe(false);
    await s.clock.advanceBy(20 * MINUTE);
    expect(await statusOf(s, run)).toBe('Succeeded');
  });

  test('an alarm that goes red fails the stage, which does not count as passed', async () => {
    const { s, alarm, run } = prod({ OnSuccess: condition('FAIL', bake('30')) });
    await s.clock.advanceBy(20 * MINUTE);
    alarm.state = 'ALARM';
    await s.clock.advanceBy(2 * MINUTE);

    expect(await statusOf(s, run)).toBe('Failed');
    expect([...s.pipelines.find('shop-release')!.executions[0]!.passed]).toEqual(['Source']);
  });

  test('a rollback has to meet the condition too, unless it is assumed otherwise', async () => {
    for (const [rollbackConditions, end] of [
      ['asked', 'Failed'],
      ['not-asked', 'Succeeded'],
    ] as const) {
      const { s, alarm } = prod({ OnSuccess: condition('ROLLBACK', bake('5')) });
      s.pipelines.assumed = { ...s.pipelines.assumed, rollbackConditions };
      await s.clock.advanceBy(30 * MINUTE);
      s.push();
      await s.clock.advanceBy(4 * MINUTE);
      alarm.state = 'ALARM';
      await s.clock.advanceBy(30 * MINUTE);

      const states = s.pipelines.find('shop-release')!.executions.map(({ status }) => status);
      expect(states).toEqual(['Succeeded', 'Failed', end]);
    }
  });
});

test('a window behind a stage is not asked again for a run that waits in front of the next one, which is busy', async () => {
  const window = rule('DeploymentWindow', { Cron: '* * 9-15 ? * MON-FRI *', TimeZone: 'UTC' });
  const { s } = prod(
    { OnSuccess: condition('ROLLBACK', bake('120')) },
    {},
    { Name: 'Staging', Actions: [action('Stage', 'Deploy')], OnSuccess: condition('FAIL', window) },
  );
  await s.clock.advanceTo('2030-01-07T15:00:00Z');
  const [first, second] = [s.push(), s.push()];
  await s.clock.advanceTo('2030-01-07T16:30:00Z');
  const deployed = (run: string): number | undefined =>
    s.pipelines
      .find('shop-release')!
      .execution(run)!
      .actions.find(({ action: name }) => name === 'Deploy')?.startedAt;
  expect([deployed(first), deployed(second)]).toEqual([expect.any(Number), undefined]);

  await s.clock.advanceTo('2030-01-07T18:00:00Z');

  expect(new Date(deployed(second)!).toISOString()).toMatch(/^2030-01-07T17:/);
});

test('a condition on failure decides whether the stage goes back', async () => {
  const red = rule('CloudWatchAlarm', { AlarmName: 'shop-5xx', AlarmStates: 'ALARM' });
  const { s, alarm } = prod({ OnFailure: condition('ROLLBACK', red) });
  await s.clock.advanceBy(30 * MINUTE);
  for (const state of ['OK', 'ALARM']) {
    alarm.state = state;
    s.pipelines.override({ stage: 'Prod', action: 'Deploy', result: { status: 'Failed' }, times: 1 });
    s.push();
    await s.clock.advanceBy(30 * MINUTE);
  }

  const states = s.pipelines.find('shop-release')!.executions.map(({ trigger }) => trigger.type);
  expect(states.filter((type) => type === 'AutomatedRollback')).toHaveLength(1);
  expect(states.at(-1)).toBe('AutomatedRollback');
});

describe('the cron expression of a window', () => {
  const at = (iso: string): number => Date.parse(iso);

  test.each([
    ['* * 9-15 ? * MON-FRI *', '2030-01-07T08:00:00Z', true],
    ['* * 9-15 ? * MON-FRI *', '2030-01-07T07:59:59Z', false],
    ['* * 9-15 ? * MON-FRI *', '2030-01-07T15:00:00Z', false],
    ['* * 9-15 ? * MON-FRI *', '2030-01-06T10:00:00Z', false],
    ['* 15-44 9 ? * 2 *', '2030-01-07T08:15:00Z', true],
    ['* 0/15 * 7 JAN ? 2030', '2030-01-07T08:30:00Z', true],
    ['* 0/15 * 7 JAN ? 2030', '2030-01-07T08:31:00Z', false],
    ['* * * ? * SUN,TUE', '2030-01-08T08:31:00Z', true],
  ])('%s names %s in Berlin: %s', (cron, time, named) => {
    expect(matches(cron, 'Europe/Berlin', at(time))).toBe(named);
  });

  test('keeps its hours when clocks are changed', () => {
    const next = (after: string): string =>
      new Date(nextMatch('* * 9-15 ? * MON-FRI *', 'Europe/Berlin', at(after), 10 * 24 * 60 * MINUTE)!).toISOString();
    expect(next('2030-03-29T20:00:00Z')).toBe('2030-04-01T07:00:00.000Z');
    expect(next('2030-10-25T20:00:00Z')).toBe('2030-10-28T08:00:00.000Z');
  });

  test('may be on the clock of an offset', () => {
    expect(matches('* * 9 ? * * *', 'UTC+05:30', at('2030-01-07T03:30:00Z'))).toBe(true);
    expect(matches('* * 9 ? * * *', 'UTC+05:30', at('2030-01-07T03:29:00Z'))).toBe(false);
    expect(matches('* * 0 ? * * *', 'UTC-03:00', at('2030-01-07T03:00:00Z'))).toBe(true);
  });

  test('says what is not rehearsed', () => {
    expect(() => matches('* * * L * ? *', 'UTC', 0)).toThrow(/does not know L/);
    expect(() => matches('* *', 'UTC', 0)).toThrow(/six or seven fields/);
  });
});

import { GetCanaryCommand, GetCanaryRunsCommand, SyntheticsClient } from '@aws-sdk/client-synthetics';
import { measureSyntheticsCanary } from '../../../../lambda/aws/measure/synthetics-canary';
import type { SyntheticsCanaryCheckPlan } from '../../../../contract/checks';
import { TIMING } from '../../check-timing';

const SINCE = '2026-11-23T10:00:00.000Z';
const at = (minutes: number): Date => new Date(Date.parse(SINCE) + minutes * 60_000);

const PLAN: SyntheticsCanaryCheckPlan = {
  ...TIMING,
  kind: 'syntheticsCanary',
  id: 'canary',
  title: 'canary',
  canary: 'shop',
  region: 'eu-central-1',
  maxRunAge: 900,
};

const run = (minutes: number, State = 'PASSED', StateReason?: string) => ({
  Id: `${minutes}`,
  Status: { State, StateReason },
  Timeline: { Started: at(minutes), ...(State === 'RUNNING' ? {} : { Completed: at(minutes + 0.5) }) },
});

/** A canary with pages of runs. */
function canaryWith(pages: readonly (readonly object[])[], State: string | undefined = 'RUNNING') {
  const asked: object[] = [];
  const regions: string[] = [];
  const send = (command: { readonly input: { readonly NextToken?: string } }) => {
    asked.push(command.input);
    if (command instanceof GetCanaryCommand) return Promise.resolve({ Canary: { Status: { State } } });
    expect(command).toBeInstanceOf(GetCanaryRunsCommand);
    const page = Number(command.input.NextToken ?? 0);
    const NextToken = page + 1 < pages.length ? String(page + 1) : undefined;
    return Promise.resolve({ CanaryRuns: pages[page] ?? [], NextToken });
  };
  const of = (Service: unknown, region: string) => {
    expect(Service).toBe(SyntheticsClient);
    regions.push(region);
    return { send } as never;
  };
  return { asked, regions, clients: { of } };
}

const measured = (clients: ReturnType<typeof canaryWith>['clients'], now: number, more = {}) =>
  measureSyntheticsCanary(PLAN, { since: SINCE, now: at(now).toISOString(), ...more }, clients);

test('passes when the runs since the gate began have passed, and leads to the canary', async () => {
  const { clients, asked, regions } = canaryWith([[run(6), run(1), run(-4, 'FAILED')]]);

  expect(await measured(clients, 7)).toMatchObject({
    verdict: 'PASS',
    value: '2 of 2',
    healthySince: SINCE,
    link: 'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#synthetics:canary/detail/shop',
  });
  expect(asked).toEqual([{ Name: 'shop' }, { Name: 'shop', MaxResults: 100 }]);
  expect(regions).toEqual(['eu-central-1']);
});

test('fails with what the canary says, cleaned', async () => {
  const { clients } = canaryWith([[run(1, 'FAILED', 'no\u202e basket\n<b>')]]);

  expect(await measured(clients, 2)).toMatchObject({
    verdict: 'FAIL',
    reason: 'The run of 2026-11-23 10:01 UTC failed: no basket <b>.',
  });
});

test('reads further pages until a run is older than the gate', async () => {
  const { clients, asked } = canaryWith([[run(6)], [run(1, 'FAILED')], [run(-4)], [run(-9)]]);

  expect(await measured(clients, 7)).toMatchObject({ verdict: 'FAIL' });
  expect(asked).toHaveLength(4);
});

test('looks back from the last finding as far as a run may go on', async () => {
  const { clients, asked } = canaryWith([[run(60)], [run(39)], [run(1, 'FAILED')]]);

  expect(await measured(clients, 61, { lastFinding: at(60).toISOString() })).toMatchObject({ verdict: 'PASS' });
  expect(asked).toHaveLength(3);
});

test('a run that went on for longer than `maxRunAge`, and failed since the last finding, is seen', async () => {
  const hung = { ...run(45, 'FAILED'), Timeline: { Started: at(45), Completed: at(59.5) } };
  const { clients } = canaryWith([[run(60), run(58), hung, run(30)]]);

  const finding = await measureSyntheticsCanary(
    { ...PLAN, maxRunAge: 120 },
    { since: SINCE, now: at(61).toISOString(), lastFinding: at(59).toISOString() },
    clients,
  );

  expect(finding).toMatchObject({ verdict: 'FAIL' });
});

test('a page ends the search where any of its runs is older than the gate, and none where it began with it', async () => {
  const older = canaryWith([[run(6), run(-1)], [run(1, 'FAILED')]]);
  expect(await measured(older.clients, 7)).toMatchObject({ verdict: 'PASS' });

  const began = canaryWith([[run(6), run(0)], [run(0, 'FAILED')]]);
  expect(await measured(began.clients, 7)).toMatchObject({ verdict: 'FAIL' });
});

test('a failure that was counted does not fail again', async () => {
  const { clients } = canaryWith([[run(6), run(1, 'FAILED')]]);

  expect(await measured(clients, 7)).toMatchObject({ verdict: 'FAIL' });
  expect(await measured(clients, 7, { lastFailure: at(2).toISOString() })).toMatchObject({
    verdict: 'PASS',
    healthySince: at(6).toISOString(),
  });
});

test('what an answer lacks is no exception, and no pass', async () => {
  const gone = canaryWith([]);
  const of = () => ({ send: () => Promise.resolve({}) }) as never;
  expect(await measured({ of }, 2)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    reason: expect.stringMatching(/does not say whether it runs/),
  });
  expect(await measured(gone.clients, 2)).toMatchObject({ verdict: 'IN_PROGRESS' });
  expect(await measured(canaryWith([[{ Timeline: { Started: at(1) } }]]).clients, 2)).toMatchObject({
    verdict: 'ERROR',
    reason: 'The run of 2026-11-23 10:01 UTC has a state that is not understood.',
  });
  expect(await measured(canaryWith([[{ Id: 'x' }]]).clients, 2)).toMatchObject({
    verdict: 'ERROR',
    reason: 'A run does not say when it began.',
  });
});

test('a run before `initialDelay` does not count', async () => {
  const { clients } = canaryWith([[run(11), run(6, 'FAILED')]]);

  const finding = await measureSyntheticsCanary(
    { ...PLAN, initialDelay: 600 },
    { since: SINCE, now: at(12).toISOString() },
    clients,
  );

  expect(finding).toMatchObject({ verdict: 'PASS' });
});

test('more runs than can be read are an error, and so is a canary that does not say what it does', async () => {
  const endless = Array.from({ length: 40 }, () => [run(1)]);

  const { clients, asked } = canaryWith(endless);
  expect(await measured(clients, 2)).toMatchObject({
    verdict: 'ERROR',
    reason: 'The canary has more runs since the gate began than can be read.',
  });
  expect(asked).toHaveLength(1 + 15);
  expect(await measured(canaryWith([[run(1)]], 'STOPPED').clients, 2)).toMatchObject({ verdict: 'INCONCLUSIVE' });
  expect(await measured(canaryWith([[{ Id: 'x' }]]).clients, 20)).not.toMatchObject({ verdict: 'PASS' });
});

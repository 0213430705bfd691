import type { CheckCommand } from '../../../contract/messages';
import type { CheckPlan } from '../../../contract/checks';
import type { ChecksRule, GatePolicy, GateRule, RuleKind } from '../../../contract/policy';
import { shownHealth, unreadableHealth, watchOf } from '../../../lambda/decide/health';
import { withMeasurement, type CheckTally } from '../../../lambda/domain/check-tally';
import type { Decided, Waiting } from '../../../lambda/domain/request';
import {
  ANA,
  at,
  BO,
  CHECK_ROLE,
  checkPlan,
  days,
  GATE,
  hours,
  minutes,
  policyOf,
  REQUEST,
  ruleOf,
  START,
} from '../samples';
import { eachTestHasAGate, GateFixture } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  await gate.ask();
});

/** Seconds at which the gate measured. */
const measuredAt = () => gate.measured.map(({ now }) => (Date.parse(now) - Date.parse(START)) / 1000);
const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - times[index]!);
const automated = (bakeMinutes: number, plans = [checkPlan()]) =>
  policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes, source: { plans } } }) });
const guarded = (bakeMinutes = 0) => policyOf({ rule: ruleOf('GUARDED', { checks: { bakeMinutes } }) });
const elsePeople = (bakeMinutes = 5) =>
  policyOf({ rule: ruleOf('AUTOMATED_ELSE_PEOPLE', { checks: { bakeMinutes } }) });

describe('an automated gate', () => {
  test('opens when its checks were healthy for the whole bake, and not a minute earlier', async () => {
    gate.policy = automated(15);

    await gate.live(0, minutes(15) - 1);
    expect(gate.codePipeline.answers).toEqual([]);
    expect(measuredAt()).toEqual(Array.from({ length: 15 }, (_, minute) => minute * 60));
    await gate.look(minutes(15));

    const summary = 'Approved by the checks. alarm shop-5xx passed: as told';
    expect(gate.codePipeline.answers).toEqual([{ approved: true, summary }]);
    expect(await gate.request()).toMatchObject({ outcome: { by: 'CHECKS', whileHealthy: true } });
    expect(gate.mails).toEqual([]);
  });

  test('is rejected by an alarm in minute 7 then, with the reason', async () => {
    gate.policy = automated(15, [checkPlan(), checkPlan({ id: 'http', title: 'http health' })]);
    gate.measuring = ({ check, now }) => (check.id === 'errors' && now >= at(minutes(7)) ? 'FAIL' : 'PASS');

    await gate.live(0, minutes(6));
    expect(gate.codePipeline.answers).toEqual([]);
    await gate.look(minutes(7));

    expect(gate.codePipeline.answers).toEqual([
      {
        approved: false,
        summary: 'Rejected by the checks. alarm shop-5xx failed: as told. http health is still watching: as told',
      },
    ]);
  });

  test('asks the check function for what it needs to measure, and no more', async () => {
    gate.policy = automated(15);
    await gate.live(0, minutes(1));

    expect(gate.measured).toEqual([
      { requestId: REQUEST, check: checkPlan(), role: CHECK_ROLE, since: at(0), now: at(0) },
      { requestId: REQUEST, check: checkPlan(), role: CHECK_ROLE, since: at(0), lastFinding: at(0), now: at(60) },
    ] satisfies CheckCommand[]);
  });

  test('without a check is never opened', async () => {
    gate.policy = automated(0, [checkPlan({ observeOnly: true })]);

    await gate.look(1);

    expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
  });
});

describe('what is measured', () => {
  test('is kept for the record where it differs from what was measured before', async () => {
    gate.policy = automated(30);
    gate.measuring = ({ now }) => ({
      verdict: 'PASS',
      reason: now < at(minutes(3)) ? 'quiet' : 'less quiet',
    });

    await gate.live(0, minutes(6));

    const rows = await gate.rows.query(`measured#${REQUEST}`);
    expect(rows.map(({ sk, reason }) => [sk, reason])).toEqual([
      [`errors#${at(0)}`, 'quiet'],
      [`errors#${at(minutes(3))}`, 'less quiet'],
    ]);
  });

  test('does not make the reads of a look grow, and is read to decide never', async () => {
    gate.policy = automated(60 * 24);
    const send = gate.tables.documents.send.bind(gate.tables.documents) as (command: never) => Promise<object>;
    const read: number[] = [];
    jest.spyOn(gate.tables.documents, 'send').mockImplementation((async (command: never) => {
      const answer = await send(command);
      read.push('Items' in answer ? (answer.Items as unknown[]).length : 0);
      return answer;
    }) as never);
    const readsOf = async (minute: number) => {
      read.length = 0;
      await gate.look(minutes(minute));
      return read.reduce((sum, items) => sum + items, 0);
    };
    gate.measuring = ({ now }) => ({ verdict: 'PASS', reason: `reading at ${now}` });
    await gate.live(0, minutes(3));

    const early = await readsOf(4);
    await gate.live(minutes(5), minutes(40));
    const late = await readsOf(41);

    // Request, check and policy in force.
    expect(early).toBe(3);
    expect(late).toBe(3);
  });

  test('ten thousand times is still one small row', async () => {
    let tally: CheckTally | undefined;
    for (let minute = 0; minute < 10_000; minute += 1) {
      const now = at(minutes(minute));
      const measurement = { checkId: 'errors', at: now, verdict: 'PASS', reason: 'as told' } as const;
      tally = withMeasurement(tally, measurement, checkPlan(), START);
    }
    gate = new GateFixture();
    await gate.ask({ expires: at(days(60)) });
    gate.policy = automated(20_000);
    await gate.look(0);
    const [before] = (await gate.records()).tallies;
    await gate.store.tally(REQUEST, tally!, before);
    const begun = performance.now();

    expect(await gate.look(minutes(10_000))).toMatchObject({ next: at(minutes(10_001)) });

    expect(performance.now() - begun).toBeLessThan(2000);
    expect(JSON.stringify(await gate.rows.query(REQUEST)).length).toBeLessThan(4000);
    expect((await gate.records()).tallies).toMatchObject([{ passes: 10_001 }]);
  });
});

describe('where only people can change anything', () => {
  test('a guarded gate is measured less and less often: 1, 2, 4 … 60 minutes apart', async () => {
    gate.policy = guarded();

    await gate.live(0, hours(6));

    expect(gaps(measuredAt()).map((seconds) => seconds / 60)).toEqual([1, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  test('a day of waiting costs a few dozen looks, and not 1,440', async () => {
    gate.policy = guarded();

    const looks = await gate.live(0, days(1) - 1);

    expect(looks.length).toBeLessThan(40);
  });

  test('a bake of a guarded gate is watched without interruption before it rests', async () => {
    gate.policy = guarded(10);

    await gate.live(0, hours(2));

    expect(gaps(measuredAt()).slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 60));
    expect((await gate.known()).shown.bakedAt).toBe(at(minutes(10)));
    expect(gaps(measuredAt()).at(-1)).toBeGreaterThan(minutes(15));
  });

  test('a guarded bake that could not tell rests too', async () => {
    gate.policy = guarded(10);
    gate.measuring = ({ now }) => (now === at(minutes(5)) ? 'INCONCLUSIVE' : 'PASS');

    const looks = await gate.live(0, days(1) - 1);

    expect(looks.length).toBeLessThan(60);
    expect((await gate.known()).shown.bakedAt).toBeUndefined();
  });

  test('a change is news: the next measurements follow closely again', async () => {
    gate.policy = guarded();
    gate.measuring = ({ now }) => (now >= at(hours(3)) ? 'FAIL' : 'PASS');

    await gate.live(0, hours(6));

    const times = measuredAt();
    const red = times.findIndex((seconds) => seconds >= hours(3));
    expect(gaps(times.slice(red, red + 4))).toEqual([60, 60, 120]);
  });

  test('an automated gate that asks people measures nothing any more', async () => {
    gate.policy = elsePeople();
    gate.measuring = () => 'ERROR';
    await gate.live(0, minutes(10));
    expect(gate.mails).toHaveLength(3);
    const count = gate.measured.length;

    const looks = await gate.live(minutes(10), days(1) - 1);

    expect(gate.measured).toHaveLength(count);
    expect(looks.length).toBeLessThan(10);
  });

  test('nor does one that would ask, if anybody could answer', async () => {
    gate.policy = policyOf({
      rule: ruleOf('AUTOMATED_ELSE_PEOPLE', {
        people: { ids: [ANA.id], excludeAuthor: true },
        checks: { bakeMinutes: 5 },
      }),
    });
    gate.codePipeline.run = { authors: [ANA.mail] };
    gate.measuring = () => 'ERROR';
    await gate.live(0, minutes(10));
    const count = gate.measured.length;

    await gate.live(minutes(10), days(1) - 1);

    expect(gate.measured).toHaveLength(count);
    expect((await gate.request()).consoleOnly).toBe('only 0 of 1 approvers needed may answer this change');
  });
});

describe('a gate that asks people when a check fails', () => {
  beforeEach(() => {
    gate.policy = policyOf({
      rule: {
        ...ruleOf('AUTOMATED_ELSE_PEOPLE', {
          checks: {
            bakeMinutes: 15,
            source: { plans: [checkPlan(), checkPlan({ id: 'http', title: 'http health' })] },
          },
        }),
        onFail: 'ASK_APPROVERS',
      } as GateRule,
    });
    gate.measuring = ({ check, now }) => (check.id === 'errors' && now >= at(minutes(7)) ? 'FAIL' : 'PASS');
  });

  test('asks nobody while its checks are healthy, and opens by itself', async () => {
    gate.measuring = () => 'PASS';
    await gate.live(0, minutes(15));

    expect(gate.mails).toEqual([]);
    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
  });

  test('asks in minute 7 then, by a mail that says what failed and what did not', async () => {
    await gate.live(0, minutes(6));
    expect(gate.mails).toEqual([]);
    await gate.look(minutes(7));

    expect(gate.codePipeline.answers).toEqual([]);
    expect(gate.mailsTo(ANA)[0]?.text).toContain('A check failed, so people decide.');
    expect(gate.mailsTo(ANA)[0]?.text).toContain(
      'Check: alarm shop-5xx failed: as told\nCheck: http health is still watching: as told\n',
    );
    expect((await gate.known()).shown.evidenceHistory.at(-1)?.shown.verdicts).toContainEqual(['errors', 'FAIL']);
  });

  test('measures nothing from then on, and its approval says which check it overrules', async () => {
    await gate.live(0, minutes(7));
    const count = gate.measured.length;
    gate.measuring = () => 'PASS';
    await gate.live(minutes(8), hours(12));
    expect(gate.measured).toHaveLength(count);
    expect(gate.codePipeline.answers).toEqual([]);

    await gate.decide(ANA, 'APPROVE', hours(13));

    expect(gate.codePipeline.answers).toEqual([
      {
        approved: true,
        summary: 'Approved by ana@example.com. This overrules a check: alarm shop-5xx failed: as told',
      },
    ]);
  });

  test('is rejected when nobody answers in time, or somebody says no', async () => {
    await gate.live(0, minutes(7));
    await gate.decide(BO, 'REJECT', hours(1));

    expect(gate.codePipeline.answers).toMatchObject([{ approved: false, summary: 'Rejected by bo@example.com' }]);
  });

  test('asks, too, where its approval was held back and a check fails when the window opens', async () => {
    const { rule } = gate.policy as GatePolicy;
    gate.policy = policyOf({ rule, freezes: ['release-freeze'] });
    gate.calendar = (_, time) => (time < at(hours(1)) ? { kind: 'CLOSED', next: at(hours(1)) } : { kind: 'OPEN' });
    gate.measuring = ({ now }) => (now >= at(hours(1)) ? 'FAIL' : 'PASS');
    await gate.live(0, minutes(59));
    expect((await gate.known()).held).toBeDefined();

    await gate.live(hours(1), hours(1) + minutes(10));

    expect(gate.codePipeline.answers).toEqual([]);
    expect(gate.mailsTo(ANA)[0]?.text).toContain('A check failed, so people decide.');
    expect((await gate.known()).held).toBeUndefined();
  });
});

describe('once people are asked', () => {
  beforeEach(async () => {
    gate.policy = elsePeople();
    gate.measuring = () => 'ERROR';
    await gate.live(0, minutes(5));
    expect(gate.mails).toHaveLength(3);
  });

  test('later failures of the checks change nothing: the answer is theirs', async () => {
    gate.measuring = () => 'FAIL';
    await gate.live(minutes(6), hours(12));
    expect(gate.codePipeline.answers).toEqual([]);

    await gate.decide(ANA, 'APPROVE', hours(13));

    expect(gate.codePipeline.answers).toEqual([{ approved: true, summary: 'Approved by ana@example.com' }]);
  });

  test('nor does a check that turns green open the gate', async () => {
    gate.measuring = () => 'PASS';

    await gate.live(minutes(6), hours(12));

    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.request()).phase).toBe('WAITING');
  });

  test('what they are shown stays as it was when they were asked', async () => {
    const { evidence, checks } = (await gate.known()).shown;
    gate.measuring = () => 'PASS';
    await gate.live(minutes(6), hours(12));

    expect((await gate.known()).shown).toMatchObject({ evidence, checks });
  });
});

describe('a guarded gate', () => {
  test('needs both: a yes waits for health', async () => {
    gate.policy = guarded();
    gate.measuring = () => 'FAIL';
    await gate.look(1);
    await gate.decide(ANA, 'APPROVE', 30);
    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.request()).phase).toBe('WAITING');

    gate.measuring = () => 'PASS';
    await gate.look(120);

    expect(gate.codePipeline.answers).toEqual([{ approved: true, summary: 'Approved by ana@example.com' }]);
  });

  test('measures anew for a vote: a check that turned red since keeps it locked', async () => {
    gate.policy = guarded();
    await gate.live(0, hours(5));
    gate.measuring = () => 'FAIL';

    await gate.decide(ANA, 'APPROVE', hours(5) + 30);

    expect(measuredAt().at(-1)).toBe(hours(5) + 30);
    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.known()).shown.checks).toMatchObject([{ verdict: 'FAIL' }]);
  });

  test('does not measure a check for a vote whose delay is not over', async () => {
    gate.policy = policyOf({
      rule: ruleOf('GUARDED', { checks: { source: { plans: [checkPlan({ initialDelay: 600 })] } } }),
    });
    await gate.look(1);

    await gate.decide(ANA, 'APPROVE', 30);

    expect(gate.measured).toEqual([]);
    expect(gate.codePipeline.answers).toEqual([]);
  });

  test('takes no yes to what is no longer shown', async () => {
    gate.policy = guarded();
    gate.measuring = () => 'FAIL';
    await gate.look(1);
    const { evidence } = (await gate.known()).shown;
    gate.measuring = () => 'PASS';
    await gate.look(120);

    await gate.decide(ANA, 'APPROVE', 600, { evidence });
    expect(gate.codePipeline.answers).toEqual([]);
    await gate.decide(ANA, 'APPROVE', 601);

    expect(gate.codePipeline.answers).toHaveLength(1);
  });

  test('stays locked by a check that turned red while a vote was on its way, however late the vote comes', async () => {
    gate.policy = guarded();
    await gate.look(1);
    const record = await gate.decision(ANA, 'APPROVE', 30);
    gate.measuring = () => 'FAIL';
    await gate.look(hours(1));

    await gate.take([record], 30);

    expect(gate.codePipeline.answers).toEqual([]);
  });

  test('is rejected by a bake that fails', async () => {
    gate.policy = guarded(10);
    gate.measuring = ({ now }) => (now >= at(minutes(7)) ? 'FAIL' : 'PASS');

    await gate.live(0, minutes(7));

    expect(gate.codePipeline.answers).toMatchObject([{ approved: false }]);
  });

  test('is locked, and not rejected, by what fails after the bake', async () => {
    gate.policy = guarded(10);
    gate.measuring = ({ now }) => (now > at(minutes(10)) && now < at(minutes(30)) ? 'FAIL' : 'PASS');
    await gate.live(0, minutes(20));
    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.known()).shown.checks).toMatchObject([{ verdict: 'FAIL' }]);
    await gate.live(minutes(20), hours(2));

    await gate.decide(ANA, 'APPROVE', hours(2) + 30);

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
  });
});

describe('checks that cannot be read', () => {
  const onReject = 'ROLLBACK' as const;

  test.each<[string, () => void, () => void]>([
    ['the checks', () => (gate.checksProblem = 'checks: not JSON'), () => (gate.checksProblem = undefined)],
    ['the policy', () => (gate.policy = 'v3'), () => (gate.policy = { ...automated(30), onReject })],
  ])('for one look reject nothing: %s', async (_, lose, find) => {
    gate.policy = { ...automated(30), onReject };
    await gate.live(0, minutes(10));
    lose();

    expect(await gate.look(minutes(11))).toMatchObject({ phase: 'WAITING', next: at(minutes(11) + 30) });
    expect((await gate.request()).unreadableSince).toBe(at(minutes(11)));
    find();
    await gate.live(minutes(11) + 30, minutes(31));

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
    expect((await gate.request()).unreadableSince).toBeUndefined();
    expect(gate.events.map(({ type }) => type)).not.toContain('Gate Needs Console');
  });

  test.each<[string, () => void, () => void, string]>([
    [
      'the checks',
      () => (gate.checksProblem = 'checks: not JSON'),
      () => (gate.checksProblem = undefined),
      'checks: not JSON',
    ],
    [
      'the policy',
      () => (gate.policy = undefined),
      () => (gate.policy = { ...automated(30), onReject }),
      'this gate has no policy',
    ],
    [
      'the policy of a newer version',
      () => (gate.policy = JSON.stringify({ ...automated(30), v: 3 })),
      () => (gate.policy = { ...automated(30), onReject }),
      'policy: `v` is not 2: this was written by another version of the library, so update workflow and pipelines to one',
    ],
  ])('for an hour reject nothing either, and that is said after 15 minutes: %s', async (_, lose, find, reason) => {
    gate.policy = { ...automated(30), onReject };
    await gate.live(0, minutes(10));
    lose();
    await gate.live(minutes(11), minutes(26) - 1);
    expect((await gate.request()).consoleOnly).toBeUndefined();

    await gate.look(minutes(26));
    await gate.live(minutes(41), minutes(71));

    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.request()).consoleOnly).toBe(reason);
    expect(gate.events.slice(1)).toMatchObject([
      { type: 'Gate Needs Console', at: at(minutes(26)), details: { reason } },
    ]);
    find();
    await gate.look(minutes(72));
    expect((await gate.request()).consoleOnly).toBeUndefined();
    expect((await gate.request()).unreadableSince).toBeUndefined();
  });

  test('make the bake begin again: what nobody could watch neither rejects nor counts as healthy', async () => {
    gate.policy = { ...automated(30), onReject };
    await gate.live(0, minutes(10));
    gate.checksProblem = 'gone';
    await gate.live(minutes(11), minutes(71));
    gate.checksProblem = undefined;

    await gate.live(minutes(72), minutes(102) - 1);
    expect((await gate.request()).watchedSince).toBe(at(minutes(72)));
    expect(gate.codePipeline.answers).toEqual([]);
    expect(gate.measured.at(-1)).toMatchObject({ since: at(minutes(72)) });
    await gate.look(minutes(102));

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
  });

  test('are looked for less and less often', async () => {
    gate.policy = automated(30);
    await gate.look(0);
    gate.checksProblem = 'gone';
    await gate.look(60);

    expect(await gate.look(60 + minutes(15))).toMatchObject({ next: at(60 + minutes(30)) });
    expect(await gate.look(60 + hours(2))).toMatchObject({ next: at(60 + hours(3)) });
    expect(await gate.look(60 + hours(20))).toMatchObject({ next: at(60 + hours(26)) });
  });

  test('keep a yes of people waiting, and lose it not', async () => {
    gate.policy = guarded();
    await gate.look(1);
    gate.checksProblem = 'gone';
    await gate.look(20);
    await gate.decide(ANA, 'APPROVE', 30);
    expect(gate.codePipeline.answers).toEqual([]);
    gate.checksProblem = undefined;

    await gate.look(60);

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
  });
});

describe('a kind of check that this version does not know', () => {
  const unknown = checkPlan({ id: 'new', title: 'canary shop', kind: 'canary-analysis' as never });

  test('opens and rejects nothing: the gate waits, and says that the workflow has to be updated', async () => {
    gate.policy = { ...automated(10, [checkPlan(), unknown]), onReject: 'ROLLBACK' };

    await gate.live(0, hours(2));

    expect(gate.codePipeline.answers).toEqual([]);
    expect((await gate.request()).consoleOnly).toBe(
      'its checks cannot be read: canary shop cannot be understood: this version of the workflow does not know this kind of check: update the workflow',
    );
    expect((await gate.known()).shown.checks).toMatchObject([{ id: 'errors' }, { id: 'new', verdict: 'UNREADABLE' }]);
    expect(gate.measured.every(({ check }) => check.id === 'errors')).toBe(true);
  });

  test('is not sent to the check function by a vote either', async () => {
    gate.policy = policyOf({ rule: ruleOf('GUARDED', { checks: { source: { plans: [checkPlan(), unknown] } } }) });
    await gate.look(1);

    await gate.decide(ANA, 'APPROVE', 30);

    expect(gate.measured.map(({ check }) => check.id)).toEqual(['errors', 'errors']);
    expect(gate.codePipeline.answers).toEqual([]);
  });

  test('that is known after an update begins the bake again', async () => {
    gate.policy = automated(10, [checkPlan(), unknown]);
    await gate.live(0, hours(2));
    gate.policy = automated(10, [checkPlan(), checkPlan({ id: 'new' })]);
    // The update changed the function, not the policy.
    await gate.ports.inForce.replace(GATE, { policy: gate.policy, after: 1 });

    await gate.live(hours(2) + 60, hours(2) + 60 + minutes(10) - 1);
    expect(gate.codePipeline.answers).toEqual([]);
    await gate.look(hours(2) + 60 + minutes(10));

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
  });

  test('that only observes holds up nothing', async () => {
    gate.policy = automated(5, [checkPlan(), { ...unknown, observeOnly: true }]);

    await gate.live(0, minutes(5));

    expect(gate.codePipeline.answers).toMatchObject([{ approved: true }]);
    expect((await gate.request()).unreadableSince).toBeUndefined();
  });
});

test('looks that measure at the same moment count one measurement between them', async () => {
  gate.policy = automated(10);
  await gate.look(0);

  await Promise.all([gate.look(60), gate.look(60), gate.look(60)]);

  expect((await gate.records()).tallies).toMatchObject([{ passes: 2, last: { at: at(60) } }]);
});

describe('the plan of a watch', () => {
  const RULE = { role: 'measure', bakeMinutes: 30, source: { plans: [] } } as unknown as ChecksRule;
  const alarm = checkPlan();
  const http = { ...checkPlan(), id: 'page', kind: 'http' } as unknown as CheckPlan;
  const waiting = async () => (await gate.known()) as Waiting;
  const planOf = (request: Waiting | Decided, kind: RuleKind, rule = RULE) =>
    watchOf(request, kind, rule, [alarm, http], []).plan;

  beforeEach(() => gate.look(0));

  test('bakes until the bake is over', async () => {
    const request = await waiting();
    const baked = { ...request, shown: { ...request.shown, bakedAt: at(60) } };

    expect(planOf(request, 'AUTOMATED').bakeMinutes).toBe(30);
    expect(planOf(baked, 'AUTOMATED').bakeMinutes).toBe(0);
    expect(planOf(request, 'AUTOMATED', { ...RULE, bakeMinutes: 0 }).bakeMinutes).toBe(0);
  });

  test('neither bakes nor hurries once the outcome is decided', async () => {
    const decided = { ...(await waiting()), phase: 'DECIDED' } as unknown as Decided;

    expect(planOf(decided, 'AUTOMATED')).toMatchObject({ bakeMinutes: 0, resting: true });
  });

  test('rests while people decide', async () => {
    expect(planOf(await waiting(), 'GUARDED').resting).toBe(true);
    expect(planOf(await waiting(), 'AUTOMATED').resting).toBe(false);
    expect(planOf(await waiting(), 'AUTOMATED_ELSE_PEOPLE').resting).toBe(false);
  });

  test('forgives the alarms of a rollback that they are red at its start, and no other check', async () => {
    const request = await waiting();
    const rollback = { ...request, run: { ...request.run, kind: { type: 'ROLLBACK' } } } as unknown as Waiting;

    expect(planOf(request, 'AUTOMATED').checks).toEqual([alarm, http]);
    expect(planOf(rollback, 'AUTOMATED').checks).toEqual([{ ...alarm, alreadyRed: 'IGNORE_UNTIL_GREEN' }, http]);
  });
});

test('health that is only known names no check as due', () => {
  expect(shownHealth([])).toMatchObject({ checks: [], due: [] });
  expect(unreadableHealth('gone', START, at(60))).toMatchObject({ verdict: 'RUNNING', checks: [], due: [] });
  expect(unreadableHealth('gone', START, at(hours(1)))).toMatchObject({ verdict: 'UNREADABLE', checks: [], due: [] });
});

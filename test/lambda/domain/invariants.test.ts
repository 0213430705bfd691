/** Invariants 2 to 5 and 7 of the design, as far as pure decisions answer for them. */
import fc from 'fast-check';
import { ANSWER_WAYS } from '../../../contract/names';
import type { GateRule, PeopleRule, Person } from '../../../contract/policy';
import { checksOf, peopleOf } from '../../../contract/policy';
import type { ActionState } from '../../../lambda/domain/console-answer';
import { countVotes, replaces } from '../../../lambda/domain/count-votes';
import { eligibility } from '../../../lambda/domain/eligibility';
import type { Evaluation } from '../../../lambda/domain/evaluate';
import { OPEN, type Closed } from '../../../lambda/domain/opening';
import type { Effect } from '../../../lambda/domain/effect';
import type { DecidedFacts, WaitingFacts } from '../../../lambda/domain/facts';
import { plan } from '../../../lambda/domain/plan';
import { watchedSince, type Outcome, type Run, type RunKind, type Waiting } from '../../../lambda/domain/request';
import type { Judged } from '../../../lambda/domain/ruling';
import type { Vote } from '../../../lambda/domain/vote';
import { canFill } from '../every-assignment';
import {
  ANSWER_ROLE,
  at,
  checkState,
  days,
  decidedRequest,
  EVE,
  GATE,
  OURS,
  person,
  runOf,
  shownOf,
  START,
  voteOf,
  waitingRequest,
} from '../samples';

const DEADLINE = 5000;
const PEOPLE = ['a', 'b', 'c', 'd'].map((name) => person(`${name}@example.com`));
const IDS = PEOPLE.map(({ id }) => id);
const VERDICTS = ['PASS', 'FAIL', 'INCONCLUSIVE', 'RUNNING', 'UNREADABLE'] as const;

const mostly = <T>(usual: T, other: T) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(other) });
const subset = <T>(all: readonly T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant([...all]) }, { weight: 1, arbitrary: fc.subarray([...all]) });

const group = fc.record({ quorum: fc.constantFrom(0, 1, 1, 1, 2, 2, 3, 4), ids: subset(IDS) });
const named = fc.record({
  name: fc.constantFrom('Security', 'Operations', 'Product'),
  quorum: fc.constantFrom(1, 1, 1, 2),
  ids: fc.subarray(IDS, { minLength: 1 }),
});

const peopleRule = fc.record<PeopleRule>({
  groups: fc.oneof(
    fc.tuple(group),
    fc.uniqueArray(named, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
  ),
  excludeAuthor: fc.boolean(),
  reason: fc.constant('OPTIONAL'),
});
const checksRule = fc.record({
  role: fc.constant('r'),
  bakeMinutes: fc.constantFrom(0, 5, 30),
  source: fc.constant({ plans: [] }),
});
const rule: fc.Arbitrary<GateRule> = fc.oneof(
  fc.record({ kind: fc.constant('MANUAL' as const), people: peopleRule }),
  fc.record({
    kind: fc.constant('AUTOMATED' as const),
    checks: checksRule,
    onInconclusive: fc.constantFrom('REJECT' as const, 'APPROVE_WITH_WARNING' as const),
  }),
  fc.record({ kind: fc.constant('GUARDED' as const), people: peopleRule, checks: checksRule }),
  fc.record(
    {
      kind: fc.constant('AUTOMATED_ELSE_PEOPLE' as const),
      people: peopleRule,
      checks: checksRule,
      onFail: fc.constant('ASK_APPROVERS' as const),
    },
    { requiredKeys: ['kind', 'people', 'checks'] },
  ),
);

/** One vote of each approver at most, as the table keeps them. */
const votes = fc
  .uniqueArray(
    fc.record({
      who: fc.nat(PEOPLE.length),
      verdict: fc.oneof(
        { weight: 9, arbitrary: fc.constant('APPROVE' as const) },
        { weight: 1, arbitrary: fc.constant('REJECT' as const) },
      ),
      seconds: fc.integer({ min: 1, max: DEADLINE + 1000 }),
      current: mostly(true, false),
    }),
    { selector: ({ who }) => who, maxLength: PEOPLE.length + 1 },
  )
  .map((all): readonly Vote[] =>
    all.map(({ who, verdict, seconds, current }) =>
      voteOf(PEOPLE[who] ?? person('mallory@example.com'), verdict, seconds, { current }),
    ),
  );

const evaluation: fc.Arbitrary<Evaluation> = fc
  .record({
    verdict: fc.oneof(fc.constant('PASS' as const), fc.constantFrom(...VERDICTS)),
    watched: mostly(true, false),
  })
  .map(({ verdict, watched }) => ({
    verdict,
    reasons: [verdict],
    checks: [checkState('PASS', { observeOnly: !watched })],
    due: [],
  }));

const runKind: fc.Arbitrary<RunKind> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ type: 'STANDARD' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('ROLLBACK' as const), automatic: fc.boolean(), proven: fc.boolean() }),
  },
);

const run: fc.Arbitrary<Run> = fc
  .record({ kind: runKind, invited: subset(IDS), author: fc.option(fc.constantFrom(...PEOPLE)) })
  .map(({ kind, invited, author }) =>
    runOf({ kind, invited, deadline: at(DEADLINE), authors: author === null ? [] : [author.mail.toUpperCase()] }),
  );

const closings = fc
  .record({ opensAt: fc.option(fc.integer({ min: 1, max: DEADLINE })), unreadable: fc.boolean() })
  .map(({ opensAt, unreadable }): Closed => ({
    kind: 'CLOSED',
    why: 'its deployment window is closed',
    ...(opensAt === null ? {} : { opensAt: at(opensAt), next: at(opensAt) }),
    ...(unreadable ? { unreadable } : {}),
  }));

const waitingRequests: fc.Arbitrary<Waiting> = fc
  .record({
    run,
    asked: fc.boolean(),
    newer: fc.boolean(),
    baked: fc.boolean(),
    again: fc.boolean(),
    expires: fc.boolean(),
    held: mostly(false, true),
  })
  .map(({ run: its, asked, newer, baked, again, expires, held }) =>
    waitingRequest({
      run: its,
      asked: { ...GATE, at: START, by: 'NOTIFICATION', ...(expires ? { expires: its.deadline } : {}) },
      shown: shownOf({ newerRunWaiting: newer, ...(baked ? { bakedAt: at(400) } : {}) }),
      ...(asked ? { asking: { since: at(300) } } : {}),
      ...(again ? { watchedSince: at(600) } : {}),
      ...(held ? { held: { summary: 'Approved by Ana', why: 'its deployment window is closed', since: at(300) } } : {}),
    }),
  );

const actions: fc.Arbitrary<ActionState> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ status: 'WAITING' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      status: fc.constantFrom('SUCCEEDED' as const, 'FAILED' as const, 'ABANDONED' as const, 'GONE' as const),
      answer: fc.record({ by: fc.constantFrom(EVE, OURS, PEOPLE[0]!.mail), at: fc.constant(at(100)) }),
    }),
  },
);

interface World {
  readonly facts: WaitingFacts;
  readonly rule: GateRule;
  readonly evaluation: Evaluation;
  readonly now: string;
}

function judgedBy(
  of: GateRule,
  request: Waiting,
  people: readonly Person[],
  given: readonly Vote[],
  found: Evaluation,
  now: string,
): Judged {
  const counted = countVotes(eligibility(request.run, peopleOf(of), people, now), given, request.run.deadline);
  switch (of.kind) {
    case 'MANUAL':
      return { kind: of.kind, rule: of, votes: counted };
    case 'AUTOMATED':
      return { kind: of.kind, rule: of, evaluation: found };
    case 'GUARDED':
      return { kind: of.kind, rule: of, votes: counted, evaluation: found };
    case 'AUTOMATED_ELSE_PEOPLE':
      return { kind: of.kind, rule: of, votes: counted, evaluation: found };
  }
}

const worlds: fc.Arbitrary<World> = fc
  .record({
    rule,
    request: waitingRequests,
    people: fc
      .record({ all: subset<Person>(PEOPLE), until: fc.option(fc.integer({ min: 1, max: DEADLINE + 1000 })) })
      .map(({ all, until }): readonly Person[] =>
        [...all].map((one, index) => (index === 0 && until !== null ? { ...one, until: at(until) } : one)),
      ),
    votes,
    evaluation,
    action: actions,
    readable: mostly(true, false),
    seconds: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 1, max: DEADLINE + 2000 }) },
      { weight: 1, arbitrary: fc.constantFrom(days(3), days(62)) },
    ),
    answers: fc.constantFrom(...ANSWER_WAYS),
  })
  .map(({ rule: of, request, people, votes: given, evaluation: found, action, answers, readable, seconds }) => ({
    rule: of,
    evaluation: found,
    now: at(seconds),
    facts: {
      request,
      action,
      answers,
      judged: readable ? judgedBy(of, request, people, given, found, at(seconds)) : undefined,
      people,
      invitations: [],
      votes: given,
      opening: OPEN,
    },
  }));

const outcomeIn = (effects: readonly Effect[]): Outcome | undefined =>
  effects.flatMap((effect) => (effect.kind === 'decide' ? [effect.outcome] : []))[0];

/** Who may vote, told in another way than the code does. */
function able({ facts, rule: of, now }: World): readonly string[] {
  const people = peopleOf(of);
  return facts.people
    .filter(
      ({ id }) => facts.request.run.invited.includes(id) && people?.groups.some(({ ids }) => ids.includes(id)) === true,
    )
    .filter(({ until }) => until === undefined || now < until)
    .filter(({ mail }) => !people?.excludeAuthor || !facts.request.run.authors.includes(mail.toUpperCase()))
    .map(({ id }) => id);
}

function counting(world: World): readonly Vote[] {
  const may = able(world);
  const untils = new Map(world.facts.people.map(({ id, until }) => [id, until]));
  return world.facts.votes
    .filter(({ approver, at: given }) => may.includes(approver) && given < at(DEADLINE))
    .filter(({ approver, at: given }) => given < (untils.get(approver) ?? at(DEADLINE)));
}

const check = (property: (world: World) => void, numRuns = 2000) =>
  fc.assert(
    fc.property(worlds, (world) => property(world)),
    { numRuns },
  );

const isProven = (kind: RunKind) => kind.type === 'ROLLBACK' && kind.automatic && kind.proven;

describe('a gate that is closed', () => {
  const checkClosed = (property: (world: World, opening: Closed) => void) =>
    fc.assert(
      fc.property(worlds, closings, (world, opening) =>
        property({ ...world, facts: { ...world.facts, opening } }, opening),
      ),
      { numRuns: 2000 },
    );

  test('approves nothing but an automatic rollback to a run that passed it', () => {
    let held = 0;
    checkClosed(({ facts, now }) => {
      const { effects } = plan(facts, now);
      if (outcomeIn(effects)?.kind === 'APPROVED') {
        expect(isProven(facts.request.run.kind)).toBe(true);
      }
      held += effects.some(({ kind }) => kind === 'hold') ? 1 : 0;
    });
    expect(held).toBeGreaterThan(20);
  });

  test('rejects as it would if it were open', () => {
    let rejected = 0;
    checkClosed(({ facts, now }) => {
      const open = outcomeIn(plan({ ...facts, opening: OPEN }, now).effects);
      if (open?.kind === 'REJECTED') {
        expect(outcomeIn(plan(facts, now).effects)).toEqual(open);
        rejected += 1;
      }
    });
    expect(rejected).toBeGreaterThan(20);
  });

  test('is looked at again when it opens, or before', () => {
    checkClosed(({ facts, now }, { next: opens }) => {
      const { effects, next } = plan(facts, now);
      if (effects.some(({ kind }) => kind === 'hold') && opens !== undefined) {
        const shortly = new Date(Date.parse(now) + 5000).toISOString();
        expect(next! <= opens || next! <= shortly).toBe(true);
      }
    });
  });

  test('delivers no approval that was decided while it was open', () => {
    checkClosed(({ facts: { request, ...facts }, now }) => {
      const decided = { ...decidedRequest(), run: request.run, asked: request.asked };
      const { effects } = plan({ ...facts, request: decided, health: undefined, answerRoles: [ANSWER_ROLE] }, now);
      if (!isProven(request.run.kind)) {
        expect(effects.map(({ kind }) => kind)).not.toContain('deliver');
      }
    });
  });
});

describe('approved implies', () => {
  test('by people: in each group a quorum of distinct, invited, listed, not excluded people, guests in their time, who said yes in time to what was shown, and no veto', () => {
    let seen = 0;
    let several = 0;
    check((world) => {
      const outcome = outcomeIn(plan(world.facts, world.now).effects);
      if (outcome?.kind !== 'APPROVED' || outcome.by !== 'PEOPLE') {
        return;
      }
      seen += 1;
      const valid = counting(world);
      const yes = valid.filter((vote) => vote.verdict === 'APPROVE' && vote.current).map(({ approver }) => approver);
      const groups = peopleOf(world.rule)?.groups ?? [];
      expect(canFill(groups, yes)).toBe(true);
      several += groups.length > 1 ? 1 : 0;
      expect(valid.filter(({ verdict }) => verdict === 'REJECT')).toEqual([]);
      expect(world.rule.kind).not.toBe('AUTOMATED');
    }, 4000);
    expect(seen).toBeGreaterThan(20);
    expect(several).toBeGreaterThan(0);
  });

  test('of a guarded gate: healthy checks at that moment, and again at delivery', () => {
    check((world) => {
      const outcome = outcomeIn(plan(world.facts, world.now).effects);
      if (world.rule.kind === 'GUARDED' && outcome?.kind === 'APPROVED') {
        expect(world.evaluation.verdict).toBe('PASS');
        expect(outcome.whileHealthy).toBe(true);
      }
    });
  });

  test('by checks: that they passed, in time; or that they cannot tell, where a warning was chosen and the bake is over', () => {
    check((world) => {
      const outcome = outcomeIn(plan(world.facts, world.now).effects);
      if (outcome?.kind !== 'APPROVED' || outcome.by !== 'CHECKS') {
        return;
      }
      expect(world.now < at(DEADLINE)).toBe(true);
      expect(['AUTOMATED', 'AUTOMATED_ELSE_PEOPLE']).toContain(world.rule.kind);
      if (world.evaluation.verdict === 'PASS') {
        expect(outcome.whileHealthy).toBe(true);
        return;
      }
      expect(world.evaluation.verdict).toBe('INCONCLUSIVE');
      expect(world.rule).toMatchObject({ kind: 'AUTOMATED', onInconclusive: 'APPROVE_WITH_WARNING' });
      const watched = Date.parse(world.now) - Date.parse(watchedSince(world.facts.request));
      expect(watched).toBeGreaterThanOrEqual((checksOf(world.rule)?.bakeMinutes ?? Infinity) * 60_000);
      expect(world.evaluation.checks.some(({ observeOnly }) => !observeOnly)).toBe(true);
    });
  });

  test('by rollback: that CodePipeline started it to a run that passed this gate, and that nobody objects', () => {
    check((world) => {
      const outcome = outcomeIn(plan(world.facts, world.now).effects);
      if (outcome?.kind === 'APPROVED' && outcome.by === 'ROLLBACK') {
        expect(world.facts.request.run.kind).toMatchObject({ type: 'ROLLBACK', automatic: true, proven: true });
        expect(counting(world).filter(({ verdict }) => verdict === 'REJECT')).toEqual([]);
      }
    });
  });

  test('that the approval waits, that everything could be read, and that nobody else answers for it', () => {
    check((world) => {
      const outcome = outcomeIn(plan(world.facts, world.now).effects);
      if (outcome !== undefined) {
        expect(world.facts.action.status).toBe('WAITING');
        expect(world.facts.judged).toBeDefined();
        expect(['PEOPLE', 'CHECKS', 'ROLLBACK']).toContain(outcome.by);
        expect(outcome.at).toBe(world.now);
      }
    });
  });
});

test('people decide as their votes say, and nothing else, at a gate of people', () => {
  check((world) => {
    const { request, action, judged } = world.facts;
    const proven = request.run.kind.type === 'ROLLBACK' && request.run.kind.automatic && request.run.kind.proven;
    const over = world.now > at(days(2));
    if (world.rule.kind !== 'MANUAL' || action.status !== 'WAITING' || judged === undefined || proven || over) {
      return;
    }
    const valid = counting(world);
    const yes = valid.filter((vote) => vote.verdict === 'APPROVE' && vote.current).map(({ approver }) => approver);
    const expected = valid.some(({ verdict }) => verdict === 'REJECT')
      ? 'REJECTED'
      : canFill(world.rule.people.groups, yes)
        ? 'APPROVED'
        : undefined;
    expect(outcomeIn(plan(world.facts, world.now).effects)?.kind).toBe(expected);
  });
});

test('measurements that are missing, unfinished or erroneous never open a gate', () => {
  check((world) => {
    const outcome = outcomeIn(plan(world.facts, world.now).effects);
    const warns = world.rule.kind === 'AUTOMATED' && world.rule.onInconclusive === 'APPROVE_WITH_WARNING';
    const asked = world.rule.kind === 'AUTOMATED_ELSE_PEOPLE';
    if (checksOf(world.rule) !== undefined && world.evaluation.verdict !== 'PASS' && !warns && !asked) {
      expect(outcome?.kind).not.toBe('APPROVED');
    }
  });
});

test('checks reject nothing where people are asked when a check fails', () => {
  check((world) => {
    const { rule: of } = world;
    const outcome = outcomeIn(plan(world.facts, world.now).effects);
    if (of.kind === 'AUTOMATED_ELSE_PEOPLE' && of.onFail === 'ASK_APPROVERS' && outcome?.by === 'CHECKS') {
      expect(outcome.kind).toBe('APPROVED');
    }
  });
});

test('what cannot be read neither opens nor rejects a gate', () => {
  check((world) => {
    const unreadable = world.facts.judged === undefined || world.evaluation.verdict === 'UNREADABLE';
    const outcome = outcomeIn(plan(world.facts, world.now).effects);
    if (unreadable && outcome !== undefined) {
      expect(outcome.by).not.toBe('CHECKS');
      expect(world.facts.judged).toBeDefined();
    }
  });
});

describe('nobody counts who may not vote', () => {
  test('their votes change nothing', () => {
    check((world) => {
      const only = counting(world);
      const judged = judgedBy(world.rule, world.facts.request, world.facts.people, only, world.evaluation, world.now);
      const before = outcomeIn(plan(world.facts, world.now).effects);
      const facts = { ...world.facts, judged: world.facts.judged === undefined ? undefined : judged };

      expect(outcomeIn(plan(facts, world.now).effects)).toEqual(before);
    });
  });
});

describe('the order in which things arrive decides nothing', () => {
  test('of votes in the table', () => {
    check((world) => {
      const turned = [...world.facts.votes].reverse();
      const judged = judgedBy(world.rule, world.facts.request, world.facts.people, turned, world.evaluation, world.now);
      const facts = { ...world.facts, votes: turned, judged: world.facts.judged === undefined ? undefined : judged };

      expect(plan(facts, world.now)).toEqual(plan(world.facts, world.now));
    }, 500);
  });

  test('of the decisions of one approver, however often they are repeated', () => {
    const decision = fc.record({ seq: fc.nat(4), verdict: fc.constantFrom('APPROVE' as const, 'REJECT' as const) });
    const newest = (all: readonly { seq: number; verdict: Vote['verdict'] }[]) =>
      all.reduce<(typeof all)[number] | undefined>((kept, one) => (replaces(one, kept) ? one : kept), undefined);
    fc.assert(
      fc.property(
        fc
          .array(decision, { minLength: 1, maxLength: 6 })
          .chain((all) =>
            fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
          ),
        ([all, shuffled]) => {
          const highest = Math.max(...all.map(({ seq }) => seq));
          const rejects = all.some(({ seq, verdict }) => seq === highest && verdict === 'REJECT');

          expect(newest(shuffled)).toEqual({ seq: highest, verdict: rejects ? 'REJECT' : 'APPROVE' });
          expect(newest(all)).toEqual(newest(shuffled));
        },
      ),
    );
  });
});

describe('a request has one outcome', () => {
  test('one that waits gets one at most, and none is delivered before it is fixed', () => {
    check((world) => {
      const { effects, next } = plan(world.facts, world.now);
      const ends = effects.filter(({ kind }) => kind === 'decide' || kind === 'acknowledge');
      expect(ends.length).toBeLessThanOrEqual(1);
      expect(effects.map(({ kind }) => kind)).not.toContain('deliver');
      expect(effects.map(({ kind }) => kind)).not.toContain('tell');
      if (ends.length === 1) {
        expect(effects).toHaveLength(1);
        expect(next).toBeUndefined();
      } else {
        expect(Date.parse(next!)).toBeGreaterThanOrEqual(Date.parse(world.now) + 5000);
        expect(Date.parse(next!)).toBeLessThanOrEqual(Date.parse(world.now) + 6 * 3600_000);
      }
    });
  });

  test('one that is decided keeps its own, and delivers nothing else, whatever anybody votes or measures later', () => {
    const outcomes = fc.record({
      kind: fc.constantFrom('APPROVED' as const, 'REJECTED' as const),
      whileHealthy: fc.boolean(),
    });
    fc.assert(
      fc.property(worlds, outcomes, fc.option(evaluation, { nil: undefined }), (world, outcome, health) => {
        const { action, judged, people, request, opening } = world.facts;
        const decided = { ...decidedRequest(outcome), run: request.run, asked: request.asked };
        const facts: DecidedFacts = {
          request: decided,
          action,
          judged,
          health,
          answerRoles: [ANSWER_ROLE],
          people,
          opening,
        };
        const { effects } = plan(facts, world.now);

        expect(effects.map(({ kind }) => kind)).not.toContain('decide');
        expect(effects.map(({ kind }) => kind)).not.toContain('acknowledge');
        for (const effect of effects) {
          if (effect.kind === 'deliver') {
            expect(effect.outcome).toBe(decided.outcome);
            expect(action.status).toBe('WAITING');
            expect(health === undefined || health.verdict === 'PASS').toBe(true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('a plan is the same however often it is made', () => {
  check((world) => {
    expect(plan(world.facts, world.now)).toEqual(plan(world.facts, world.now));
  }, 300);
});

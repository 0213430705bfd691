/** The small requests that are explored, each with what may happen to it. */
import type { WindowRule } from '../../contract/deployment-window';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { GateRule, PeopleRule } from '../../contract/policy';
import { CHECK_EXPLORATIONS } from './check-configurations';
import {
  answersInConsole,
  catchesUp,
  comesBack,
  goesAway,
  makesTheChangeSetAgain,
  newerRun,
  recordsAnother,
  removes,
  stopsTheRun,
  turns,
  usesTheLink,
  votes,
  wantsToSignIn,
  weakens,
  wishes,
} from './people';
import { apply } from './memory-table';
import { eventTarget } from './scheduler';
import { checks, people, policyOf, timerIsDue, twoTimersAreDue, usual, type Exploration } from './usual';
import { ANA, ANA_IN_CONSOLE, BO, CY, DEADLINE, iso, MINUTE, START, STRANGER, type World } from './world';

/** They stand in a list. */
const listed = (quorum: number, ...ids: string[]): PeopleRule => ({
  ...people(quorum),
  groups: [{ quorum, ids, list: '/approvers' }],
});

const shortlyBefore = (world: World): World => timerIsDue({ ...world, clock: DEADLINE - 1_000 });

const twoOfThree: GateRule = { kind: 'MANUAL', people: people(2, ANA, BO, CY) };
const anyOf: GateRule = { kind: 'MANUAL', people: people(1, ANA, BO) };
const bothGroups: GateRule = {
  kind: 'MANUAL',
  people: {
    groups: [
      { name: 'Security', quorum: 1, ids: [ANA, BO] },
      { name: 'Operations', quorum: 1, ids: [ANA, CY] },
    ],
    excludeAuthor: false,
    reason: 'OPTIONAL',
  },
};
const guarded: GateRule = { kind: 'GUARDED', people: people(1, ANA, BO), checks: checks(0) };

/** Opens ten minutes after the approval asked, and ten minutes before its deadline it closes. */
const TEN_PAST: WindowRule = { timeZone: 'UTC', ranges: [{ days: [1], from: 23 * 60 + 30, to: 24 * 60 }] };

const TEN_MINUTES_LATER = START + 10 * 60_000;

/** Ana had an email about something else a moment ago. */
const quietForAna = (world: World): World => {
  const Item = { pk: `digest#${ANA}`, sk: 'quiet', until: iso(START + 5 * MINUTE), begunBy: 'another' };
  return { ...world, rows: apply(world.rows, new PutCommand({ TableName: 'requests', Item })).rows };
};

export const EXPLORATIONS: readonly Exploration[] = [
  {
    configuration: {
      ...usual,
      name: 'approved, and moments later approved for another time',
      policy: policyOf({ kind: 'MANUAL', people: { ...people(2, ANA, BO), startLater: 'ALLOWED' } }),
      actors: {
        ana: [votes(ANA, 'APPROVE', 1), votes(ANA, 'APPROVE', 2, TEN_MINUTES_LATER)],
        bo: [votes(BO, 'APPROVE', 1)],
      },
    },
    short: {},
    wide: { faults: 1, duplicates: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'the question to one person waits for a digest',
      policy: policyOf({ kind: 'MANUAL', people: people(1, ANA) }),
      fromTheDoor: true,
      digestEvery: 5 * MINUTE,
      actors: { ana: [votes(ANA, 'APPROVE', 1)], somebody: [answersInConsole(false, STRANGER)] },
      begin: quietForAna,
    },
    short: { faults: 1 },
    wide: { faults: 2, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'approved for later, and taken back meanwhile',
      policy: policyOf({ kind: 'MANUAL', people: { ...people(1, ANA, BO), startLater: 'ALLOWED' } }),
      actors: {
        ana: [votes(ANA, 'APPROVE', 1, TEN_MINUTES_LATER)],
        bo: [votes(BO, 'REJECT', 1)],
      },
      begin: twoTimersAreDue,
    },
    short: {},
    wide: { faults: 1, reorders: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'the result waits for a digest',
      policy: policyOf({ kind: 'MANUAL', people: people(1, ANA) }),
      digestEvery: 5 * MINUTE,
      actors: { ana: [votes(ANA, 'APPROVE', 1)], somebody: [answersInConsole(false, STRANGER)] },
    },
    short: { faults: 1 },
    wide: { faults: 2, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'approved before the window opens, and taken back meanwhile',
      policy: { ...policyOf({ kind: 'MANUAL', people: people(2, ANA, BO) }), window: TEN_PAST },
      actors: { ana: [votes(ANA, 'APPROVE', 1), votes(ANA, 'REJECT', 2)], bo: [votes(BO, 'APPROVE', 1)] },
    },
    short: {},
    wide: { faults: 1, duplicates: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'guarded, and the check turns red before the window opens',
      policy: { ...policyOf(guarded), window: TEN_PAST },
      actors: { ana: [votes(ANA, 'APPROVE', 1)], 'the check': [turns('FAIL'), turns('PASS')] },
    },
    short: {},
    wide: { faults: 1, refusals: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'one link to sign in, two browsers, and a vote beside them',
      policy: policyOf({ kind: 'MANUAL', people: people(1, ANA) }),
      actors: {
        ana: [wantsToSignIn(ANA), usesTheLink(ANA, 'laptop'), wishes(ANA, 'laptop', 'EMAIL'), votes(ANA, 'APPROVE', 1)],
        'her phone': [usesTheLink(ANA, 'phone'), wishes(ANA, 'phone', 'SIGN_OUT')],
      },
      batches: 2,
    },
    short: {},
    wide: { faults: 1, duplicates: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'opened in an emergency, while somebody rejects',
      policy: {
        ...policyOf({ kind: 'MANUAL', people: { ...people(2, ANA, BO), breakGlass: [ANA] } }),
        window: TEN_PAST,
      },
      actors: { ana: [votes(ANA, 'BREAK_GLASS', 1)], bo: [votes(BO, 'REJECT', 1)] },
    },
    short: {},
    wide: { faults: 1, duplicates: 1, reorders: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'whoever may open it in an emergency is removed meanwhile',
      policy: policyOf({ ...guarded, people: { ...people(2, ANA, BO, CY), breakGlass: [ANA] } }),
      policyMoves: true,
      actors: {
        ana: [votes(ANA, 'APPROVE', 1), votes(ANA, 'BREAK_GLASS', 2)],
        'the check': [turns('FAIL')],
        'the next deployment': [removes(ANA)],
      },
    },
    short: {},
    wide: { faults: 1, duplicates: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'an approver goes away and comes back while people vote',
      policy: policyOf({ kind: 'MANUAL', people: { ...people(2, ANA, CY), delegates: { [ANA]: [BO] } } }),
      actors: {
        ana: [goesAway(ANA, BO), comesBack(ANA)],
        bo: [votes(BO, 'APPROVE', 1)],
        cy: [votes(CY, 'APPROVE', 1)],
      },
    },
    short: {},
    wide: { faults: 1, duplicates: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'the change set is made again while people vote',
      policy: {
        ...policyOf({ kind: 'MANUAL', people: people(2, ANA, BO) }),
        changeSets: [{ stack: 'shop-prod', name: 'release' }],
      },
      actors: {
        ana: [votes(ANA, 'APPROVE', 1), votes(ANA, 'APPROVE', 2)],
        bo: [votes(BO, 'APPROVE', 1)],
        'the pipeline': [makesTheChangeSetAgain],
      },
    },
    short: {},
    wide: { faults: 1, duplicates: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'two of three, and one of them changes its mind',
      policy: policyOf(twoOfThree),
      actors: { ana: [votes(ANA, 'APPROVE', 1), votes(ANA, 'REJECT', 2)], bo: [votes(BO, 'APPROVE', 1)] },
    },
    short: {},
    wide: { faults: 1, duplicates: 1, reorders: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'three votes for a quorum of two',
      policy: policyOf(twoOfThree),
      actors: {
        ana: [votes(ANA, 'APPROVE', 1)],
        bo: [votes(BO, 'APPROVE', 1)],
        cy: [votes(CY, 'REJECT', 1)],
      },
    },
    short: {},
    wide: { faults: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'two groups, and one person in both',
      policy: policyOf(bothGroups),
      policyMoves: true,
      actors: { ana: [votes(ANA, 'APPROVE', 1)], bo: [votes(BO, 'APPROVE', 1)], 'the next deployment': [removes(BO)] },
    },
    short: {},
    wide: { faults: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'yes and no of one person in one millisecond',
      policy: policyOf(anyOf),
      actors: { ana: [votes(ANA, 'REJECT', 7), votes(ANA, 'APPROVE', 7)] },
      shownToken: 'OTHER',
    },
    short: { duplicates: 1, reorders: 1 },
    wide: { faults: 1, duplicates: 1, reorders: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'yes and no of one person, one after the other',
      policy: policyOf(anyOf),
      actors: { ana: [votes(ANA, 'APPROVE', 1), votes(ANA, 'REJECT', 2)] },
      begin: (world) => world,
    },
    short: { faults: 1 },
    wide: { faults: 1, duplicates: 1, reorders: 1, refusals: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'two looks at once, delivery refused once',
      policy: policyOf(anyOf),
      actors: { ana: [votes(ANA, 'APPROVE', 1)] },
      begin: twoTimersAreDue,
    },
    short: { refusals: 1 },
    wide: { faults: 2, refusals: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'a console answer overtakes the delivery',
      policy: policyOf(anyOf),
      actors: { ana: [votes(ANA, 'APPROVE', 1)], somebody: [answersInConsole(false, STRANGER)] },
    },
    short: { faults: 1 },
    wide: { faults: 2, refusals: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'an approver answers in the console, and CodePipeline tells late',
      policy: policyOf(anyOf),
      lists: 'LATE',
      actors: {
        ana: [answersInConsole(true, ANA_IN_CONSOLE)],
        bo: [votes(BO, 'REJECT', 1)],
        CodePipeline: [catchesUp],
      },
    },
    short: {},
    wide: { faults: 1, refusals: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'a vote at the deadline',
      policy: policyOf(anyOf),
      actors: { ana: [votes(ANA, 'APPROVE', 1)], somebody: [stopsTheRun] },
      begin: shortlyBefore,
    },
    short: { faults: 1 },
    wide: { faults: 2 },
  },
  {
    configuration: {
      ...usual,
      name: 'an approver is removed while voting',
      policy: policyOf({ kind: 'MANUAL', people: people(2, ANA, BO) }),
      policyMoves: true,
      actors: {
        ana: [votes(ANA, 'APPROVE', 1)],
        bo: [votes(BO, 'APPROVE', 1)],
        'the next deployment': [removes(BO)],
      },
    },
    short: {},
    wide: { faults: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'the quorum is lowered while people vote',
      policy: policyOf({ kind: 'MANUAL', people: people(2, ANA, BO) }),
      policyMoves: true,
      actors: {
        ana: [votes(ANA, 'APPROVE', 1)],
        bo: [votes(BO, 'APPROVE', 1)],
        'the next deployment': [weakens],
      },
    },
    short: {},
    wide: { faults: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'an approver is taken off a list while voting',
      policy: policyOf({ kind: 'MANUAL', people: listed(2, ANA, BO) }),
      policyMoves: true,
      actors: {
        ana: [votes(ANA, 'APPROVE', 1)],
        bo: [votes(BO, 'APPROVE', 1)],
        'whoever edits the list': [removes(BO)],
      },
    },
    short: {},
    wide: { faults: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'the only approver is removed while voting',
      policy: policyOf({ kind: 'MANUAL', people: people(1, ANA) }),
      policyMoves: true,
      actors: { ana: [votes(ANA, 'APPROVE', 1)], 'the next deployment': [removes(ANA)] },
    },
    short: { faults: 1 },
    wide: { faults: 2 },
  },
  {
    configuration: {
      ...usual,
      name: 'votes side by side',
      policy: policyOf(twoOfThree),
      batches: 2,
      actors: { ana: [votes(ANA, 'APPROVE', 1), votes(ANA, 'REJECT', 2)] },
      begin: (world) => world,
    },
    short: { duplicates: 1, reorders: 1 },
    wide: { faults: 1, duplicates: 1, reorders: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'a vote while others are still being asked',
      policy: policyOf(anyOf),
      fromTheDoor: true,
      actors: { ana: [votes(ANA, 'APPROVE', 1)] },
      begin: (world) => world,
    },
    short: {},
    wide: { faults: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'an answer in the console while others are still being asked, without links',
      policy: policyOf(anyOf),
      fromTheDoor: true,
      inConsole: true,
      actors: { ana: [answersInConsole(true, ANA_IN_CONSOLE)] },
      begin: (world) => world,
    },
    short: { faults: 1 },
    wide: { faults: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'guarded, and the check turns red',
      policy: policyOf(guarded),
      actors: { ana: [votes(ANA, 'APPROVE', 1)], 'the check': [turns('FAIL'), turns('PASS')] },
    },
    short: { refusals: 1 },
    wide: { faults: 1, refusals: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, and the bake fails',
      policy: policyOf({ kind: 'AUTOMATED', checks: checks(2), onInconclusive: 'REJECT' }),
      actors: { 'the check': [turns('FAIL'), turns('PASS')] },
      begin: twoTimersAreDue,
    },
    short: {},
    wide: { faults: 1, refusals: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, else people',
      policy: policyOf({ kind: 'AUTOMATED_ELSE_PEOPLE', people: people(1, ANA), checks: checks(1) }),
      actors: { ana: [votes(ANA, 'APPROVE', 1)], 'the check': [turns('INCONCLUSIVE'), turns('FAIL')] },
    },
    short: { faults: 1 },
    wide: { faults: 2, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, and people are asked when the check fails',
      policy: policyOf({
        kind: 'AUTOMATED_ELSE_PEOPLE',
        people: people(1, ANA),
        checks: checks(1),
        onFail: 'ASK_APPROVERS',
      }),
      actors: { ana: [votes(ANA, 'APPROVE', 1)], 'the check': [turns('FAIL'), turns('PASS')] },
    },
    short: { faults: 1 },
    wide: { faults: 2, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'two looks tell the outcome',
      policy: policyOf(twoOfThree),
      actors: { somebody: [answersInConsole(true, STRANGER)] },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 2, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'further people are asked while the others answer',
      policy: policyOf({
        kind: 'MANUAL',
        people: { ...people(2, ANA, BO), escalation: { afterMinutes: 1, ids: [CY] } },
      }),
      actors: { ana: [votes(ANA, 'APPROVE', 1)], cy: [votes(CY, 'APPROVE', 1)] },
      begin: twoTimersAreDue,
    },
    short: {},
    wide: { faults: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'a newer run comes while people answer',
      policy: policyOf({ kind: 'MANUAL', people: { ...people(2, ANA, BO), newerRun: 'REPLACES' } }),
      runsCome: true,
      actors: {
        ana: [votes(ANA, 'APPROVE', 1)],
        bo: [votes(BO, 'APPROVE', 1)],
        'a newer run': [newerRun(true), newerRun(false)],
      },
      begin: twoTimersAreDue,
    },
    short: {},
    wide: { faults: 1, refusals: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'other requests end at the same time',
      policy: policyOf({ kind: 'MANUAL', people: people(1, ANA) }),
      actors: {
        somebody: [answersInConsole(true, STRANGER)],
        'another request': [recordsAnother('d'.repeat(32))],
        'a third request': [recordsAnother('e'.repeat(32))],
      },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 2 },
  },
  {
    configuration: {
      ...usual,
      name: 'notification and event at once',
      policy: policyOf(anyOf),
      opens: true,
      fromTheDoor: true,
      actors: { ana: [votes(ANA, 'APPROVE', 1)] },
      begin: (world) => ({
        ...world,
        timers: { event: { target: eventTarget(iso(START)), at: START, failures: 0, running: false } },
      }),
    },
    short: {},
    wide: { faults: 1 },
  },
  ...CHECK_EXPLORATIONS,
];

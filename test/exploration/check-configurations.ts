/** Requests whose checks look at something in AWS, by the real code of their kinds. */
import type { CheckPlan, MetricSource } from '../../contract/checks';
import { TIMING } from '../lambda/check-timing';
import { WAIVED } from './check-services';
import { closesUntil, isQuietUntil, makesARiskyChangeSet, turns, turnsFromNowOn, votes } from './people';
import { CHECK, checks, people, policyOf, twoTimersAreDue, usual, type Exploration } from './usual';
import { ANA, iso, MINUTE, START } from './world';

const REGION = 'eu-west-1';
const READER = 'arn:aws:iam::222222222222:role/approval-gates/w/Shop.reader.eu-west-1';

const timing = { id: 'health', title: 'health', ...TIMING };

const CALENDAR: CheckPlan = { ...timing, kind: 'changeCalendar', calendar: 'freeze', region: REGION };

const source = (metric: string): MetricSource => ({
  region: REGION,
  period: 60,
  queries: [{ id: 'm0', namespace: 'shop', metric, statistic: 'Sum' }],
});

/** Every eight minutes: what is bad in between is found by looking back. */
const LATENCY: CheckPlan = {
  ...timing,
  kind: 'metric',
  interval: 480,
  source: source('latency'),
  atMost: 500,
  missingData: 'INCONCLUSIVE',
};

const ERRORS: CheckPlan = {
  ...timing,
  kind: 'errorRatio',
  errors: source('errors'),
  requests: source('requests'),
  maxPercent: 1,
  minRequests: 300,
  missingData: 'INCONCLUSIVE',
};

const CANARY: CheckPlan = {
  ...timing,
  kind: 'canary',
  period: 60,
  points: 20,
  minPoints: 15,
  metrics: [
    {
      name: 'latency',
      canary: source('latency'),
      baseline: source('baseline'),
      worseWhen: 'HIGHER',
      minEffect: 0.1,
      group: 'all',
      criticality: 'NORMAL',
    },
  ],
  groupWeights: {},
  pass: 95,
  marginal: 75,
};

/** The waiver ends with the day, forty minutes after the approval asked. */
const FINDINGS: CheckPlan = {
  ...timing,
  kind: 'securityFindings',
  region: REGION,
  resources: { by: 'ARN', arn: 'arn:aws:lambda:eu-west-1:222222222222:function:shop' },
  limits: { critical: 0 },
  waivers: [{ finding: WAIVED, owner: 'ana', reason: 'not reachable', until: iso(START).slice(0, 10) }],
};

const CHANGE_SET: CheckPlan = {
  ...timing,
  kind: 'changeSet',
  stack: 'shop-prod',
  name: 'release',
  region: REGION,
  risks: ['REMOVAL', 'REPLACEMENT', 'PERMISSIONS'],
};

const read = (check: CheckPlan): CheckPlan => ({ ...check, reader: READER, consecutiveErrorLimit: 1 });

const automated = (bakeMinutes: number, ...plans: readonly CheckPlan[]) =>
  policyOf({ kind: 'AUTOMATED', checks: checks(bakeMinutes, ...plans), onInconclusive: 'REJECT' });

const guarded = (...plans: readonly CheckPlan[]) =>
  policyOf({ kind: 'GUARDED', people: people(1, ANA), checks: checks(0, ...plans) });

const OPENS = START + 10 * MINUTE;

export const CHECK_EXPLORATIONS: readonly Exploration[] = [
  {
    configuration: {
      ...usual,
      name: 'automated, and its calendar opens later, or is closed for longer',
      policy: automated(0, CALENDAR),
      actors: { 'whoever edits the calendar': [closesUntil(OPENS + 5 * MINUTE)] },
      health: { verdict: 'IN_PROGRESS', since: START, until: OPENS },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 2, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, and two checks begin one after the other',
      policy: automated(3, CHECK, { ...CHECK, id: 'later', title: 'later', initialDelay: 120 }),
      actors: { 'what they look at': [turns('FAIL'), turns('PASS')] },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, and a metric is bad between two measurements',
      policy: automated(16, LATENCY),
      actors: { 'the metric': [turnsFromNowOn('FAIL'), turnsFromNowOn('PASS')] },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, and hardly anybody uses it',
      policy: automated(4, ERRORS),
      actors: { 'who uses it': [turnsFromNowOn('PASS'), turnsFromNowOn('FAIL')] },
      health: { verdict: 'IN_PROGRESS', since: START },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, and the last look at a canary comes after its bake',
      policy: automated(20, CANARY),
      actors: { 'the canary': [turnsFromNowOn('FAIL'), turnsFromNowOn('INCONCLUSIVE')] },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, and its reader disappears',
      policy: automated(3, read(ERRORS)),
      actors: { 'the other account': [turnsFromNowOn('ERROR'), turnsFromNowOn('PASS')] },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'guarded, and a waiver ends while people answer',
      policy: guarded(FINDINGS),
      actors: { ana: [votes(ANA, 'APPROVE', 1)], time: [isQuietUntil(START + 43 * MINUTE)] },
      health: { verdict: 'FAIL', since: START },
    },
    short: { refusals: 1 },
    wide: { faults: 1, refusals: 1, waits: 1 },
  },
  {
    configuration: {
      ...usual,
      name: 'automated, and people are asked once the change set is risky',
      policy: {
        ...policyOf({
          kind: 'AUTOMATED_ELSE_PEOPLE',
          people: people(1, ANA),
          checks: checks(5, CHANGE_SET),
          onFail: 'ASK_APPROVERS',
        }),
        changeSets: [{ stack: 'shop-prod', name: 'release' }],
      },
      actors: { 'the pipeline': [makesARiskyChangeSet], ana: [votes(ANA, 'APPROVE', 1)] },
      begin: twoTimersAreDue,
    },
    short: { faults: 1 },
    wide: { faults: 1, waits: 1 },
  },
];

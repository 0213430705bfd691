/** Compares what a scenario expects with what can be seen. */
import { latestRun, type ActionRun } from '../pipeline/execution';
import type { PipelineEngine } from '../pipeline/engine';
import { actionPathsOf } from '../pipeline/structure';
import { BOUNDS } from './bounds';
import { differs, each, type Compare, type Comparisons } from './comparison';
import type { Expectation } from './expectation';
import { known, knownAddress, knownAlarm, knownRule, knownServers, knownStage } from './names';
import type { Rehearsal } from './rehearsal';

/** What is not as expected, in words; empty when all is. */
export function unmet(rehearsal: Rehearsal, expected: Expectation): readonly string[] {
  return (Object.keys(COMPARISONS) as (keyof Expectation)[]).flatMap((name) => {
    const wanted = expected[name];
    return wanted === undefined ? [] : (COMPARISONS[name] as Compare<unknown>)(rehearsal, wanted);
  });
}

const COMPARISONS: Comparisons = {
  run: ({ latest }, wanted) => differs('the run', latest?.execution.status, wanted),
  runs: (rehearsal, wanted) => {
    const found = engineOf(rehearsal).executions.map(({ status }) => status);
    return differs('the list of runs', found.join(', '), wanted.join(', '));
  },
  rollback: (rehearsal, wanted) => differs('the rollback', rehearsal.latestRollback()?.status ?? 'None', wanted),
  waitsBefore: (rehearsal, wanted) => {
    if (wanted !== 'None') knownStage(rehearsal, wanted);
    const run = rehearsal.latest?.execution.id ?? '';
    const before = engineOf(rehearsal)
      .stages.all()
      .find(({ inbound }) => inbound.includes(run));
    return differs('the stage that the run waits before', before?.name ?? 'None', wanted);
  },
  action: each((rehearsal, path, wanted) => differs(path, runOf(rehearsal, path)?.status ?? 'NotStarted', wanted)),
  stage: each((rehearsal, name, wanted) => {
    knownStage(rehearsal, name);
    const found = engineOf(rehearsal).stages.find(name)?.latest?.status ?? 'NotStarted';
    return differs(`stage ${name}`, found, wanted);
  }),
  rule: each((rehearsal, path, wanted) => differs(`rule ${path}`, ruleState(rehearsal, path), wanted)),
  gate: each((rehearsal, path, wanted) => differs(path, gateState(runOf(rehearsal, path)), wanted)),
  summary: each((rehearsal, path, texts) => {
    const summary = runOf(rehearsal, path)?.summary ?? '';
    return missing(texts, (part) => summary.includes(part)).map(
      (part) => `the summary of ${path} is ${quoted(summary)}, without ${quoted(part)}`,
    );
  }),
  configuration: each((rehearsal, path, texts) => {
    const found = Object.values(runOf(rehearsal, path)?.resolvedConfiguration ?? {}).join('\n');
    return missing(texts, (part) => found.includes(part)).map(
      (part) => `the configuration of ${path} does not hold ${quoted(part)}`,
    );
  }),
  answeredBy: each((rehearsal, path, part) => {
    const by = runOf(rehearsal, path)?.updatedBy ?? 'nobody';
    return by.includes(part) ? [] : [`${path} was answered by ${by}, not ${part}`];
  }),
  mail: (rehearsal, mails) => mails.flatMap((mail) => unmetMail(rehearsal, mail)),
  alias: each((rehearsal, path, wanted) => {
    known('alias', path, [...rehearsal.versions().keys()]);
    const version = rehearsal.versions().get(path);
    const before = rehearsal.latest?.versions.get(path);
    if (wanted !== 'new') return differs(path, version, wanted === 'old' ? before : wanted);
    return version === undefined || version === before ? [`${path} is still on version ${before}`] : [];
  }),
  traffic: each((rehearsal, path, wanted) => {
    const stages = [...rehearsal.world.restApis.all.keys()];
    const others = [...rehearsal.versions().keys(), ...rehearsal.revisions().keys()];
    known('alias, ECS service or stage of a REST API', path, [...others, ...stages]);
    return differs(`traffic of ${path}`, traffic(rehearsal, path), wanted);
  }),
  apiVersion: each((rehearsal, path, wanted) => {
    const { latest } = rehearsal;
    const now = rehearsal.apiVersions().get(path);
    known('stage of a REST API', path, [...rehearsal.apiVersions().keys()]);
    const should = wanted === 'new' ? latest?.execution.revisions[0]?.id : latest?.apiVersions.get(path);
    return now === should ? [] : [`${path} serves the change ${now}, which is not the ${wanted} one`];
  }),
  revision: each((rehearsal, name, wanted) => {
    known('ECS service', name, [...rehearsal.revisions().keys()]);
    const now = rehearsal.revisions().get(name);
    const isNew = now !== rehearsal.latest?.revisions.get(name);
    return isNew === (wanted === 'new') ? [] : [`${name} is on revision ${now}, which is not ${wanted}`];
  }),
  servers: each((rehearsal, name, wanted) => {
    knownServers(rehearsal, name);
    return differs(`the version on ${name}`, versionOn(rehearsal, name), wanted);
  }),
  deployments: each((rehearsal, name, wanted) => {
    knownServers(rehearsal, name);
    const to = rehearsal.servers.deployments.filter(({ sets }) => sets.includes(name));
    return differs(`the number of deployments to ${name}`, to.length, wanted);
  }),
  events: each(({ world }, type, wanted) => {
    const found = world.events.filter((event) => event['detail-type'] === type);
    return differs(`the number of events ${quoted(type)}`, found.length, wanted);
  }),
  alarm: each(({ world }, name, wanted) => {
    knownAlarm(world, name);
    return differs(`alarm ${name}`, world.alarms.state(name), wanted);
  }),
  timers: each(({ world }, status, wanted) => {
    const found = world.executions.filter((run) => run.status === status);
    return differs(`the number of timers ${status}`, found.length, wanted);
  }),
  ...BOUNDS,
  refused: ({ world }, texts) =>
    missing(texts, (part) => world.refusals.some((refusal) => refusal.includes(part))).map(
      (part) => `no call was refused: ${quoted(part)}`,
    ),
  journal: ({ world }, texts) =>
    missing(texts, (part) => world.journal.entries.some(({ text }) => text.includes(part))).map(
      (part) => `no line of the journal holds ${quoted(part)}`,
    ),
};

/** The engine of the pipeline that was pushed to last. */
function engineOf(rehearsal: Rehearsal): PipelineEngine {
  return rehearsal.engine(rehearsal.latest?.pipeline);
}

function missing(texts: readonly string[], isThere: (part: string) => boolean): readonly string[] {
  return texts.filter((part) => !isThere(part));
}

/** What a rule found last, in the run that the latest push started. */
function ruleState(rehearsal: Rehearsal, path: string): string {
  const [stage = '', name = ''] = path.split('/');
  knownRule(rehearsal, path);
  const asked = (rehearsal.latest?.execution.conditions ?? []).filter((condition) => condition.stage === stage);
  return asked.flatMap(({ rules }) => rules).findLast((rule) => rule.name === name)?.status ?? 'NotAsked';
}

/** The latest run of an action, in the run that the latest push started. It stays known when the pipeline loses the action. */
export function runOf(rehearsal: Rehearsal, path: string): ActionRun | undefined {
  const [stage = '', action = ''] = path.split('/');
  const execution = rehearsal.latest?.execution;
  const run = execution && latestRun(execution, stage, action);
  const all = actionPathsOf(engineOf(rehearsal).model);
  if (run === undefined && !all.includes(path)) {
    throw new Error(`the pipeline has no action ${path}; it has ${all.join(', ')}`);
  }
  return run;
}

export function gateState(run: ActionRun | undefined): string {
  switch (run?.status) {
    case undefined:
      return 'not reached';
    case 'InProgress':
      return 'asks';
    case 'Succeeded':
      return 'approved';
    case 'Abandoned':
      return 'stopped';
    default:
      return run?.expired === true ? 'expired' : 'rejected';
  }
}

/** Of one server, or of all that belong together. */
function versionOn(rehearsal: Rehearsal, name: string): string {
  const { latest, servers } = rehearsal;
  const states = servers.fleet.named(name).map(({ name: server, revision, serves }) => {
    if (!serves) return 'out';
    if (revision !== undefined && revision.id === latest?.execution.change?.id) return 'new';
    return revision?.id === latest?.onServers.get(server) ? 'old' : 'other';
  });
  return new Set(states).size === 1 ? (states[0] ?? '') : 'mixed';
}

function traffic(rehearsal: Rehearsal, path: string): number {
  const deployment = rehearsal.ecs.deployments.findLast(({ name }) => name === path);
  if (deployment !== undefined) return deployment.status === 'SUCCESSFUL' ? 0 : deployment.percent;
  const taskSets = rehearsal.taskSets.deployments.findLast(({ name }) => name === path);
  if (taskSets !== undefined) return taskSets.percent;
  const stage = rehearsal.world.restApis.all.get(path);
  if (stage !== undefined) return stage.canary?.percent ?? 0;
  const [functionName = '', alias = ''] = path.split(':');
  const weights = rehearsal.world.functions.alias(functionName, alias)?.weights ?? {};
  return Math.round(Object.values(weights).reduce((sum, weight) => sum + weight, 0) * 100);
}

function unmetMail(rehearsal: Rehearsal, wanted: NonNullable<Expectation['mail']>[number]): readonly string[] {
  if (wanted.count !== 0) knownAddress(rehearsal.world, wanted.to);
  const such = rehearsal.world.inbox
    .slice(firstMail(rehearsal, wanted))
    .filter(
      (mail) =>
        mail.to === wanted.to &&
        (wanted.subject === undefined || mail.subject.includes(wanted.subject)) &&
        (wanted.text ?? []).every((part) => mail.text.includes(part)),
    );
  const wrong = (wanted.without ?? []).find((part) =>
    such.some((mail) => mail.subject.includes(part) || mail.text.includes(part)),
  );
  const found = such.length;
  const what = `mails to ${wanted.to}${wanted.subject === undefined ? '' : ` about ${quoted(wanted.subject)}`}`;
  if (wrong !== undefined) return [`one of the ${what} holds ${quoted(wrong)}`];
  if (wanted.count !== undefined && found !== wanted.count) return [`there are ${found} ${what}, not ${wanted.count}`];
  const least = wanted.atLeast ?? 1;
  if (wanted.count === undefined && found < least) return [`there are ${found} ${what}, not at least ${least}`];
  return [];
}

/** Mails count from the latest push or the latest rollback on, or all of them. */
function firstMail(rehearsal: Rehearsal, wanted: NonNullable<Expectation['mail']>[number]): number {
  if (wanted.sinceRollback === true) {
    return rehearsal.mailsBefore.get(rehearsal.latestRollback()?.id ?? '') ?? rehearsal.world.inbox.length;
  }
  return wanted.sincePush === false ? 0 : (rehearsal.latest?.mails ?? 0);
}

function quoted(value: string): string {
  return `“${value}”`;
}

/** Compares what a scenario expects with what can be seen. */
import { latestRun, type ActionRun } from '../pipeline/execution';
import { actionPathsOf } from '../pipeline/structure';
import type { Rehearsal } from './rehearsal';
import { beyond } from './bounds';
import { known, knownAddress, knownAlarm, knownRule, knownServers, knownStage } from './names';
import type { Expectation } from './expectation';

/** What is not as expected, in words; empty when all is. */
export function unmet(rehearsal: Rehearsal, expected: Expectation): readonly string[] {
  const problems: string[] = [];
  const same = (what: string, found: unknown, wanted: unknown): void => {
    if (found !== wanted) problems.push(`${what} is ${String(found)}, not ${String(wanted)}`);
  };
  const { world } = rehearsal;
  const pushed = rehearsal.latest;
  const engine = rehearsal.engine(pushed?.pipeline);

  if (expected.run !== undefined) same('the run', pushed?.execution.status, expected.run);
  if (expected.runs !== undefined) {
    same('the list of runs', engine.executions.map((run) => run.status).join(', '), expected.runs.join(', '));
  }
  if (expected.rollback !== undefined) {
    same('the rollback', rehearsal.latestRollback()?.status ?? 'None', expected.rollback);
  }
  if (expected.waitsBefore !== undefined) {
    if (expected.waitsBefore !== 'None') knownStage(rehearsal, expected.waitsBefore);
    const before = engine.stages.all().find(({ inbound }) => inbound.includes(pushed?.execution.id ?? ''));
    same('the stage that the run waits before', before?.name ?? 'None', expected.waitsBefore);
  }
  for (const [path, wanted] of entries(expected.action)) {
    same(path, runOf(rehearsal, path)?.status ?? 'NotStarted', wanted);
  }
  for (const [name, wanted] of entries(expected.stage)) {
    knownStage(rehearsal, name);
    same(`stage ${name}`, engine.stages.find(name)?.latest?.status ?? 'NotStarted', wanted);
  }
  for (const [path, wanted] of entries(expected.rule)) {
    same(`rule ${path}`, ruleState(rehearsal, path), wanted);
  }
  for (const [path, wanted] of entries(expected.gate)) same(path, gateState(runOf(rehearsal, path)), wanted);
  for (const [path, texts] of entries(expected.summary)) {
    const summary = runOf(rehearsal, path)?.summary ?? '';
    for (const part of texts) {
      if (!summary.includes(part))
        problems.push(`the summary of ${path} is ${quoted(summary)}, without ${quoted(part)}`);
    }
  }
  for (const [path, texts] of entries(expected.configuration)) {
    const found = Object.values(runOf(rehearsal, path)?.resolvedConfiguration ?? {}).join('\n');
    for (const part of texts) {
      if (!found.includes(part)) problems.push(`the configuration of ${path} does not hold ${quoted(part)}`);
    }
  }
  for (const [path, part] of entries(expected.answeredBy)) {
    const by = runOf(rehearsal, path)?.updatedBy ?? 'nobody';
    if (!by.includes(part)) problems.push(`${path} was answered by ${by}, not ${part}`);
  }
  for (const mail of expected.mail ?? []) problems.push(...unmetMail(rehearsal, mail));
  for (const [path, wanted] of entries(expected.alias)) {
    known('alias', path, [...rehearsal.versions().keys()]);
    const version = rehearsal.versions().get(path);
    const before = pushed?.versions.get(path);
    if (wanted === 'old') same(`${path}`, version, before);
    else if (wanted !== 'new') same(`${path}`, version, wanted);
    else if (version === undefined || version === before) problems.push(`${path} is still on version ${before}`);
  }
  for (const [path, wanted] of entries(expected.traffic)) {
    const stages = [...rehearsal.world.restApis.all.keys()];
    const others = [...rehearsal.versions().keys(), ...rehearsal.revisions().keys()];
    known('alias, ECS service or stage of a REST API', path, [...others, ...stages]);
    same(`traffic of ${path}`, traffic(rehearsal, path), wanted);
  }
  for (const [path, wanted] of entries(expected.apiVersion)) {
    const now = rehearsal.apiVersions().get(path);
    known('stage of a REST API', path, [...rehearsal.apiVersions().keys()]);
    const should = wanted === 'new' ? rehearsal.latest?.execution.revisions[0]?.id : pushed?.apiVersions.get(path);
    if (now !== should) problems.push(`${path} serves the change ${now}, which is not the ${wanted} one`);
  }
  for (const [name, wanted] of entries(expected.revision)) {
    known('ECS service', name, [...rehearsal.revisions().keys()]);
    const [now, before] = [rehearsal.revisions().get(name), pushed?.revisions.get(name)];
    if ((now !== before) !== (wanted === 'new')) problems.push(`${name} is on revision ${now}, which is not ${wanted}`);
  }
  for (const [name, wanted] of entries(expected.servers)) {
    knownServers(rehearsal, name);
    same(`the version on ${name}`, versionOn(rehearsal, name), wanted);
  }
  for (const [name, wanted] of entries(expected.deployments)) {
    knownServers(rehearsal, name);
    const to = rehearsal.servers.deployments.filter(({ sets }) => sets.includes(name));
    same(`the number of deployments to ${name}`, to.length, wanted);
  }
  for (const [type, wanted] of entries(expected.events)) {
    same(`the number of events ${quoted(type)}`, world.events.filter((e) => e['detail-type'] === type).length, wanted);
  }
  for (const [name, wanted] of entries(expected.alarm)) {
    knownAlarm(world, name);
    same(`alarm ${name}`, world.alarms.state(name), wanted);
  }
  for (const [status, wanted] of entries(expected.timers)) {
    same(`the number of timers ${status}`, world.executions.filter((run) => run.status === status).length, wanted);
  }
  problems.push(...beyond(rehearsal, expected));
  for (const part of expected.refused ?? []) {
    if (!world.refusals.some((refusal) => refusal.includes(part)))
      problems.push(`no call was refused: ${quoted(part)}`);
  }
  for (const part of expected.journal ?? []) {
    if (!world.journal.entries.some((entry) => entry.text.includes(part))) {
      problems.push(`no line of the journal holds ${quoted(part)}`);
    }
  }
  return problems;
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
  const all = actionPathsOf(rehearsal.engine(rehearsal.latest?.pipeline).model);
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

function entries<T>(map: Readonly<Record<string, T>> | undefined): readonly (readonly [string, T])[] {
  return Object.entries(map ?? {});
}

function quoted(value: string): string {
  return `“${value}”`;
}

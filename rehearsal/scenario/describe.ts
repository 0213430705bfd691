import type { Step } from './schema';

/** A step in a few words, for the terminal. */
export function describeStep(step: Step): string {
  if ('push' in step) return `push “${step.push.message}”`;
  if ('changeSet' in step) return `the change set of ${step.changeSet.stack} is made again`;
  if ('wait' in step) {
    if (step.wait.for !== undefined) return `wait ${plain(step.wait.for)}`;
    return `wait until ${words(step.wait.until)}`;
  }
  if ('expect' in step) return `expect ${words(step.expect)}`;
  if ('approve' in step) return `${step.approve.as} approves ${step.approve.gate}${forged(step.approve)}`;
  if ('reject' in step) return `${step.reject.as} rejects ${step.reject.gate}${forged(step.reject)}`;
  if ('review' in step) return `${step.review.as} closes the follow-up of ${step.review.gate}${forged(step.review)}`;
  if ('breakGlass' in step) {
    return `${step.breakGlass.as} opens ${step.breakGlass.gate} in an emergency${forged(step.breakGlass)}`;
  }
  if ('open' in step) {
    const times = step.open.times === undefined ? '' : ` ${step.open.times} times`;
    return `${step.open.as} opens the link to ${step.open.gate}${times}${forged(step.open)}`;
  }
  if ('dashboard' in step) {
    const { as, query, emailLink, away, back } = step.dashboard;
    if (away !== undefined) return `${as} goes away until ${away.until}, and ${away.delegate} answers`;
    if (back === true) return `${as} is back`;
    const what = query === undefined ? 'the dashboard' : `the dashboard, ${query}`;
    return `${as} looks at ${what}${emailLink === undefined ? '' : `, and wants the link to ${emailLink}`}`;
  }
  if ('console' in step)
    return `${step.console.as} answers ${step.console.gate} in the console: ${step.console.verdict}`;
  if ('alarm' in step) {
    const when = step.alarm.after === undefined ? 'now' : `in ${plain(step.alarm.after)}`;
    return `alarm ${step.alarm.name} becomes ${step.alarm.state} ${when}`;
  }
  if ('calendar' in step) {
    const when = step.calendar.after === undefined ? 'now' : `in ${plain(step.calendar.after)}`;
    return `calendar ${step.calendar.name} is ${step.calendar.state} ${when}`;
  }
  if ('logs' in step) return describeWatched(`the log ${step.logs.group} has`, step.logs, ['group']);
  if ('service' in step) return describeWatched(`the service ${step.service.name} is`, step.service, ['name']);
  if ('synthetics' in step) return describeWatched(`the canary ${step.synthetics.name}:`, step.synthetics, ['name']);
  if ('apiRequests' in step) {
    const { stage, perMinute, canary, canaryRefuses } = step.apiRequests;
    const refused = canaryRefuses === undefined ? '' : `, ${canaryRefuses * 100} % are refused`;
    return `${perMinute} requests a minute to ${stage}: ${canary * 100} % of those to its canary fail${refused}`;
  }
  if ('calls' in step) {
    const { to, times, failed } = step.calls;
    return `${times} calls of ${to}: ${failed} fail`;
  }
  if ('requests' in step) {
    const { alias, perMinute, baseline, canary } = step.requests;
    const shown = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;
    return `${perMinute} requests a minute to ${alias}: ${shown(baseline)} fail, ${shown(canary)} with another version`;
  }
  if ('metric' in step) {
    const { name, value, after, for: time } = step.metric;
    const when = after === undefined ? 'now' : `in ${plain(after)}`;
    const until = time === undefined ? '' : ` for ${plain(time)}`;
    return `metric ${name} ${value === undefined ? 'has no data' : `is ${value}`} ${when}${until}`;
  }
  if ('targets' in step) return describeWatched(`the targets of ${step.targets.group} are`, step.targets, ['group']);
  if ('testReport' in step) {
    const { of: action, missing, passed = 0, failed = [] } = step.testReport;
    const what = missing === true ? 'nothing' : `${passed} passed and ${failed.length} failed tests`;
    return `builds of ${action} report ${what}`;
  }
  if ('coverageReport' in step) {
    const { of: action, group } = step.coverageReport;
    return `builds of ${action} report their coverage to ${group}`;
  }
  if ('sbom' in step) {
    const { of: action, missing, packages } = step.sbom;
    return `builds of ${action} put ${missing === true ? 'no bill of materials' : `a bill of ${packages.length} packages`}`;
  }
  if ('imageScan' in step) {
    const { repository, image, findings = [] } = step.imageScan;
    return `image ${image} of ${repository} is scanned: ${findings.length} found`;
  }
  if ('findings' in step) return `Security Hub has ${step.findings.found.length} findings`;
  if ('fail' in step) {
    return `${step.fail.operation} fails${step.fail.for === undefined ? '' : ` for ${plain(step.fail.for)}`}`;
  }
  if ('action' in step) return `${step.action.name} will end ${step.action.result}`;
  if ('notify' in step) return `the notification of ${step.notify.gate} comes again`;
  if ('lose' in step) return `the notification of ${step.lose.gate} gets lost`;
  if ('web' in step) return `${step.web.address} answers ${step.web.status}`;
  if ('stopDeployment' in step) return `somebody stops the deployment of ${step.stopDeployment.of}`;
  if ('deploymentConfig' in step) {
    const { of, config = 'the configuration of its template' } = step.deploymentConfig;
    return `somebody gives the deployment group of ${of} ${config}`;
  }
  if ('rollback' in step) return `${step.rollback.as ?? 'somebody'} rolls the stage ${step.rollback.stage} back`;
  if ('mailbox' in step) return `the mailbox ${step.mailbox.address} is ${step.mailbox.state}`;
  if ('parameter' in step) return parameter(step.parameter);
  if ('function' in step) {
    const how = step.function.how === 'crashes' ? 'crashes' : 'is throttled';
    return `the function ${step.function.name} ${how} for ${plain(step.function.down)}`;
  }
  if ('follow' in step) return `from now on about the latest ${step.follow.run}`;
  if ('servers' in step) return `there are ${step.servers.count} servers of ${step.servers.of}`;
  if ('mark' in step) return `mark what was counted so far as ${step.mark.as}`;
  if ('update' in step) return update(step.update);
  if ('stop' in step) return 'stop the run';
  return `retry the stage ${step.retry.stage}`;
}

/** A state that a scenario sets, now or later. */
function describeWatched(what: string, step: { readonly after?: number }, names: readonly string[]): string {
  const state = Object.entries(step).filter(([key]) => ![...names, 'after', 'for'].includes(key));
  const when = step.after === undefined ? 'now' : `in ${plain(step.after)}`;
  return `${what} ${words(Object.fromEntries(state))} ${when}`;
}

function parameter(step: Extract<Step, { readonly parameter: unknown }>['parameter']): string {
  if (step.missing !== undefined) return `the parameter ${step.name} is missing for ${plain(step.missing)}`;
  const how = step.with === undefined ? 'has another value' : `has ${words(step.with)}`;
  return `the parameter ${step.name} ${how}${step.for === undefined ? '' : ` for ${plain(step.for)}`}`;
}

function update({ rename = {}, remove = [], ...step }: Extract<Step, { readonly update: unknown }>['update']): string {
  if (step.delete === true) return 'the pipeline is deleted';
  const changes = [
    ...Object.entries(rename).map(([from, to]) => `${from} is called ${to}`),
    ...remove.map((path) => `${path} is gone`),
  ];
  return `the definition of the pipeline changes${changes.length === 0 ? '' : `: ${changes.join(', ')}`}`;
}

function forged(step: { readonly forge?: string; readonly number?: string; readonly expect?: string }): string {
  const ways = [
    step.forge === undefined ? undefined : `link ${step.forge}`,
    step.number === undefined ? undefined : `${step.number} number`,
  ].filter((way) => way !== undefined);
  return ways.length === 0 ? '' : ` (${ways.join(', ')})`;
}

function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${words(inner)}`)
    .join(', ');
}

/** `1 h 30 min` */
export function plain(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2);
  return shown.length === 0 ? '0 s' : shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ');
}

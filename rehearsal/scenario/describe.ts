import { durationInWords } from '../duration-in-words';
import { byStep, type AnswerStep, type ByStep, type Step, type StepOf } from './schema';

/** A step in a few words, for the terminal. */
export function describeStep(step: Step): string {
  return byStep(WORDS, step);
}

const WORDS: ByStep<string> = {
  push: ({ message }) => `push “${message}”`,
  changeSet: ({ stack }) => `the change set of ${stack} is made again`,
  wait: ({ for: time, until }) => (time === undefined ? `wait until ${words(until)}` : `wait ${durationInWords(time)}`),
  expect: (expected) => `expect ${words(expected)}`,
  approve: (step) => `${step.as} approves ${step.gate}${forged(step)}`,
  reject: (step) => `${step.as} rejects ${step.gate}${forged(step)}`,
  review: (step) => `${step.as} closes the follow-up of ${step.gate}${forged(step)}`,
  breakGlass: (step) => `${step.as} opens ${step.gate} in an emergency${forged(step)}`,
  open: (step) => {
    const times = step.times === undefined ? '' : ` ${step.times} times`;
    return `${step.as} opens the link to ${step.gate}${times}${forged(step)}`;
  },
  dashboard: ({ as, query, emailLink, away, back }) => {
    if (away !== undefined) return `${as} goes away until ${away.until}, and ${away.delegate} answers`;
    if (back === true) return `${as} is back`;
    const what = query === undefined ? 'the dashboard' : `the dashboard, ${query}`;
    return `${as} looks at ${what}${emailLink === undefined ? '' : `, and wants the link to ${emailLink}`}`;
  },
  console: ({ as, gate, verdict }) => `${as} answers ${gate} in the console: ${verdict}`,
  alarm: ({ name, state, after }) => `alarm ${name} becomes ${state} ${when(after)}`,
  calendar: ({ name, state, after }) => `calendar ${name} is ${state} ${when(after)}`,
  logs: (step) => watched(`the log ${step.group} has`, step, 'group'),
  service: (step) => watched(`the service ${step.name} is`, step, 'name'),
  synthetics: (step) => watched(`the canary ${step.name}:`, step, 'name'),
  targets: (step) => watched(`the targets of ${step.group} are`, step, 'group'),
  servers: ({ of, count }) => `there are ${count} servers of ${of}`,
  metric: ({ name, value, after, for: time }) =>
    `metric ${name} ${value === undefined ? 'has no data' : `is ${value}`} ${when(after)}${lasting(time)}`,
  requests: ({ alias, perMinute, baseline, canary }) => {
    const failing = `${inPercent(baseline)} fail, ${inPercent(canary)} with another version`;
    return `${perMinute} requests a minute to ${alias}: ${failing}`;
  },
  apiRequests: ({ stage, perMinute, canary, canaryRefuses }) => {
    const refused = canaryRefuses === undefined ? '' : `, ${inPercent(canaryRefuses)} are refused`;
    return `${perMinute} requests a minute to ${stage}: ${inPercent(canary)} of those to its canary fail${refused}`;
  },
  calls: ({ to, times, failed }) => `${times} calls of ${to}: ${failed} fail`,
  testReport: ({ of: action, missing, passed = 0, failed = [] }) => {
    const what = missing === true ? 'nothing' : `${passed} passed and ${failed.length} failed tests`;
    return `builds of ${action} report ${what}`;
  },
  coverageReport: ({ of: action, group }) => `builds of ${action} report their coverage to ${group}`,
  sbom: ({ of: action, missing, packages }) => {
    const what = missing === true ? 'no bill of materials' : `a bill of ${packages.length} packages`;
    return `builds of ${action} put ${what}`;
  },
  imageScan: ({ repository, image, findings = [] }) =>
    `image ${image} of ${repository} is scanned: ${findings.length} found`,
  findings: ({ found }) => `Security Hub has ${found.length} findings`,
  fail: ({ operation, for: time }) => `${operation} fails${lasting(time)}`,
  action: ({ name, result }) => `${name} will end ${result}`,
  notify: ({ gate }) => `the notification of ${gate} comes again`,
  lose: ({ gate }) => `the notification of ${gate} gets lost`,
  web: ({ address, status }) => `${address} answers ${status}`,
  stopDeployment: ({ of }) => `somebody stops the deployment of ${of}`,
  deploymentConfig: ({ of, config = 'the configuration of its template' }) =>
    `somebody gives the deployment group of ${of} ${config}`,
  rollback: ({ as = 'somebody', stage }) => `${as} rolls the stage ${stage} back`,
  mailbox: ({ address, state }) => `the mailbox ${address} is ${state}`,
  parameter: ({ name, missing, with: members, for: time }) => {
    if (missing !== undefined) return `the parameter ${name} is missing${lasting(missing)}`;
    const how = members === undefined ? 'has another value' : `has ${words(members)}`;
    return `the parameter ${name} ${how}${lasting(time)}`;
  },
  function: ({ name, how, down }) =>
    `the function ${name} ${how === 'crashes' ? 'crashes' : 'is throttled'}${lasting(down)}`,
  follow: ({ run }) => `from now on about the latest ${run}`,
  mark: ({ as }) => `mark what was counted so far as ${as}`,
  update: (step) => (step.delete === true ? 'the pipeline is deleted' : changed(step)),
  stop: () => 'stop the run',
  retry: ({ stage }) => `retry the stage ${stage}`,
};

function when(after: number | undefined): string {
  return after === undefined ? 'now' : `in ${durationInWords(after)}`;
}

function lasting(time: number | undefined): string {
  return time === undefined ? '' : ` for ${durationInWords(time)}`;
}

function inPercent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** A state that a scenario sets, now or later, but for the name of what has it. */
function watched(what: string, step: { readonly after?: number }, name: string): string {
  const state = Object.entries(step).filter(([key]) => ![name, 'after', 'for'].includes(key));
  return `${what} ${words(Object.fromEntries(state))} ${when(step.after)}`;
}

function changed({ rename = {}, remove = [] }: StepOf<'update'>): string {
  const changes = [
    ...Object.entries(rename).map(([from, to]) => `${from} is called ${to}`),
    ...remove.map((path) => `${path} is gone`),
  ];
  return `the definition of the pipeline changes${changes.length === 0 ? '' : `: ${changes.join(', ')}`}`;
}

function forged({ forge, number }: Partial<Pick<AnswerStep, 'forge' | 'number'>>): string {
  const ways = [
    forge === undefined ? undefined : `link ${forge}`,
    number === undefined ? undefined : `${number} number`,
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

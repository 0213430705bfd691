/** What each kind of rule finds out. */
import type { Course } from './course';
import { matches, nextMatch } from './cron';
import type { ConditionKind } from './execution';
import type { Host } from './host';
import type { Jobs } from './jobs';
import type { RuleModel } from './model';

export interface Finding {
  readonly passed: boolean;
  /** In a sentence, what was found. */
  readonly summary: string;
}

export interface RuleWork {
  readonly rule: RuleModel;
  readonly kind: ConditionKind;
  /** With its variables filled in. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly roleArn: string;
  /** Says what the rule waits for. */
  waits(summary: string): void;
  /** Its condition has ended without it. */
  isOver(): boolean;
}

export type AskRule = (work: RuleWork, course: Course) => Promise<Finding>;

const MINUTE = 60_000;
/** No rule may take longer (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_RuleDeclaration.html). */
const LONGEST = 86_400 * MINUTE;

/** Rules of providers that nobody knows here pass, as actions do. */
export function askRule(host: Host, jobs: Jobs): AskRule {
  const isHere = (name = ''): boolean =>
    host.resources('AWS::Lambda::Function').some(({ physicalId, arn }) => physicalId === name || arn === name);
  const kinds: Readonly<Record<string, AskRule>> = {
    CloudWatchAlarm: (work, course) => alarm(host, work, course),
    DeploymentWindow: window,
    VariableCheck: variable,
    LambdaInvoke: async (work, course) => {
      const [name = ''] = (work.configuration.FunctionName ?? '').split(':').slice(0, 1);
      if (!isHere(work.configuration.FunctionName) && !isHere(name))
        return { passed: true, summary: 'is of another app' };
      const what = `rule ${work.rule.name}`;
      const answer = await jobs.ask({ what, configuration: work.configuration, roleArn: work.roleArn }, course);
      const passed = answer.status === 'Succeeded';
      return { passed, summary: answer.summary ?? `the function ${passed ? 'succeeded' : 'failed'}` };
    },
  };
  return async (work, course) =>
    kinds[work.rule.provider]?.(work, course) ?? { passed: true, summary: `${work.rule.provider} is not rehearsed` };
}

/**
 * Before entry, OK passes at once, and a red alarm is waited for. On success, the alarm is watched for the whole time, and ALARM ends
 * that; OK and INSUFFICIENT_DATA pass. On failure, the states that the rule names pass
 * (https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works-conditions.html).
 */
async function alarm(
  host: Host,
  { configuration, kind, roleArn, waits, isOver }: RuleWork,
  course: Course,
): Promise<Finding> {
  const { AlarmName: name = '', AlarmStates = 'ALARM', WaitTime = '0' } = configuration;
  const until = course.now() + Number(WaitTime) * MINUTE;
  for (;;) {
    const state = await stateOf(host, name, roleArn);
    const summary = `alarm ${name} is ${state ?? 'not there'}`;
    if (state === undefined) return { passed: false, summary };
    if (kind === 'onFailure' && AlarmStates.split(',').includes(state)) return { passed: true, summary };
    if (kind === 'beforeEntry' && state === 'OK') return { passed: true, summary };
    if (kind === 'onSuccess' && state === 'ALARM') return { passed: false, summary };
    if (course.now() >= until || isOver()) {
      const quiet = kind === 'onSuccess';
      return { passed: quiet, summary: quiet ? `alarm ${name} was not red for ${WaitTime} minutes` : summary };
    }
    waits(summary);
    await course.sleep(MINUTE, `alarm ${name} is looked at again`);
  }
}

async function stateOf(host: Host, name: string, roleArn: string): Promise<string | undefined> {
  const input = { AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };
  const { MetricAlarms, CompositeAlarms } = await host.call(
    'cloudwatch',
    'DescribeAlarms',
    input,
    host.caller(roleArn, 'codepipeline'),
  );
  return [...MetricAlarms, ...CompositeAlarms][0]?.StateValue as string | undefined;
}

async function window({ configuration, waits }: RuleWork, course: Course): Promise<Finding> {
  const { Cron: cron = '', TimeZone: zone = 'UTC' } = configuration;
  if (matches(cron, zone, course.now())) return { passed: true, summary: `the window ${cron} (${zone}) is open` };
  const opens = nextMatch(cron, zone, course.now(), LONGEST);
  if (opens === undefined) return { passed: false, summary: `the window ${cron} (${zone}) does not open in time` };
  waits(`the window ${cron} (${zone}) is closed until ${new Date(opens).toISOString()}`);
  await course.sleep(opens - course.now(), 'a deployment window opens');
  return { passed: true, summary: `the window ${cron} (${zone}) has opened` };
}

/** Of a regular expression, the whole text has to match; no document says so. */
const COMPARE: Readonly<Record<string, (found: string, value: string) => boolean>> = {
  EQ: (found, value) => found === value,
  NE: (found, value) => found !== value,
  CONTAINS: (found, value) => found.includes(value),
  MATCHES: (found, value) => new RegExp(`^(?:${value})$`, 's').test(found),
};

function variable({ rule, configuration }: RuleWork): Promise<Finding> {
  const { Variable: found = '', Operator = '', Value: value = '' } = configuration;
  const compare = COMPARE[Operator];
  const passed = compare?.(found, value) ?? false;
  const summary = `${rule.configuration.Variable ?? ''} is “${found}” (${Operator} “${value}”)`;
  return Promise.resolve({ passed, summary });
}

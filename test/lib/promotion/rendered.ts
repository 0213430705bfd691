/** A pipeline and its gates as the template says them, in which order its actions run, and what a promotion has to look like there. */
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export interface RenderedAction {
  readonly stage: string;
  readonly name: string;
  readonly runOrder: number;
  readonly category: string;
}

export interface RenderedStage {
  readonly name: string;
  readonly actions: readonly RenderedAction[];
  readonly rollsBack: boolean;
}

/** A gate as its policy says it. */
export interface RenderedGate {
  readonly stage: string;
  readonly action: string;
  readonly kind: string;
  /** Of the checks, in the order of their names. */
  readonly alarms: readonly string[];
  readonly bakeMinutes?: number;
}

export interface Rendered {
  readonly stages: readonly RenderedStage[];
  readonly gates: readonly RenderedGate[];
  /** `stage/action` of what the workflow may answer, each maybe with a `*` at its end. */
  readonly answerable: readonly string[];
}

/** What a token stands for. */
const SOMETHING = 'something';

export function rendered(stack: Stack): Rendered {
  const template = Template.fromStack(stack);
  const properties = (type: string): any[] =>
    Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  const [pipeline] = properties('AWS::CodePipeline::Pipeline');
  return {
    stages: pipeline.Stages.map((stage: any) => ({
      name: stage.Name,
      rollsBack: stage.OnFailure?.Result === 'ROLLBACK',
      actions: stage.Actions.map((action: any) => ({
        stage: stage.Name,
        name: action.Name,
        runOrder: action.RunOrder ?? 1,
        category: action.ActionTypeId.Category,
      })),
    })),
    gates: properties('AWS::SSM::Parameter')
      .map(({ Value }) => JSON.parse(textOf(Value)))
      .filter(({ gate }) => gate !== undefined)
      .map(({ gate, rule }) => ({
        stage: gate.stage,
        action: gate.action,
        kind: rule.kind,
        alarms: (rule.checks?.source.plans ?? []).map(({ alarmName }: any) => alarmName).sort(),
        bakeMinutes: rule.checks?.bakeMinutes,
      })),
    answerable: properties('AWS::IAM::Role')
      .flatMap(({ Policies = [] }) => Policies.flatMap(({ PolicyDocument }: any) => PolicyDocument.Statement))
      .filter(({ Action }) => [Action].flat().includes('codepipeline:PutApprovalResult'))
      .flatMap(({ Resource }) => [Resource].flat().map(textOf))
      .map((arn) => arn.split('/').slice(1).join('/')),
  };
}

/** Whether one action has ended, in every run, before the other one begins. */
export function isBefore(stages: readonly RenderedStage[], one: RenderedAction, other: RenderedAction): boolean {
  const at = ({ stage }: RenderedAction) => stages.findIndex(({ name }) => name === stage);
  return at(one) < at(other) || (at(one) === at(other) && one.runOrder < other.runOrder);
}

/** What a stage or wave was asked to be. */
export interface Asked {
  readonly name: string;
  readonly approve: boolean;
  readonly rollsBack: boolean;
  /** What the gate `Healthy` watches; there is none where nothing is watched. */
  readonly alarms: readonly string[];
  readonly bakeMinutes?: number;
  /** Names of the actions between the gates. */
  readonly between: readonly string[];
  /** Pairs of them of which the first has to have ended when the second begins. */
  readonly inOrder: ReadonlyArray<readonly [string, string]>;
  /** Pairs of them that run at the same time. */
  readonly atOnce: ReadonlyArray<readonly [string, string]>;
}

/** Everything in which a template is not what was asked for, in words; empty if it is. */
export function differences({ stages, gates, answerable }: Rendered, asked: readonly Asked[]): readonly string[] {
  const found: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || found.push(what));
  const names = stages.map(({ name }) => name);
  const mine = names.filter((name) => asked.some((one) => one.name === name));
  const wanted = asked.map(({ name }) => name);

  must(String(mine) === String(wanted), `stages come as ${mine}, not as ${wanted}`);
  must(new Set(names).size === names.length, `two stages are called the same: ${names}`);
  must(names.length <= 50, `${names.length} stages`);
  for (const { name, actions } of stages) {
    const called = actions.map((action) => action.name);
    must(new Set(called).size === called.length, `${name} has two actions of one name: ${called}`);
    must(actions.length <= 50, `${name} has ${actions.length} actions`);
    const orders = actions.map(({ runOrder }) => runOrder);
    must(
      orders.every((order) => Number.isInteger(order) && order >= 1 && order <= 999),
      `${name} has run orders ${orders}`,
    );
  }
  for (const one of asked) {
    const { actions = [], rollsBack } = stages.find(({ name }) => name === one.name) ?? {};
    const named = (name: string) => actions.find((action) => action.name === name);
    const ends = [...(one.approve ? ['Approve'] : []), ...(one.alarms.length > 0 ? ['Healthy'] : [])];
    const all = actions.map(({ name }) => name).sort();
    const expected = [...ends, ...one.between].sort();
    must(String(all) === String(expected), `${one.name} runs ${all}, not ${expected}`);
    must(rollsBack === one.rollsBack, `${one.name} ${rollsBack ? 'goes' : 'does not go'} back`);
    const before = (first: string, second: string): void => {
      const [a, b] = [named(first), named(second)];
      must(
        a !== undefined && b !== undefined && isBefore(stages, a, b),
        `${one.name}/${second} does not wait for ${first}`,
      );
    };
    for (const name of all) {
      if (one.approve && name !== 'Approve') before('Approve', name);
      if (one.alarms.length > 0 && name !== 'Healthy') before(name, 'Healthy');
    }
    one.inOrder.forEach(([first, second]) => before(first, second));
    for (const [first, second] of one.atOnce) {
      const [a, b] = [named(first), named(second)];
      must(a !== undefined && a.runOrder === b?.runOrder, `${one.name}/${first} and ${second} do not run at once`);
    }
    for (const action of ends) {
      const policies = gates.filter((gate) => gate.stage === one.name && gate.action === action);
      must(named(action)?.category === 'Approval', `${one.name}/${action} is no approval`);
      must(policies.length === 1, `${one.name}/${action} has ${policies.length} policies`);
      must(
        answerable.some((may) => covers(may, `${one.name}/${action}`)),
        `nobody may answer ${one.name}/${action}`,
      );
      const watched = action === 'Healthy' ? [...one.alarms].sort() : [];
      must(String(policies[0]?.alarms) === String(watched), `${one.name}/${action} watches ${policies[0]?.alarms}`);
      must(
        policies[0]?.bakeMinutes === (action === 'Healthy' ? one.bakeMinutes : undefined),
        `${one.name}/${action} bakes for ${policies[0]?.bakeMinutes} minutes, not for ${one.bakeMinutes}`,
      );
    }
  }
  const stray = gates.filter(({ stage, action }) => {
    const actions = stages.find(({ name }) => name === stage)?.actions ?? [];
    return !actions.some(({ name }) => name === action);
  });
  must(stray.length === 0, `there are policies of gates that are not there: ${JSON.stringify(stray)}`);
  return found;
}

function covers(may: string, gate: string): boolean {
  return may.endsWith('*') ? gate.startsWith(may.slice(0, -1)) : may === gate;
}

/** The text of a value in which tokens stand. */
function textOf(value: any): string {
  if (typeof value === 'string') return value;
  const [separator, parts] = value['Fn::Join'] ?? ['', [SOMETHING]];
  return parts.map((part: any) => (typeof part === 'string' ? part : SOMETHING)).join(separator);
}

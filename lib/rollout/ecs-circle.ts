import { CfnElement, Stack } from 'aws-cdk-lib';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import { pieceOf } from '../private/rendered-resource';
import { resourceOf } from './ecs-registration';

/**
 * CloudFormation refuses a service that names what watches it, a hook or an alarm, which names the service in turn; the CDK does not look. Asked at
 * synth, when everything is added.
 */
export function circleProblems(service: ecs.BaseService): string[] {
  const circle = circleThrough(resourceOf(service));
  if (circle === undefined) {
    return [];
  }
  const way = circle.map(({ node }) => `'${node.path}'`).join(', ');
  return [
    `EcsRollout: \`service\` refers to itself, by way of ${way}, and CloudFormation refuses circles: name an alarm on a metric of the service by a text, ` +
      '`AlarmRef.named` in checks and `Alarm.fromAlarmName` in `alarms` [CircularReference]',
  ];
}

/** What leads from an element back to it, by references within its stack. */
function circleThrough(start: CfnElement): readonly CfnElement[] | undefined {
  const stack = Stack.of(start);
  const elements = stack.node
    .findAll()
    .filter((one): one is CfnElement => CfnElement.isCfnElement(one) && Stack.of(one) === stack);
  const byId = new Map(elements.map((one) => [stack.resolve(one.logicalId) as string, one]));
  const seen = new Set<CfnElement>();
  const next = (from: CfnElement): readonly CfnElement[] =>
    [...namesIn(stack.resolve(pieceOf(from)))].flatMap((id) => {
      const found = byId.get(id);
      return found === undefined || found === from ? [] : [found];
    });
  const wayFrom = (from: CfnElement): readonly CfnElement[] | undefined => {
    for (const to of next(from)) {
      if (to === start) {
        return [from];
      }
      if (!seen.has(to)) {
        seen.add(to);
        const rest = wayFrom(to);
        if (rest !== undefined) {
          return from === start ? rest : [from, ...rest];
        }
      }
    }
    return undefined;
  };
  return wayFrom(start);
}

/** Logical ids that a piece of a template names. */
function namesIn(value: unknown, names = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) {
    value.forEach((one) => namesIn(one, names));
  } else if (typeof value === 'object' && value !== null) {
    Object.entries(value).forEach(([key, one]: [string, unknown]) => {
      if (key === 'Ref' || key === 'DependsOn') {
        [one].flat().forEach((id) => names.add(String(id)));
      } else if (key === 'Fn::GetAtt') {
        names.add(String([one].flat()[0]).split('.')[0] ?? '');
      } else {
        namesIn(one, names);
      }
    });
  }
  return names;
}

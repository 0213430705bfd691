import { CfnElement, Stack } from 'aws-cdk-lib';
import { pieceOf } from './rendered-resource';

/**
 * CloudFormation refuses an element that leads back to itself, and the CDK does not look. To be asked at synth, when everything is added.
 *
 * @param what the element, as the message calls it
 * @param fix what to do about it
 */
export function circleProblems(start: CfnElement, what: string, fix: string): string[] {
  const way = circleThrough(start)
    ?.map(({ node }) => `'${node.path}'`)
    .join(', ');
  return way === undefined
    ? []
    : [`${what} refers to itself, by way of ${way}, and CloudFormation refuses circles: ${fix} [CircularReference]`];
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
export function namesIn(value: unknown, names = new Set<string>()): ReadonlySet<string> {
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

/** Whether a change set is risky: by what it would replace or remove, and by whom it would let do more. */
import type { ChangeRisk } from '../../contract/checks';
import type { Measurement } from '../../contract/messages';
import { changesInWords, guards, isNested, named, type ChangesInSet, type ListedChange } from './change-set';

export interface RiskLimits {
  readonly risks: readonly ChangeRisk[];
  /** Types of resources that do not matter. */
  readonly ignoredTypes?: readonly string[];
}

/** Resources of these types hold nothing: AWS means a release to make a new one and to drop the one before. */
const OF_A_RELEASE: readonly string[] = [
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGatewayV2::Deployment',
  'AWS::AutoScaling::LaunchConfiguration',
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::WaitCondition',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::ECS::TaskDefinition',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Version',
];

/** What is found of a risk, in words. An empty text stands for nothing. */
const FOUND: Readonly<Record<ChangeRisk, (changes: readonly ListedChange[]) => readonly string[]>> = {
  REMOVAL: (changes) => [named(having(changes, 'REMOVED'), 'REMOVED')],
  REPLACEMENT: (changes) => [
    named(having(changes, 'REPLACED'), 'REPLACED'),
    named(having(changes, 'MAYBE_REPLACED'), 'may be REPLACED'),
  ],
  PERMISSIONS: (changes) => {
    const guarding = changes.filter(mayLetInMore);
    return [named(guarding, guarding.length === 1 ? 'permission change' : 'permission changes')];
  },
};

/** The worst first. */
const RISKS = Object.keys(FOUND) as readonly ChangeRisk[];

/** A risk is a FAIL. A PASS needs that all changes are known, and none of them is one. */
export function judgeChanges(
  found: ChangesInSet,
  { risks, ignoredTypes = [] }: RiskLimits,
): Pick<Measurement, 'verdict' | 'reason' | 'value' | 'threshold'> {
  if (risks.length === 0 || !risks.every((risk) => RISKS.includes(risk))) {
    return { verdict: 'ERROR', reason: 'The risks that this check looks for cannot be understood.' };
  }
  if (found.kind === 'UNREAD') {
    const verdict = found.isUnfinished === true ? 'ERROR' : 'INCONCLUSIVE';
    return { verdict, reason: `It could not be read: ${found.reason}.` };
  }
  const changes = found.changes.filter(({ type }) => !OF_A_RELEASE.includes(type) && !ignoredTypes.includes(type));
  const read = { value: changesInWords(found.changes), threshold: `no ${risks.join(', ')}` };
  const risky = RISKS.filter((risk) => risks.includes(risk))
    .flatMap((risk) => FOUND[risk](changes))
    .filter((words) => words !== '');
  if (risky.length > 0) {
    return { ...read, verdict: 'FAIL', reason: `${risky.join(', ')}.` };
  }
  const hidden = changes.filter((change) => isHidden(change, risks));
  return hidden.length > 0
    ? { ...read, verdict: 'INCONCLUSIVE', reason: `${named(hidden, 'of which the changes are not known')}.` }
    : { ...read, verdict: 'PASS', reason: `Nothing risky: ${read.value}.` };
}

function having(changes: readonly ListedChange[], effect: ListedChange['effect']): readonly ListedChange[] {
  return changes.filter((change) => change.effect === effect);
}

/** CloudFormation tells no values here, so any change of what guards something may let in more: a statement that is removed may have been a Deny. */
function mayLetInMore(change: ListedChange): boolean {
  const { effect, scope } = change;
  const isBeside = effect === 'CHANGED' && scope?.every((part) => part !== 'Properties' && part !== 'Tags') === true;
  return guards(change) !== undefined && !isBeside;
}

/** Changes in a nested stack, and those that only the execution shows. A new nested stack can only add. */
function isHidden(change: ListedChange, risks: readonly ChangeRisk[]): boolean {
  const isNew = change.effect === 'ADDED' && !risks.includes('PERMISSIONS');
  return change.effect === 'UNKNOWN' || (isNested(change) && !isNew);
}

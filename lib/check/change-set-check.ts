import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ChangeSetRef } from './change-set-ref';
import { GateError } from '../errors';
import { mustBeText, shown } from '../private/types';
import { ChangeRisk, type ChangeSetCheckOptions } from './change-set-options';
import type { CheckBinding } from './check-binding';
import { timingOf } from './timing';

const METHOD = 'Check.changeSet';
const MOST_IGNORED = 50;
/** `AWS::S3::Bucket`, `Custom::Thing` */
const TYPE = /^[A-Za-z0-9]{1,64}(::[A-Za-z0-9@_-]{1,64}){1,3}$/;

/** Validates at once; the permission follows when the gate's stack is known. */
export function bindChangeSet(
  changeSet: ChangeSetRef,
  options: ChangeSetCheckOptions,
): (scope: Construct) => CheckBinding {
  const given: unknown = changeSet;
  if (!(given instanceof ChangeSetRef)) {
    throw new GateError(
      'WrongType',
      `\`${METHOD}\` is given ${shown(given)}: name a change set by \`ChangeSetRef.named('shop-prod', 'release')\``,
    );
  }
  const { stackName, changeSetName } = changeSet;
  const risks = risksOf(options.risks);
  const ignoredTypes = typesOf(options.ignoredTypes ?? []);
  const { account, region } = options;
  mustMatch('account', account, /^\d{12}$/, 'the 12 digits of an account');
  mustMatch('region', region, /^[a-z]{2,}(-[a-z]+)+-\d$/, 'a Region such as eu-west-1');
  const title = Token.isUnresolved(stackName) ? 'change set' : `change set of ${stackName}`.slice(0, 80);
  const timing = timingOf(METHOD, options, title);
  return (scope) => {
    const stack = Stack.of(scope);
    const place = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
    const resource = stack.formatArn({
      service: 'cloudformation',
      ...place,
      resource: 'stack',
      resourceName: `${stackName}/*`,
    });
    return {
      draft: {
        ...timing,
        kind: 'changeSet',
        stack: stackName,
        name: changeSetName,
        region: region ?? stack.region,
        risks,
        ...(ignoredTypes.length === 0 ? {} : { ignoredTypes }),
      },
      statements: [new iam.PolicyStatement({ actions: ['cloudformation:DescribeChangeSet'], resources: [resource] })],
      place,
    };
  };
}

/** In one order, however they were written: another order is no other check. */
function risksOf(risks: readonly ChangeRisk[] = Object.values(ChangeRisk)): readonly ChangeRisk[] {
  const known = Object.values(ChangeRisk);
  const given: unknown = risks;
  if (!Array.isArray(given) || given.length === 0 || !given.every((risk) => known.includes(risk as ChangeRisk))) {
    throw new GateError(
      'BadChangeRisks',
      `\`${METHOD} risks\` is ${shown(given)}, but has to be a list of at least one of ${known.join(', ')}: name one, or leave it out for all`,
    );
  }
  return known.filter((risk) => risks.includes(risk));
}

function typesOf(types: readonly string[]): readonly string[] {
  const given: unknown = types;
  if (!Array.isArray(given) || given.length > MOST_IGNORED) {
    throw new GateError('WrongType', `\`${METHOD} ignoredTypes\` has to be a list of at most ${MOST_IGNORED} types`);
  }
  for (const type of types) {
    mustBeText(`${METHOD} ignoredTypes`, type);
    mustMatch('ignoredTypes', type, TYPE, 'types of resources, such as AWS::ECS::Service, without wildcards');
  }
  return [...new Set(types)].sort();
}

function mustMatch(prop: string, value: string | undefined, pattern: RegExp, allowed: string): void {
  if (value !== undefined && !Token.isUnresolved(value) && !pattern.test(value)) {
    throw new GateError(
      'BadChangeSetCheck',
      `\`${METHOD} ${prop}\` is '${value}', but has to be ${allowed}: correct it`,
    );
  }
}

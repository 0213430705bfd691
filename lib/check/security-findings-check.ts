import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GateError } from '../errors';
import type { CheckBinding } from './check-binding';
import { limitsOf, waiversOf } from './findings-rule';
import { mustBeInHub } from './findings-hub';
import { mustBePlace } from './place-of';
import { ScannedResources } from './scanned-resources';
import type { SecurityFindingsCheckOptions } from './security-findings-options';
import { timingOf } from './timing';
import { warnOfEndedWaivers } from './waiver-warning';

const METHOD = 'Check.securityFindings';
/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFindingFilters.html */
const MOST_PRODUCTS = 20;

/** Validates at once; which hub is read follows when the gate's stack is known. */
export function bindSecurityFindings(
  resources: ScannedResources,
  options: SecurityFindingsCheckOptions,
): (scope: Construct) => CheckBinding {
  if (!((resources as unknown) instanceof ScannedResources)) {
    throw new GateError('WrongType', `\`${METHOD}\` has to be given resources: take them from \`ScannedResources\``);
  }
  const { products, waivers = [], account, region, aggregated = false } = options;
  mustBeProducts(products);
  mustBePlace(METHOD, options);
  const rule = { limits: limitsOf(METHOD, options.limits), waivers: waiversOf(METHOD, waivers) };
  const timing = timingOf(METHOD, options, `security findings ${shortened(resources._name)}`.trim().slice(0, 80));
  return (scope) => {
    const stack = Stack.of(scope);
    const place = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
    if (!aggregated) {
      mustBeInHub(METHOD, resources._plan, place, stack);
    }
    warnOfEndedWaivers(scope, timing.title, waivers);
    return {
      draft: {
        ...timing,
        kind: 'securityFindings',
        region: region ?? stack.region,
        resources: resources._plan,
        ...(products === undefined ? {} : { products }),
        ...rule,
      },
      statements: [
        new iam.PolicyStatement({
          actions: ['securityhub:GetFindings'],
          resources: [
            stack.formatArn({
              service: 'securityhub',
              ...place,
              resource: 'hub',
              resourceName: 'default',
              arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
            }),
          ],
        }),
      ],
      place,
    };
  };
}

function shortened(name: string): string {
  return Token.isUnresolved(name) ? '' : name.slice(0, 60);
}

function mustBeProducts(products: readonly string[] | undefined): void {
  if (products === undefined) {
    return;
  }
  const isText = (one: unknown) => typeof one === 'string' && one !== '';
  if (products.length === 0 || products.length > MOST_PRODUCTS || !products.every(isText)) {
    throw new GateError(
      'BadProducts',
      `\`${METHOD} products\` has to name 1 to ${MOST_PRODUCTS} products: name some, or leave it out for all`,
    );
  }
}

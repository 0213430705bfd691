import { Token, type Stack } from 'aws-cdk-lib';
import type { FindingResources } from '../../contract/checks';
import { GateError } from '../errors';
import type { Place } from './check-binding';

/** Refuses a resource of another account or Region than the Security Hub that is read: without findings there, it would always pass. */
export function mustBeInHub(method: string, resources: FindingResources, place: Place, stack: Stack): void {
  if (resources.by !== 'ARN' || Token.isUnresolved(resources.arn)) {
    return;
  }
  const [, , , region = '', account = ''] = resources.arn.split(':');
  const hub = { account: place.account ?? stack.account, region: place.region ?? stack.region };
  if (isAsSaid(account, hub.account) && isAsSaid(region, hub.region)) {
    return;
  }
  const own = (value: string) =>
    Token.isUnresolved(value) ? `that stack '${stack.stackName}' does not say in its \`env\`` : value;
  throw new GateError(
    'FindingsElsewhere',
    `\`${method}\` is given '${resources.arn}', but reads the Security Hub of account ${own(hub.account)}, Region ${own(hub.region)}: ` +
      'without findings of this resource it would always pass. Give `account` and `region` of the resource or, where this Security Hub ' +
      'gathers findings from there, `aggregated: true`',
  );
}

/** Some ARNs name no account or no Region, as that of a bucket. */
function isAsSaid(said: string, own: string): boolean {
  return said === '' || said === own;
}

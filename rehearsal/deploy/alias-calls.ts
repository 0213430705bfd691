/**
 * What CodeDeploy calls in the role of a deployment group while it moves the traffic of an alias: the actions of AWS's own policy for it
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html), without those on AppSpecs in
 * buckets, which a deployment of CloudFormation does not have.
 */
import type { AliasUpdate } from '../deployer';
import type { Resource } from '../template/model';
import { HookedCalls, type Refused } from './codedeploy-calls';
import type { DeployHost } from './host';

export class AliasCalls extends HookedCalls {
  private readonly functionArn: string;

  constructor(
    host: Pick<DeployHost, 'call' | 'caller' | 'invoke'>,
    group: Resource | undefined,
    private readonly update: Pick<AliasUpdate, 'resource' | 'functionName' | 'alias' | 'to'>,
  ) {
    super(host, group);
    const { account, region } = update.resource;
    this.functionArn = `arn:aws:lambda:${region}:${account}:function:${update.functionName}`;
  }

  /** AWS does not say when CodeDeploy reads the provisioned concurrency, and of what: docs/first-deploy-checklist.md, 40. */
  look(): Refused {
    const { functionArn: FunctionName, update } = this;
    return this.inTurn([
      () => this.call('lambda', 'GetAlias', { FunctionName, Name: update.alias }),
      () =>
        this.call(
          'lambda',
          'GetProvisionedConcurrencyConfig',
          { FunctionName, Qualifier: update.to },
          'ProvisionedConcurrencyConfigNotFoundException',
        ),
    ]);
  }

  move(FunctionVersion: string, AdditionalVersionWeights: Readonly<Record<string, number>> = {}): Refused {
    return this.call('lambda', 'UpdateAlias', {
      FunctionName: this.functionArn,
      Name: this.update.alias,
      FunctionVersion,
      RoutingConfig: { AdditionalVersionWeights },
    });
  }
}

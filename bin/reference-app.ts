import { App, Duration } from 'aws-cdk-lib';
import { RolloutStrategy } from '../lib';
import { acknowledgeFindings } from './acknowledge';
import { ApprovalsStack } from './approvals-stack';
import { Environment } from './names';
import { ReleaseStack } from './release-stack';
import { ServiceStack } from './service-stack';
import { readSettings } from './settings';

const STRATEGIES: Readonly<Record<Environment, RolloutStrategy>> = {
  Dev: RolloutStrategy.allAtOnce(),
  Staging: RolloutStrategy.allAtOnce(),
  Prod: RolloutStrategy.canary(10, Duration.minutes(10)),
};

export interface ReferenceApp {
  readonly approvals: ApprovalsStack;
  readonly release: ReleaseStack;
  readonly services: readonly ServiceStack[];
}

/**
 * `ShopApprovals` and `ShopRelease` are what `cdk deploy` installs. The service's stacks stand beside them,
 * because the pipeline's build synthesizes this app and its stages deploy their templates.
 */
export function referenceApp(app: App): ReferenceApp {
  const settings = readSettings(app.node);
  const release = String(app.node.tryGetContext('release') ?? '1');
  const approvals = new ApprovalsStack(app, 'ShopApprovals', {
    description: 'Approval workflow: personal links, review page, health gates',
    settings,
  });
  const pipeline = new ReleaseStack(app, 'ShopRelease', {
    description: 'Release pipeline of the shop, with approval gates',
    settings,
    workflow: approvals.workflow,
    approvers: approvals.approvers,
  });
  const services = (Object.keys(STRATEGIES) as Environment[]).map(
    (environment) =>
      new ServiceStack(app, `Shop${environment}`, {
        description: `The shop (${environment})`,
        environment,
        strategy: STRATEGIES[environment],
        release,
      }),
  );
  const built = { approvals, release: pipeline, services };
  acknowledgeFindings(built);
  return built;
}

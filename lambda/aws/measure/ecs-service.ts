/** A service of ECS, as it describes itself. */
import { DescribeServicesCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { EcsServiceCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeEcsService, type EcsVersion } from '../../domain/ecs-service';
import { regionOf } from './arn';
import type { MeasureClients } from './clients';
import { ecsServiceLink, linked } from './console-link';
import type { Finding } from './measure';

export async function measureEcsService(
  plan: EcsServiceCheckPlan,
  { since, now }: Pick<CheckCommand, 'since' | 'now'>,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const { serviceArn, cluster, maxFailedTasks } = plan;
  const region = regionOf(serviceArn);
  const client = clients.of(ECSClient, region);
  const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [serviceArn] }));
  const service = services.find((one) => nameOf(one.serviceArn) === nameOf(serviceArn));
  if (service === undefined) {
    return { verdict: 'ERROR', reason: `There is no such service in cluster '${cluster}'.` };
  }
  const links = linked({ link: ecsServiceLink(region, cluster, nameOf(serviceArn) ?? '') });
  const found = judgeEcsService(
    {
      status: service.status,
      desired: service.desiredCount,
      running: service.runningCount,
      pending: service.pendingCount,
      versions: versionsOf(service),
    },
    maxFailedTasks,
    since,
  );
  const judged = { ...found, ...links };
  // A deployment that was in progress was not steady meanwhile: only this moment was seen.
  return judged.verdict === 'PASS' ? { ...judged, healthySince: now } : judged;
}

/** The older form of an ARN lacks the cluster. */
function nameOf(arn: string | undefined): string | undefined {
  return arn?.split('/').at(-1);
}

/** CodeDeploy and other controllers deploy task sets; ECS itself has deployments. */
function versionsOf({ deployments = [], taskSets = [] }: Service): readonly EcsVersion[] {
  const states: Readonly<Record<string, string>> = { STEADY_STATE: 'COMPLETED', STABILIZING: 'IN_PROGRESS' };
  return [
    ...deployments.map(({ status, rolloutState, rolloutStateReason, createdAt, failedTasks }) => ({
      isPrimary: status === 'PRIMARY',
      state: rolloutState,
      why: rolloutStateReason,
      createdAt: createdAt?.getTime(),
      failedTasks,
    })),
    ...taskSets.map(({ status, stabilityStatus, createdAt }) => ({
      isPrimary: status === 'PRIMARY',
      state: states[stabilityStatus ?? ''],
      createdAt: createdAt?.getTime(),
    })),
  ];
}

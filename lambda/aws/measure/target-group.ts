/** The targets of a load balancer's target group, as the load balancer's own health checks see them. */
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeTargets } from '../../domain/target-health';
import { regionOf } from './arn';
import type { MeasureClients } from './clients';
import { linked, targetGroupLink } from './console-link';
import type { Finding } from './measure';

export async function measureTargetGroup(
  plan: TargetGroupCheckPlan,
  { now }: Pick<CheckCommand, 'now'>,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const region = regionOf(plan.targetGroupArn);
  const client = clients.of(ElasticLoadBalancingV2Client, region);
  const { TargetHealthDescriptions } = await client.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: plan.targetGroupArn }),
  );
  if (TargetHealthDescriptions === undefined) {
    return { verdict: 'ERROR', reason: 'The answer of Elastic Load Balancing holds no list of targets.' };
  }
  const targets = TargetHealthDescriptions.map(({ TargetHealth }) => ({
    state: TargetHealth?.State,
    why: TargetHealth?.Description ?? TargetHealth?.Reason,
  }));
  const links = linked({ link: targetGroupLink(region, plan.targetGroupArn) });
  const judged = { ...judgeTargets(targets, plan), ...links };
  // Targets that were being registered were not healthy meanwhile: only this moment was seen.
  return judged.verdict === 'PASS' ? { ...judged, healthySince: now } : judged;
}

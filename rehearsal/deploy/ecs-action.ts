/** The ECS deploy action of CodePipeline: it gives a service another image, and waits for ECS to deploy it, an hour at most. */
import { Course } from '../pipeline/course';
import { succeeds, type Provider } from '../pipeline/provider';
import type { EcsDeployments } from './ecs-deployments';
import type { DeployHost } from './host';

const MINUTE = 60_000;

/** The longest time that the action waits (https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html). */
const LONGEST_MINUTES = 60;

export function ecsAction(host: DeployHost, ecs: EcsDeployments): Provider {
  return async (work, course) => {
    const { ClusterName, ServiceName, DeploymentTimeout = LONGEST_MINUTES } = work.run.resolvedConfiguration;
    const service = host
      .resources('AWS::ECS::Service')
      .find(({ arn }) => arn?.endsWith(`:service/${ClusterName}/${ServiceName}`) === true);
    if (service === undefined || !ecs.shifts(service)) return succeeds(work, course);

    work.progress(`ECS deploys ${ServiceName}`);
    const limit = Number(DeploymentTimeout) * MINUTE;
    // The deployment goes on when the action has given up.
    const ended = await course.wait<{ readonly failure?: string }>(limit, `deployment of ${ServiceName}`, (answer) => {
      Course.run(host.clock, `deployment of ${ServiceName}`, async (own) =>
        answer({
          failure: await ecs.run(service, own, work.execution.change?.breaks?.[ServiceName ?? ''] === 'errors'),
        }),
      );
    });
    if (ended === undefined) {
      return {
        status: 'Failed',
        summary: `${ServiceName} did not get its new tasks within ${DeploymentTimeout} minutes`,
      };
    }
    return ended.failure === undefined
      ? { status: 'Succeeded', summary: `${ServiceName} was deployed` }
      : { status: 'Failed', summary: `${ServiceName} was rolled back: ${ended.failure}`.slice(0, 2048) };
  };
}

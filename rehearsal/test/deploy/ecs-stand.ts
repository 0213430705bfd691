/** A service of ECS, with a hook that answers as a test wants. */
import { EcsDeployments } from '../../deploy/ecs-deployments';
import type { DeployHost } from '../../deploy/host';
import { Course } from '../../pipeline/course';
import type { Resource } from '../../template/model';
import { VirtualClock } from '../../virtual-clock';
import type { AlarmState } from '../../world';

export const MINUTE = 60_000;

function serviceWith(configuration: object): Resource {
  return {
    stack: 'Shop',
    account: '111111111111',
    region: 'eu-west-1',
    logicalId: 'Service',
    type: 'AWS::ECS::Service',
    physicalId: 'web',
    arn: 'arn:aws:ecs:eu-west-1:111111111111:service/shop/web',
    properties: { DeploymentConfiguration: { Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 5, ...configuration } },
    attributes: { Name: 'web' },
    dependsOn: [],
  };
}

/** What the hook answers, and when it was asked, in minutes. */
type Answers = (event: any, minute: number) => unknown;

const succeeds: Answers = () => ({ hookStatus: 'SUCCEEDED' });

export function stand(configuration: object, answers: Answers = succeeds) {
  const clock = new VirtualClock();
  const began = clock.now();
  const minute = (): number => (clock.now() - began) / MINUTE;
  const service = serviceWith(configuration);
  const asked: { at: number; event: any; as: string }[] = [];
  const lines: string[] = [];
  const states: string[] = [];
  const listeners: ((name: string, state: AlarmState, reason: string) => void)[] = [];
  const host = {
    clock,
    resources: () => [service],
    call: async () => ({}),
    caller: (arn: string) => ({ principal: 'ecs', arn, roleArn: arn }),
    journal: { add: (_source: string, text: string) => void lines.push(text) },
    invoke: async (_arn: string, event: any, { roleArn }: { roleArn: string }) => {
      asked.push({ at: minute(), event, as: roleArn });
      return { payload: answers(event, minute()), executedVersion: '1' };
    },
    watched: { ecsServices: { set: (_name: string, { state }: { state: string }) => void states.push(state) } },
    alarms: {
      idOf: (name: string) => name,
      onChange: (listener: never) => void listeners.push(listener),
      set: (name: string, state: AlarmState, reason: string) => {
        lines.push(`${minute()}: ${name} is ${state}`);
        listeners.forEach((listener) => listener(name, state, reason));
      },
    },
  } as unknown as DeployHost;
  const ecs = new EcsDeployments(host);
  return {
    clock,
    ecs,
    host,
    service,
    asked,
    lines,
    states,
    minute,
    red: (name: string) => listeners.forEach((listener) => listener(name, 'ALARM', '5 errors')),
    begin(returnsErrors = false) {
      const result: { outcome?: string | null; at?: number } = {};
      Course.run(clock, 'deploy', async (course) => {
        result.outcome = (await ecs.run(service, course, returnsErrors)) ?? null;
        result.at = minute();
      });
      return result;
    },
  };
}

/** Four servers of one Auto Scaling group, an alarm, and CodeDeploy in front of them. */
import type { DeployHost } from '../../deploy/host';
import { ServerDeploys } from '../../deploy/server-deploys';
import { Course } from '../../pipeline/course';
import type { Breakage } from '../../pipeline/execution';
import type { ActionResult, ActionWork } from '../../pipeline/provider';
import type { Resource } from '../../template/model';
import { VirtualClock } from '../../virtual-clock';
import type { AlarmState } from '../../world';
import { AwsError } from '../../service';

const MINUTE = 60_000;

function resource(type: string, physicalId: string, properties: object): Resource {
  const account = '111111111111';
  const place = { stack: 'Shop', account, region: 'eu-west-1', logicalId: physicalId };
  return { ...place, type, physicalId, properties, attributes: {}, dependsOn: [] };
}

export interface Options {
  readonly servers?: number;
  readonly group?: object;
  /** The operation that the role does not allow. */
  readonly refused?: string;
}

export class Stand {
  readonly clock = new VirtualClock();
  readonly journal: string[] = [];
  private readonly states = new Map<string, AlarmState>([['errors', 'OK']]);
  private readonly listeners: ((name: string, state: AlarmState, reason: string) => void)[] = [];
  readonly deploys: ServerDeploys;
  /** What CodeDeploy has called, with the minute. */
  readonly calls: string[] = [];
  refused?: string;

  constructor({ servers = 4, group = {}, refused }: Options = {}) {
    this.refused = refused;
    const began = this.clock.now();
    const resources = [
      resource('AWS::AutoScaling::AutoScalingGroup', 'fleet', { MinSize: String(servers) }),
      {
        ...resource('AWS::ElasticLoadBalancingV2::TargetGroup', 'arn:web', {}),
        attributes: { TargetGroupName: 'web' },
      },
      resource('AWS::CodeDeploy::DeploymentGroup', 'group', {
        ServiceRoleArn: 'arn:role',
        AutoScalingGroups: ['fleet'],
        AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'errors' }] },
        AutoRollbackConfiguration: { Enabled: true },
        ...group,
      }),
    ];
    const host: DeployHost = {
      clock: this.clock,
      account: '111111111111',
      region: 'eu-west-1',
      resources: (type) => resources.filter((one) => type === undefined || one.type === type),
      publish: async () => '',
      call: async (service, operation, input: any, { roleArn } = this.nobody) => {
        if (operation === this.refused)
          throw new AwsError('AccessDenied', `${roleArn} may not ${service}:${operation}`);
        // What CodePipeline calls is none of CodeDeploy's own calls.
        if (service === 'codedeploy') return;
        const of = input.InstanceId ?? input.Targets?.[0].Id ?? '';
        const minute = (this.clock.now() - began) / MINUTE;
        this.calls.push(
          [minute, operation, of, input.LifecycleActionResult]
            .filter((one) => one !== undefined)
            .join(' ')
            .trim(),
        );
      },
      emit: () => undefined,
      caller: (arn) => ({ principal: 'test', arn, roleArn: arn }),
      journal: { add: (_, text) => void this.journal.push(text) },
      stacks: [],
      isDeployed: () => true,
      deploy: async () => ({ stack: '', created: [], updated: [], deleted: [], aliasUpdates: [], serviceUpdates: [] }),
      invoke: async () => ({ payload: null, executedVersion: '1' }),
      restApis: { define: () => undefined, definitionOf: () => ({ revision: 'first', broken: false }) },
      watched: {
        ecsServices: { set: () => undefined },
        metrics: { knows: () => false, valueOf: () => undefined },
      },
      alarms: {
        idOf: (name) => name,
        set: (name, state) => this.setAlarm(name, state),
        state: (name) => this.states.get(name),
        onChange: (listener) => void this.listeners.push(listener),
      },
    };
    this.deploys = new ServerDeploys(host);
  }

  private get nobody() {
    return { principal: 'nobody', arn: 'nobody', roleArn: 'nobody' };
  }

  setAlarm(name: string, state: AlarmState): void {
    this.states.set(name, state);
    this.listeners.forEach((listener) => listener(name, state, '5 errors'));
  }

  alarm(): AlarmState | undefined {
    return this.states.get('errors');
  }

  /** Begins an action; its result is there when it has ended. */
  deploy(id: string, breaks: Record<string, Breakage> = {}): { result?: ActionResult } {
    const begun: { result?: ActionResult } = {};
    const work = {
      pipeline: { name: 'shop' },
      execution: { revisions: [{ id }], change: { breaks } },
      action: { category: 'Deploy', provider: 'CodeDeploy' },
      run: { id: 'run', stage: 'Prod', action: 'Fleet', resolvedConfiguration: { DeploymentGroupName: 'group' } },
      progress: () => undefined,
    } as unknown as ActionWork;
    Course.run(this.clock, 'deploy', async (course) => {
      begun.result = await this.deploys.provider(work, course);
    });
    return begun;
  }

  /** Of each server: its version, in brackets when it does not serve. */
  on(): string {
    return this.deploys.fleet
      .named('fleet')
      .map(({ revision, serves }) => (serves ? (revision?.id ?? 'none') : `(${revision?.id})`))
      .join(' ');
  }

  async minutes(count: number): Promise<void> {
    await this.clock.advanceBy(count * MINUTE);
  }
}

import { EcsTaskSets } from '../../deploy/ecs-task-sets';
import type { DeployHost } from '../../deploy/host';
import { Course } from '../../pipeline/course';
import type { ActionWork } from '../../pipeline/provider';
import type { Resource } from '../../template/model';
import { VirtualClock } from '../../virtual-clock';
import type { AlarmState } from '../../world';
import { AwsError } from '../../service';

const MINUTE = 60_000;
const ROLE = 'arn:aws:iam::111111111111:role/codedeploy';
const ACTION_ROLE = 'arn:aws:iam::111111111111:role/action';

function resource(type: string, physicalId: string, properties: object, more: object = {}): Resource {
  return {
    stack: 'Shop',
    account: '111111111111',
    region: 'eu-west-1',
    logicalId: physicalId,
    type,
    physicalId,
    properties,
    attributes: {},
    dependsOn: [],
    ...more,
  };
}

const SERVICE = resource(
  'AWS::ECS::Service',
  'web',
  { TaskDefinition: 'web', DeploymentController: { Type: 'CODE_DEPLOY' } },
  { arn: 'arn:aws:ecs:eu-west-1:111111111111:service/shop/web', attributes: { Name: 'web' } },
);

interface Options {
  readonly config?: string;
  readonly group?: object;
  readonly hooks?: string;
  /** What the hook reports, and after how many minutes; nothing when absent. */
  readonly reports?: readonly ['Succeeded' | 'Failed', number];
  readonly refused?: string;
  readonly breaks?: object;
  /** The task definition of the build; not known when absent. */
  readonly taskDefinition?: string;
}

function stand(options: Options = {}) {
  const { config = 'CodeDeployDefault.ECSCanary10Percent5Minutes', group = {}, hooks = '', reports } = options;
  const clock = new VirtualClock();
  const began = clock.now();
  const minute = (): number => (clock.now() - began) / MINUTE;
  const listeners: ((name: string, state: AlarmState, reason: string) => void)[] = [];
  const states = new Map<string, AlarmState>();
  const [calls, lines]: [string[], string[]] = [[], []];
  const set = (name: string, state: AlarmState, reason = '5 errors'): void => {
    states.set(name, state);
    listeners.forEach((listener) => listener(name, state, reason));
  };
  const resources = [
    SERVICE,
    resource('AWS::CodeDeploy::DeploymentGroup', 'group', {
      ApplicationName: 'app',
      DeploymentConfigName: config,
      ServiceRoleArn: ROLE,
      ECSServices: [{ ClusterName: 'shop', ServiceName: 'web' }],
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'errors' }] },
      BlueGreenDeploymentConfiguration: {
        TerminateBlueInstancesOnDeploymentSuccess: { Action: 'TERMINATE', TerminationWaitTimeInMinutes: 30 },
      },
      LoadBalancerInfo: { TargetGroupPairInfoList: [{ ProdTrafficRoute: { ListenerArns: ['production'] } }] },
      ...group,
    }),
    resource('AWS::CodeDeploy::DeploymentConfig', 'mine', {
      TrafficRoutingConfig: { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 40, LinearInterval: 3 } },
    }),
    resource('AWS::CodeBuild::Project', 'build', {
      Environment: {
        EnvironmentVariables: [{ Value: `Type: AWS::ECS::Service\n${hooks}` }, { Value: options.taskDefinition }],
      },
    }),
  ];
  const host = {
    clock,
    account: '111111111111',
    resources: (type: string) => resources.filter((one) => one.type === type),
    caller: (arn: string) => ({ principal: 'codedeploy', arn, roleArn: arn }),
    call: async (service: string, operation: string, input: any, { roleArn }: { roleArn: string }) => {
      const byPipeline = service === 'codedeploy' || operation === 'RegisterTaskDefinition';
      expect(roleArn).toBe(byPipeline ? ACTION_ROLE : ROLE);
      if (service === 'codedeploy') return {};
      const given = operation === 'CreateTaskSet' ? ` ${input.taskDefinition}` : '';
      calls.push(
        `${minute()}: ${operation}${given}${input.Percent === undefined ? '' : ` ${input.ListenerArn} ${input.Percent}`}`,
      );
      if (operation === options.refused) throw new AwsError('AccessDeniedException', `not allowed: ${operation}`);
      return { taskDefinition: { taskDefinitionArn: 'web:2' } };
    },
    journal: { add: (_source: string, text: string) => void lines.push(`${minute()}: ${text}`) },
    invoke: async (functionName: string, payload: any) => {
      if (functionName === 'forbidden') throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
      if (functionName === 'broken') throw new Error('crashed');
      calls.push(`${minute()}: ${functionName}`);
      if (reports === undefined) return;
      clock.schedule(clock.now() + reports[1] * MINUTE, 'report', () => {
        expect(taskSets.report(payload.DeploymentId, payload.LifecycleEventHookExecutionId, reports[0])).toBe(true);
        expect(taskSets.report(payload.DeploymentId, payload.LifecycleEventHookExecutionId, reports[0])).toBe(false);
      });
    },
    watched: { ecsServices: { set: () => undefined } },
    alarms: {
      idOf: (name: string) => name,
      onChange: (listener: never) => void listeners.push(listener),
      state: (name: string) => states.get(name),
      set,
    },
  } as unknown as DeployHost;
  const taskSets: EcsTaskSets = new EcsTaskSets(host);
  const work = {
    run: {
      resolvedConfiguration: {
        DeploymentGroupName: 'group',
        AppSpecTemplateArtifact: 'Built',
        TaskDefinitionTemplateArtifact: 'Built',
      },
    },
    pipeline: {
      name: 'web',
      stages: [{ actions: [{ outputs: ['Built'], configuration: { ProjectName: 'build' } }] }],
    },
    action: { category: 'Deploy', provider: 'CodeDeployToECS', roleArn: ACTION_ROLE },
    execution: { revisions: [{ id: 'c0ffee' }], change: { breaks: options.breaks } },
    progress: () => undefined,
  };
  return {
    clock,
    taskSets,
    calls,
    lines,
    set,
    begin(group = 'group') {
      const result: { answer?: unknown; at?: number } = {};
      const resolvedConfiguration = { ...work.run.resolvedConfiguration, DeploymentGroupName: group };
      Course.run(clock, 'deploy', async (course) => {
        const own = { ...work, run: { id: 'r', resolvedConfiguration } } as unknown as ActionWork;
        result.answer = await taskSets.provider(own, course);
        result.at = minute();
      });
      return result;
    },
  };
}

const BEFORE = 'Hooks:\n  - BeforeAllowTraffic: before';

const definition = (image: string): string =>
  JSON.stringify({ family: 'web', containerDefinitions: [{ name: 'web', image }] });

describe('a healthy deployment', () => {
  test('gives the tasks the definition that CodePipeline has registered, and tells where none is known', async () => {
    const [known, unknown] = [stand({ taskDefinition: definition('web') }), stand()];
    for (const s of [known, unknown]) {
      s.begin();
      await s.clock.advanceBy(MINUTE);
    }

    expect(known.calls[0]).toBe('0: RegisterTaskDefinition');
    expect(known.calls.at(-1)).toBe('0: CreateTaskSet web:2');
    expect(known.lines.join()).not.toContain('task definition');
    expect(unknown.lines).toContainEqual(expect.stringContaining('nothing says what is in the task definition'));
  });

  test('starts tasks, shifts by the configuration, keeps the old tasks for the bake, and stops them', async () => {
    const s = stand();
    const result = s.begin();
    await s.clock.advanceBy(4 * 60 * MINUTE);

    expect(result).toMatchObject({ answer: { status: 'Succeeded', summary: 'web was deployed' }, at: 37 });
    expect(s.calls).toEqual([
      '0: DescribeAlarms',
      '0: DescribeServices',
      '0: DescribeTargetGroups',
      '0: DescribeListeners',
      '0: DescribeRules',
      '0: CreateTaskSet web',
      '2: ModifyListener production 10',
      '7: ModifyListener production 100',
      '7: UpdateServicePrimaryTaskSet',
      '37: DeleteTaskSet',
    ]);
    expect(s.taskSets.revisionOf(SERVICE)).toBe(2);
    expect(s.taskSets.deployments).toMatchObject([{ status: 'Succeeded', percent: 0, oldTasksRun: false }]);
  });

  test.each([
    ['CodeDeployDefault.ECSAllAtOnce', ['2: 100']],
    ['CodeDeployDefault.ECSLinear10PercentEvery3Minutes', ['2: 10', '5: 20', '8: 30', '11: 40', '14: 50', '17: 60', '20: 70', '23: 80', '26: 90', '29: 100']], // prettier-ignore
    ['mine', ['2: 40', '5: 80', '8: 100']],
  ])('by %s', async (config, steps) => {
    const s = stand({ config });
    s.begin();
    await s.clock.advanceBy(4 * 60 * MINUTE);

    const shifts = s.calls.filter((call) => call.includes('ModifyListener'));
    expect(shifts).toEqual(steps.map((step) => step.replace(': ', ': ModifyListener production ')));
  });

  test('has test traffic before the hooks', async () => {
    const TargetGroupPairInfoList = [
      { ProdTrafficRoute: { ListenerArns: ['production'] }, TestTrafficRoute: { ListenerArns: ['test'] } },
    ];
    const s = stand({
      group: { LoadBalancerInfo: { TargetGroupPairInfoList } },
      hooks: BEFORE,
      reports: ['Succeeded', 4],
    });
    const result = s.begin();
    await s.clock.advanceBy(4 * 60 * MINUTE);

    expect(result.at).toBe(41);
    expect(s.calls.slice(6, 9)).toEqual(['2: ModifyListener test 100', '2: before', '6: ModifyListener production 10']);
  });

  test('a group of another app succeeds, like every action that nobody knows', async () => {
    const s = stand();
    const result = s.begin('another');
    await s.clock.advanceBy(10 * MINUTE);

    expect(result.answer).toMatchObject({ status: 'Succeeded' });
    expect(s.calls).toEqual([]);
  });
});

describe('a deployment that hurts', () => {
  test.each([
    ['while traffic moves', 4, 10],
    ['in the bake', 20, 100],
  ])('goes back at once when an alarm turns red %s', async (_, at, percent) => {
    const s = stand();
    const result = s.begin();
    await s.clock.advanceBy(at * MINUTE);
    expect(s.taskSets.underWay('group')).toMatchObject([{ percent, oldTasksRun: true }]);
    s.set('errors', 'ALARM');
    await s.clock.advanceBy(MINUTE);

    expect(result).toMatchObject({
      answer: { status: 'Failed', summary: 'web: alarm errors went red: 5 errors' },
      at,
    });
    expect(s.calls.slice(-2)).toEqual([`${at}: ModifyListener production 0`, `${at}: DeleteTaskSet`]);
    expect(s.taskSets.deployments).toMatchObject([{ status: 'Stopped', percent: 0, oldTasksRun: true }]);
    expect(s.taskSets.revisionOf(SERVICE)).toBe(1);
  });

  test('shows the errors of its tasks two minutes after they got traffic, and none once they have lost it', async () => {
    const s = stand({ breaks: { web: 'errors' } });
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(result).toMatchObject({
      answer: { summary: 'web: alarm errors went red: task set 2 of web returns errors' },
      at: 4,
    });
    const again = s.begin();
    await s.clock.advanceBy(60 * MINUTE);
    expect(again.answer).toMatchObject({ summary: expect.stringContaining('task set 3 of web returns errors') });
  });

  test('does not begin while an alarm is red', async () => {
    const s = stand();
    s.set('errors', 'ALARM');
    const result = s.begin();
    await s.clock.advanceBy(MINUTE);

    expect(result.answer).toMatchObject({ summary: expect.stringContaining('errors is red already') });
    expect(s.calls).toEqual(['0: DescribeAlarms']);
  });

  test('begins while an alarm is red that the group ignores', async () => {
    const s = stand({ group: { AlarmConfiguration: { Enabled: false, Alarms: [{ Name: 'errors' }] } } });
    s.set('errors', 'ALARM');
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(result.answer).toMatchObject({ status: 'Succeeded' });
  });

  test.each<[string, Options, string, number]>([
    ['says no', { reports: ['Failed', 3] }, 'the BeforeAllowTraffic hook said no', 5],
    ['does not report', {}, 'the BeforeAllowTraffic hook did not report within an hour', 62],
    ['crashes', { hooks: BEFORE.replace(' before', ' broken') }, 'did not report within an hour', 62],
    ['may not be called', { hooks: BEFORE.replace(' before', ' forbidden') }, 'IAM_ROLE_PERMISSIONS: no', 2],
  ])('goes back when a hook %s', async (_, options, why, at) => {
    const s = stand({ hooks: BEFORE, ...options });
    const result = s.begin();
    await s.clock.advanceBy(4 * 60 * MINUTE);

    expect(result).toMatchObject({ answer: { status: 'Failed', summary: expect.stringContaining(why) }, at });
    expect(s.calls.at(-1)).toBe(`${at}: DeleteTaskSet`);
    expect(s.taskSets.deployments).toMatchObject([{ status: 'Failed', percent: 0 }]);
  });

  test('goes back when it is stopped while a hook runs, and takes no report any more', async () => {
    const s = stand({ hooks: BEFORE });
    const result = s.begin();
    await s.clock.advanceBy(10 * MINUTE);
    const { id } = s.taskSets.deployments[0]!;

    expect(s.taskSets.stop(id, 'stopped on request')).toBe(true);
    await s.clock.advanceBy(MINUTE);
    expect(result).toMatchObject({ answer: { summary: 'web: stopped on request' }, at: 10 });
    expect(s.taskSets.stop(id, 'again')).toBe(false);
    expect(s.taskSets.report(id, 'hook', 'Succeeded')).toBe(false);
  });

  test.each([
    ['DescribeAlarms', 0],
    ['CreateTaskSet', 0],
    ['UpdateServicePrimaryTaskSet', 7],
    ['DeleteTaskSet', 37],
  ])('fails when its role may not %s', async (refused, at) => {
    const s = stand({ refused });
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    const summary = expect.stringContaining(`IAM_ROLE_PERMISSIONS: not allowed: ${refused}`);
    expect(result).toMatchObject({ answer: { status: 'Failed', summary }, at });
  });

  test.each([
    ['<IMAGE>', undefined, 'the task definition in Built has container web with image <IMAGE>'],
    ['web', 'RegisterTaskDefinition', 'CodePipeline may not do this: not allowed: RegisterTaskDefinition'],
  ])('does not begin with a task definition that cannot be registered (%s)', async (image, refused, summary) => {
    const s = stand({ refused, taskDefinition: definition(image) });
    const result = s.begin();
    await s.clock.advanceBy(MINUTE);

    expect(result).toMatchObject({ answer: { status: 'Failed', summary: expect.stringContaining(summary) }, at: 0 });
    expect(s.taskSets.deployments).toEqual([]);
  });

  test('two at a time are one too many', async () => {
    const s = stand();
    s.begin();
    await s.clock.advanceBy(MINUTE);
    const second = s.begin();
    await s.clock.advanceBy(MINUTE);

    expect(second.answer).toMatchObject({ status: 'Failed', summary: expect.stringContaining('active deployment') });
  });
});

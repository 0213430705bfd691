import { codeDeployService } from '../../deploy/api';
import { CodeDeploy } from '../../deploy/codedeploy';
import { EcsTaskSets } from '../../deploy/ecs-task-sets';
import type { DeployHost } from '../../deploy/host';
import { ServerDeploys } from '../../deploy/server-deploys';
import { Course } from '../../pipeline/course';
import type { Resource } from '../../template/model';
import { VirtualClock } from '../../virtual-clock';
import type { AlarmState, AliasUpdate } from '../../world';
import { AwsError } from '../../service';

const MINUTE = 60_000;

interface Stand {
  readonly clock: VirtualClock;
  readonly deploys: CodeDeploy;
  readonly shifts: string[];
  /** What CodeDeploy has called in its role. */
  readonly calls: string[];
  readonly hooks: { functionName: string; payload: any }[];
  readonly service: ReturnType<typeof codeDeployService>;
  setAlarm(name: string, state: AlarmState): void;
  /** The template names another configuration from now on. */
  declare(config: string): void;
  begin(update?: Partial<AliasUpdate>, returnsErrors?: boolean): { outcome?: string | null };
}

function resource(type: string, physicalId: string, properties: object): Resource {
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
  };
}

function stand(config = 'CodeDeployDefault.LambdaCanary10Percent10Minutes', options: { refused?: string } = {}): Stand {
  const clock = new VirtualClock();
  const shifts: string[] = [];
  const calls: string[] = [];
  const hooks: Stand['hooks'] = [];
  const states = new Map<string, AlarmState>([['errors', 'OK']]);
  const listeners: ((name: string, state: AlarmState, reason: string) => void)[] = [];
  const resources = [
    resource('AWS::CodeDeploy::DeploymentGroup', 'group', {
      DeploymentConfigName: config,
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'errors' }] },
    }),
    resource('AWS::CodeDeploy::DeploymentConfig', 'mine', {
      TrafficRoutingConfig: {
        Type: 'TimeBasedLinear',
        TimeBasedLinear: { LinearPercentage: 40, LinearInterval: 3 },
      },
    }),
  ];
  const set = (name: string, state: AlarmState): void => {
    states.set(name, state);
    listeners.forEach((listener) => listener(name, state, '5 errors'));
  };
  const host: DeployHost = {
    clock,
    account: '111111111111',
    region: 'eu-west-1',
    resources: (type) => resources.filter((one) => type === undefined || one.type === type),
    publish: async () => '',
    call: async (_service, operation, input: any) => {
      const { refused } = options;
      if (operation === refused) throw new AwsError('AccessDeniedException', `not allowed: ${operation}`);
      calls.push(operation);
      if (operation !== 'UpdateAlias') return;
      const { FunctionVersion, RoutingConfig } = input;
      const weights = JSON.stringify(RoutingConfig.AdditionalVersionWeights);
      shifts.push(`${(clock.now() - began) / MINUTE} min: ${FunctionVersion} ${weights}`);
    },
    emit: () => undefined,
    caller: (arn) => ({ principal: 'test', arn, roleArn: arn }),
    journal: { add: () => undefined },
    stacks: [],
    isDeployed: () => true,
    deploy: async () => ({ stack: '', created: [], updated: [], deleted: [], aliasUpdates: [], serviceUpdates: [] }),
    invoke: async (functionName, payload) => {
      hooks.push({ functionName, payload });
      if (functionName === 'throttled') throw new Error('Rate Exceeded.');
      if (functionName === 'forbidden') throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
      return { payload: null, executedVersion: '1' };
    },
    restApis: { define: () => undefined, definitionOf: () => ({ revision: 'first', broken: false }) },
    watched: {
      ecsServices: { set: () => undefined },
      metrics: { knows: () => false, valueOf: () => undefined },
    },
    alarms: {
      idOf: (name) => name,
      set,
      state: (name) => states.get(name),
      onChange: (listener) => void listeners.push(listener),
    },
  };
  const began = clock.now();
  const deploys = new CodeDeploy(host);
  return {
    clock,
    deploys,
    shifts,
    calls,
    hooks,
    service: codeDeployService(
      { functions: deploys, services: new EcsTaskSets(host), servers: new ServerDeploys(host) },
      host,
    ),
    setAlarm: set,
    declare: (DeploymentConfigName) => {
      const [group] = resources;
      if (group !== undefined) resources[0] = { ...group, properties: { ...group.properties, DeploymentConfigName } };
    },
    begin: (update, returnsErrors) => {
      const result: { outcome?: string | null } = {};
      Course.run(clock, 'deploy', async (course) => {
        const whole: AliasUpdate = {
          resource: resource('AWS::Lambda::Alias', 'live', {}),
          functionName: 'shop',
          alias: 'live',
          from: '1',
          to: '2',
          applicationName: 'app',
          deploymentGroupName: 'group',
          ...update,
        };
        result.outcome = (await deploys.run(whole, course, returnsErrors)) ?? null;
      });
      return result;
    },
  };
}

const report = (s: Stand, status: string) => {
  const { DeploymentId, LifecycleEventHookExecutionId } = s.hooks.at(-1)?.payload ?? {};
  return s.service.operations.PutLifecycleEventHookExecutionStatus?.(
    { deploymentId: DeploymentId, lifecycleEventHookExecutionId: LifecycleEventHookExecutionId, status },
    { principal: 'hook', arn: 'arn', roleArn: 'arn' },
  );
};

describe('a deployment', () => {
  test('shifts a canary first, and the rest after its time', async () => {
    const s = stand();

    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(s.shifts).toEqual(['0 min: 1 {"2":0.1}', '10 min: 2 {}']);
    expect(result.outcome).toBeNull();
    expect(s.deploys.deployments[0]).toMatchObject({ status: 'Succeeded', percent: 100 });
  });

  test('takes the steps of a configuration of one’s own', async () => {
    const s = stand('mine');

    s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(s.shifts).toEqual(['0 min: 1 {"2":0.4}', '3 min: 1 {"2":0.8}', '6 min: 2 {}']);
  });

  test('takes the configuration that somebody chose for its group, until its template says another one', async () => {
    const s = stand();
    const shiftsOf = async (): Promise<string[]> => {
      s.shifts.length = 0;
      s.begin();
      await s.clock.advanceBy(60 * MINUTE);
      return s.shifts.map((shift) => shift.replace(/^.* min: /, ''));
    };

    s.deploys.choose('group', 'CodeDeployDefault.LambdaAllAtOnce');
    expect(await shiftsOf()).toEqual(['2 {}']);

    s.declare('CodeDeployDefault.LambdaCanary10Percent5Minutes');
    expect(await shiftsOf()).toEqual(['1 {"2":0.1}', '2 {}']);

    s.deploys.choose('group', 'mine');
    expect(await shiftsOf()).toEqual(['1 {"2":0.4}', '1 {"2":0.8}', '2 {}']);
    s.deploys.choose('group', undefined);
    expect(await shiftsOf()).toEqual(['1 {"2":0.1}', '2 {}']);

    expect(() => s.deploys.choose('group', 'LambdaAllAtOnce')).toThrow('No deployment configuration found for name');
  });

  test('goes back as soon as an alarm of its group is red', async () => {
    const s = stand();

    const result = s.begin();
    await s.clock.advanceBy(4 * MINUTE);
    s.setAlarm('errors', 'ALARM');
    await s.clock.settle();

    expect(s.shifts.at(-1)).toBe('4 min: 1 {}');
    expect(result.outcome).toBe('alarm errors went red: 5 errors');
    expect(s.deploys.deployments[0]).toMatchObject({ status: 'Stopped', percent: 0 });
  });

  test.each(['beforeAllowTrafficHook', 'afterAllowTrafficHook'])(
    'does so while its %s is silent, too',
    async (hook) => {
      const s = stand('CodeDeployDefault.LambdaAllAtOnce');

      const result = s.begin({ [hook]: 'hook' });
      await s.clock.advanceBy(4 * MINUTE);
      s.setAlarm('errors', 'ALARM');
      await s.clock.settle();

      expect(result.outcome).toBe('alarm errors went red: 5 errors');
      expect(s.shifts.at(-1)).toBe('4 min: 1 {}');
      expect(s.deploys.deployments[0]).toMatchObject({ status: 'Stopped', percent: 0 });
    },
  );

  test('does not mind an alarm of somebody else', async () => {
    const s = stand();

    const result = s.begin();
    await s.clock.advanceBy(4 * MINUTE);
    s.setAlarm('other', 'ALARM');
    await s.clock.advanceBy(60 * MINUTE);

    expect(result.outcome).toBeNull();
  });

  test('does not begin while an alarm is red already', async () => {
    const s = stand();
    s.setAlarm('errors', 'ALARM');

    const result = s.begin();
    await s.clock.settle();

    expect(result.outcome).toBe('alarm errors is red already');
    expect(s.shifts).toEqual(['0 min: 1 {}']);
  });

  test('of a version that returns errors turns its alarm red, and goes back', async () => {
    const s = stand();

    const result = s.begin({}, true);
    await s.clock.advanceBy(3 * MINUTE);

    expect(result.outcome).toContain('alarm errors went red');
    expect(s.shifts.at(-1)).toBe('2 min: 1 {}');
  });

  test.each([
    ['Succeeded', null],
    ['Failed', 'the BeforeAllowTraffic hook said no'],
  ])('asks its hook first, which says %s', async (status, outcome) => {
    const s = stand();

    const result = s.begin({ beforeAllowTrafficHook: 'hook' });
    await s.clock.settle();
    expect(s.shifts).toEqual([]);
    expect(s.hooks[0]?.functionName).toBe('hook');
    await report(s, status);
    await s.clock.advanceBy(60 * MINUTE);

    expect(result.outcome).toBe(outcome);
  });

  test('fails when its hook is silent for an hour', async () => {
    const s = stand();

    const result = s.begin({ afterAllowTrafficHook: 'hook' });
    await s.clock.advanceBy(69 * MINUTE);
    expect(result.outcome).toBeUndefined();
    await s.clock.advanceBy(MINUTE);

    expect(result.outcome).toBe('the AfterAllowTraffic hook did not report within an hour');
    expect(s.shifts.at(-1)).toBe('70 min: 1 {}');
  });

  test('waits as long for a hook that Lambda does not run, and goes back', async () => {
    const s = stand();

    const result = s.begin({ afterAllowTrafficHook: 'throttled' });
    await s.clock.advanceBy(70 * MINUTE);

    expect(result.outcome).toBe('the AfterAllowTraffic hook did not report within an hour');
    expect(s.shifts.at(-1)).toBe('70 min: 1 {}');
    expect(s.deploys.active()).toEqual([]);
  });

  test('takes a hook’s word once', async () => {
    const s = stand();
    s.begin({ beforeAllowTrafficHook: 'hook' });
    await s.clock.settle();
    void report(s, 'Succeeded');

    expect(() => report(s, 'Failed')).toThrow('the lifecycle event is over');
    expect(() => report(s, 'Maybe')).toThrow('status must be Succeeded or Failed');
  });

  test('fails at once when its role may not call the hook', async () => {
    const s = stand();

    const result = s.begin({ beforeAllowTrafficHook: 'forbidden' });
    await s.clock.advanceBy(MINUTE);

    expect(result.outcome).toBe('IAM_ROLE_PERMISSIONS: no');
  });

  test('looks at its alarms, the alias and the provisioned concurrency before it moves anything', async () => {
    const s = stand();
    s.begin();
    await s.clock.advanceBy(MINUTE);

    expect(s.calls).toEqual(['DescribeAlarms', 'GetAlias', 'GetProvisionedConcurrencyConfig', 'UpdateAlias']);
  });

  test.each(['DescribeAlarms', 'GetAlias', 'GetProvisionedConcurrencyConfig', 'UpdateAlias'])(
    'fails before any traffic is moved when its role may not %s',
    async (refused) => {
      const s = stand(undefined, { refused });
      const result = s.begin({ beforeAllowTrafficHook: undefined });
      await s.clock.advanceBy(MINUTE);

      expect(result.outcome).toBe(`IAM_ROLE_PERMISSIONS: not allowed: ${refused}`);
      expect(s.shifts.filter((shift) => !shift.endsWith(' 1 {}'))).toEqual([]);
      expect(s.deploys.deployments).toMatchObject([{ status: 'Failed', percent: 0 }]);
    },
  );
});

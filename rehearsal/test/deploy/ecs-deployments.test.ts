import { MINUTE, stand } from './ecs-stand';

const REVISION = 'arn:aws:ecs:eu-west-1:111111111111:service-revision/shop/web';

const HOOK = 'arn:aws:lambda:eu-west-1:111111111111:function:hook';

const hook = (stages: readonly string[], more: object = {}) => ({
  HookTargetArn: HOOK,
  RoleArn: 'arn:aws:iam::111111111111:role/hooks',
  LifecycleStages: stages,
  ...more,
});

describe('a deployment', () => {
  const EVERY = [
    'RECONCILE_SERVICE', 'PRE_SCALE_UP', 'POST_SCALE_UP', 'TEST_TRAFFIC_SHIFT', 'POST_TEST_TRAFFIC_SHIFT',
    'PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT',
  ]; // prettier-ignore

  test('runs the hooks of its stages one after the other, with the weights that it shifts to', async () => {
    const s = stand({
      Strategy: 'LINEAR',
      LinearConfiguration: { StepPercent: 60, StepBakeTimeInMinutes: 4 },
      LifecycleHooks: [hook(EVERY)],
    });
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    const shares = (event: any): unknown =>
      [event.executionDetails.testTrafficWeights, event.executionDetails.productionTrafficWeights].map(
        (weights) => weights[`${REVISION}/2`],
      );
    expect(s.asked.map(({ at, event }) => [at, event.lifecycleStage, shares(event)])).toEqual([
      [0, 'PRE_SCALE_UP', [undefined, undefined]],
      [2, 'POST_SCALE_UP', [undefined, undefined]],
      [2, 'TEST_TRAFFIC_SHIFT', [100, undefined]],
      [2, 'POST_TEST_TRAFFIC_SHIFT', [undefined, undefined]],
      [2, 'PRE_PRODUCTION_TRAFFIC_SHIFT', [undefined, undefined]],
      [2, 'PRODUCTION_TRAFFIC_SHIFT', [undefined, 60]],
      [6, 'PRE_PRODUCTION_TRAFFIC_SHIFT', [undefined, undefined]],
      [6, 'PRODUCTION_TRAFFIC_SHIFT', [undefined, 100]],
      [6, 'POST_PRODUCTION_TRAFFIC_SHIFT', [undefined, undefined]],
    ]);
    expect(s.asked[5]?.event).toMatchObject({
      executionDetails: {
        targetServiceRevisionArn: `${REVISION}/2`,
        productionTrafficWeights: { [`${REVISION}/1`]: 40 },
      },
    });
    expect(s.asked[0]?.as).toBe('arn:aws:iam::111111111111:role/hooks');
    expect(result).toEqual({ outcome: null, at: 11 });
    expect(s.ecs.revisionOf(s.service)).toBe(2);
    expect(s.states).toEqual(['deploying', 'redeployed']);
  });

  test('waits ten minutes more at each shift behind a network load balancer', async () => {
    const s = stand({
      Strategy: 'LINEAR',
      LinearConfiguration: { StepPercent: 60, StepBakeTimeInMinutes: 4 },
      LifecycleHooks: [hook(['POST_TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'])],
    });
    const listener = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/net/shop/1/2';
    const AdvancedConfiguration = { RoleArn: 'shifting', ProductionListenerRule: listener };
    Object.assign(s.service.properties, { LoadBalancers: [{ TargetGroupArn: 'blue', AdvancedConfiguration }] });
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(s.asked.map(({ at, event }) => [at, event.lifecycleStage])).toEqual([
      [12, 'POST_TEST_TRAFFIC_SHIFT'],
      [12, 'PRODUCTION_TRAFFIC_SHIFT'],
      [26, 'PRODUCTION_TRAFFIC_SHIFT'],
      [36, 'POST_PRODUCTION_TRAFFIC_SHIFT'],
    ]);
    expect(result).toEqual({ outcome: null, at: 41 });
  });

  test('asks a hook again after the delay that it wants, and brings what it handed on, within one stage', async () => {
    const s = stand(
      { LifecycleHooks: [hook(['POST_SCALE_UP', 'POST_TEST_TRAFFIC_SHIFT'], { HookDetails: { team: 'shop' } })] },
      ({ hookDetails }, minute) =>
        hookDetails.n === 2
          ? { hookStatus: 'SUCCEEDED' }
          : { hookStatus: 'IN_PROGRESS', hookDetails: { n: (hookDetails.n ?? 0) + 1 }, ...(minute < 3 ? { callBackDelay: 60 } : {}) },
    ); // prettier-ignore
    s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(s.asked.map(({ at, event }) => [at, event.lifecycleStage, event.hookDetails])).toEqual([
      [2, 'POST_SCALE_UP', { team: 'shop' }],
      [3, 'POST_SCALE_UP', { n: 1 }],
      [3.5, 'POST_SCALE_UP', { n: 2 }],
      [3.5, 'POST_TEST_TRAFFIC_SHIFT', { team: 'shop' }],
      [4, 'POST_TEST_TRAFFIC_SHIFT', { n: 1 }],
      [4.5, 'POST_TEST_TRAFFIC_SHIFT', { n: 2 }],
    ]);
  });

  test('runs the hooks of one stage side by side', async () => {
    const s = stand({ LifecycleHooks: [hook(['PRE_SCALE_UP']), hook(['PRE_SCALE_UP'])] }, (_, minute) =>
      minute >= 3 ? { hookStatus: 'SUCCEEDED' } : { hookStatus: 'IN_PROGRESS', callBackDelay: 180 },
    );
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(s.asked.map(({ at }) => at)).toEqual([0, 0, 3, 3]);
    expect(result.at).toBe(3 + 2 + 5);
  });

  test.each([
    ['says FAILED', { hookStatus: 'FAILED' }, 'POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed'],
    ['crashes', { errorType: 'Error', errorMessage: 'no' }, 'unable to parse the response from hook'],
    ['answers nothing', null, 'unable to parse the response from hook'],
    ['answers another status', { hookStatus: 'OK' }, 'unable to parse the response from hook'],
    ['wants no delay', { hookStatus: 'IN_PROGRESS', callBackDelay: 0 }, 'unable to parse the response from hook'],
    ['wants a delay that is no number', { hookStatus: 'IN_PROGRESS', callBackDelay: 'soon' }, 'unable to parse the response from hook'],
  ])('goes back when its hook %s', async (_, answer, why) => {
    const s = stand({ LifecycleHooks: [hook(['POST_TEST_TRAFFIC_SHIFT'])] }, () => answer);
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(result.outcome).toContain(why);
    expect(s.ecs.deployments).toMatchObject([{ status: 'ROLLBACK_SUCCESSFUL', percent: 0 }]);
    expect(s.ecs.revisionOf(s.service)).toBe(1);
    expect(s.states).toEqual(['deploying', 'steady']);
  }); // prettier-ignore

  test('goes back when its hook may not be invoked', async () => {
    const s = stand({ LifecycleHooks: [hook(['PRE_SCALE_UP'])] }, () => {
      throw new Error('not authorized to perform: lambda:InvokeFunction');
    });
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(result.outcome).toContain('not authorized to perform: lambda:InvokeFunction');
  });

  test.each([
    ['goes back after a day', 'AWS_LAMBDA', undefined, 24 * 60, /POST_SCALE_UP.* did not end in time/],
    ['goes back after the time of the hook', 'AWS_LAMBDA', { TimeoutInMinutes: 30 }, 30, /did not end in time/],
    ['goes on after the time of the hook', 'AWS_LAMBDA', { TimeoutInMinutes: 30, Action: 'CONTINUE' }, 30, null],
    ['that nobody continues goes back', 'PAUSE', { TimeoutInMinutes: 20 }, 20, /did not end in time/],
  ])('whose hook never ends %s', async (_, TargetType, TimeoutConfiguration, minutes, outcome) => {
    const s = stand({ LifecycleHooks: [hook(['POST_SCALE_UP'], { TargetType, TimeoutConfiguration })] }, () => ({
      hookStatus: 'IN_PROGRESS',
      callBackDelay: 300,
    }));
    const result = s.begin();
    await s.clock.advanceBy(2 * 24 * 60 * MINUTE);

    if (outcome === null) expect(result).toEqual({ outcome, at: 2 + minutes + 5 });
    else expect(result).toEqual({ outcome: expect.stringMatching(outcome), at: 2 + minutes + 0.5 });
  });

  test('is rolled back by hooks that are told that the new revision gets nothing', async () => {
    const s = stand({ LifecycleHooks: [hook(['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'])] }, ({ lifecycleStage }) =>
      ({ hookStatus: lifecycleStage === 'POST_PRODUCTION_TRAFFIC_SHIFT' ? 'FAILED' : 'SUCCEEDED' }),
    ); // prettier-ignore
    s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(s.asked.slice(3).map(({ event }) => [event.lifecycleStage, event.executionDetails])).toMatchObject([
      ['PRODUCTION_TRAFFIC_SHIFT', { productionTrafficWeights: { [`${REVISION}/2`]: 0, [`${REVISION}/1`]: 100 } }],
      ['TEST_TRAFFIC_SHIFT', { testTrafficWeights: { [`${REVISION}/2`]: 0, [`${REVISION}/1`]: 100 } }],
    ]);
  });

  test('keeps the new revision’s traffic when a hook refuses the rollback', async () => {
    const s = stand({ Strategy: 'CANARY', LifecycleHooks: [hook(['PRODUCTION_TRAFFIC_SHIFT'])] }, () => ({
      hookStatus: 'FAILED',
    }));
    const result = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(result.outcome).toContain('the rollback failed, and 5 % of the traffic stay on revision 2');
    expect(s.ecs.deployments).toMatchObject([{ status: 'ROLLBACK_FAILED', percent: 5 }]);
  });

  describe('with an alarm', () => {
    const canary = (Alarms: object) => stand({ Strategy: 'CANARY', Alarms });
    const ALARMS = { AlarmNames: ['errors'], Enable: true, Rollback: true };

    test('goes back as soon as it turns red, also in a hook', async () => {
      const s = stand({ Alarms: ALARMS, LifecycleHooks: [hook(['POST_SCALE_UP'])] }, () => ({
        hookStatus: 'IN_PROGRESS',
        callBackDelay: 600,
      }));
      const result = s.begin();
      await s.clock.advanceBy(5 * MINUTE);
      s.red('errors');
      await s.clock.advanceBy(MINUTE);

      expect(result).toEqual({ outcome: 'alarm errors went red: 5 errors', at: 5.5 });
    });

    test('shows the errors of a new revision two minutes after it got traffic, and is green again when it has none', async () => {
      const s = canary(ALARMS);
      const result = s.begin(true);
      await s.clock.advanceBy(60 * MINUTE);

      expect(result).toEqual({
        outcome: 'alarm errors went red: revision 2 of web returns errors',
        at: 4.5,
      });
      expect(s.lines).toEqual(expect.arrayContaining(['4: errors is ALARM', '9: errors is OK']));
    });

    test('brings the old tasks of a rolling deployment back some at a time', async () => {
      const s = stand({ Strategy: 'ROLLING', MinimumHealthyPercent: 100, MaximumPercent: 140, Alarms: ALARMS });
      const result = s.begin();
      await s.clock.advanceBy(5 * MINUTE);
      expect(s.ecs.active()).toMatchObject([{ percent: 80 }]);
      s.red('errors');
      await s.clock.advanceBy(60 * MINUTE);

      // Half a minute until it begins, and two minutes for each of two times 40 %.
      expect(result).toEqual({ outcome: 'alarm errors went red: 5 errors', at: 9.5 });
      expect(s.ecs.deployments).toMatchObject([{ status: 'ROLLBACK_SUCCESSFUL', percent: 0 }]);
    });

    test('shows no errors that its deployment does not watch', async () => {
      const s = canary({ ...ALARMS, Enable: false });
      const result = s.begin(true);
      await s.clock.advanceBy(60 * MINUTE);

      expect(result.outcome).toBeNull();
    });

    test.each([
      ['red before', ALARMS, 'errors', -1],
      ['of another service', ALARMS, 'others', 5],
      ['that is switched off', { ...ALARMS, Enable: false }, 'errors', 5],
      ['that rolls nothing back', { ...ALARMS, Rollback: false }, 'errors', 5],
    ])('%s, goes on', async (_, alarms, name, minute) => {
      const s = canary(alarms);
      if (minute < 0) s.red(name);
      const result = s.begin();
      await s.clock.advanceBy(5 * MINUTE);
      if (minute > 0) s.red(name);
      await s.clock.advanceBy(60 * MINUTE);

      expect(result.outcome).toBeNull();
    });
  });

  test('that begins while another is under way takes its place, and reconciles first', async () => {
    const s = stand({ Strategy: 'CANARY', LifecycleHooks: [hook(EVERY)] });
    const first = s.begin();
    await s.clock.advanceBy(5 * MINUTE);
    const second = s.begin();
    await s.clock.advanceBy(60 * MINUTE);

    expect(first).toEqual({ outcome: 'the deployment of revision 3 has taken its place', at: 5 });
    expect(second.outcome).toBeNull();
    expect(s.asked.filter(({ event }) => event.lifecycleStage === 'RECONCILE_SERVICE')).toMatchObject([{ at: 5 }]);
    expect(s.ecs.deployments.map(({ status }) => status)).toEqual(['STOPPED', 'SUCCESSFUL']);
    expect(s.ecs.revisionOf(s.service)).toBe(3);
  });
});

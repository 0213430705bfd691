import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Approver, Approvers, BakePreset, PromotionTarget, TargetOrder, type PromotionWave } from '../../../lib';
import { alarm, fixture, HERE, orderIn, policyOf, stageNames } from './fixture';

const THERE = '222222222222';
const ANA = Approvers.anyOf(Approver.person('ana@example.com'));

type Fixture = ReturnType<typeof fixture>;

/** A wave to so many targets, with a deploy action each. */
function waveOf({ deploy }: Fixture, targets: readonly string[], more: Partial<PromotionWave> = {}): PromotionWave {
  return {
    waveName: 'Europe',
    targets: targets.map((name) => PromotionTarget.actions(name, [deploy(name)])),
    ...more,
  };
}

describe('a wave', () => {
  test('deploys to all of its targets at the same time, between one gate before and one after', () => {
    const f = fixture();
    f.promotion({ approvers: ANA, waves: [waveOf(f, ['a', 'b'], { manualApproval: true, checks: [alarm()] })] });

    expect(orderIn(f.stack, 'Europe')).toEqual(['Approve 1', 'a 2', 'b 2', 'Healthy 3']);
  });

  test('deploys one target after the other where it says so, each in its own order', () => {
    const f = fixture();
    const first = PromotionTarget.actions('one', [f.deploy('A'), f.deploy('B', { runOrder: 2 })]);
    const wave = waveOf(f, ['two', 'three'], { targetOrder: TargetOrder.ONE_BY_ONE, checks: [alarm()] });
    f.promotion({ waves: [{ ...wave, targets: [first, ...wave.targets] }] });

    expect(orderIn(f.stack, 'Europe')).toEqual(['A 1', 'B 2', 'two 3', 'three 4', 'Healthy 5']);
  });

  test('asks its own checks and those of its targets by one gate', () => {
    const f = fixture();
    const targets = ['a', 'b'].map((name) =>
      PromotionTarget.actions(name, [f.deploy(name)], { checks: [alarm(`${name}-5xx`)] }),
    );
    f.promotion({ waves: [{ waveName: 'Europe', targets, checks: [alarm('all-5xx')] }] });

    const policy = policyOf(f.stack, 'Europe', 'Healthy');
    expect(['all-5xx', 'a-5xx', 'b-5xx'].filter((name) => policy?.includes(name))).toHaveLength(3);
  });

  test('stands behind the stages, in the order in which it is given', () => {
    const f = fixture();
    f.promotion({
      stages: [{ stageName: 'Dev', deploy: [f.deploy('Dev')] }],
      waves: [waveOf(f, ['a'], { waveName: 'First' }), waveOf(f, ['b'], { waveName: 'Second', checks: [alarm()] })],
    });

    expect(stageNames(f.stack)).toEqual(['Source', 'Dev', 'First', 'Second']);
  });

  const bakes = (stack: Stack, wave: string) => /"bakeMinutes":(\d+)/.exec(policyOf(stack, wave, 'Healthy') ?? '')?.[1];

  test('bakes by itself: the first one longest', () => {
    const f = fixture();
    const promotion = f.promotion({
      waves: ['First', 'Second'].map((waveName) => waveOf(f, [waveName], { waveName, checks: [alarm()] })),
    });
    promotion.addWave(waveOf(f, ['Third'], { waveName: 'Third', checks: [alarm()] }));

    expect(['First', 'Second', 'Third'].map((name) => bakes(f.stack, name))).toEqual(
      [BakePreset.FIRST_WAVE, BakePreset.LATER_WAVE, BakePreset.LATER_WAVE].map((time) => String(time.toMinutes())),
    );
  });

  test('is a first wave behind any number of stages, which do not bake unless they say so', () => {
    const f = fixture();
    const promotion = f.promotion({ stages: [{ stageName: 'Dev', deploy: [f.deploy('Dev')], checks: [alarm()] }] });
    promotion.addWave(waveOf(f, ['a'], { checks: [alarm()] }));

    expect([bakes(f.stack, 'Dev'), bakes(f.stack, 'Europe')]).toEqual(['0', '720']);
  });

  test('that is put in front of another says how long it bakes, because that one was the first', () => {
    const f = fixture();
    const first = waveOf(f, ['first'], { waveName: 'First', checks: [alarm()] });
    const promotion = f.promotion({ waves: [waveOf(f, ['second'], { waveName: 'Second', checks: [alarm()] })] });

    expect(() => promotion.addWave(first, { after: 'Source' })).toThrow(
      /wave 'First' stands in front of wave 'Second', which was the first one until then .*: give `bakeTime`, such as `BakePreset.FIRST_WAVE`/,
    );

    promotion.addWave({ ...first, bakeTime: BakePreset.FIRST_WAVE }, { after: 'Source' });
    promotion.addWave(waveOf(f, ['unchecked'], { waveName: 'Unchecked' }), { after: 'Source' });
    expect(stageNames(f.stack)).toEqual(['Source', 'Unchecked', 'First', 'Second']);
    expect(bakes(f.stack, 'First')).toBe('720');
  });

  test('that is put between others is a later one, and behind stages the first', () => {
    const f = fixture();
    const promotion = f.promotion({
      stages: ['Dev', 'Test'].map((stageName) => ({ stageName, deploy: [f.deploy(stageName)] })),
    });
    const add = (waveName: string, after: string) =>
      promotion.addWave(waveOf(f, [waveName], { waveName, checks: [alarm()] }), { after });
    add('A', 'Dev');
    add('C', 'Test');
    add('B', 'A');

    expect(stageNames(f.stack)).toEqual(['Source', 'Dev', 'A', 'B', 'Test', 'C']);
    expect(['A', 'B', 'C'].map((name) => bakes(f.stack, name))).toEqual(['720', '120', '120']);
  });

  test('whose gates do not wait as long as it bakes by itself is told so', () => {
    const wave = (f: Fixture, timeout: Duration) => waveOf(f, ['a'], { checks: [alarm()], timeout });
    const short = fixture();
    expect(() => short.promotion({ waves: [wave(short, Duration.hours(12))] })).toThrow(
      "wave 'Europe' says no `bakeTime`, so its checks bake for 12 hours, but its gates wait for 12 hours only: give a shorter `bakeTime`, or a longer `timeout`",
    );
    const ofAll = fixture();
    expect(() =>
      ofAll.promotion({ timeout: Duration.hours(4), waves: [waveOf(ofAll, ['a'], { checks: [alarm()] })] }),
    ).toThrow("wave 'Europe' says no `bakeTime`, so its checks bake for 12 hours, but its gates wait for 4 hours only");

    const enough = fixture();
    enough.promotion({ timeout: Duration.hours(4), waves: [wave(enough, Duration.hours(13))] });
    expect(bakes(enough.stack, 'Europe')).toBe('720');
  });

  test('bakes as long as it says', () => {
    const f = fixture();
    f.promotion({ waves: [waveOf(f, ['a'], { checks: [alarm()], bakeTime: BakePreset.ONE_BOX })] });

    expect(bakes(f.stack, 'Europe')).toBe('60');
  });

  test('rolls back as a whole where its checks reject', () => {
    const f = fixture();
    f.promotion({ waves: [waveOf(f, ['a', 'b'], { checks: [alarm()], rollbackOnReject: true })] });

    Template.fromStack(f.stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([Match.objectLike({ Name: 'Europe', OnFailure: { Result: 'ROLLBACK' } })]),
    });
  });

  test('holds as many actions as a stage of CodePipeline, gates included', () => {
    const f = fixture();
    const names = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);
    const gates = { manualApproval: true, checks: [alarm()] };
    f.promotion({ approvers: ANA, waves: [waveOf(f, names(48), gates)] });
    expect(orderIn(f.stack, 'Europe')).toHaveLength(50);

    const more = fixture();
    expect(() => more.promotion({ approvers: ANA, waves: [waveOf(more, names(49), gates)] })).toThrow(
      /wave 'Europe' has 49 deploy actions, but a stage holds at most 50 actions, and 2 of them are gates: split it/,
    );
  });

  const UNCHECKED = 'cdk-approval-gates:PromotionPipeline.uncheckedWave';

  test('without checks is a finding where others come after it', () => {
    const f = fixture();
    f.promotion({
      waves: [waveOf(f, ['a'], { waveName: 'First' }), waveOf(f, ['b'], { waveName: 'Second', checks: [alarm()] })],
    });

    Annotations.fromStack(f.stack).hasWarning('*', Match.stringLikeRegexp(`wave 'First' has no checks.*${UNCHECKED}`));
  });

  test('without checks is none at the end, nor with checks of a target, nor as a stage', () => {
    const f = fixture();
    const checked = PromotionTarget.actions('a', [f.deploy('a')], { checks: [alarm()] });
    f.promotion({
      approvers: ANA,
      stages: [{ stageName: 'Dev', deploy: [f.deploy('Dev')] }],
      waves: [
        { waveName: 'First', targets: [checked] },
        waveOf(f, ['b'], { waveName: 'Second', manualApproval: true }),
      ],
    });

    Annotations.fromStack(f.stack).hasNoWarning('*', Match.stringLikeRegexp(UNCHECKED));
  });
});

describe('run orders', () => {
  const gates = { manualApproval: true, checks: [alarm()] };
  /** A stage, and a wave of two targets one by one, whose first action has this run order. */
  const stage = (f: Fixture, runOrder: number) =>
    f.promotion({ approvers: ANA, stages: [{ stageName: 'Prod', deploy: [f.deploy('D', { runOrder })], ...gates }] });
  const oneByOne = (f: Fixture, runOrder: number) =>
    f.promotion({
      waves: [
        {
          waveName: 'Europe',
          targetOrder: TargetOrder.ONE_BY_ONE,
          targets: [
            PromotionTarget.actions('a', [f.deploy('A')]),
            PromotionTarget.actions('b', [f.deploy('D', { runOrder })]),
          ],
        },
      ],
    });

  test.each([0, -5, 1.5, 1000])('%d is no run order: it would slip past what has to come before it', (runOrder) => {
    const allowed = `is ${runOrder}, but must be a whole number from 1 to 999`;

    expect(() => stage(fixture(), runOrder)).toThrow(`\`runOrder\` of deploy action 'D' of stage 'Prod' ${allowed}`);
    expect(() => oneByOne(fixture(), runOrder)).toThrow(
      `\`runOrder\` of deploy action 'D' of target 'b' of wave 'Europe' ${allowed}`,
    );
  });

  test('reach as far as CodePipeline counts, gates included', () => {
    const most = fixture();
    stage(most, 997);
    expect(orderIn(most.stack, 'Prod')).toEqual(['Approve 1', 'D 998', 'Healthy 999']);

    expect(() => stage(fixture(), 998)).toThrow(
      "the gate 'Healthy' of stage 'Prod' would run as number 1000, but a stage counts to 999: give its deploy actions smaller run orders",
    );
    expect(() => stage(fixture(), 999)).toThrow(
      "deploy action 'D' of stage 'Prod' would run as number 1000, but a stage counts to 999",
    );
  });

  test('stay what they were when the actions are bound, so that nothing can move in front of the gate', () => {
    const f = fixture();
    const deploy = f.deploy('D');
    f.promotion({ approvers: ANA, stages: [{ stageName: 'Prod', deploy: [movingForward(deploy)], ...gates }] });

    expect(orderIn(f.stack, 'Prod')).toEqual(['Approve 1', 'D 2', 'Healthy 3']);
  });

  test.each([
    [
      1,
      "action 'Late' of stage 'Prod' does not run behind its gate 'Approve', so nobody approves it: give it in `deploy`",
    ],
    [3, "action 'Late' of stage 'Prod' does not run in front of its gate 'Healthy', so the checks do not judge it"],
  ])('of an action that is added later do not pass by a gate: %d', (runOrder, message) => {
    const f = fixture();
    const promotion = stage(f, 1);
    promotion.stage('Prod').stage.addAction(f.deploy('Late', { runOrder }));

    expect(() => f.app.synth()).toThrow(message);
  });

  test('of an action that is added later may be between the gates', () => {
    const f = fixture();
    stage(f, 1)
      .stage('Prod')
      .stage.addAction(f.deploy('Late', { runOrder: 2 }));

    expect(orderIn(f.stack, 'Prod')).toEqual(['Approve 1', 'D 2', 'Late 2', 'Healthy 3']);
  });
});

/** An action that changes its run order once it is bound. */
function movingForward(action: codepipeline.IAction): codepipeline.IAction {
  let runOrder = 1;
  return {
    get actionProperties() {
      return { ...action.actionProperties, runOrder };
    },
    bind: (...bound) => {
      runOrder = -1;
      return action.bind(...bound);
    },
    onStateChange: (...rule) => action.onStateChange(...rule),
  };
}

describe('what is added later', () => {
  test('stands behind all that is there, or behind what it names', () => {
    const f = fixture();
    const promotion = f.promotion({ stages: [{ stageName: 'Dev', deploy: [f.deploy('Dev')] }] });
    promotion.addWave(waveOf(f, ['a'], { checks: [alarm()] }));
    promotion.addStage({ stageName: 'Test', deploy: [f.deploy('Test')] }, { after: 'Dev' });
    promotion.addStage({ stageName: 'Early', deploy: [f.deploy('Early')], checks: [alarm()] }, { after: 'Source' });

    expect(stageNames(f.stack)).toEqual(['Source', 'Early', 'Dev', 'Test', 'Europe']);
    expect(promotion.stages.map(({ stageName }) => stageName)).toEqual(['Early', 'Dev', 'Test', 'Europe']);
    expect(promotion.gates).toEqual([promotion.stage('Early').healthy, promotion.stage('Europe').healthy]);
  });

  test('stands behind the build where there is one', () => {
    const f = fixture();
    const promotion = f.promotion({ buildAction: f.deploy('Build') });
    promotion.addStage({ stageName: 'Prod', deploy: [f.deploy('Prod')], checks: [alarm()] }, { after: 'Build' });

    expect(stageNames(f.stack)).toEqual(['Source', 'Build', 'Prod']);
    expect(() => promotion.addStage({ stageName: 'Dev', deploy: [f.deploy('D')] }, { after: 'Source' })).toThrow(
      /`after` is 'Source', but there is no such stage or wave yet: name one of Build, Prod/,
    );
  });

  test('has gates that can be reached by its name', () => {
    const f = fixture();
    const promotion = f.promotion({ approvers: ANA });
    const added = promotion.addStage({
      stageName: 'Prod',
      deploy: [f.deploy()],
      manualApproval: true,
      checks: [alarm()],
    });

    expect(promotion.stage('Prod')).toBe(added);
    expect([added.approve, added.healthy].map((gate) => gate?.actionProperties.actionName)).toEqual([
      'Approve',
      'Healthy',
    ]);
    expect(added.gates).toEqual([added.approve, added.healthy]);
    expect(added.stage.pipeline).toBe(promotion.pipeline);
  });

  test('makes the workflow that it needs, and one only', () => {
    const f = fixture();
    const promotion = f.promotion({ stages: [{ stageName: 'Dev', deploy: [f.deploy('Dev')] }] });
    expect(promotion.workflow).toBeUndefined();

    promotion.addStage({ stageName: 'Test', deploy: [f.deploy('Test')], checks: [alarm()] });
    promotion.addStage({ stageName: 'Prod', deploy: [f.deploy('Prod')], checks: [alarm()] });

    Template.fromStack(f.stack).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  });
});

describe('a target in another account or Region', () => {
  const roleThere = (stack: Stack) => iam.Role.fromRoleArn(stack, 'There', `arn:aws:iam::${THERE}:role/deploy`);

  test('needs artifacts with a key', () => {
    const f = fixture(HERE);
    const deploy = [f.deploy('Deploy', { role: roleThere(f.stack), deploymentRole: roleThere(new Stack(f.app, 'R')) })];

    expect(() =>
      f.promotion({ waves: [{ waveName: 'Prod', targets: [PromotionTarget.actions('t', deploy)] }] }),
    ).toThrow(
      /action 'Deploy' of wave 'Prod' acts in account 222222222222, but the pipeline is in 111111111111 and its artifacts have no key .* `crossAccountKeys: true`/,
    );
  });

  test('needs it also in a bucket that is given', () => {
    const f = fixture(HERE);
    const artifactBucket = new s3.Bucket(f.stack, 'Own');
    const stages = [{ stageName: 'Prod', deploy: [f.deploy('Deploy', { account: THERE })] }];

    expect(() => f.promotion({ artifactBucket, crossAccountKeys: true, stages })).toThrow(
      /no key that the other account could use: give the `artifactBucket` an `encryptionKey`/,
    );
  });

  const upload = ({ stack, code }: Fixture, bucket: s3.IBucket, roleArn?: string) =>
    new actions.S3DeployAction({
      actionName: 'Upload',
      bucket,
      input: code,
      role: roleArn === undefined ? undefined : iam.Role.fromRoleArn(stack, 'Role', roleArn),
    });
  const bucketThere = ({ stack }: Fixture) =>
    s3.Bucket.fromBucketAttributes(stack, 'BucketThere', { bucketName: 'there', account: THERE });

  test('is none where its role is in the account of the pipeline, wherever its bucket is', () => {
    const f = fixture(HERE);
    const deploy = [upload(f, bucketThere(f), `arn:aws:iam::${HERE.account}:role/upload`)];
    f.promotion({ stages: [{ stageName: 'Prod', deploy, checks: [alarm()] }] });

    expect(() => f.app.synth()).not.toThrow();
  });

  test('is one where its role is there, wherever its bucket is, and without a role by its bucket', () => {
    const byRole = fixture(HERE);
    const here = s3.Bucket.fromBucketName(byRole.stack, 'BucketHere', 'here');
    const withRole = [upload(byRole, here, `arn:aws:iam::${THERE}:role/upload`)];
    expect(() => byRole.promotion({ stages: [{ stageName: 'Prod', deploy: withRole }] })).toThrow(
      /action 'Upload' of stage 'Prod' acts in account 222222222222, .* `crossAccountKeys: true`/,
    );

    const byBucket = fixture(HERE);
    const without = [upload(byBucket, bucketThere(byBucket))];
    expect(() => byBucket.promotion({ stages: [{ stageName: 'Prod', deploy: without }] })).toThrow(
      /action 'Upload' of stage 'Prod' acts in account 222222222222/,
    );
  });

  test('needs a key also as source, and to build', () => {
    const f = fixture(HERE);
    const stages = [{ stageName: 'Prod', deploy: [f.deploy()] }];
    expect(() => f.promotion({ buildAction: f.deploy('Make', { account: THERE }), stages })).toThrow(
      /action 'Make' of stage 'Build' acts in account 222222222222, but the pipeline is in 111111111111 and its artifacts have no key/,
    );

    const other = fixture(HERE);
    const source = new actions.S3SourceAction({
      actionName: 'Fetch',
      bucket: bucketThere(other),
      bucketKey: 'a.zip',
      output: new codepipeline.Artifact(),
    });
    expect(() => other.promotion({ source, stages: [{ stageName: 'Prod', deploy: [other.deploy()] }] })).toThrow(
      /action 'Fetch' of stage 'Source' acts in account 222222222222/,
    );
  });

  test.each<[string, (f: Fixture) => object]>([
    ['the key of the pipeline', () => ({ crossAccountKeys: true })],
    [
      'the key of a bucket that is given',
      ({ stack }) => ({ artifactBucket: new s3.Bucket(stack, 'Own', { encryptionKey: new kms.Key(stack, 'Key') }) }),
    ],
  ])('reads artifacts with %s', (_what, more) => {
    const f = fixture(HERE);
    const role = roleThere(f.stack);
    f.promotion({
      ...more(f),
      stages: [{ stageName: 'Prod', deploy: [f.deploy('Deploy', { role })], checks: [alarm()] }],
    });

    Template.fromStack(f.stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([
        Match.objectLike({
          Name: 'Prod',
          Actions: Match.arrayWith([Match.objectLike({ RoleArn: `arn:aws:iam::${THERE}:role/deploy` })]),
        }),
      ]),
    });
  });

  test('needs a pipeline that knows its own account', () => {
    const f = fixture();
    const stages = [{ stageName: 'Prod', deploy: [f.deploy('Deploy', { account: THERE })] }];

    expect(() => f.promotion({ crossAccountKeys: true, stages })).toThrow(
      /action 'Deploy' of stage 'Prod' acts in account 222222222222, but the stack of the pipeline does not say its own account: set `env`/,
    );
  });

  test('in the account of the pipeline needs no key, in whatever Region', () => {
    const f = fixture(HERE);
    f.promotion({
      stages: [{ stageName: 'Prod', deploy: [f.deploy('D', { ...HERE, region: 'us-east-1' })], checks: [alarm()] }],
    });

    const template = Template.fromStack(f.stack);
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      ArtifactStores: Match.arrayWith([Match.objectLike({ Region: 'us-east-1' })]),
    });
    const support = f.app.node.children.filter((child) => Stack.isStack(child) && child.region === 'us-east-1');
    expect(support).toHaveLength(1);
    Template.fromStack(support[0] as Stack).resourceCountIs('AWS::KMS::Key', 0);
  });

  test('in another Region of another account has a key there, too', () => {
    const f = fixture(HERE);
    const role = roleThere(f.stack);
    f.promotion({
      crossAccountKeys: true,
      stages: [{ stageName: 'Prod', deploy: [f.deploy('D', { role, region: 'us-east-1' })], checks: [alarm()] }],
    });

    f.app.synth();
    const support = f.app.node.children.find((child) => Stack.isStack(child) && child.region === 'us-east-1');
    Template.fromStack(support as Stack).resourceCountIs('AWS::KMS::Key', 1);
  });
});

test('a wave with more checks than one gate can hold is told by its name, with the fix', () => {
  const waveWith = (alarms: number) => {
    const f = fixture();
    const checks = Array.from({ length: alarms }, (_, index) => alarm(`shop-5xx-${index}`));
    f.promotion({ waves: [waveOf(f, ['a'], { checks })] });
    return f;
  };

  expect(() => waveWith(15).app.synth()).not.toThrow();
  expect(() => waveWith(40).app.synth()).toThrow(
    /the document 'Checks of gate Europe\/Healthy' may reach \d+ bytes, but at most 8192 fit: .* a wave can be split into several/,
  );
});

describe('the last place', () => {
  const raw = (f: Fixture, ...more: codepipeline.IAction[]) => {
    const promotion = f.promotion({ stages: [{ stageName: 'Test', deploy: [f.deploy('Test')], checks: [alarm()] }] });
    promotion.pipeline.addStage({ stageName: 'Live', actions: [f.deploy('Live'), ...more] });
    return promotion;
  };

  test('is the one of the pipeline, also where it was added without the promotion', () => {
    const f = fixture();
    raw(f);

    Annotations.fromStack(f.stack).hasWarning(
      '*',
      Match.stringLikeRegexp("stage 'Live' is the last one and has no gate"),
    );
  });

  test('is gated by an approval of its own', () => {
    const f = fixture();
    const promotion = f.promotion({ stages: [{ stageName: 'Test', deploy: [f.deploy('Test')] }] });
    const approval = new actions.ManualApprovalAction({ actionName: 'Look' });
    promotion.pipeline.addStage({ stageName: 'Live', actions: [approval, f.deploy('Live', { runOrder: 2 })] });

    Annotations.fromStack(f.stack).hasNoWarning('*', Match.stringLikeRegexp('is the last one'));
  });
});

test('a retention beside a bucket that has its own is refused', () => {
  const f = fixture();
  const artifactBucket = new s3.Bucket(f.stack, 'Own');
  const stages = [{ stageName: 'Prod', deploy: [f.deploy()] }];

  expect(() => f.promotion({ artifactBucket, artifactRetention: Duration.days(30), stages })).toThrow(
    /`artifactRetention` is about the bucket that the pipeline makes, but `artifactBucket` is given: set `lifecycleRules`/,
  );
});

describe('fails at synth, with the fix,', () => {
  test.each<[string, (f: Fixture) => readonly PromotionWave[], RegExp]>([
    [
      'for an empty wave',
      (f) => [waveOf(f, [])],
      /`targets` of wave 'Europe' must hold at least one `PromotionTarget`/,
    ],
    [
      'for two waves of one name',
      (f) => [waveOf(f, ['a']), waveOf(f, ['b'])],
      /`waveName` 'Europe' is taken; .* other than Source, Europe/,
    ],
    [
      'for two targets of one name',
      (f) => [{ waveName: 'W', targets: ['A', 'B'].map((name) => PromotionTarget.actions('t', [f.deploy(name)])) }],
      /`targetName` 't' is taken in wave 'W'; give every target of the wave a name of its own/,
    ],
    [
      'for two targets with an action of one name',
      (f) => [{ waveName: 'W', targets: ['a', 'b'].map((name) => PromotionTarget.actions(name, [f.deploy('D')])) }],
      /action name 'D' in `deploy` of target 'b' of wave 'W' is taken; call the action something else than D/,
    ],
    [
      'for a target that deploys nothing',
      () => [{ waveName: 'W', targets: [PromotionTarget.actions('a', [])] }],
      /`deploy` of target 'a' of wave 'W' must hold at least one action/,
    ],
    [
      'for a bake time without checks',
      (f) => [waveOf(f, ['a'], { bakeTime: BakePreset.ONE_BOX })],
      /`bakeTime` of wave 'Europe' needs checks/,
    ],
    [
      'for a bake time that is longer than the gate waits',
      (f) => [waveOf(f, ['a'], { checks: [alarm()], timeout: Duration.hours(12) })],
      /`bakeTime`/,
    ],
    ['for empty checks', (f) => [waveOf(f, ['a'], { checks: [] })], /`checks` of wave 'Europe' is empty/],
    [
      'for empty checks of a target',
      (f) => [{ waveName: 'W', targets: [PromotionTarget.actions('a', [f.deploy()], { checks: [] })] }],
      /`checks` of target 'a' is empty/,
    ],
    [
      'for a name that CodePipeline does not take',
      (f) => [{ waveName: 'W', targets: [PromotionTarget.actions('not good', [f.deploy()])] }],
      /`targetName` is 'not good', but must be 1 to 100 characters/,
    ],
    [
      'for a name that nobody knows yet',
      (f) => [waveOf(f, ['a'], { waveName: Lazy.string({ produce: () => 'later' }) })],
      /`waveName` must be a literal name, got a token/,
    ],
    [
      'for a run order that nobody knows yet, where another target comes after it',
      (f) => [
        {
          waveName: 'W',
          targetOrder: TargetOrder.ONE_BY_ONE,
          targets: [PromotionTarget.actions('a', [f.deploy('D', { runOrder: Lazy.number({ produce: () => 2 }) })])],
        },
      ],
      /`runOrder` of deploy action 'D' of target 'a' of wave 'W' must be a number, got a token/,
    ],
    [
      'for an order that there is not',
      (f) => [waveOf(f, ['a'], { targetOrder: 'RANDOM' as TargetOrder })],
      /`targetOrder` is "RANDOM", but has to be PARALLEL or ONE_BY_ONE/,
    ],
  ])('%s', (_what, waves, message) => {
    const f = fixture();
    expect(() => f.promotion({ approvers: ANA, waves: [...waves(f)] })).toThrow(message);
  });

  test('for a stage that is not there', () => {
    const f = fixture();
    const promotion = f.promotion({ stages: [{ stageName: 'Dev', deploy: [f.deploy()] }] });

    expect(() => promotion.stage('Prod')).toThrow(/there is no stage or wave 'Prod': name one of Dev/);
    expect(() => promotion.addStage({ stageName: 'Prod', deploy: [f.deploy()] }, { after: 'Test' })).toThrow(
      /`after` is 'Test', but there is no such stage or wave yet: name one of Source, Dev, or add 'Test' first/,
    );
    expect(() => fixture().promotion().stage('Prod')).toThrow(/name one of none so far/);
  });

  test('for a stage behind itself', () => {
    const f = fixture();
    expect(() => f.promotion().addStage({ stageName: 'Prod', deploy: [f.deploy()] }, { after: 'Prod' })).toThrow(
      /`after` is 'Prod', but there is no such stage or wave yet/,
    );
  });

  test('for more stages than a pipeline has', () => {
    const f = fixture();
    const promotion = f.promotion();
    for (let number = 2; number <= 50; number += 1) {
      promotion.addStage({ stageName: `S${number}`, deploy: [f.deploy()] });
    }

    expect(() => promotion.addStage({ stageName: 'S51', deploy: [f.deploy()] })).toThrow(
      /stage 'S51' would be number 51, but a pipeline has at most 50 stages, source and build included: put several targets/,
    );
    expect(promotion.pipeline.stages).toHaveLength(50);
  });

  test.each([
    ['checks', { checks: [alarm()] }],
    ['an approval', { manualApproval: true, approvers: Approvers.emails('ana@example.com') }],
  ])('for a stage with %s in a mode that locks no stage', (_, gates) => {
    const f = fixture();
    const executionMode = codepipeline.ExecutionMode.PARALLEL;
    expect(() => f.promotion({ executionMode, waves: [waveOf(f, ['a'], gates)] })).toThrow(
      /`executionMode` is PARALLEL, .* into wave 'Europe' at the same time.*QUEUED or SUPERSEDED.*GatesInParallel/,
    );
  });

  test('but not for stages without gates in such a mode', () => {
    const f = fixture();
    expect(() => f.promotion({ executionMode: codepipeline.ExecutionMode.PARALLEL })).not.toThrow();
  });
});

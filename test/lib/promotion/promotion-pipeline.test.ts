import { App, Duration, Lazy, Stack, TimeZone } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  AlarmRef,
  ApprovalWorkflow,
  Approver,
  BreakGlass,
  ApproverGroup,
  Approvers,
  Check,
  DeploymentWindow,
  FreezeCalendar,
  StartLater,
  GateRule,
  HealthCheckAction,
  OnInconclusive,
  PromotionPipeline,
  PromotionPipelineProps,
  PromotionStage,
} from '../../../lib';

const ANA = Approver.person('ana@example.com');
const BO = Approver.person('bo@example.com');
const OFFICE_HOURS = DeploymentWindow.weekly(TimeZone.EUROPE_BERLIN, { from: '09:00', to: '16:00' });
const ALARM = () => Check.alarm(AlarmRef.named('shop-5xx'));

function fixture() {
  const stack = new Stack(new App(), 'Stack');
  const code = new codepipeline.Artifact();
  const bucket = s3.Bucket.fromBucketName(stack, 'SourceBucket', 'source');
  const source = new actions.S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'a.zip', output: code });
  const deploy = (actionName = 'Deploy', runOrder?: number) =>
    new actions.CloudFormationCreateUpdateStackAction({
      actionName,
      runOrder,
      stackName: `shop-${actionName}`,
      templatePath: code.atPath('template.json'),
      adminPermissions: false,
    });
  return { stack, source, deploy };
}

type Fixture = ReturnType<typeof fixture>;

function promote(build: (f: Fixture) => Partial<PromotionPipelineProps> & { stages: PromotionStage[] }) {
  const f = fixture();
  const promotion = new PromotionPipeline(f.stack, 'Promotion', { source: f.source, ...build(f) });
  return { ...f, promotion };
}

interface RenderedAction {
  Name: string;
  RunOrder: number;
  ActionTypeId: { Category: string };
  TimeoutInMinutes?: number;
}

function actionsOf(stack: Stack, stageName: string): RenderedAction[] {
  const pipelines = Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline');
  const stages = Object.values(pipelines)[0]!.Properties.Stages as { Name: string; Actions: RenderedAction[] }[];
  return stages.find((stage) => stage.Name === stageName)!.Actions;
}

function policyOf(stack: Stack, action: string) {
  const parameters = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
  const texts = parameters.map((parameter) => JSON.stringify(parameter.Properties.Value));
  return texts.find((text) => text.includes(`\\"action\\":\\"${action}\\"`))?.replace(/\\+"/g, '"');
}

describe('the way of a change', () => {
  test('stands in one CodePipeline stage: gate, deployment in its own order, health gate', () => {
    // GIVEN a stage with two deploy actions one after the other
    const { stack } = promote(({ deploy }) => ({
      approvers: Approvers.anyOf(ANA, BO),
      stages: [
        {
          stageName: 'Prod',
          manualApproval: true,
          deploy: [deploy('First'), deploy('Also', 1), deploy('Then', 2)],
          checks: [ALARM()],
        },
      ],
    }));

    // THEN the gate comes before all of them and the health gate after all
    const order = actionsOf(stack, 'Prod').map((action) => `${action.Name} ${action.RunOrder}`);
    expect(order.sort()).toEqual(['Also 2', 'Approve 1', 'First 2', 'Healthy 4', 'Then 3']);
  });

  test('leaves run orders alone where no gate comes first', () => {
    const { stack } = promote(({ deploy }) => ({
      stages: [{ stageName: 'Dev', deploy: [deploy('Deploy', 3)], checks: [ALARM()] }],
    }));

    const order = actionsOf(stack, 'Dev').map((action) => `${action.Name} ${action.RunOrder}`);
    expect(order.sort()).toEqual(['Deploy 3', 'Healthy 4']);
  });

  test('is a V2 pipeline in mode SUPERSEDED, with source and build before the stages', () => {
    const { stack, promotion } = promote(({ deploy }) => ({
      pipelineName: 'shop',
      approvers: Approvers.anyOf(ANA),
      stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true }],
    }));

    Template.fromStack(stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Name: 'shop',
      PipelineType: 'V2',
      ExecutionMode: 'SUPERSEDED',
      Stages: [Match.objectLike({ Name: 'Source' }), Match.objectLike({ Name: 'Prod' })],
    });
    expect(promotion.pipeline.stages.map((stage) => stage.stageName)).toEqual(['Source', 'Prod']);
  });

  test('gates are offered in the order in which a change meets them', () => {
    const { promotion } = promote(({ deploy }) => ({
      approvers: Approvers.anyOf(ANA),
      stages: [
        { stageName: 'Dev', deploy: [deploy('A')], checks: [ALARM()] },
        { stageName: 'Prod', deploy: [deploy('B')], manualApproval: true, checks: [ALARM()] },
      ],
    }));

    expect(promotion.gates.map((gate) => gate.actionProperties.actionName)).toEqual(['Healthy', 'Approve', 'Healthy']);
  });

  test('carries review URL, text and time-out to the gates; a stage may have its own time-out', () => {
    const { stack } = promote(({ deploy }) => ({
      approvers: Approvers.anyOf(ANA),
      reviewUrl: 'https://reviews.example.com/1',
      additionalInformation: 'read the notes',
      timeout: Duration.days(3),
      stages: [
        { stageName: 'Test', deploy: [deploy('A')], manualApproval: true, timeout: Duration.hours(1) },
        { stageName: 'Prod', deploy: [deploy('B')], manualApproval: true },
      ],
    }));

    expect(actionsOf(stack, 'Test').find((action) => action.Name === 'Approve')!.TimeoutInMinutes).toBe(60);
    expect(actionsOf(stack, 'Prod').find((action) => action.Name === 'Approve')).toMatchObject({
      TimeoutInMinutes: 4320,
      Configuration: {
        ExternalEntityLink: 'https://reviews.example.com/1',
        CustomData: expect.stringContaining('read the notes'),
      },
    });
  });
});

describe('the workflow', () => {
  test('is not made for native gates', () => {
    const { stack, promotion } = promote(({ deploy }) => ({
      approvers: Approvers.emails('ana@example.com', 'bo@example.com'),
      stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true }],
    }));

    expect(promotion.workflow).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 0);
  });

  test.each<[string, (f: Fixture) => Partial<PromotionPipelineProps> & { stages: PromotionStage[] }]>([
    ['checks', ({ deploy }) => ({ stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()] }] })],
    [
      'a quorum above one',
      ({ deploy }) => ({
        approvers: Approvers.atLeast(2, ANA, BO, Approver.person('cy@example.com')),
        stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true }],
      }),
    ],
    [
      'groups',
      ({ deploy }) => ({
        approvers: Approvers.allGroups(ApproverGroup.anyOf('Security', ANA, BO)),
        stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true }],
      }),
    ],
    [
      'approvers with further names',
      ({ deploy }) => ({
        approvers: Approvers.anyOf(Approver.person('ana@example.com', { alsoKnownAs: ['ana-gh'] })),
        stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true }],
      }),
    ],
  ])('is made for %s', (_what, build) => {
    expect(promote(build).promotion.workflow).toBeDefined();
  });

  test('that is given is used, and no second one is made', () => {
    const f = fixture();
    const workflow = new ApprovalWorkflow(f.stack, 'Shared', { workflowName: 'shared' });
    const promotion = new PromotionPipeline(f.stack, 'Promotion', {
      source: f.source,
      workflow,
      stages: [{ stageName: 'Prod', deploy: [f.deploy()], checks: [ALARM()] }],
    });

    expect(promotion.workflow).toBe(workflow);
    Template.fromStack(f.stack).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  });
});

describe('the gate `Healthy`', () => {
  const both = Approvers.anyOf(ANA, BO);

  test('is opened by its checks alone, whoever approves elsewhere in the pipeline', () => {
    const { stack } = promote(({ deploy }) => ({
      approvers: both,
      stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true, checks: [ALARM()] }],
    }));

    expect(policyOf(stack, 'Healthy')).toContain('"kind":"AUTOMATED"');
    expect(policyOf(stack, 'Healthy')).toContain('"onInconclusive":"REJECT"');
    expect(policyOf(stack, 'Healthy')).not.toContain(ANA.approverId);
    expect(policyOf(stack, 'Approve')).toContain('"kind":"MANUAL"');
    expect(policyOf(stack, 'Approve')).toContain(ANA.approverId);
  });

  test.each([
    ['GUARDED', GateRule.guarded()],
    ['AUTOMATED_ELSE_PEOPLE', GateRule.automatedElsePeople()],
  ])('is %s where the stage says so, with the approvers of the pipeline', (kind, rule) => {
    const { stack } = promote(({ deploy }) => ({
      approvers: both,
      stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()], rule }],
    }));

    expect(policyOf(stack, 'Healthy')).toContain(`"kind":"${kind}"`);
    expect(policyOf(stack, 'Healthy')).toContain(ANA.approverId);
    expect(policyOf(stack, 'Healthy')).not.toContain('onInconclusive');
  });

  test('knows the approvers of its stage before those of the pipeline', () => {
    const { stack } = promote(({ deploy }) => ({
      approvers: Approvers.anyOf(ANA),
      stages: [
        {
          stageName: 'Prod',
          deploy: [deploy()],
          checks: [ALARM()],
          approvers: Approvers.anyOf(BO),
          rule: GateRule.automatedElsePeople(),
        },
      ],
    }));

    expect(policyOf(stack, 'Healthy')).toContain(BO.approverId);
    expect(policyOf(stack, 'Healthy')).not.toContain(ANA.approverId);
  });

  test('opens with a warning where the stage says so', () => {
    const onInconclusive = OnInconclusive.APPROVE_WITH_WARNING;
    const { stack } = promote(({ deploy }) => ({
      stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()], onInconclusive }],
    }));

    expect(policyOf(stack, 'Healthy')).toContain('"onInconclusive":"APPROVE_WITH_WARNING"');
  });
});

describe('artifacts', () => {
  test('are private, spoken about over TLS only, and forgotten in time', () => {
    const { stack } = promote(({ deploy }) => ({
      stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()] }],
    }));

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 180, Status: 'Enabled' })] },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      }),
    });
    template.resourceCountIs('AWS::KMS::Key', 0);
  });

  test('get a key that other accounts could be let use, when asked for', () => {
    const { stack } = promote(({ deploy }) => ({
      crossAccountKeys: true,
      stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()] }],
    }));

    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });
});

describe('a last stage without any gate', () => {
  test('is none that only removes what was deployed before', () => {
    const { stack, promotion } = promote(({ deploy }) => ({
      approvers: Approvers.anyOf(ANA),
      stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true }],
    }));
    const removed = new actions.CloudFormationDeleteStackAction({
      actionName: 'Remove',
      stackName: 'shop-preview',
      adminPermissions: false,
    });
    promotion.pipeline.addStage({ stageName: 'CleanUp', actions: [removed] });

    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('ungated'))).toEqual([]);
  });

  const ID = 'cdk-approval-gates:PromotionPipeline.ungated';

  test('is a finding', () => {
    const { stack } = promote(({ deploy }) => ({ stages: [{ stageName: 'Prod', deploy: [deploy()] }] }));

    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp(`'Prod'.*${ID}`));
  });

  test.each<[string, Partial<PromotionStage>]>([
    ['manual approval', { manualApproval: true }],
    ['checks', { checks: [ALARM()] }],
  ])('is none with %s', (_what, options) => {
    const { stack } = promote(({ deploy }) => ({
      approvers: Approvers.anyOf(ANA),
      stages: [{ stageName: 'Prod', deploy: [deploy()], ...options }],
    }));

    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(ID));
  });
});

describe('fails at synth, with the fix,', () => {
  type Wrong = (f: Fixture) => Partial<PromotionPipelineProps> & { stages: PromotionStage[] };
  test.each<[string, Wrong, RegExp]>([
    [
      'for manual approval without approvers',
      ({ deploy }) => ({ stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true }] }),
      /`manualApproval` of stage 'Prod' is true, but nobody can approve; set `approvers`/,
    ],
    [
      'for approvers that nothing asks',
      ({ deploy }) => ({ stages: [{ stageName: 'Prod', deploy: [deploy()], approvers: Approvers.anyOf(ANA) }] }),
      /`approvers` of stage 'Prod' are given, but nothing asks them; set `manualApproval: true`/,
    ],
    [
      'for a stage that deploys nothing',
      () => ({ stages: [{ stageName: 'Prod', deploy: [] }] }),
      /`deploy` of stage 'Prod' must hold at least one action/,
    ],
    [
      'for empty checks',
      ({ deploy }) => ({ stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [] }] }),
      /`checks` of stage 'Prod' is empty/,
    ],
    [
      'for two stages of one name',
      ({ deploy }) => ({
        stages: [
          { stageName: 'Prod', deploy: [deploy('A')] },
          { stageName: 'Prod', deploy: [deploy('B')] },
        ],
      }),
      /`stageName` 'Prod' is taken/,
    ],
    [
      'for a stage called like the source',
      ({ deploy }) => ({ stages: [{ stageName: 'Source', deploy: [deploy()] }] }),
      /`stageName` 'Source' is taken/,
    ],
    [
      'for a deploy action called like the gate',
      ({ deploy }) => ({
        approvers: Approvers.anyOf(ANA),
        stages: [{ stageName: 'Prod', deploy: [deploy('Approve')], manualApproval: true }],
      }),
      /action name 'Approve' in `deploy` of stage 'Prod' is taken/,
    ],
    [
      'for a bake time without checks',
      ({ deploy }) => ({ stages: [{ stageName: 'Prod', deploy: [deploy()], bakeTime: Duration.hours(1) }] }),
      /`bakeTime` of stage 'Prod' needs checks/,
    ],
    [
      'for a window that nothing waits for',
      ({ deploy }) => ({
        stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()], window: OFFICE_HOURS }],
      }),
      /`window` of stage 'Prod' needs an approval that it is about; set `manualApproval: true`/,
    ],
    [
      'for freezes that nothing waits for',
      ({ deploy }) => ({
        stages: [{ stageName: 'Prod', deploy: [deploy()], freezes: [FreezeCalendar.changeCalendar('freeze')] }],
      }),
      /`freezes` of stage 'Prod' needs an approval/,
    ],
    [
      'for a later start that nobody approves',
      ({ deploy }) => ({
        stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()], startLater: StartLater.allowed() }],
      }),
      /`startLater` of stage 'Prod' needs an approval/,
    ],
    [
      'for a rollback without checks',
      ({ deploy }) => ({ stages: [{ stageName: 'Prod', deploy: [deploy()], rollbackOnReject: true }] }),
      /`rollbackOnReject` of stage 'Prod' needs checks/,
    ],
    [
      'for approvers whom the checks do not ask',
      ({ deploy }) => ({
        stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()], approvers: Approvers.anyOf(ANA) }],
      }),
      /`approvers` of stage 'Prod' are given, but nothing asks them; .* choose `rule` as `GateRule.guarded\(\)`/,
    ],
    [
      'for a rule that lets nobody take part',
      ({ deploy }) => ({
        stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [ALARM()], rule: GateRule.guarded() }],
      }),
      /`rule` of stage 'Prod' lets people take part, but there are none; set `approvers`/,
    ],
    [
      'for a rule without checks',
      ({ deploy }) => ({
        approvers: Approvers.anyOf(ANA),
        stages: [{ stageName: 'Prod', deploy: [deploy()], manualApproval: true, rule: GateRule.guarded() }],
      }),
      /`rule` of stage 'Prod' needs checks/,
    ],
    [
      'for a rule and an answer for checks that decide alone',
      ({ deploy }) => ({
        approvers: Approvers.anyOf(ANA),
        stages: [
          {
            stageName: 'Prod',
            deploy: [deploy()],
            checks: [ALARM()],
            rule: GateRule.guarded(),
            onInconclusive: OnInconclusive.REJECT,
          },
        ],
      }),
      /`onInconclusive` is REJECT, but it is for gates that checks decide alone/,
    ],
  ])('%s', (_what, build, message) => {
    expect(() => promote(build)).toThrow(message);
  });
});

test('lets a change into a stage in its window, and not while a calendar is closed', () => {
  const { stack } = promote(({ deploy }) => ({
    approvers: Approvers.anyOf(ANA),
    stages: [
      {
        stageName: 'Prod',
        deploy: [deploy()],
        manualApproval: true,
        checks: [ALARM()],
        window: OFFICE_HOURS,
        freezes: [FreezeCalendar.changeCalendar('release-freeze')],
        startLater: StartLater.allowed(),
        breakGlass: BreakGlass.by(ANA, Approver.person('bo@example.com')),
      },
    ],
  }));

  expect(policyOf(stack, 'Approve')).toContain('"window":{"timeZone":"Europe/Berlin"');
  expect(policyOf(stack, 'Approve')).toContain('"freezes":["release-freeze"]');
  expect(policyOf(stack, 'Approve')).toContain('"startLater":"ALLOWED"');
  expect(policyOf(stack, 'Approve')).toContain(`"breakGlass":["${ANA.approverId}"`);
  expect(policyOf(stack, 'Healthy')).not.toContain('"window"');
});

test('rolls the stage back where the checks reject, and says so in the template', () => {
  const { stack } = promote(({ deploy }) => ({
    stages: [
      { stageName: 'Dev', deploy: [deploy('A')] },
      { stageName: 'Prod', deploy: [deploy('B')], checks: [ALARM()], rollbackOnReject: true },
    ],
  }));

  Template.fromStack(stack).hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([Match.objectLike({ Name: 'Prod', OnFailure: { Result: 'ROLLBACK' } })]),
  });
});

test('checks as an action behind a deployment roll the stage back behind its gate, too, and not beside the deployment', () => {
  const promoted = (runOrder: number) => () => {
    const { stack } = promote(({ deploy }) => ({
      approvers: Approvers.anyOf(ANA),
      stages: [
        {
          stageName: 'Prod',
          deploy: [
            deploy(),
            new HealthCheckAction({ actionName: 'Smoke', runOrder, checks: [ALARM()], rollbackOnFailure: true }),
          ],
          manualApproval: true,
        },
      ],
    }));
    return Template.fromStack(stack);
  };

  expect(promoted(2)).not.toThrow();
  expect(promoted(1)).toThrow(
    /`rollbackOnFailure` of action 'Smoke' in stage 'Prod' cannot work: nothing is deployed before it/,
  );
});

test('fails for a run order that nobody knows yet, where a gate would have to come before it', () => {
  expect(() =>
    promote(({ deploy }) => ({
      approvers: Approvers.anyOf(ANA),
      stages: [
        {
          stageName: 'Prod',
          deploy: [deploy('Deploy', Lazy.number({ produce: () => 2 }))],
          manualApproval: true,
        },
      ],
    })),
  ).toThrow(/`runOrder` of deploy action 'Deploy' of stage 'Prod' must be a number, got a token/);
});

test('fails at synth, with the fix, where there is nothing to deploy to', () => {
  const { stack } = promote(() => ({ stages: [] }));

  expect(() => Template.fromStack(stack)).toThrow(/nothing to deploy to: give `stages` or `waves`, or call `addStage`/);
});

test('builds once, before the first stage', () => {
  const { stack } = promote(({ deploy }) => ({
    buildAction: deploy('Build'),
    stages: [{ stageName: 'Prod', deploy: [deploy('Deploy')], checks: [ALARM()] }],
  }));

  expect(actionsOf(stack, 'Build').map((action) => action.Name)).toEqual(['Build']);
});

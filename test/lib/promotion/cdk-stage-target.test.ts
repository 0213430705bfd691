import { CliCredentialsStackSynthesizer, type Environment, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PromotionTarget, type CdkStageTargetOptions, TargetOrder } from '../../../lib';
import { alarm, fixture, HERE, orderIn } from './fixture';

const THERE = '222222222222';

type Fixture = ReturnType<typeof fixture>;

/** A stage with stacks of these names. */
function stageOf({ app }: Fixture, id: string, stacks: readonly string[], env: Environment | undefined = HERE) {
  const stage = new Stage(app, id, { env });
  const made = stacks.map((name) => {
    const stack = new Stack(stage, name);
    new sns.Topic(stack, 'Topic');
    return stack;
  });
  return { stage, stacks: made };
}

function deployTo(
  f: Fixture,
  stages: readonly Stage[],
  more: Partial<CdkStageTargetOptions> = {},
  order?: TargetOrder,
) {
  const targets = stages.map((stage) => PromotionTarget.cdkStage(stage, { assembly: f.code, ...more }));
  return f
    .promotion({ crossAccountKeys: true })
    .addWave({ waveName: 'Prod', targets, targetOrder: order, checks: [alarm()] });
}

function actionsOf(stack: Stack): any[] {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  return pipeline!.Properties.Stages.find(({ Name }: any) => Name === 'Prod').Actions;
}

describe('a stage of the CDK', () => {
  test('is a change set and its execution for each stack, in the order of their dependencies', () => {
    const f = fixture(HERE);
    const { stage, stacks } = stageOf(f, 'Dublin', ['Web', 'Data', 'Queue']);
    stacks[0]!.addStackDependency(stacks[1]!);
    deployTo(f, [stage]);

    expect(orderIn(f.stack, 'Prod')).toEqual([
      'Dublin.Data.Prepare 1',
      'Dublin.Queue.Prepare 1',
      'Dublin.Data.Deploy 2',
      'Dublin.Queue.Deploy 2',
      'Dublin.Web.Prepare 3',
      'Dublin.Web.Deploy 4',
      'Healthy 5',
    ]);
  });

  test('waits for a stack that depends on two others until both are there', () => {
    const f = fixture(HERE);
    const { stage, stacks } = stageOf(f, 'Dublin', ['A', 'B', 'C']);
    stacks[0]!.addStackDependency(stacks[1]!);
    stacks[0]!.addStackDependency(stacks[2]!);
    stacks[1]!.addStackDependency(stacks[2]!);
    deployTo(f, [stage]);

    expect(orderIn(f.stack, 'Prod').filter((action) => action.includes('Deploy'))).toEqual([
      'Dublin.C.Deploy 2',
      'Dublin.B.Deploy 4',
      'Dublin.A.Deploy 6',
    ]);
  });

  test('stands beside other stages in its wave, or behind them', () => {
    const side = fixture(HERE);
    deployTo(side, [stageOf(side, 'A', ['S']).stage, stageOf(side, 'B', ['S']).stage]);
    const row = fixture(HERE);
    deployTo(row, [stageOf(row, 'A', ['S']).stage, stageOf(row, 'B', ['S']).stage], {}, TargetOrder.ONE_BY_ONE);

    expect(orderIn(side.stack, 'Prod')).toEqual([
      'A.S.Prepare 1',
      'B.S.Prepare 1',
      'A.S.Deploy 2',
      'B.S.Deploy 2',
      'Healthy 3',
    ]);
    expect(orderIn(row.stack, 'Prod')).toEqual([
      'A.S.Prepare 1',
      'A.S.Deploy 2',
      'B.S.Prepare 3',
      'B.S.Deploy 4',
      'Healthy 5',
    ]);
  });

  test('may have several stacks of one id, in constructs of their own', () => {
    const f = fixture(HERE);
    const { stage } = stageOf(f, 'Dublin', ['Web', 'Stack']);
    for (const id of ['Orders', 'Bills']) {
      new sns.Topic(new Stack(new Construct(stage, id), 'Stack'), 'Topic');
    }
    deployTo(f, [stage]);

    expect(orderIn(f.stack, 'Prod').filter((action) => action.includes('Deploy'))).toEqual([
      'Dublin.Bills.Stack.Deploy 2',
      'Dublin.Orders.Stack.Deploy 2',
      'Dublin.Stack.Deploy 2',
      'Dublin.Web.Deploy 2',
    ]);
  });

  test('is deployed with the roles of bootstrapping in its account and Region', () => {
    const f = fixture(HERE);
    deployTo(f, [stageOf(f, 'Sydney', ['S'], { account: THERE, region: 'ap-southeast-2' }).stage]);

    const roles = JSON.stringify(actionsOf(f.stack).filter(({ Name }) => Name !== 'Healthy'));
    const [prepare, deploy] = actionsOf(f.stack);
    for (const action of [prepare, deploy]) {
      expect(action.Region).toBe('ap-southeast-2');
      expect(JSON.stringify(action.RoleArn)).toContain(
        `:iam::${THERE}:role/cdk-hnb659fds-deploy-role-${THERE}-ap-southeast-2`,
      );
    }
    expect(prepare.Configuration).toMatchObject({ ActionMode: 'CHANGE_SET_REPLACE', StackName: 'Sydney-S' });
    expect(JSON.stringify(prepare.Configuration.RoleArn)).toContain(
      `:iam::${THERE}:role/cdk-hnb659fds-cfn-exec-role-${THERE}-ap-southeast-2`,
    );
    expect(deploy.Configuration).toMatchObject({ ActionMode: 'CHANGE_SET_EXECUTE', StackName: 'Sydney-S' });
    expect(deploy.Configuration.ChangeSetName).toBe(prepare.Configuration.ChangeSetName);
    expect(roles).not.toContain('${AWS::');
  });

  test('makes no role: those of bootstrapping do everything, and the pipeline may assume them alone', () => {
    const f = fixture(HERE);
    deployTo(f, [stageOf(f, 'Prod', ['S'], { account: THERE, region: HERE.region }).stage]);

    const template = Template.fromStack(f.stack);
    const made = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => /Prepare|Deploy/.test(id));
    expect(made).toEqual([]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Resource: {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  `:iam::${THERE}:role/cdk-hnb659fds-deploy-role-${THERE}-${HERE.region}`,
                ],
              ],
            },
          },
        ]),
      }),
    });
  });

  test('in the Region of the pipeline names no Region, and without an account is one of the pipeline’s own', () => {
    const f = fixture(HERE);
    deployTo(f, [stageOf(f, 'Prod', ['S'], {}).stage]);

    const [prepare] = actionsOf(f.stack);
    expect(prepare.Region).toBeUndefined();
    expect(JSON.stringify(prepare.RoleArn)).toContain(`:iam::${HERE.account}:role/cdk-hnb659fds-deploy-role`);
  });

  test('is found in the cloud assembly: its templates, and the tags of its stacks beside them', () => {
    const f = fixture(HERE);
    const { stage, stacks } = stageOf(f, 'Prod', ['Plain', 'Tagged']);
    Tags.of(stacks[1]!).add('team', 'shop');
    deployTo(f, [stage]);

    const [plain, , tagged] = actionsOf(f.stack).map(({ Configuration }) => Configuration);
    const outdir = f.app.synth().directory;
    const fileOf = (path: string) => join(outdir, path.split('::')[1]!);
    expect(existsSync(fileOf(plain.TemplatePath))).toBe(true);
    expect(plain.TemplatePath).toMatch(/^Artifact_Source_Source::assembly-Prod\/.*\.template\.json$/);
    expect(plain.TemplateConfiguration).toBeUndefined();
    expect(JSON.parse(readFileSync(fileOf(tagged.TemplateConfiguration), 'utf8'))).toEqual({ Tags: { team: 'shop' } });
  });

  test('has assets only where something publishes them', () => {
    const build = (f: Fixture) => {
      const { stage, stacks } = stageOf(f, 'Prod', ['S']);
      new assets.Asset(stacks[0]!, 'Page', { path: __filename });
      return stage;
    };
    const f = fixture(HERE);
    expect(() => deployTo(f, [build(f)])).toThrow(
      /stack 'Prod-S' of stage 'Prod' has an asset, such as 'Page', that nothing publishes: deploy the stage by CDK Pipelines with `CdkPromotion`/,
    );
    const published = fixture(HERE);
    deployTo(published, [build(published)], { assetsPublished: true });
    expect(orderIn(published.stack, 'Prod')).toEqual(['Prod.S.Prepare 1', 'Prod.S.Deploy 2', 'Healthy 3']);
  });

  test('holds no other stage, whose stacks would be left out', () => {
    const f = fixture(HERE);
    const { stage } = stageOf(f, 'Prod', ['S']);
    const inner = new Stage(stage, 'Inner');
    new sns.Topic(new Stack(inner, 'S'), 'Topic');

    expect(() => deployTo(f, [stage])).toThrow(
      /stage 'Prod' holds stage 'Prod\/Inner', whose stacks are not deployed with it: make that stage outside of 'Prod', and give it as a stage or target/,
    );
  });

  test('may stand in another one, and hold one that has no stacks', () => {
    const f = fixture(HERE);
    const { stage } = stageOf(f, 'Outer', []);
    const inner = new Stage(stage, 'Inner');
    new sns.Topic(new Stack(inner, 'S'), 'Topic');
    new Stage(inner, 'Empty');
    deployTo(f, [inner]);

    expect(orderIn(f.stack, 'Prod')).toEqual(['Outer-Inner.S.Prepare 1', 'Outer-Inner.S.Deploy 2', 'Healthy 3']);
  });

  test('needs roles of bootstrapping', () => {
    const f = fixture(HERE);
    const stage = new Stage(f.app, 'Prod', { env: HERE });
    new sns.Topic(new Stack(stage, 'S', { synthesizer: new CliCredentialsStackSynthesizer() }), 'Topic');

    expect(() => deployTo(f, [stage])).toThrow(
      /stack 'Prod-S' of stage 'Prod' names no roles that deploy it: use `DefaultStackSynthesizer`/,
    );
  });

  test('in another account needs artifacts with a key', () => {
    const f = fixture(HERE);
    const { stage } = stageOf(f, 'Prod', ['S'], { account: THERE, region: HERE.region });
    const targets = [PromotionTarget.cdkStage(stage, { assembly: f.code })];

    expect(() => f.promotion({ waves: [{ waveName: 'Prod', targets, checks: [alarm()] }] })).toThrow(
      /action 'Prod.S.Prepare' of wave 'Prod' acts in account 222222222222, .* `crossAccountKeys: true`/,
    );
  });

  test('brings its checks to the gate of the wave', () => {
    const f = fixture(HERE);
    const { stage } = stageOf(f, 'Prod', ['S']);
    const target = PromotionTarget.cdkStage(stage, { assembly: f.code, checks: [alarm()] });
    const { healthy } = f.promotion().addWave({ waveName: 'Prod', targets: [target] });

    expect(target.targetName).toBe('Prod');
    expect(healthy).toBeDefined();
  });
});

import { ArnFormat, CfnCapabilities, Duration, RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AlarmRef, Approvers, ApprovalWorkflow, Check, GateRule, PromotionPipeline } from '../lib';
import { deploymentRole } from './deployment-role';
import { Environment, errorAlarmName, PIPELINE_NAME, serviceName, serviceStackName } from './names';
import { Settings } from './settings';
import { sourceOf } from './source';

export interface ReleaseStackProps extends StackProps {
  readonly settings: Settings;
  readonly workflow: ApprovalWorkflow;
  readonly approvers: Approvers;
}

/** The release pipeline: source → build → dev → staging → prod. */
export class ReleaseStack extends Stack {
  public readonly promotion: PromotionPipeline;

  constructor(scope: Construct, id: string, props: ReleaseStackProps) {
    super(scope, id, props);
    const source = new codepipeline.Artifact('Source');
    const built = new codepipeline.Artifact('Built');

    const { action, reviewUrl } = sourceOf(this, props.settings.source, source);

    this.promotion = new PromotionPipeline(this, 'Release', {
      pipelineName: PIPELINE_NAME,
      source: action,
      buildAction: new actions.CodeBuildAction({
        actionName: 'Synthesize',
        project: this.buildProject(),
        input: source,
        outputs: [built],
      }),
      workflow: props.workflow,
      approvers: props.approvers,
      reviewUrl: props.settings.reviewUrl ?? reviewUrl,
      stages: [
        { stageName: 'Dev', deploy: [this.deployAction('Dev', built)] },
        {
          stageName: 'Staging',
          deploy: [this.deployAction('Staging', built)],
          checks: [Check.alarm(AlarmRef.named(errorAlarmName('Staging'))), this.selfTest('Staging')],
          bakeTime: Duration.minutes(15),
          rule: GateRule.automatedElsePeople(),
        },
        {
          stageName: 'Prod',
          manualApproval: true,
          deploy: [this.deployAction('Prod', built)],
          checks: [Check.alarm(AlarmRef.named(errorAlarmName('Prod'))), this.selfTest('Prod')],
          bakeTime: Duration.minutes(30),
          rule: GateRule.automatedElsePeople(),
          // A stage has one way to fail: a no at `Approve` also starts a run that goes back, to the version that is there already.
          rollbackOnReject: true,
        },
      ],
    });
  }

  /** The build writes the service's templates; what was built is what every stage deploys. */
  private buildProject(): codebuild.PipelineProject {
    return new codebuild.PipelineProject(this, 'Build', {
      description: 'Synthesizes the templates of the shop',
      environment: {
        buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0,
        computeType: codebuild.ComputeType.SMALL,
      },
      grantReportGroupPermissions: false,
      logging: {
        cloudWatch: {
          logGroup: new logs.LogGroup(this, 'BuildLogs', {
            retention: logs.RetentionDays.ONE_MONTH,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        },
      },
      buildSpec: codebuild.BuildSpec.fromObject({
        version: '0.2',
        phases: {
          install: { 'runtime-versions': { nodejs: '22' }, commands: ['npm ci'] },
          build: { commands: ['npx cdk synth --quiet --context release=$CODEBUILD_RESOLVED_SOURCE_VERSION'] },
        },
        artifacts: { 'base-directory': 'cdk.out', files: ['Shop*.template.json'] },
      }),
    });
  }

  private deployAction(environment: Environment, built: codepipeline.Artifact): codepipeline.IAction {
    const stackName = serviceStackName(environment);
    return new actions.CloudFormationCreateUpdateStackAction({
      actionName: 'Deploy',
      stackName,
      templatePath: built.atPath(`${stackName}.template.json`),
      adminPermissions: false,
      deploymentRole: deploymentRole(this, environment),
      cfnCapabilities: [CfnCapabilities.ANONYMOUS_IAM],
    });
  }

  /** Asks what serves customers there. It lives in a stack that this pipeline deploys, so it is known by name. */
  private selfTest(environment: Environment): Check {
    const service = lambda.Function.fromFunctionAttributes(this, `${environment}Service`, {
      functionArn: this.formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName: `${serviceName(environment)}:live`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      sameEnvironment: true,
    });
    return Check.lambda(service, { title: `self-test of ${serviceName(environment)}` });
  }
}

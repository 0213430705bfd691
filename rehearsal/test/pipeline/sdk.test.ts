/** The API as the AWS SDK sees it: through the endpoint, with dates and typed errors. */
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  InvalidApprovalTokenException,
  ListActionExecutionsCommand,
  PipelineNotFoundException,
  PutApprovalResultCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { CodeDeployClient, GetDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { sharedAssembly } from '../support/shared-assembly';
import { Rehearsal } from '../../scenario/rehearsal';
import { World } from '../../world';

const PIPELINE = 'shop-release';

describe('the CodePipeline client', () => {
  let rehearsal: Rehearsal;
  let client: CodePipelineClient;
  const now = () => rehearsal.world.clock.now();

  beforeAll(async () => {
    rehearsal = new Rehearsal(await World.create(await sharedAssembly()));
    const { world } = rehearsal;
    client = new CodePipelineClient({
      region: world.region,
      endpoint: world.endpoint,
      credentials: world.credentials(world.caller(`arn:aws:iam::${world.account}:role/operator`)),
      maxAttempts: 1,
    });
  }, 120_000);

  afterAll(() => rehearsal.close());

  test('starts a run, follows it to its gate, and answers by the token that the list of actions has', async () => {
    const { pipelineExecutionId } = await client.send(new StartPipelineExecutionCommand({ name: PIPELINE }));
    await rehearsal.world.clock.advanceBy(5 * 60_000);

    const state = await client.send(new GetPipelineStateCommand({ name: PIPELINE }));
    const healthy = state.stageStates
      ?.find((stage) => stage.stageName === 'Staging')
      ?.actionStates?.find((action) => action.actionName === 'Healthy')?.latestExecution;
    expect(healthy?.status).toBe('InProgress');
    expect(healthy?.lastStatusChange?.getTime()).toBeLessThanOrEqual(now());

    const { actionExecutionDetails } = await client.send(
      new ListActionExecutionsCommand({ pipelineName: PIPELINE, filter: { pipelineExecutionId } }),
    );
    const detail = actionExecutionDetails?.find((one) => one.actionName === 'Healthy');
    expect(detail?.output?.executionResult?.externalExecutionId).toBe(healthy?.token);
    expect(detail?.input?.resolvedConfiguration?.CustomData).toContain(pipelineExecutionId);
    expect(detail?.startTime?.getTime()).toBeGreaterThan(now() - 5 * 60_000);

    const { approvedAt } = await client.send(
      new PutApprovalResultCommand({
        pipelineName: PIPELINE,
        stageName: 'Staging',
        actionName: 'Healthy',
        token: healthy?.token,
        result: { status: 'Approved', summary: 'looked fine' },
      }),
    );
    expect(approvedAt?.getTime()).toBe(now());
    await rehearsal.world.clock.settle();

    const { pipelineExecution } = await client.send(
      new GetPipelineExecutionCommand({ pipelineName: PIPELINE, pipelineExecutionId }),
    );
    expect(pipelineExecution).toMatchObject({
      status: 'InProgress',
      executionType: 'STANDARD',
      trigger: { triggerType: 'StartPipelineExecution', triggerDetail: expect.stringContaining('role/operator') },
    });
    expect(pipelineExecution?.artifactRevisions?.[0]?.created?.getTime()).toBeGreaterThan(0);
  }, 60_000);

  test('raises the errors by their types', async () => {
    await expect(client.send(new GetPipelineStateCommand({ name: 'other' }))).rejects.toBeInstanceOf(
      PipelineNotFoundException,
    );
    const put = new PutApprovalResultCommand({
      pipelineName: PIPELINE,
      stageName: 'Prod',
      actionName: 'Approve',
      token: '00000000-0000-4000-8000-000000000000',
      result: { status: 'Approved', summary: '' },
    });
    await expect(client.send(put)).rejects.toBeInstanceOf(InvalidApprovalTokenException);
  });

  test('every call is recorded with what IAM would be asked', () => {
    const put = rehearsal.world.calls.find((call) => call.action === 'codepipeline:PutApprovalResult');

    expect(put).toMatchObject({
      resources: [`arn:aws:codepipeline:eu-west-1:111111111111:${PIPELINE}/Staging/Healthy`],
      roleArn: 'arn:aws:iam::111111111111:role/operator',
      ok: true,
    });
  });

  test('CodeDeploy tells of its deployments', async () => {
    const { world, codeDeploy } = rehearsal;
    const codedeploy = new CodeDeployClient({
      region: world.region,
      endpoint: world.endpoint,
      credentials: world.credentials(),
      maxAttempts: 1,
    });

    const { deploymentInfo } = await codedeploy.send(
      new GetDeploymentCommand({ deploymentId: codeDeploy.deployments[0]?.id }),
    );

    expect(deploymentInfo).toMatchObject({ status: 'Succeeded', computePlatform: 'Lambda' });
    expect(deploymentInfo?.createTime?.getTime()).toBeLessThanOrEqual(now());
  });
});

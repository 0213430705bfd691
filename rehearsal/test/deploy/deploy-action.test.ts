import { askDeployment, orderDeployment } from '../../deploy/deploy-action';
import type { ActionWork } from '../../pipeline/provider';
import type { Resource } from '../../template/model';

const ACTION_ROLE = 'arn:aws:iam::111111111111:role/deploys';

function stand(provider: string, config?: string) {
  const calls: string[] = [];
  const host = {
    account: '111111111111',
    caller: (arn: string) => ({ principal: 'codepipeline', arn, roleArn: arn }),
    call: async (service: string, operation: string, input: any, { roleArn, region }: any) => {
      expect([service, roleArn, region]).toEqual(['codedeploy', ACTION_ROLE, 'eu-central-1']);
      const { revision, ...others } = input;
      const id = revision?.s3Location.version;
      calls.push([operation, ...Object.values(others), ...(id === undefined ? [] : [id])].join(' '));
    },
  };
  const work = {
    pipeline: { name: 'shop' },
    execution: { revisions: [{ id: 'c0ffee' }] },
    action: { provider, roleArn: ACTION_ROLE, region: 'eu-central-1' },
  } as unknown as ActionWork;
  const group = {
    physicalId: 'fleet',
    properties: { ApplicationName: 'shop', ...(config === undefined ? {} : { DeploymentConfigName: config }) },
  } as unknown as Resource;
  return { calls, host, work, group };
}

test('CodePipeline registers the revision and begins its deployment, in the role and Region of the action', async () => {
  const { calls, host, work, group } = stand('CodeDeploy', 'CodeDeployDefault.AllAtOnce');

  await orderDeployment(host, work, group);

  expect(calls).toEqual([
    'GetDeploymentConfig CodeDeployDefault.AllAtOnce',
    'RegisterApplicationRevision shop c0ffee',
    'GetApplicationRevision shop c0ffee',
    'CreateDeployment shop fleet c0ffee',
  ]);
});

test('a group without a configuration has none to look at, and for ECS the application is looked at', async () => {
  const { calls, host, work, group } = stand('CodeDeployToECS');

  await orderDeployment(host, work, group);

  expect(calls.map((call) => call.split(' ')[0])).toEqual([
    'GetApplication',
    'RegisterApplicationRevision',
    'GetApplicationRevision',
    'CreateDeployment',
  ]);
});

test('CodePipeline asks how a deployment has ended', async () => {
  const { calls, host, work } = stand('CodeDeploy');

  await askDeployment(host, work, 'd-0123456789');

  expect(calls).toEqual(['GetDeployment d-0123456789']);
});

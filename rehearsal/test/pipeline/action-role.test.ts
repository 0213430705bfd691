import { takeOn } from '../../pipeline/action-role';
import type { Resource } from '../../template/model';

const PIPELINE = 'arn:aws:iam::111111111111:role/release';
const ACTION = 'arn:aws:iam::111111111111:role/deploys';
const BOOTSTRAP = 'arn:aws:iam::222222222222:role/cdk-hnb659fds-deploy-role-222222222222-eu-west-1';
const ELSEWHERE = 'arn:aws:iam::333333333333:role/by-hand';

function stand() {
  const calls: string[] = [];
  const host = {
    account: '111111111111',
    resources: () => [PIPELINE, ACTION].map((arn) => ({ arn })) as unknown as readonly Resource[],
    caller: (roleArn: string, session?: string) => ({ principal: 'x', arn: `${roleArn}/${session}`, roleArn }),
    call: async (service: string, operation: string, { RoleArn }: any, { arn }: any) =>
      void calls.push(`${arn} ${service}:${operation} ${RoleArn}`),
  };
  return { host, calls };
}

test.each([ACTION, BOOTSTRAP])('the role of the pipeline takes on %s', async (role) => {
  const { host, calls } = stand();

  await takeOn(host, PIPELINE, role);

  expect(calls).toEqual([`${PIPELINE}/codepipeline sts:AssumeRole ${role}`]);
});

test.each([
  ['its own role', PIPELINE, PIPELINE],
  ['no role', PIPELINE, undefined],
  ['a role whose trust stands in no template', PIPELINE, ELSEWHERE],
  ['the role of an action of a pipeline whose role is not known', undefined, ACTION],
])('the role of the pipeline does not have to take on %s', async (_, pipelineRole, role) => {
  const { host, calls } = stand();

  await takeOn(host, pipelineRole, role);

  expect(calls).toEqual([]);
});

import { registerTaskDefinition } from '../../deploy/task-definition-file';
import type { ActionWork } from '../../pipeline/provider';
import type { Resource } from '../../template/model';
import { AwsError } from '../../service';

const ROLE = 'arn:aws:iam::111111111111:role/action';
const TEXT = '{"family":"web","taskRoleArn":"task","containerDefinitions":[{"name":"web","image":"<IMAGE>"}]}';
const IMAGE = { Image1ArtifactName: 'Built', Image1ContainerName: 'IMAGE' };

/** The action, with this file in the artifact of the build. */
function registered(text: string | undefined, configuration: object = IMAGE, roles: object = { roleArn: ROLE }) {
  const calls: unknown[] = [];
  const project = {
    physicalId: 'build',
    properties: { Environment: { EnvironmentVariables: [{ Value: 'eu-west-1' }, { Value: text }] } },
  } as unknown as Resource;
  const host = {
    account: '111111111111',
    resources: () => [project],
    caller: (roleArn: string) => ({ principal: 'codepipeline', arn: roleArn, roleArn }),
    call: async (service: string, operation: string, input: object, caller?: { readonly roleArn: string }) => {
      const roleArn = caller?.roleArn ?? '';
      calls.push([service, operation, roleArn, input]);
      if (roleArn.endsWith('forbidden')) throw new AwsError('AccessDeniedException', 'not allowed');
      return { taskDefinition: { taskDefinitionArn: 'web:2' } };
    },
  };
  const work = {
    action: roles,
    pipeline: { stages: [{ actions: [{ outputs: ['Built'], configuration: { ProjectName: 'build' } }] }] },
    run: { resolvedConfiguration: { TaskDefinitionTemplateArtifact: 'Built', ...configuration } },
  } as unknown as ActionWork;
  return registerTaskDefinition(host, work).then((answer) => ({ answer, calls }));
}

test('is registered in the role of the action, with the image of the run', async () => {
  const { answer, calls } = await registered(TEXT);

  expect(answer).toEqual({ arn: 'web:2' });
  expect(calls).toEqual([
    ['ecs', 'RegisterTaskDefinition', ROLE, JSON.parse(TEXT.replace('<IMAGE>', 'Built:image')) as unknown],
  ]);
});

test('is registered in the role of the pipeline where the action has none', async () => {
  const { calls } = await registered(TEXT, IMAGE, {});

  expect(calls).toMatchObject([['ecs', 'RegisterTaskDefinition', 'arn:aws:iam::111111111111:role/codepipeline', {}]]);
});

test('takes the fourth image as well', async () => {
  const { answer } = await registered(TEXT, { Image4ArtifactName: 'Built', Image4ContainerName: 'IMAGE' });

  expect(answer).toEqual({ arn: 'web:2' });
});

test.each<[string, string, object, string]>([
  [
    'has a placeholder without an image',
    TEXT,
    {},
    'has container web with image <IMAGE>, for which the action has none',
  ],
  ['has a tag without an image', TEXT.replace('<IMAGE>', 'web:<TAG>'), IMAGE, 'has container web with image web:<TAG>'],
  ['is not JSON', TEXT.slice(1), IMAGE, 'is not JSON'],
  ['names no family', TEXT.replace('family', 'name'), IMAGE, 'names no family'],
  ['has no containers', '{"family":"web","containerDefinitions":[]}', IMAGE, 'has no containers'],
])('is not registered when it %s', async (_, text, configuration, why) => {
  const { answer, calls } = await registered(text, configuration);

  expect(answer.failure).toContain(`the task definition in Built ${why}`);
  expect(calls).toEqual([]);
});

test('tells what the role may not do', async () => {
  const { answer } = await registered(TEXT, IMAGE, { roleArn: 'arn:aws:iam::111111111111:role/forbidden' });

  expect(answer).toEqual({ failure: 'CodePipeline may not do this: not allowed' });
});

test('is not known of a build that is given something else', async () => {
  expect(await registered('version: 0.0')).toEqual({ answer: {}, calls: [] });
});

import { appSpecHooks } from '../../deploy/app-spec';
import type { PipelineModel } from '../../pipeline/model';
import type { Resource } from '../../template/model';

const APP_SPEC = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
Hooks:
  - BeforeAllowTraffic: "before"
  - AfterAllowTraffic: "after"
`;

const pipeline = (configuration: object): PipelineModel =>
  ({
    stages: [
      {
        actions: [
          { outputs: ['Code'], configuration: {} },
          { outputs: ['Built'], configuration },
        ],
      },
    ],
  }) as unknown as PipelineModel;

const host = (variables: readonly object[]) => ({
  resources: () =>
    [
      {
        physicalId: 'other',
        properties: { Environment: { EnvironmentVariables: [{ Value: 'Type: AWS::ECS::Service' }] } },
      },
      { physicalId: 'build', properties: { Environment: { EnvironmentVariables: variables } } },
    ] as unknown as readonly Resource[],
});

test('is found in what the project is given that makes the artifact', () => {
  const hooks = appSpecHooks(
    host([{ Value: 'eu-west-1' }, { Value: 5 }, { Value: APP_SPEC }]),
    pipeline({ ProjectName: 'build' }),
    'Built',
  );

  expect(hooks).toEqual({ BeforeAllowTraffic: 'before', AfterAllowTraffic: 'after' });
});

test('is found in what the action is given', () => {
  const EnvironmentVariables = JSON.stringify([{ name: 'APPSPEC', value: APP_SPEC }]);

  expect(appSpecHooks(host([]), pipeline({ ProjectName: 'build', EnvironmentVariables }), 'Built')).toMatchObject({
    AfterAllowTraffic: 'after',
  });
});

test('has no hooks where it names none', () => {
  const text = APP_SPEC.slice(0, APP_SPEC.indexOf('Hooks:'));

  expect(appSpecHooks(host([{ Value: text }]), pipeline({ ProjectName: 'build' }), 'Built')).toEqual({});
});

test.each([
  ['an artifact that no action makes', 'Else', [{ Value: APP_SPEC }]],
  ['no artifact', undefined, [{ Value: APP_SPEC }]],
  ['a project that is given something else', 'Built', [{ Value: 'version: 0.0' }]],
])('is not known of %s', (_, artifact, variables) => {
  expect(appSpecHooks(host(variables), pipeline({ ProjectName: 'build' }), artifact)).toBeUndefined();
});

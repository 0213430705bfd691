import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { referenceApp } from '../../bin/reference-app';
import { CONTEXT } from './harness';

function synthesize(context: Record<string, unknown> = {}) {
  return referenceApp(new App({ context: { ...CONTEXT, ...context } }));
}

interface Action {
  Name: string;
  RunOrder: number;
  Configuration: Record<string, unknown>;
  TimeoutInMinutes?: number;
}

function stagesOf(template: Template): Record<string, Action[]> {
  const [pipeline] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
  const stages = pipeline!.Properties.Stages as { Name: string; Actions: Action[] }[];
  return Object.fromEntries(stages.map((stage) => [stage.Name, stage.Actions]));
}

describe('the release pipeline', () => {
  const template = Template.fromStack(synthesize({ reviewUrl: 'https://reviews.example.com/1' }).release);

  test('goes from source over build, dev and staging to prod', () => {
    expect(Object.keys(stagesOf(template))).toEqual(['Source', 'Build', 'Dev', 'Staging', 'Prod']);
  });

  test('checks staging after its deployment, and asks people before prod', () => {
    const order = (actions: Action[]) =>
      [...actions].sort((a, b) => a.RunOrder - b.RunOrder).map((action) => action.Name);

    expect(order(stagesOf(template).Staging!)).toEqual(['Deploy', 'Healthy']);
    expect(order(stagesOf(template).Prod!)).toEqual(['Approve', 'Deploy', 'Healthy']);
  });

  test('with an archive as source, the link of a gate leads to the version of the archive that asks', () => {
    const plain = Template.fromStack(synthesize({}).release);
    const gate = stagesOf(plain).Prod!.find((action) => action.Name === 'Approve');
    const parts = (gate!.Configuration!.ExternalEntityLink as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];

    expect(parts[0]).toBe('https://console.aws.amazon.com/s3/object/');
    expect(parts.at(-1)).toBe('&prefix=source.zip&versionId=#{Source.VersionId}');
  });

  test('shows topic, link, text and time-out of a gate in the template', () => {
    const gate = stagesOf(template).Prod!.find((action) => action.Name === 'Approve');

    expect(gate).toMatchObject({
      TimeoutInMinutes: 10080,
      Configuration: {
        NotificationArn: expect.anything(),
        ExternalEntityLink: 'https://reviews.example.com/1',
        CustomData: expect.stringContaining('#{codepipeline.PipelineExecutionId}'),
      },
    });
  });

  test('rolls prod back when its checks reject', () => {
    template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([Match.objectLike({ Name: 'Prod', OnFailure: { Result: 'ROLLBACK' } })]),
    });
  });

  test('deploys with roles that reach one environment each', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
      /^Deploy(Dev|Staging|Prod)Role/.test(id),
    );

    expect(policies).toHaveLength(3);
    for (const [id, policy] of policies) {
      const own = /^Deploy(Dev|Staging|Prod)Role/.exec(id)![1]!;
      const document = JSON.stringify(policy);
      for (const other of ['Dev', 'Staging', 'Prod'].filter((name) => name !== own)) {
        expect(document).not.toContain(`Shop${other}-`);
        expect(document).not.toContain(`shop-${other.toLowerCase()}`);
      }
      const anywhere = policy.Properties.PolicyDocument.Statement.filter(({ Resource }: any) => Resource === '*');
      expect(anywhere.flatMap(({ Action }: any) => Action)).toEqual([
        'logs:DescribeIndexPolicies',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
      ]);
    }
  });

  test('deploys the templates that its own build writes, under the names of the stacks beside it', () => {
    const { services } = synthesize();

    const deployed = ['Dev', 'Staging', 'Prod'].map((stage) => {
      const deploy = stagesOf(template)[stage]!.find((action) => action.Name === 'Deploy')!;
      return [deploy.Configuration.StackName, String(deploy.Configuration.TemplatePath).replace(/^.*::/, '')];
    });
    expect(deployed).toEqual(services.map((service) => [service.stackName, service.templateFile]));
  });
});

describe('the service', () => {
  test('moves to production by a canary of 10 percent for 10 minutes, and rolls back', () => {
    const [, , prod] = synthesize().services;

    Template.fromStack(prod!).hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
      AutoRollbackConfiguration: { Enabled: true, Events: Match.arrayWith(['DEPLOYMENT_STOP_ON_ALARM']) },
    });
  });

  test('is one template: no asset and no bootstrap version, so the pipeline can deploy what the build wrote', () => {
    for (const service of synthesize().services) {
      const template = Template.fromStack(service).toJSON();

      expect(template.Parameters).toBeUndefined();
      expect(template.Rules).toBeUndefined();
      expect(JSON.stringify(template)).not.toContain('cdk-hnb659fds');
    }
  });

  test('gets a new version with every release, and keeps the one before, but none that failed', () => {
    const versions = ['1', '2'].map((release) => {
      const template = Template.fromStack(synthesize({ release }).services[2]!);
      const [[id, version]] = Object.entries(template.findResources('AWS::Lambda::Version')) as [
        [string, { DeletionPolicy: string }],
      ];
      expect(version.DeletionPolicy).toBe('RetainExceptOnCreate');
      return id;
    });

    expect(versions[0]).not.toEqual(versions[1]);
  });

  test('serves customers, and answers a health check', async () => {
    const { handler } = jest.requireActual('../../bin/service/shop.cjs') as {
      handler: (event: object) => Promise<{ statusCode?: number; hookStatus?: string }>;
    };

    expect((await handler({ rawPath: '/items' })).statusCode).toBe(200);
    expect((await handler({ rawPath: '/items/assam' })).statusCode).toBe(200);
    expect((await handler({ rawPath: '/items/coffee' })).statusCode).toBe(404);
    expect((await handler({ kind: 'approval-gate-check' })).hookStatus).toBe('SUCCEEDED');
  });
});

describe('the workflow', () => {
  test('faces the internet with a function that knows neither CodePipeline nor Step Functions', () => {
    const template = Template.fromStack(synthesize().approvals);
    const statements = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.includes('Review'))
      .map(([, policy]) => JSON.stringify(policy));

    expect(statements.length).toBeGreaterThan(0);
    expect(statements.join()).not.toMatch(/codepipeline:|states:|iam:|sts:|sns:|ses:/);
  });
});

describe('context', () => {
  test('takes changes from a repository behind a connection', () => {
    const { release } = synthesize({
      connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1',
      repository: 'example/shop',
      branch: 'trunk',
    });

    expect(stagesOf(Template.fromStack(release)).Source![0]!.Configuration).toMatchObject({
      ConnectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1',
      FullRepositoryId: 'example/shop',
      BranchName: 'trunk',
    });
  });

  test('takes changes from a bucket that exists', () => {
    const template = Template.fromStack(synthesize({ sourceBucket: 'my-sources', sourceKey: 'shop.zip' }).release);

    expect(stagesOf(template).Source![0]!.Configuration).toMatchObject({
      S3Bucket: 'my-sources',
      S3ObjectKey: 'shop.zip',
    });
  });

  test('names approvers, their quorum and their further names', () => {
    const { approvals } = synthesize({
      approvers: 'dee@example.com, eve@example.com,fay@example.com',
      quorum: '2',
      alsoKnownAs: '{"dee@example.com":["dee-gh"]}',
    });
    const template = JSON.stringify(Template.fromStack(approvals).toJSON());

    expect(approvals.approvers.quorum).toBe(2);
    expect(template).toContain('eve@example.com');
    expect(template).toContain('dee-gh');
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['a quorum of nobody', { quorum: '0' }, /`quorum` must be a whole number from 1 .* got '0'/],
    ['a quorum above the number of approvers', { quorum: '4' }, /`quorum` .*\(3\), got '4'/],
    ['a quorum that is no number', { quorum: 'most' }, /`quorum` .* got 'most'/],
    ['a connection without a repository', { connectionArn: 'arn:aws:x' }, /`repository` must be 'owner\/name'/],
    ['names that are no list', { alsoKnownAs: '{"a@example.com":"a"}' }, /`alsoKnownAs` must map addresses to lists/],
  ])('fails for %s', (_what, context, message) => {
    expect(() => synthesize(context)).toThrow(message);
  });
});

import { Duration, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { ApprovalGateActionProps } from '../../../lib/approval';
import {
  ApprovalGateAction,
  Approver,
  ApproverGroup,
  Approvers,
  OnInconclusive,
  RequireReason,
} from '../../../lib/approval';
import { Check } from '../../../lib/check';
import { newPipeline, newStack } from './stacks';

const people = Approvers.emails('ana@example.com', 'bo@example.com');

function gate(props: Partial<ApprovalGateActionProps> = {}): ApprovalGateAction {
  return new ApprovalGateAction({ actionName: 'Approve', approvers: people, ...props });
}

function stackWith(...actions: codepipeline.IAction[]): Stack {
  const stack = newStack();
  newPipeline(stack).addStage({ stageName: 'Prod', actions });
  return stack;
}

function approvalsOf(stack: Stack): any[] {
  const [pipeline] = Object.values(Template.fromStack(stack).findResources('AWS::CodePipeline::Pipeline'));
  const stages: any[] = pipeline!.Properties.Stages;
  return stages.flatMap((stage) => stage.Actions).filter((action) => action.ActionTypeId.Category === 'Approval');
}

describe('a gate without a workflow', () => {
  test('is the manual approval of CodePipeline, with link, text, topic and time-out', () => {
    // GIVEN
    const stack = stackWith(
      gate({
        runOrder: 1,
        reviewUrl: 'https://reviews.example.com/r/#{Source.VersionId}',
        additionalInformation: 'Look at the dashboard first',
        timeout: Duration.hours(4),
      }),
    );

    // WHEN
    const [action] = approvalsOf(stack);

    // THEN
    expect(action).toEqual({
      Name: 'Approve',
      ActionTypeId: { Category: 'Approval', Owner: 'AWS', Provider: 'Manual', Version: '1' },
      RunOrder: 1,
      TimeoutInMinutes: 240,
      Configuration: {
        NotificationArn: { Ref: expect.stringContaining('ApprovalMail') },
        ExternalEntityLink: 'https://reviews.example.com/r/#{Source.VersionId}',
        CustomData: 'Look at the dashboard first',
      },
    });
  });

  test('mails its approvers by one topic that demands TLS, and makes no function and no role', () => {
    const template = Template.fromStack(stackWith(gate()));

    template.hasResourceProperties('AWS::SNS::Topic', {
      Subscription: [
        { Protocol: 'email', Endpoint: 'ana@example.com' },
        { Protocol: 'email', Endpoint: 'bo@example.com' },
      ],
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
    template.resourceCountIs('AWS::Lambda::Function', 0);
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    template.resourceCountIs('AWS::IAM::Role', 2); // the pipeline's, its source's
  });

  test('lets the pipeline publish to exactly that topic', () => {
    const template = Template.fromStack(stackWith(gate()));
    const topic = Object.keys(template.findResources('AWS::SNS::Topic'))[0];

    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const publishing = policies
      .flatMap((policy) => policy.Properties.PolicyDocument.Statement)
      .filter((statement) => JSON.stringify(statement.Action).includes('sns:'));
    expect(publishing).toEqual([{ Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: topic } }]);
  });

  test('keeps its topic when one of its people changes, so that nobody else has to confirm again', () => {
    const topicOf = (...mails: string[]) =>
      Object.entries(
        Template.fromStack(stackWith(gate({ approvers: Approvers.emails(...mails) }))).findResources('AWS::SNS::Topic'),
      )[0]!;

    const [before] = topicOf('ana@example.com', 'bo@example.com');
    const [after, { Properties }] = topicOf('ana@example.com', 'cy@example.com');

    expect(after).toBe(before);
    expect(Properties.Subscription.map((one: any) => one.Endpoint)).toEqual(['ana@example.com', 'cy@example.com']);
  });

  test('keeps its topic when a gate of the same people comes before it, and adds nothing but a topic', () => {
    const template = (...stageNames: string[]) => {
      const stack = newStack();
      const pipeline = newPipeline(stack);
      stageNames.forEach((stageName) => pipeline.addStage({ stageName, actions: [gate()] }));
      return Template.fromStack(stack).toJSON().Resources;
    };

    const [one, two] = [template('Prod'), template('Test', 'Prod')];
    const added = Object.keys(two).filter((id) => !(id in one));
    expect(added.map((id) => two[id].Type)).toEqual(['AWS::SNS::Topic']);
    expect(Object.keys(one).filter((id) => !(id in two))).toEqual([]);
  });

  test('may use the key of an encrypted topic, without which it could not publish', () => {
    const stack = newStack();
    const notificationTopic = new sns.Topic(stack, 'Mine', { masterKey: new kms.Key(stack, 'Key') });
    newPipeline(stack).addStage({
      stageName: 'Prod',
      actions: [new ApprovalGateAction({ actionName: 'Approve', notificationTopic })],
    });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
          },
        ]),
      },
    });
  });

  test('fails for a FIFO topic, and for a topic of another Region', () => {
    const stack = newStack({ env: { account: '111111111111', region: 'eu-west-1' } });
    const pipeline = newPipeline(stack);
    const add = (notificationTopic: sns.ITopic) => () =>
      pipeline.addStage({
        stageName: notificationTopic.node.id,
        actions: [new ApprovalGateAction({ actionName: 'Approve', notificationTopic })],
      });

    expect(add(new sns.Topic(stack, 'Fifo', { fifo: true }))).toThrow(/is a FIFO topic.*give a standard topic/);
    const far = sns.Topic.fromTopicArn(stack, 'Far', 'arn:aws:sns:us-east-1:111111111111:far');
    expect(add(far)).toThrow(/is in us-east-1, but the pipeline is in eu-west-1/);
  });

  test('notifies a topic of yours instead', () => {
    const stack = newStack();
    const notificationTopic = sns.Topic.fromTopicArn(stack, 'Mine', 'arn:aws:sns:eu-west-1:111111111111:mine');
    newPipeline(stack).addStage({
      stageName: 'Prod',
      actions: [new ApprovalGateAction({ actionName: 'Approve', notificationTopic })],
    });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:aws:sns:eu-west-1:111111111111:mine' },
        ]),
      },
    });
  });
});

describe('what only a workflow can do fails without one, and says so', () => {
  const [ana, bo] = ['ana', 'bo'].map((name) => Approver.person(`${name}@example.com`));
  test.each<[string, Partial<ApprovalGateActionProps>, RegExp]>([
    ['a quorum', { approvers: Approvers.atLeast(2, ana!, bo!) }, /`approvers` with a quorum of 2 needs a `workflow`/],
    [
      'groups, even one that needs one',
      { approvers: Approvers.allGroups(ApproverGroup.anyOf('Security', ana!, bo!)) },
      /`Approvers.allGroups` needs a `workflow`: give `workflow: new ApprovalWorkflow\(this, 'Approvals'\)`, which many gates may share, or do without/,
    ],
    ['checks', { checks: [Check.http('https://example.com')] }, /`checks` needs a `workflow`/],
    ['exclusion of authors', { excludeAuthor: true }, /`excludeAuthor` needs a `workflow`/],
    ['reasons', { requireReason: RequireReason.ALWAYS }, /`requireReason` ALWAYS needs a `workflow`/],
    [
      'aliases',
      { approvers: Approvers.anyOf(Approver.person('ana@example.com', { alsoKnownAs: ['ana-gh'] })) },
      /`alsoKnownAs` of 'ana@example.com' needs a `workflow`/,
    ],
    [
      'guests',
      { approvers: Approvers.anyOf(ana!, Approver.guest('cy@customer.example', { until: '2999-01-01' })) },
      /the end of guest 'cy@customer.example' needs a `workflow`/,
    ],
    ['a bake time', { bakeTime: Duration.hours(1) }, /`bakeTime` is about `checks`/],
    ['a fallback', { onInconclusive: OnInconclusive.REJECT }, /`onInconclusive` is about `checks`/],
    ['nobody', { approvers: undefined }, /needs `approvers`, `checks` or both/],
  ])('%s', (_, props, message) => {
    expect(() => gate(props)).toThrow(message);
  });

  test('two topics', () => {
    const notificationTopic = sns.Topic.fromTopicArn(newStack(), 'Mine', 'arn:aws:sns:eu-west-1:111111111111:mine');
    expect(() => gate({ notificationTopic })).toThrow(/`notificationTopic` and `approvers` are both given/);
  });

  test('what asks for nothing special is taken', () => {
    const shared = Approvers.anyOf(Approver.sharedMailbox('ops@example.com', { name: 'Ops' }));
    expect(() =>
      gate({ excludeAuthor: false, requireReason: RequireReason.OPTIONAL, approvers: shared }),
    ).not.toThrow();
  });
});

describe('limits', () => {
  test.each([Duration.minutes(5), Duration.days(60), Duration.seconds(300)])('takes a time-out of %s', (timeout) => {
    expect(() => gate({ timeout })).not.toThrow();
  });

  test.each([
    Duration.minutes(4),
    Duration.seconds(299),
    Duration.minutes(0),
    Duration.days(60).plus(Duration.minutes(1)),
    Duration.seconds(330),
  ])('fails for a time-out of %s', (timeout) => {
    expect(() => gate({ timeout })).toThrow(/`timeout` is .* between 5 minutes and 60 days/);
  });

  test('renders a time-out that is known at deployment only', () => {
    const [action] = approvalsOf(stackWith(gate({ timeout: Duration.minutes(Lazy.number({ produce: () => 77 })) })));
    expect(action.TimeoutInMinutes).toBe(77);
  });

  test('waits seven days when nothing is said', () => {
    expect(approvalsOf(stackWith(gate()))[0].TimeoutInMinutes).toBe(10080);
  });

  const url = (length: number): string => `https://example.com/${'x'.repeat(length - 20)}`;
  test('takes a link and a text of 1,000 characters, not of 1,001', () => {
    expect(() => gate({ reviewUrl: url(1000), additionalInformation: 'x'.repeat(1000) })).not.toThrow();
    expect(() => gate({ reviewUrl: url(1001) })).toThrow(/`reviewUrl` has 1001 characters, but at most 1000/);
    expect(() => gate({ additionalInformation: 'x'.repeat(1001) })).toThrow(/`additionalInformation` has 1001/);
  });

  test('counts the literal part of a text with tokens', () => {
    const token = Lazy.string({ produce: () => 'resolved' });
    expect(() => gate({ additionalInformation: `${'x'.repeat(1000)}${token}` })).not.toThrow();
    expect(() => gate({ additionalInformation: `${'x'.repeat(1001)}${token}` })).toThrow(/at most 1000/);
    expect(() => gate({ reviewUrl: token })).not.toThrow();
  });

  test.each(['example.com', 'javascript:alert(1)', 'ftp://example.com', 'https://exa mple.com', ''])(
    'fails for the link %j',
    (reviewUrl) => {
      expect(() => gate({ reviewUrl })).toThrow(/`reviewUrl` is .*must begin with 'https:\/\/'/);
    },
  );

  test.each([
    [{ reviewUrl: 'ftp://example.com' }, /`reviewUrl` is 'ftp:\/\/example.com', but must begin with 'https:\/\/'/],
    [{ reviewUrl: `https://example.com/${'x'.repeat(2000)}` }, /`reviewUrl` has 2020 characters, but at most 1000 fit/],
    [{ additionalInformation: 'x'.repeat(1001) }, /`additionalInformation` has 1001 characters, but at most 1000 fit/],
  ])('fails at synth for a text that is known only then: %#', (texts, message) => {
    const late = Object.fromEntries(
      Object.entries(texts).map(([prop, text]) => [prop, Lazy.string({ produce: () => text })]),
    );

    expect(() => Template.fromStack(stackWith(gate(late)))).toThrow(message);
  });

  test('takes a good link that is known only at synth, and one that the deployment makes', () => {
    const lazy = Lazy.string({ produce: () => 'https://example.com/#{Source.VersionId}' });

    expect(approvalsOf(stackWith(gate({ reviewUrl: lazy })))[0].Configuration.ExternalEntityLink).toContain('https://');
    expect(() => Template.fromStack(stackWith(gate({ reviewUrl: Fn.importValue('Link') })))).not.toThrow();
  });

  test.each([0, 1000, 1.5, -1, NaN])('fails for the run order %d', (runOrder) => {
    expect(() => gate({ runOrder })).toThrow(/`runOrder` is .*, but must be a whole number from 1 to 999/);
  });

  test.each([1, 999])('takes the run order %d', (runOrder) => {
    expect(gate({ runOrder }).actionProperties.runOrder).toBe(runOrder);
  });

  test.each(['a', 'A.b@c-d_9', 'x'.repeat(100)])('takes the name %s', (actionName) => {
    expect(() => gate({ actionName })).not.toThrow();
  });

  test.each(['', 'x'.repeat(101), 'a b', 'a/b', 'ä'])('fails for the name %j', (actionName) => {
    expect(() => gate({ actionName })).toThrow(/`actionName` is/);
  });
});

describe('permission to answer', () => {
  const expected = (template: Template): void => {
    const pipeline = Object.keys(template.findResources('AWS::CodePipeline::Pipeline'))[0];
    const arn = (suffix: string) => ({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':codepipeline:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          ':',
          { Ref: pipeline },
          ...(suffix === '' ? [] : [suffix]),
        ],
      ],
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      Users: Match.anyValue(),
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'codepipeline:PutApprovalResult', Resource: arn('/Prod/Approve') },
          {
            Effect: 'Allow',
            Action: ['codepipeline:GetPipeline', 'codepipeline:GetPipelineState', 'codepipeline:GetPipelineExecution'],
            Resource: arn(''),
          },
          { Effect: 'Allow', Action: 'codepipeline:ListPipelines', Resource: '*' },
        ],
      },
    });
  };

  test('is exact, given after the gate stands in its stage', () => {
    const stack = newStack();
    const action = gate();
    newPipeline(stack).addStage({ stageName: 'Prod', actions: [action] });
    const grant = action.grantManualApproval(new iam.User(stack, 'Ana'));
    expect(grant.success).toBe(true);
    expected(Template.fromStack(stack));
  });

  test('is the same, given before', () => {
    const stack = newStack();
    const action = gate();
    action.grantManualApproval(new iam.User(stack, 'Ana'));
    newPipeline(stack).addStage({ stageName: 'Prod', actions: [action] });
    expected(Template.fromStack(stack));
  });

  test('fails for a gate that never gets a pipeline', () => {
    const stack = newStack();
    gate().grantManualApproval(new iam.User(stack, 'Ana'));
    expect(() => Template.fromStack(stack)).toThrow(/needs its pipeline: add the action to a stage/);
  });
});

describe('as an action', () => {
  test('tells a target of its changes, once it is bound', () => {
    const stack = newStack();
    const action = gate();
    const target = new targets.SqsQueue(new sqs.Queue(stack, 'Queue'));
    expect(() => action.onStateChange('Early', target)).toThrow(/add the action to a stage/);
    newPipeline(stack).addStage({ stageName: 'Prod', actions: [action] });
    action.onStateChange('Changed', target);
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: { stage: ['Prod'], action: ['Approve'] } }),
    });
  });

  test('fails in a second stage', () => {
    const pipeline = newPipeline(newStack());
    const action = gate();
    pipeline.addStage({ stageName: 'One', actions: [action] });
    expect(() => pipeline.addStage({ stageName: 'Two', actions: [action] })).toThrow(
      /stands in stage 'One' of 'Release.Pipeline' already, and cannot stand in stage 'Two'/,
    );
  });

  test('warns where a rejection would be asked again', () => {
    const stack = newStack();
    newPipeline(stack).addStage({
      stageName: 'Prod',
      actions: [gate()],
      onFailure: { result: codepipeline.Result.RETRY, retryMode: codepipeline.RetryMode.FAILED_ACTIONS },
    });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('retryAfterRejection'));
  });
});

// What happens at the gates, in a Slack channel and in a Teams channel: events, a topic, and Amazon Q Developer in chat applications
// (before: AWS Chatbot). No code runs, and nobody approves in the channel: personal links go by email only.
import { App, Stack } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ApprovalWorkflow, Approver, Approvers } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'ChatNotices');

const approvals = new ApprovalWorkflow(stack, 'Approvals');
approvals.addGate({
  pipelineName: 'shop',
  stageName: 'Prod',
  actionName: 'Approve',
  approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
});

// The role and the policy bound what members of the channel can make Amazon Q do: nothing.
const nothing = iam.ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll');
const notices = new sns.Topic(stack, 'Notices', { enforceSSL: true });
const role = new iam.Role(stack, 'ChatRole', { assumedBy: new iam.ServicePrincipal('chatbot.amazonaws.com') });
new chatbot.SlackChannelConfiguration(stack, 'Slack', {
  slackChannelConfigurationName: 'releases-slack',
  slackWorkspaceId: 'T0123456789', // of the workspace that was authorized in the console of Amazon Q Developer
  slackChannelId: 'C0123456789',
  notificationTopics: [notices],
  role,
  guardrailPolicies: [nothing],
});
new chatbot.CfnMicrosoftTeamsChannelConfiguration(stack, 'Teams', {
  configurationName: 'releases-teams',
  teamId: '00000000-0000-4000-8000-000000000001',
  teamsChannelId: '19%3A0123456789abcdef%40thread.tacv2',
  teamsTenantId: '00000000-0000-4000-8000-000000000002',
  iamRoleArn: role.roleArn,
  snsTopicArns: [notices.topicArn],
  guardrailPolicies: [nothing.managedPolicyArn],
});

// Names of pipelines, stages and actions hold no quotes and no markup, so they may stand within a text. What people wrote may hold
// both: it is a value of its own, which EventBridge writes as JSON.
const of = (name: string) => events.EventField.fromPath(`$.detail.${name}`);
const gate = `${of('pipeline')} ${of('stage')}/${of('action')}`;
const region = events.EventField.fromPath('$.region');
const console = `https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${of('pipeline')}/view?region=${region}`;

/** A custom notification; all of one request stand in one thread. */
function notice(title: string, description: string, nextStep: string): events.RuleTargetInput {
  return events.RuleTargetInput.fromObject({
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown', title, description, nextSteps: [nextStep] },
    metadata: { threadId: of('requestId'), summary: title, eventType: events.EventField.fromPath('$.detail-type') },
  });
}
const tell = (message: events.RuleTargetInput) => ({ target: new targets.SnsTopic(notices, { message }) });

approvals.onApprovalRequested(
  'Requested',
  tell(notice(`${gate} waits for approval`, `Run ${of('executionId')}`, 'Approvers answer by the link in their email')),
);
approvals.onApprovalDecided('Decided', tell(notice(`${gate}: ${of('outcome')}`, of('summary'), `Look at ${console}`)));
approvals.onApprovalBypassed(
  'Bypassed',
  tell(notice(`${gate} was answered outside of its policy`, of('summary'), 'Ask whether that was meant')),
);
approvals.onGateNeedsConsole(
  'NeedsConsole',
  tell(notice(`${gate} can be answered in the console only`, of('reason'), `Answer it at ${console}`)),
);

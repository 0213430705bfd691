// Tickets by the events of a workflow, without code: a change record in ServiceNow for every decision, an issue in Jira for every
// answer outside of a gate's policy. EventBridge calls their APIs, and tries for a day.
import { App, SecretValue, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { ApprovalWorkflow, Approver, Approvers } from 'cdk-approval-gates';

export const app = new App();
const stack = new Stack(app, 'Tickets');

const approvals = new ApprovalWorkflow(stack, 'Approvals');
approvals.addGate({
  pipelineName: 'shop',
  stageName: 'Prod',
  actionName: 'Approve',
  approvers: Approvers.anyOf(Approver.person('ana@example.com'), Approver.person('bo@example.com')),
});

const of = (name: string) => events.EventField.fromPath(`$.detail.${name}`);
const gate = `${of('pipeline')} ${of('stage')}/${of('action')}`;

// ServiceNow: the Table API, by an OAuth application that may use the client credentials grant.
const serviceNow = new events.ApiDestination(stack, 'ChangeRecords', {
  connection: new events.Connection(stack, 'ServiceNow', {
    authorization: events.Authorization.oauth({
      authorizationEndpoint: 'https://example.service-now.com/oauth_token.do',
      httpMethod: events.HttpMethod.POST,
      clientId: '0123456789abcdef0123456789abcdef',
      clientSecret: SecretValue.secretsManager('service-now/approvals'),
      bodyParameters: { grant_type: events.HttpParameter.fromString('client_credentials') },
    }),
  }),
  endpoint: 'https://example.service-now.com/api/now/table/change_request',
  httpMethod: events.HttpMethod.POST,
  rateLimitPerSecond: 5,
});
approvals.onApprovalDecided('Record', {
  target: new targets.ApiDestination(serviceNow, {
    event: events.RuleTargetInput.fromObject({
      short_description: `${gate}: ${of('outcome')}`,
      description: of('summary'), // a value of its own: what people wrote may hold quotes
      correlation_id: of('requestId'), // an event may come twice
      correlation_display: 'cdk-approval-gates',
    }),
  }),
});

// Jira Cloud: the API of version 2, which takes plain text where version 3 wants a document.
const jira = new events.ApiDestination(stack, 'Issues', {
  connection: new events.Connection(stack, 'Jira', {
    authorization: events.Authorization.basic('approvals@example.com', SecretValue.secretsManager('jira/api-token')),
  }),
  endpoint: 'https://example.atlassian.net/rest/api/2/issue',
  httpMethod: events.HttpMethod.POST,
  rateLimitPerSecond: 5,
});
approvals.onApprovalBypassed('FollowUp', {
  target: new targets.ApiDestination(jira, {
    event: events.RuleTargetInput.fromObject({
      fields: {
        project: { key: 'OPS' },
        issuetype: { name: 'Task' },
        summary: `${gate} was answered outside of its policy`,
        description: of('summary'),
        labels: ['approval-bypassed'],
      },
    }),
  }),
});

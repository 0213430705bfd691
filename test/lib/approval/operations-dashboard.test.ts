import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metric } from '../../../contract/names';
import { ApprovalWorkflow, OperationsDashboard } from '../../../lib/approval';
import { flat } from './gate-fixture';
import { newApp } from './stacks';

const env = { account: '111111111111', region: 'eu-west-1' };
const FILE = /https:\S+?\/blob\/main\/([^)#\s]+)#([^)\s]+)/g;

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly width: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly query?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

function synthesized(change: (stack: Stack, workflow: ApprovalWorkflow) => void = () => undefined): Template {
  const stack = new Stack(newApp(), 'Shop', { env });
  change(stack, new ApprovalWorkflow(stack, 'Approvals', { workflowName: 'shop' }));
  return Template.fromStack(stack);
}

const template = synthesized((stack, workflow) => void new OperationsDashboard(stack, 'Operations', { workflow }));
const [resource] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
const widgets = (JSON.parse(flat(resource!.Properties.DashboardBody)) as { readonly widgets: readonly Widget[] })
  .widgets;

/** What a graph shows: namespace, name and dimensions of each metric. */
const metrics = widgets
  .flatMap(({ properties }) => properties.metrics ?? [])
  .map((metric) => metric.filter((part) => typeof part === 'string').map(String));

describe('the operations dashboard', () => {
  test('is one resource more, and none without it', () => {
    const before = Object.keys(synthesized().toJSON().Resources);
    const after = Object.keys(template.toJSON().Resources);
    expect(after.filter((id) => !before.includes(id))).toEqual([expect.stringMatching(/^OperationsDashboard/)]);
    expect(before.filter((id) => !after.includes(id))).toEqual([]);
  });

  test('is named after the workflow, and looks back a week, unless you say otherwise', () => {
    expect(resource!.Properties.DashboardName).toBe('approval-gates-shop');
    expect(flat(resource!.Properties.DashboardBody)).toContain('"start":"-P7D"');
    synthesized((stack, workflow) => {
      new OperationsDashboard(stack, 'Operations', {
        workflow,
        dashboardName: 'mine',
        defaultInterval: Duration.hours(3),
      }).dashboard.addWidgets(new cloudwatch.TextWidget({ markdown: 'Call Ana' }));
    }).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'mine' });
  });

  test('may stand in another stack than the workflow', () => {
    const app = newApp();
    const workflow = new ApprovalWorkflow(new Stack(app, 'Shop', { env }), 'Approvals', { workflowName: 'shop' });
    const ops = new Stack(app, 'Ops', { env });
    new OperationsDashboard(ops, 'Operations', { workflow });
    expect(() => Template.fromStack(ops)).not.toThrow();
  });

  test('names sections of the manual that are there, the review page and every alarm', () => {
    const { markdown } = widgets[0]!.properties;
    const links = [...markdown!.matchAll(FILE)];
    expect(links.length).toBeGreaterThan(5);
    for (const [, file, section] of links) {
      const headings = readFileSync(join(__dirname, '../../..', file!), 'utf8').match(/^## .*/gm) ?? [];
      const anchors = headings.map((one) =>
        one
          .slice(3)
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, '')
          .replace(/ /g, '-'),
      );
      expect(anchors).toContain(section);
    }
    expect(markdown).toMatch(/\[Review page\]\(<[^>]*Api[^>]*>/);
    expect(widgets[1]!.properties.alarms).toHaveLength(4);
  });

  test('shows each count of the workflow, and no other metric of its namespace', () => {
    const own = metrics.filter(([namespace]) => namespace === 'ApprovalGates');
    expect(own.map(([, name]) => name).sort()).toEqual(Object.values(Metric).sort());
    own.forEach((metric) => expect(metric.slice(2)).toEqual(['Workflow', 'shop']));
  });

  test('shows metrics of AWS about resources of the template alone', () => {
    const all = template.toJSON().Resources as { [id: string]: { Type: string } };
    const types: { [namespace: string]: string } = {
      'AWS/SQS': 'AWS::SQS::Queue',
      'AWS/States': 'AWS::StepFunctions::StateMachine',
      'AWS/Lambda': 'AWS::Lambda::Function',
      'AWS/ApiGateway': 'AWS::ApiGatewayV2::Api',
    };
    const foreign = metrics.filter(([namespace]) => namespace !== 'ApprovalGates');
    expect(new Set(foreign.map(([namespace]) => namespace))).toEqual(new Set(Object.keys(types)));
    for (const [namespace, , , reference] of foreign) {
      const id = /^<([^.>]+)/.exec(reference!)?.[1] ?? '';
      expect(all[id]?.Type).toBe(types[namespace!]);
    }
    expect(foreign.map(([namespace, name]) => `${namespace} ${name}`)).toEqual(
      expect.arrayContaining([
        'AWS/SQS ApproximateNumberOfMessagesVisible',
        'AWS/SQS ApproximateAgeOfOldestMessage',
        'AWS/States ExecutionsFailed',
        'AWS/Lambda Errors',
        'AWS/Lambda Throttles',
        'AWS/ApiGateway 4xx',
        'AWS/ApiGateway 5xx',
        'AWS/ApiGateway Latency',
      ]),
    );
  });

  test('asks logs that are there', () => {
    const groups = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    const asked = widgets.flatMap(({ properties }) => /^SOURCE '<([^']+)>'/.exec(properties.query ?? '')?.[1] ?? []);
    expect(asked).toHaveLength(4);
    asked.forEach((group) => expect(groups).toContain(group));
  });

  test('counts outcomes by the line that decide writes', () => {
    const query = widgets.find(({ properties }) => properties.title === 'Outcomes, and who decided')!.properties.query!;
    expect(query.replace(/^SOURCE '[^']+'\s*\|\s*/, '').split('\n| ')).toEqual([
      'filter message like "request decided:"',
      'parse message "request decided: * by *" as outcome, decider',
      'stats count(*) as requests by outcome, decider',
      'sort requests desc',
    ]);
  });

  test('fills its 24 columns', () => {
    widgets.forEach(({ x, width }) => expect(x + width).toBeLessThanOrEqual(24));
    expect(widgets.filter(({ x, width }) => x + width === 24)).toHaveLength(6);
  });
});

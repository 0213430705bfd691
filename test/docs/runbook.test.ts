/** Whoever is woken by an alarm of ours finds in its description what to do. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceApp } from '../../bin/reference-app';
import * as ours from '../../lib';
import { LambdaRollout, RolloutStrategy } from '../../lib';
import { runbook } from '../../lib/private/runbook';
import { CONTEXT, EXAMPLES, loadExample } from '../examples/harness';

const MANUAL = readFileSync(join(__dirname, '..', '..', 'docs', 'operations.md'), 'utf8');

/** The manual's sections, by the anchors that GitHub gives their headings. */
const SECTIONS = new Map(
  MANUAL.split(/^## /m)
    .slice(1)
    .map((section) => [anchorOf(section.slice(0, section.indexOf('\n'))), section] as const),
);

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- _]/gu, '')
    .replace(/ /g, '-');
}

const classes: readonly unknown[] = Object.values(ours).filter((one) => typeof one === 'function');

function isOurs(alarm: IConstruct): boolean {
  return alarm.node.scopes.some((scope) => classes.includes(scope.constructor));
}

/** Descriptions of the alarms of an app, by their paths. */
function alarmsOf(app: App, chosen: (alarm: IConstruct) => boolean = isOurs): readonly (readonly [string, string])[] {
  return app.node
    .findAll()
    .filter((one) => one instanceof cloudwatch.CfnAlarm || one instanceof cloudwatch.CfnCompositeAlarm)
    .filter(chosen)
    .map((alarm) => [alarm.node.path, JSON.stringify(Stack.of(alarm).resolve(alarm.alarmDescription)) ?? '']);
}

const LINK = new RegExp(`${runbook('').replace(/[.]/g, '\\.')}([\\w-]+)`);

function mustLead(alarms: readonly (readonly [string, string])[]): void {
  for (const [path, description] of alarms) {
    const anchor = LINK.exec(description)?.[1] ?? `${path} has no link: ${description}`;
    const section = SECTIONS.get(anchor) ?? `the manual has no section ${anchor}`;
    const parts = [...section.matchAll(/^\*\*(What happened|Look|Do)\.\*\* ./gm)].map(([, part]) => part);

    expect([path, anchor, parts]).toEqual([path, anchor, ['What happened', 'Look', 'Do']]);
  }
}

test.each(EXAMPLES)('every alarm of ours in examples/%s leads to its section of the manual', (name) => {
  mustLead(alarmsOf(loadExample(name)));
});

test('so does every alarm of the reference app', () => {
  const app = new App({ context: CONTEXT });
  referenceApp(app);

  const alarms = alarmsOf(app, () => true);
  expect(alarms.length).toBeGreaterThan(10);
  mustLead(alarms);
});

test('so do those that are made on request', () => {
  const app = new App();
  const stack = new Stack(app, 'Shop');
  const handler = new lambda.Function(stack, 'Shop', {
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  new LambdaRollout(stack, 'Rollout', {
    handler,
    strategy: RolloutStrategy.canary(10, Duration.minutes(10)),
    watch: { errors: 1, comparedWithOld: {}, p99Duration: Duration.seconds(1) },
  });

  expect(alarmsOf(app)).toHaveLength(4);
  mustLead(alarmsOf(app));
});

test('alarms of ours are known as such', () => {
  expect(alarmsOf(loadExample('lambda-rollout'))).toHaveLength(2);
  expect(alarmsOf(loadExample('workflow-gate')).length).toBeGreaterThan(3);
  // It makes an alarm itself.
  expect(alarmsOf(loadExample('stage-conditions'))).toEqual([]);
});

/** The templates of examples/chat-notices.ts and examples/tickets.ts, filled with events that `decide` puts in rehearsals. */
import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';
import { z } from 'zod';
import { matchesPattern } from '../../rehearsal/aws/event-pattern';
import { inputOf } from '../../rehearsal/aws/target-input';
import type { EventRecord } from '../../rehearsal/record';
import { rehearse, scenarioOf } from '../../rehearsal/test/support/scenarios';
import { loadExample } from './harness';

/** https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html#event-schema */
const CUSTOM_NOTIFICATION = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: z.string().optional(),
  content: z.strictObject({
    textType: z.literal('client-markdown').optional(),
    title: z.string().optional(),
    description: z.string().min(1),
    nextSteps: z.array(z.string()).optional(),
    keywords: z.array(z.string()).optional(),
  }),
  metadata: z
    .strictObject({
      threadId: z.string().optional(),
      summary: z.string().optional(),
      eventType: z.string().optional(),
      relatedResources: z.array(z.string()).optional(),
      additionalContext: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});

/** What may stand within a longer text: CodePipeline and the workflow hold these names to letters that need no escape. */
const NAMES = ['detail-pipeline', 'detail-stage', 'detail-action', 'detail-outcome', 'detail-executionId', 'region'];

interface Rule {
  readonly pattern: any;
  readonly target: any;
}

/** Rules of an example that send something out of the account. */
function rulesOf(example: string): Rule[] {
  const stack = loadExample(example).node.children[0] as Stack;
  return Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'))
    .map(({ Properties }) => ({ pattern: Properties.EventPattern, target: Properties.Targets[0] }))
    .filter(({ target }) => target.InputTransformer !== undefined);
}

/** What the rules make of an event. */
function sent(rules: readonly Rule[], event: EventRecord): unknown[] {
  return rules
    .filter(({ pattern }) => {
      const [workflow] = pattern.detail.workflow as string[];
      return matchesPattern(pattern, { ...event, detail: { ...event.detail, workflow } });
    })
    .map(({ target }) => inputOf(target, event));
}

let events: readonly EventRecord[];
beforeAll(async () => {
  const all: EventRecord[] = [];
  for (const name of ['bypassed-in-console', 'mailbox-pending']) {
    await rehearse(scenarioOf(`rehearsal/scenarios/${name}.yaml`), (rehearsal) => {
      all.push(...rehearsal.world.events.filter(({ source }) => source === 'cdk-approval-gates'));
      return Promise.resolve();
    });
  }
  events = all;
}, 120_000);

const first = (type: string): EventRecord => {
  const found = events.find((event) => event['detail-type'] === type && (event.detail as any).stage === 'Prod');
  if (found === undefined) {
    throw new Error(`no rehearsal put '${type}'`);
  }
  return found;
};
const TYPES = ['Approval Requested', 'Approval Decided', 'Approval Bypassed', 'Gate Needs Console'];

describe('a notice in a chat', () => {
  const rules = rulesOf('chat-notices');

  test.each(TYPES)('of "%s" is one custom notification, in the schema of Amazon Q Developer', (type) => {
    const notices = sent(rules, first(type));

    expect(notices).toHaveLength(1);
    const { content, metadata } = CUSTOM_NOTIFICATION.parse(notices[0]);
    expect(content.title).toMatch(/^shop-release Prod\/Approve/);
    expect(metadata).toMatchObject({ threadId: (first(type).detail as any).requestId, eventType: type });
    expect(JSON.stringify(notices)).not.toMatch(/undefined|null|<|""/);
  });

  test('says how it ended, and where to look', () => {
    const [notice] = sent(rules, first('Approval Decided')) as any[];
    expect(notice.content).toMatchObject({
      title: 'shop-release Prod/Approve: APPROVED',
      description: expect.stringContaining('mallory'),
      nextSteps: [
        expect.stringMatching(
          /^Look at https:\/\/([a-z0-9-]+)\.console\.aws\.amazon\.com\/codesuite\/codepipeline\/pipelines\/shop-release\/view\?region=\1$/,
        ),
      ],
    });
  });

  test('leads nobody to a personal link', () => {
    TYPES.forEach((type) => expect(JSON.stringify(sent(rules, first(type)))).not.toContain('/r/'));
  });

  test('reaches both channels by one topic', () => {
    const template = Template.fromStack(loadExample('chat-notices').node.children[0] as Stack);
    const [slack] = Object.values(template.findResources('AWS::Chatbot::SlackChannelConfiguration'));
    const [teams] = Object.values(template.findResources('AWS::Chatbot::MicrosoftTeamsChannelConfiguration'));
    expect(slack!.Properties.SnsTopicArns).toEqual(teams!.Properties.SnsTopicArns);
    rules.forEach(({ target }) => expect([target.Arn]).toEqual(slack!.Properties.SnsTopicArns));
  });
});

describe('a ticket', () => {
  const rules = rulesOf('tickets');

  test('in ServiceNow records every decision', () => {
    expect(sent(rules, first('Approval Decided'))).toEqual([
      {
        short_description: 'shop-release Prod/Approve: APPROVED',
        description: expect.stringContaining('mallory'),
        correlation_id: (first('Approval Decided').detail as any).requestId,
        correlation_display: 'cdk-approval-gates',
      },
    ]);
  });

  test('in Jira follows up an answer outside of the policy', () => {
    expect(sent(rules, first('Approval Bypassed'))).toEqual([
      {
        fields: {
          project: { key: 'OPS' },
          issuetype: { name: 'Task' },
          summary: 'shop-release Prod/Approve was answered outside of its policy',
          description: expect.stringContaining('mallory'),
          labels: ['approval-bypassed'],
        },
      },
    ]);
  });

  test('is made for nothing else', () => {
    expect(sent(rules, first('Approval Requested'))).toEqual([]);
    expect(sent(rules, first('Gate Needs Console'))).toEqual([]);
  });
});

describe.each(['chat-notices', 'tickets'])('the templates of examples/%s.ts', (example) => {
  const rules = rulesOf(example);

  test('carry what people wrote unharmed', () => {
    const summary = 'Rejected by ana@example.com. "It\'s {broken}",\n\\ <detail-stage> and ${more}';
    for (const type of ['Approval Decided', 'Approval Bypassed']) {
      const event = { ...first(type), detail: { ...first(type).detail, summary } };
      for (const message of sent(rules, event)) {
        expect(typeof message).toBe('object');
        expect(JSON.stringify(message)).toContain(JSON.stringify(summary));
      }
    }
  });

  test('write nothing but names within a text, since EventBridge does not promise to escape there', () => {
    for (const { target } of rules) {
      const template = target.InputTransformer.InputTemplate as string;
      const within = [...template.matchAll(/"(?:[^"\\]|\\.)*"/g)].flatMap(([text]) => [...text.matchAll(/<([^>]+)>/g)]);
      within.forEach(([, name]) => expect(NAMES).toContain(name));
      expect(template.length).toBeLessThanOrEqual(8192);
    }
  });

  test('ask for nothing that an event does not have', () => {
    for (const { pattern, target } of rules) {
      const event: any = first(pattern['detail-type'][0]);
      for (const path of Object.values(target.InputTransformer.InputPathsMap as Record<string, string>)) {
        const value = path
          .split('.')
          .slice(1)
          .reduce((part: any, key) => part[key], event);
        expect([path, typeof value]).toEqual([path, 'string']);
      }
    }
  });
});

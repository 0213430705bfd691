import { App, Duration, Fn, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { AlarmRef, ApprovalWorkflow, CdkPromotion, Check, CheckReader } from '../../../lib';
import { fixture as actionsFixture, HERE } from './fixture';

const THERE = { account: '222222222222', region: 'eu-west-1' };
const WORKFLOW = 'shop-approvals';
const there = (readerName?: string) => Check.alarm(AlarmRef.named('shop-5xx', THERE), { readerName });

interface Case {
  readonly checks: Check[];
  /** Where the app deploys to. */
  readonly env?: typeof HERE;
  readonly reader?: (stack: Stack, checks: Check[]) => unknown;
}

function release({ checks, env = THERE, reader }: Case): Annotations {
  const app = new App();
  const stack = new Stack(app, 'Release', { env: HERE });
  const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', {
    crossAccountKeys: true,
    synth: new pipelines.ShellStep('Synth', {
      input: pipelines.CodePipelineSource.s3(s3.Bucket.fromBucketName(stack, 'Source', 'source'), 'a.zip'),
      commands: ['npx cdk synth'],
    }),
  });
  const workflow = new ApprovalWorkflow(stack, 'Approvals', { workflowName: WORKFLOW });
  const promotion = new CdkPromotion(stack, 'Promotion', { pipeline, workflow });
  const prod = new Stage(stack, 'Prod', { env });
  const shop = new Stack(prod, 'Shop');
  new sns.Topic(shop, 'Topic');
  reader?.(shop, checks);
  promotion.addStage(prod, { checks });
  return Annotations.fromStack(stack);
}

function metric(metricName: string): Check {
  const of = new cloudwatch.Metric({ namespace: 'Shop', metricName, ...THERE, period: Duration.minutes(1) });
  return Check.metric(of, { atMost: 5 });
}

const readerFor =
  (readerName?: string) =>
  (stack: Stack, checks: Check[]): CheckReader =>
    new CheckReader(stack, 'Reader', { workflowName: WORKFLOW, workflowAccount: HERE.account, checks, readerName });
const FINDING = Match.stringLikeRegexp('noReader');

test('checks that nobody reads in an account of the app are a finding, with the line to add', () => {
  release({ checks: [there()] }).hasWarning(
    '/Release/Promotion',
    "checks of 'Prod/Healthy' measure something in account 222222222222, Region eu-west-1 ('alarm shop-5xx'), where this app deploys to, but no " +
      '`CheckReader` there lets them, so they cannot tell and the gates stay closed: in a stack of that account and Region, write ' +
      "`new CheckReader(this, 'Reader', { workflowName: 'shop-approvals', workflowAccount: '111111111111', checks })` with these checks, or " +
      'acknowledge this where another app has it [ack: cdk-approval-gates:CdkPromotion.noReader]',
  );
});

test('the line names the reader that the checks name', () => {
  release({ checks: [there('web')] }).hasWarning('*', Match.stringLikeRegexp("checks, readerName: 'web' }\\)"));
});

test.each<[string, Case]>([
  ['with a reader there', { checks: [there()], reader: readerFor() }],
  ['with a reader of the name that the checks name', { checks: [there('web')], reader: readerFor('web') }],
  ['where they measure in the account of the pipeline', { checks: [Check.alarm(AlarmRef.named('shop-5xx'))] }],
  ['where they measure in no account', { checks: [Check.http('https://example.com/health')] }],
  ['where the app deploys nothing, so that another app may have the reader', { checks: [there()], env: HERE }],
])('they are none %s', (_where, given) => {
  release(given).hasNoWarning('*', FINDING);
});

test.each<[string, Case]>([
  [
    'of another name',
    {
      checks: [there()],
      reader: (stack) => readerFor('web')(stack, [there('web')]),
    },
  ],
  [
    'of another workflow',
    {
      checks: [there()],
      reader: (stack, checks) =>
        new CheckReader(stack, 'Reader', { workflowName: 'other', workflowAccount: HERE.account, checks }),
    },
  ],
])('a reader %s reads nothing for them', (_which, given) => {
  release(given).hasWarning('*', FINDING);
});

const latency = (env = THERE) => Check.alarm(AlarmRef.named('shop-latency', env));
/** A reader with these checks, whatever the gate asks for. */
const readerWith =
  (...checks: Check[]) =>
  (stack: Stack): CheckReader =>
    readerFor()(stack, checks);

test('a reader that has only others of the checks is a finding, which names it and what it lacks', () => {
  release({ checks: [there(), latency()], reader: readerWith(there()) }).hasWarning(
    '/Release/Promotion',
    "checks of 'Prod/Healthy' measure something in account 222222222222, Region eu-west-1 ('alarm shop-latency'), but 'Release/Prod/Shop/Reader', " +
      'which reads there, may not read that, so they cannot tell and the gates stay closed: add the same checks to its `checks` ' +
      '[ack: cdk-approval-gates:CdkPromotion.noReader]',
  );
});

test.each<[string, Case]>([
  [
    'has checks that are equal and not the same, under other titles',
    {
      checks: [there(), latency()],
      reader: readerWith(latency(), Check.alarm(AlarmRef.named('shop-5xx', THERE), { title: 'Errors' })),
    },
  ],
  [
    'has another metric, since CloudWatch knows no permission for one of them',
    { checks: [metric('Orders')], reader: readerWith(metric('Baskets')) },
  ],
  [
    'watches what only the deployment names, which may be what the gate asks for',
    {
      checks: [there()],
      reader: (stack) => readerWith(Check.alarm(AlarmRef.named(Fn.ref('Name'), THERE)))(stack),
    },
  ],
  [
    'is asked for what only the deployment names',
    { checks: [Check.alarm(AlarmRef.named(Fn.ref('Name'), THERE))], reader: readerWith(latency()) },
  ],
])('none where the reader %s', (_what, given) => {
  release(given).hasNoWarning('*', FINDING);
});

test('what a reader may do to one thing says nothing of what else is to be done', () => {
  const given = { checks: [there()], reader: readerWith(metric('Orders')) };

  release(given).hasWarning('*', FINDING);
});

test('several checks that one reader would read are one finding', () => {
  const other = Check.alarm(AlarmRef.named('shop-latency', THERE));
  const found = release({ checks: [there(), other] }).findWarning('*', FINDING);

  expect(found).toHaveLength(1);
  expect(JSON.stringify(found)).toContain("('alarm shop-5xx', 'alarm shop-latency')");
});

test('so it is in a pipeline of actions', () => {
  const { app, stack, promotion, deploy } = actionsFixture(HERE);
  new Stack(app, 'Shop', { env: THERE });
  promotion({ stages: [{ stageName: 'Prod', deploy: [deploy()], checks: [there()] }] });

  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp("of 'Prod/Healthy'.*PromotionPipeline.noReader"));
});

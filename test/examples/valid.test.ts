import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { referenceApp } from '../../bin/reference-app';
import { acknowledgeWhatExamplesLeaveOut, CONTEXT, EXAMPLES, findingsOf, loadExample } from './harness';

// The one place where CloudFormation's own rules look at the templates of tests.
const before = process.env.CDK_VALIDATION;
beforeAll(() => delete process.env.CDK_VALIDATION);
afterAll(() => (process.env.CDK_VALIDATION = before));

describe('CloudFormation’s rules and cdk-nag’s AwsSolutions pack find nothing that is not acknowledged', () => {
  test.each(EXAMPLES)('in examples/%s', (name) => {
    const app = loadExample(name);
    acknowledgeWhatExamplesLeaveOut(app);

    expect(findingsOf(app).findings).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ['without context', {}],
    [
      'with a connection, a quorum, a review URL and mail by SES',
      {
        connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-2222-3333-4444-555555555555',
        repository: 'example/shop',
        branch: 'trunk',
        quorum: '2',
        mailFrom: 'releases@example.com',
        reviewUrl: 'https://reviews.example.com/r/#{Source.CommitId}',
      },
    ],
    ['with weak references between stacks', { '@aws-cdk/core:defaultCrossStackReferences': 'weak' }],
  ])('in the reference app %s', (_what, context) => {
    const app = new App({ context: { ...CONTEXT, ...context } });
    referenceApp(app);

    expect(findingsOf(app).findings).toEqual([]);
  });
});

describe('the negative control', () => {
  test('an open bucket and a property that CloudFormation does not know are found', () => {
    const app = new App({ context: CONTEXT });
    const bucket = new s3.CfnBucket(new Stack(app, 'Wrong'), 'Open');
    bucket.addPropertyOverride('Encrypted', 'perhaps');

    const { findings } = findingsOf(app);
    expect(findings.map((finding) => finding.rule)).toEqual(expect.arrayContaining(['AwsSolutions-S1']));
    expect(findings.some((finding) => finding.plugin !== 'AwsSolutions')).toBe(true);
  });
});

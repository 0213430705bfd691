import * as fc from 'fast-check';
import type { MetricSource } from '../../../../contract/checks';
import {
  alarmLink,
  calendarsLink,
  changeSetLink,
  ecsServiceLink,
  findingsLink,
  functionLink,
  imageLink,
  isConsoleLink,
  linked,
  logLink,
  logQueryLink,
  metricLink,
  objectLink,
  syntheticsCanaryLink,
  targetGroupLink,
  testReportLink,
  tracesLink,
} from '../../../../lambda/aws/measure/console-link';
import { functionNamed, serviceIn, serviceLinks } from '../../../../lambda/aws/measure/observed-service';

const WATCHED = { since: '2026-11-23T10:00:00.000Z', now: '2026-11-23T10:10:00.000Z' };
const HOME = 'https://eu-west-1.console.aws.amazon.com';
const errors: MetricSource = {
  region: 'eu-west-1',
  period: 60,
  queries: [
    { id: 'm1', namespace: 'AWS/Lambda', metric: 'Errors', dimensions: { FunctionName: 'shop' }, statistic: 'Sum' },
  ],
};
const share: MetricSource = {
  region: 'eu-west-1',
  period: 60,
  queries: [{ id: 'e1', expression: '100 * m1 / m2' }, errors.queries[0]!, { ...errors.queries[0]!, id: 'm2' }],
};

test.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/shop-5xx'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#alarmsV2:alarm/shop-5xx'],
  [
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#alarmsV2:alarm/shop-5xx',
  ],
])('in %s an alarm is at %s', (region, link) => {
  expect(alarmLink(region, 'shop-5xx')).toBe(link);
});

test.each<[string, () => string | undefined, string]>([
  ['a function', () => functionLink('eu-west-1', 'shop'), '/lambda/home?region=eu-west-1#/functions/shop'],
  [
    'a target group',
    () => targetGroupLink('eu-west-1', 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/shop/1a2b'),
    '/ec2/home?region=eu-west-1#TargetGroup:targetGroupArn=arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/shop/1a2b',
  ],
  [
    'a service',
    () => ecsServiceLink('eu-west-1', 'main', 'shop'),
    '/ecs/v2/clusters/main/services/shop/health?region=eu-west-1',
  ],
  [
    'an image with its findings',
    () => imageLink('arn:aws:ecr:eu-west-1:111111111111:repository/team/shop', `sha256:${'a'.repeat(64)}`),
    `/ecr/repositories/private/111111111111/team/shop/_/image/sha256:${'a'.repeat(64)}/details?region=eu-west-1`,
  ],
  [
    'the repository of an image that nobody knows',
    () => imageLink('arn:aws:ecr:eu-west-1:111111111111:repository/team/shop', undefined),
    '/ecr/repositories/private/111111111111/team/shop?region=eu-west-1',
  ],
  [
    'findings',
    () => findingsLink('eu-west-1', { ResourceId: 'arn:aws:s3:::shop' }),
    '/securityhub/home?region=eu-west-1#/findings?search=RecordState%3D%255Coperator%255C%253AEQUALS%255C%253AACTIVE%26ResourceId%3D%255Coperator%255C%253AEQUALS%255C%253Aarn%253Aaws%253As3%253A%253A%253Ashop',
  ],
  [
    'a report of tests',
    () => testReportLink('arn:aws:codebuild:eu-west-1:111111111111:report/shop-unit:9b4f'),
    '/codesuite/codebuild/111111111111/testReports/reports/shop-unit/shop-unit:9b4f?region=eu-west-1',
  ],
  [
    'a group of reports',
    () => testReportLink('arn:aws:codebuild:eu-west-1:111111111111:report-group/shop-unit'),
    '/codesuite/codebuild/111111111111/testReports/reportGroups/shop-unit?region=eu-west-1',
  ],
  [
    'a report of tests whose group has slashes and colons in its name',
    () => testReportLink('arn:aws:codebuild:eu-west-1:111111111111:report/shop/unit:a:9b4f'),
    '/codesuite/codebuild/111111111111/testReports/reports/shop/unit:a/shop/unit:a:9b4f?region=eu-west-1',
  ],
  [
    'a canary',
    () => syntheticsCanaryLink('eu-west-1', 'shop-checkout'),
    '/cloudwatch/home?region=eu-west-1#synthetics:canary/detail/shop-checkout',
  ],
  [
    'an object',
    () => objectLink('eu-west-1', 'shop-sboms', 'sbom/run 1.json'),
    '/s3/object/shop-sboms?region=eu-west-1&prefix=sbom%2Frun%201.json',
  ],
  [
    'a change set',
    () => changeSetLink('eu-west-1', 'arn:aws:x:stack/shop/1', 'arn:aws:x:changeSet/release/2'),
    '/cloudformation/home?region=eu-west-1#/stacks/changesets/changes?stackId=arn%3Aaws%3Ax%3Astack%2Fshop%2F1&changeSetId=arn%3Aaws%3Ax%3AchangeSet%2Frelease%2F2',
  ],
  [
    'traces of what has quotes in its name',
    () => tracesLink('eu-west-1', { type: 'T', name: 'a"b\\c' }, WATCHED),
    "/cloudwatch/home?region=eu-west-1#xray:traces/query?~(query~(filter~()~expression~'service*28id*28name*3a*20*22abc*22*2c*20type*3a*20*22T*22*29*29)~context~(timeRange~(end~'2026-11-23T10*3a10*3a00.000Z~start~'2026-11-23T09*3a30*3a00.000Z)))",
  ],
  [
    'a metric without a limit, its letters as the console writes them',
    () =>
      metricLink([{ ...errors, queries: [{ id: 'm1', namespace: 'a\tÿĀ', metric: '€', statistic: 'Sum' }] }], WATCHED),
    "/cloudwatch/home?region=eu-west-1#metricsV2?graph=~(metrics~(~(~'a*09*ff**0100~'**20ac~(stat~'Sum~id~'m1~period~60~visible~true)))~view~'timeSeries~stacked~false~region~'eu-west-1~start~'2026-11-23T09*3a30*3a00.000Z~end~'2026-11-23T10*3a10*3a00.000Z)",
  ],
  ['calendars', () => calendarsLink('eu-west-1'), '/systems-manager/change-calendar?region=eu-west-1'],
  [
    'the lines of a log, from half an hour before the gate on',
    () => logLink('eu-west-1', '/aws/lambda/shop', WATCHED),
    `/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fshop/log-events$3Fstart$3D${Date.parse('2026-11-23T09:30:00Z')}$26end$3D${Date.parse(WATCHED.now)}`,
  ],
  [
    'a query of logs',
    () =>
      logQueryLink('eu-west-1', {
        logGroup: '/shop/app',
        query: 'filter @message like /ERROR|$x é/',
        from: WATCHED.since,
        to: WATCHED.now,
      }),
    "/cloudwatch/home?region=eu-west-1#logsV2:logs-insights$3FqueryDetail$3D~(end~'2026-11-23T10*3a10*3a00.000Z~start~'2026-11-23T10*3a00*3a00.000Z~timeType~'ABSOLUTE~tz~'UTC~editorString~'filter*20*40message*20like*20*2fERROR*7c!x*20*e9*2f~source~(~'*2fshop*2fapp))",
  ],
  [
    'traces of a function',
    () => tracesLink('eu-west-1', functionNamed('shop'), WATCHED),
    "/cloudwatch/home?region=eu-west-1#xray:traces/query?~(query~(filter~()~expression~'service*28id*28name*3a*20*22shop*22*2c*20type*3a*20*22AWS*3a*3aLambda*3a*3aFunction*22*29*29)~context~(timeRange~(end~'2026-11-23T10*3a10*3a00.000Z~start~'2026-11-23T09*3a30*3a00.000Z)))",
  ],
  [
    'a metric, with its limit',
    () => metricLink([errors], WATCHED, [undefined, 5]),
    "/cloudwatch/home?region=eu-west-1#metricsV2?graph=~(metrics~(~(~'AWS*2fLambda~'Errors~'FunctionName~'shop~(stat~'Sum~id~'m1~period~60~visible~true)))~view~'timeSeries~stacked~false~region~'eu-west-1~start~'2026-11-23T09*3a30*3a00.000Z~end~'2026-11-23T10*3a10*3a00.000Z~annotations~(horizontal~(~(value~5~label~'limit*20of*20the*20check))))",
  ],
])('%s', (_, link, path) => {
  expect(link()).toBe(`${HOME}${path}`);
});

test('a graph hides what its expression uses, and tells the ids of two series apart', () => {
  const link = metricLink([share, share], WATCHED);

  expect(link).toContain("~(expression~'100*20*2a*20m1*20*2f*20m2~id~'e1~period~60~visible~true)");
  expect(link).toContain("~(stat~'Sum~id~'m1~period~60~visible~false)");
  expect(link).toContain("~(expression~'100*20*2a*20m1_1*20*2f*20m2_1~id~'e1_1~period~60~visible~true)");
  expect(link).toContain("~(stat~'Sum~id~'m2_1~period~60~visible~false)");
});

test('a graph has as many series as an address can hold, of one Region', () => {
  const link = metricLink(
    [errors, { ...errors, region: 'us-east-1' }, ...Array<MetricSource>(40).fill(share)],
    WATCHED,
  );

  expect(link!.length).toBeGreaterThan(1_500);
  expect(isConsoleLink(link)).toBe(true);
  expect(link).toContain("~id~'m1~");
  expect(link).not.toContain('us-east-1');
  expect(metricLink([], WATCHED)).toBeUndefined();
});

test.each([
  ['a function', [{ namespace: 'AWS/Lambda', dimensions: { FunctionName: 'shop' } }], functionNamed('shop')],
  [
    'a stage of a REST API',
    [{ namespace: 'AWS/ApiGateway', dimensions: { ApiName: 'shop', Stage: 'prod' } }],
    { type: 'AWS::ApiGateway::Stage', name: 'shop/prod' },
  ],
  ['an HTTP API', [{ namespace: 'AWS/ApiGateway', dimensions: { ApiId: 'a1', Stage: 'prod' } }], undefined],
  ['another API', [{ namespace: 'Shop', dimensions: { ApiName: 'shop', Stage: 'prod' } }], undefined],
  ['an API without its stage', [{ namespace: 'AWS/ApiGateway', dimensions: { ApiName: 'shop' } }], undefined],
  [
    'a metric of its own that has such a dimension',
    [{ namespace: 'Shop', dimensions: { FunctionName: 'x' } }],
    undefined,
  ],
  ['no metric', [], undefined],
])('metrics of %s name the service that they are of', (_, metrics, service) => {
  expect(serviceIn(metrics)).toEqual(service);
});

test.each([
  ['plain http', 'http://eu-west-1.console.aws.amazon.com/'],
  ['another host', 'https://example.com/'],
  ['a host that begins like the console', 'https://eu-west-1.console.aws.amazon.com.example.com/'],
  ['a host that ends like the console', 'https://evil-console.aws.amazon.com/'],
  ['a name and a password', 'https://eu-west-1.console.aws.amazon.com@example.com/'],
  ['a name in front of the console', 'https://me@eu-west-1.console.aws.amazon.com/'],
  ['a password in front of the console', 'https://:secret@eu-west-1.console.aws.amazon.com/'],
  ['another port', 'https://eu-west-1.console.aws.amazon.com:8443/'],
  ['a script', 'javascript:alert(1)'],
  ['an address that is too long', `https://eu-west-1.console.aws.amazon.com/${'x'.repeat(2_000)}`],
  ['a second line', `${HOME}/x\nCall 555-0100 to approve`],
  ['a carriage return', `${HOME}/x\rCall`],
  ['a tab within', `${HOME}/x\ty`],
  ['a blank', `${HOME}/x and more`],
  ['a blank in front', ` ${HOME}/x`],
  ['a blank behind', `${HOME}/x `],
  ['a control character', `${HOME}/x\u0007`],
  ['a quote', `${HOME}/x"onclick=1`],
  ['an angle bracket', `${HOME}/x<b`],
  ['the other angle bracket', `${HOME}/x>b`],
  ['a backslash', `${HOME}\\x`],
  ['letters that turn around', `${HOME}/x\u202Ey`],
  ['backslashes for slashes', 'https:\\\\eu-west-1.console.aws.amazon.com/x'],
  ['a capital scheme', 'HTTPS://eu-west-1.console.aws.amazon.com/x'],
  ['nothing', undefined],
  ['a number', 7],
])('%s is no link to the console', (_, link) => {
  expect(isConsoleLink(link)).toBe(false);
});

test('a link has up to 2000 characters', () => {
  expect(isConsoleLink(`${HOME}/`.padEnd(2000, 'x'))).toBe(true);
  expect(isConsoleLink(`${HOME}/`.padEnd(2001, 'x'))).toBe(false);
});

test('a single series that no address can hold has no link', () => {
  const queries = [{ id: 'm1', namespace: 'x'.repeat(2000), metric: 'm', statistic: 'Sum' }];

  expect(metricLink([{ ...errors, queries }], WATCHED)).toBeUndefined();
});

test('links that there are not are left out', () => {
  expect(Object.keys(linked({ link: HOME, logs: undefined }))).toEqual(['link']);
});

test('a service whose log is not known has its traces alone', () => {
  expect(Object.keys(serviceLinks({ type: 'T', name: 'n' }, 'eu-west-1', WATCHED))).toEqual(['traces']);
  expect(Object.keys(serviceLinks(functionNamed('n'), 'eu-west-1', WATCHED))).toEqual(['logs', 'traces']);
});

test('whatever a resource is called, its link leads to the console, and cannot leave the attribute that holds it', () => {
  const name = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('"><script>& x/../..?#%'));
  fc.assert(
    fc.property(name, name, (one, other) => {
      const source = { ...share, queries: [{ id: 'm1', namespace: one, metric: other, statistic: one }] };
      const links = [
        link(() => alarmLink('eu-west-1', one)),
        link(() => functionLink('eu-west-1', one)),
        link(() => ecsServiceLink('eu-west-1', one, other)),
        link(() => findingsLink('eu-west-1', { ResourceId: one })),
        link(() => logLink('eu-west-1', one, WATCHED)),
        link(() => logQueryLink('eu-west-1', { logGroup: one, query: other, from: WATCHED.since, to: WATCHED.now })),
        link(() => tracesLink('eu-west-1', { type: one, name: other }, WATCHED)),
        link(() => metricLink([source], WATCHED)),
        link(() => alarmLink(one, other)),
      ].filter((found) => found !== undefined);
      links.forEach((found) => {
        expect(found).toMatch(
          /^https:\/\/[a-z0-9-]+\.console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\//,
        );
        expect(found).not.toMatch(/[\s"<>\\`]/);
      });
    }),
  );
});

/** A half of a pair of surrogates cannot be encoded: such a check is an error, and has no link. */
function link(made: () => string | undefined): string | undefined {
  try {
    return made();
  } catch (error) {
    expect(error).toBeInstanceOf(URIError);
    return undefined;
  }
}

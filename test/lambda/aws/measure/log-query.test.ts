import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  ResourceNotFoundException,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import type { LogQueryCheckPlan } from '../../../../contract/checks';
import { ownClients } from '../../../../lambda/aws/measure/clients';
import { measureLogQuery } from '../../../../lambda/aws/measure/log-query';
import { TIMING } from '../../check-timing';
import { measured as measuredBy, NOW, REGIONS, SINCE } from './measured';

const plan: LogQueryCheckPlan = {
  kind: 'logQuery',
  id: 'errors',
  title: 'errors',
  logGroup: '/shop/web',
  region: 'us-east-1',
  query: 'filter level = "ERROR"',
  maxMatches: 0,
  missingData: 'INCONCLUSIVE',
  ...TIMING,
};

const logs = mockClient(CloudWatchLogsClient);
beforeEach(() => {
  logs.reset();
  logs.on(StartQueryCommand).resolves({ queryId: 'q-1' });
});

const complete = (recordsMatched: number, recordsScanned = 100) => ({
  status: 'Complete' as const,
  statistics: { recordsMatched, recordsScanned, bytesScanned: 4096 },
});
const measured = (command = {}) => measuredBy(plan, command);
/** Without waiting for real. */
function measuredAtOnce() {
  const pauses: number[] = [];
  const pause = (milliseconds: number) => Promise.resolve(pauses.push(milliseconds));
  const finding = measureLogQuery(plan, { since: SINCE, now: NOW }, ownClients(), pause);
  return finding.then((found) => ({ ...found, waited: pauses.reduce((sum, one) => sum + one, 0) }));
}

test('the lines since the gate began are asked for, where the log is, and their number is told', async () => {
  logs.on(GetQueryResultsCommand).resolves({ ...complete(0), results: [[{ field: '@message', value: 's3cret' }]] });

  const measurement = await measured();
  expect(measurement).toMatchObject({ verdict: 'PASS', from: SINCE, to: NOW, healthySince: SINCE, value: '0' });
  expect(measurement.link).toContain("~editorString~'filter*20level*20*3d*20*22ERROR*22~source~(~'*2fshop*2fweb))");
  expect(JSON.stringify(measurement)).not.toContain('s3cret');
  expect(logs.commandCalls(StartQueryCommand)[0]!.args[0].input).toEqual({
    logGroupName: '/shop/web',
    queryString: 'filter level = "ERROR"',
    startTime: Date.parse(SINCE) / 1000,
    endTime: Date.parse(NOW) / 1000,
    limit: 1,
  });
  expect(logs.commandCalls(GetQueryResultsCommand)[0]!.args[0].input).toEqual({ queryId: 'q-1' });
  expect(REGIONS).toEqual(['us-east-1']);
});

test('at first there is no log to read, and nothing is asked', async () => {
  expect(await measured({ now: SINCE })).toMatchObject({
    verdict: 'IN_PROGRESS',
    callBackDelay: 60,
    reason: 'The log is read a minute after the gate began.',
  });
  expect(logs.calls()).toHaveLength(0);
});

test('a query that runs is waited for, twenty seconds at most', async () => {
  logs
    .on(GetQueryResultsCommand)
    .resolvesOnce({ status: 'Scheduled' })
    .resolvesOnce({ status: 'Running', statistics: { recordsMatched: 0, recordsScanned: 7 } })
    .resolves(complete(2));
  expect(await measuredAtOnce()).toMatchObject({ verdict: 'FAIL', value: '2', waited: 1500 });

  logs.on(GetQueryResultsCommand).resolves({ status: 'Running', statistics: complete(0).statistics });
  expect(await measuredAtOnce()).toMatchObject({
    verdict: 'INCONCLUSIVE',
    waited: 20_000,
    reason: 'The query did not finish in 20 seconds: measure more often, or a smaller log.',
  });
});

test.each([
  { status: 'Failed' as const, statistics: complete(0).statistics },
  { status: 'Cancelled' as const },
  { status: 'Timeout' as const, statistics: complete(0).statistics },
  { status: 'Unknown' as const, statistics: complete(0).statistics },
  { statistics: complete(0).statistics },
  { status: 'Complete' as const },
  { status: 'Complete' as const, statistics: {} },
])('the answer %j is an error', async (answer) => {
  logs.on(GetQueryResultsCommand).resolves(answer);

  expect(await measured()).toMatchObject({ verdict: 'ERROR' });
});

test.each([
  [{ status: 'Timeout' as const }, 'The query ended without a result: Timeout.'],
  [{}, 'The query ended without a result: no status.'],
])('a query that ends with %j says so', async (answer, reason) => {
  logs.on(GetQueryResultsCommand).resolves(answer);

  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason });
});

test('a query that does not start is an error, and so is a log group that is gone', async () => {
  logs.on(StartQueryCommand).resolves({});
  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: 'CloudWatch Logs did not start the query.' });

  logs.on(StartQueryCommand).rejects(new ResourceNotFoundException({ $metadata: {}, message: 'arn:aws:logs' }));
  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: 'The check could not be carried out: ResourceNotFoundException.',
  });
});

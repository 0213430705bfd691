/** Lines of a log group that a query of CloudWatch Logs Insights chooses. */
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogQueryCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeMatches, logWindow, tooShortBy } from '../../domain/log-matches';
import { millis, SECOND } from '../../domain/time';
import type { MeasureClients } from './clients';
import { linked, logQueryLink } from './console-link';
import type { Finding } from './measure';

/** Milliseconds before each look at the results: some 20 seconds together. */
const PAUSES = [0, 500, 1000, 1500, 2000, 2000, 3000, 3000, 3000, 4000];

export async function measureLogQuery(
  plan: LogQueryCheckPlan,
  { since, lastFinding, now }: Pick<CheckCommand, 'since' | 'lastFinding' | 'now'>,
  clients: Pick<MeasureClients, 'of'>,
  pause: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<Finding> {
  const window = logWindow(since, lastFinding, now);
  const missing = tooShortBy(window);
  if (missing !== undefined) {
    return { verdict: 'IN_PROGRESS', callBackDelay: missing, reason: 'The log is read a minute after the gate began.' };
  }
  const client = clients.of(CloudWatchLogsClient, plan.region);
  const { queryId } = await client.send(
    new StartQueryCommand({
      logGroupName: plan.logGroup,
      queryString: plan.query,
      // Both ends belong to the window, in whole seconds.
      startTime: Math.floor(millis(window.from) / SECOND),
      endTime: Math.floor(millis(window.to) / SECOND),
      // What the lines say is nobody's business here: only their number is.
      limit: 1,
    }),
  );
  const links = linked({ link: logQueryLink(plan.region, { ...plan, ...window }) });
  if (queryId === undefined) {
    return { ...links, verdict: 'ERROR', reason: 'CloudWatch Logs did not start the query.' };
  }
  for (const milliseconds of PAUSES) {
    await pause(milliseconds);
    const { status, statistics } = await client.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') {
      const { recordsMatched, recordsScanned } = statistics ?? {};
      return { ...judgeMatches({ matched: recordsMatched, scanned: recordsScanned }, plan, window), ...links };
    }
    if (status !== 'Scheduled' && status !== 'Running') {
      return { ...links, verdict: 'ERROR', reason: `The query ended without a result: ${status ?? 'no status'}.` };
    }
  }
  return {
    ...links,
    verdict: 'INCONCLUSIVE',
    reason: 'The query did not finish in 20 seconds: measure more often, or a smaller log.',
  };
}

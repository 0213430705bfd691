/** A canary of CloudWatch Synthetics: what its runs since the gate began have come to. */
import {
  GetCanaryCommand,
  GetCanaryRunsCommand,
  SyntheticsClient,
  type CanaryRun as AwsRun,
} from '@aws-sdk/client-synthetics';
import type { SyntheticsCanaryCheckPlan } from '../../../contract/checks';
import type { CheckCommand } from '../../../contract/messages';
import { judgeCanaryRuns, type CanaryRun } from '../../domain/canary-runs';
import { cleanText } from '../../domain/clean-text';
import { startOf } from '../../domain/evaluate';
import { millis, SECOND } from '../../domain/time';
import type { MeasureClients } from './clients';
import { linked, syntheticsCanaryLink } from './console-link';
import type { Finding } from './measure';

/** Pages of 100 runs: those of a day, one every minute. AWS gives the newest first. */
const MOST_PAGES = 15;

/** In seconds: a run times out after at most 14 minutes, and ends a little later. */
const LONGEST_RUN = 20 * 60;

/** Characters of the reason of a failed run, which the canary's own code may have written. */
const WHY = 150;

export async function measureSyntheticsCanary(
  plan: SyntheticsCanaryCheckPlan,
  { since, now, lastFinding, lastFailure }: Pick<CheckCommand, 'since' | 'now' | 'lastFinding' | 'lastFailure'>,
  clients: Pick<MeasureClients, 'of'>,
): Promise<Finding> {
  const client = clients.of(SyntheticsClient, plan.region);
  const { Canary } = await client.send(new GetCanaryCommand({ Name: plan.canary }));
  const began = millis(startOf(plan, since));
  // A run that was in progress then may have ended since.
  const unseen =
    lastFinding === undefined ? began : millis(lastFinding) - Math.max(plan.maxRunAge, LONGEST_RUN) * SECOND;
  const from = Math.max(began, unseen);
  const runs = await runsSince(client, plan.canary, from);
  if (runs === undefined) {
    return { verdict: 'ERROR', reason: 'The canary has more runs since the gate began than can be read.' };
  }
  const judged = judgeCanaryRuns({ state: Canary?.Status?.State, runs }, plan.maxRunAge, {
    from,
    now,
    ...(lastFailure === undefined ? {} : { lastFailure }),
  });
  return { ...judged, ...linked({ link: syntheticsCanaryLink(plan.region, plan.canary) }) };
}

/** Undefined where there are too many. */
async function runsSince(client: SyntheticsClient, canary: string, from: number): Promise<CanaryRun[] | undefined> {
  const runs: CanaryRun[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { CanaryRuns = [], NextToken } = await client.send(
      new GetCanaryRunsCommand({ Name: canary, NextToken: token, MaxResults: 100 }),
    );
    const read = CanaryRuns.map(runOf);
    runs.push(...read);
    if (NextToken === undefined || read.some(({ started }) => started < from)) {
      return runs;
    }
    token = NextToken;
  }
  return undefined;
}

function runOf({ Status, Timeline }: AwsRun): CanaryRun {
  const completed = Timeline?.Completed?.getTime();
  const why = Status?.StateReason;
  return {
    started: Timeline?.Started?.getTime() ?? NaN,
    ...(completed === undefined ? {} : { completed }),
    state: Status?.State ?? 'unknown',
    ...(why === undefined ? {} : { why: cleanText(why, WHY) }),
  };
}

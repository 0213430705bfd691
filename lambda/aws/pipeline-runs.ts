/** The runs of a pipeline, newest first, as far as a few pages go. */
import {
  ListPipelineExecutionsCommand,
  type CodePipelineClient,
  type PipelineExecutionSummary,
  type SourceRevision,
} from '@aws-sdk/client-codepipeline';
import type { ListedRun, RunList } from '../domain/change-range';
import { sourceFacts } from '../domain/run-facts';

const PAGE = 100;
const MOST_PAGES = 3;

/** @param connections names of the source actions whose summaries a connection writes */
export async function listRuns(
  client: CodePipelineClient,
  pipelineName: string,
  connections: ReadonlySet<string>,
): Promise<RunList> {
  const runs: ListedRun[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await client.send(
      new ListPipelineExecutionsCommand({
        pipelineName,
        maxResults: PAGE,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    runs.push(...(answer.pipelineExecutionSummaries ?? []).flatMap((summary) => runOf(summary, connections)));
    nextToken = answer.nextToken;
    if (nextToken === undefined) {
      return { runs, isAll: true };
    }
  }
  return { runs, isAll: false };
}

function runOf(summary: PipelineExecutionSummary, connections: ReadonlySet<string>): readonly ListedRun[] {
  const { pipelineExecutionId: executionId, startTime, executionMode, executionType, rollbackMetadata } = summary;
  if (executionId === undefined || startTime === undefined) {
    return [];
  }
  const facts = (summary.sourceRevisions ?? []).map((source) => factsOf(source, connections));
  const target = rollbackMetadata?.rollbackTargetPipelineExecutionId;
  return [
    {
      executionId,
      startedAt: startTime.getTime(),
      isParallel: executionMode === 'PARALLEL',
      isRollback: executionType === 'ROLLBACK',
      ...(target === undefined ? {} : { target }),
      revisions: facts.map(({ revision }) => revision),
      authors: facts.flatMap(({ authors }) => authors),
    },
  ];
}

function factsOf(source: SourceRevision, connections: ReadonlySet<string>) {
  const { actionName: name, ...revision } = source;
  return sourceFacts({ name, ...revision }, connections);
}

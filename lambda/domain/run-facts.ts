/** What a run of a pipeline tells about the change it carries. */
import type { RequestMeta, Revision } from './records';

/** The parts of CodePipeline's own description of a run that matter here. */
export interface RunDescription {
  readonly artifactRevisions?: readonly ArtifactRevision[] | undefined;
  readonly trigger?:
    { readonly triggerType?: string | undefined; readonly triggerDetail?: string | undefined } | undefined;
  readonly executionType?: string | undefined;
  readonly rollbackMetadata?: { readonly rollbackTargetPipelineExecutionId?: string | undefined } | undefined;
}

interface ArtifactRevision {
  readonly name?: string | undefined;
  readonly revisionId?: string | undefined;
  readonly revisionSummary?: string | undefined;
  readonly revisionUrl?: string | undefined;
  readonly created?: Date | undefined;
}

export type RunFacts = Pick<
  RequestMeta,
  'revisions' | 'trigger' | 'startedBy' | 'authors' | 'executionType' | 'rollbackTarget'
>;

const MESSAGE_LIMIT = 2048;
const AUTHOR = /^(?:author|committer)[-_]?(?:email|id|login|name|display[-_]?name)$/i;

export function runFacts(run: RunDescription): RunFacts {
  const summaries = (run.artifactRevisions ?? []).map(({ revisionSummary }) => asObject(revisionSummary));
  const trigger = asObject(run.trigger?.triggerDetail);
  const authors = [...new Set([trigger, ...summaries].flatMap(identitiesIn))].slice(0, 20);
  const byHand = run.trigger?.triggerDetail !== undefined && trigger === undefined;
  const rollbackTarget = run.rollbackMetadata?.rollbackTargetPipelineExecutionId;
  return {
    revisions: (run.artifactRevisions ?? []).map((revision, index) => revisionOf(revision, summaries[index])),
    ...(run.executionType === undefined ? {} : { executionType: run.executionType }),
    ...(run.trigger?.triggerType === undefined ? {} : { trigger: run.trigger.triggerType }),
    ...(byHand ? { startedBy: run.trigger.triggerDetail } : {}),
    ...(authors.length === 0 ? {} : { authors }),
    ...(rollbackTarget === undefined ? {} : { rollbackTarget }),
  };
}

/** A connection's summary is JSON, `{ ProviderType, CommitMessage }`; everybody else's is text. */
function revisionOf(revision: ArtifactRevision, summary: Readonly<Record<string, unknown>> | undefined): Revision {
  const committed = summary?.['CommitMessage'];
  const message = typeof committed === 'string' ? committed : revision.revisionSummary;
  const author = identitiesIn(summary)[0];
  return {
    name: revision.name ?? 'source',
    id: revision.revisionId ?? 'unknown',
    ...(message === undefined || message === '' ? {} : { message: message.slice(0, MESSAGE_LIMIT) }),
    ...(revision.revisionUrl === undefined ? {} : { url: revision.revisionUrl }),
    ...(author === undefined ? {} : { author }),
    ...(revision.created === undefined ? {} : { createdAt: revision.created.toISOString() }),
  };
}

function identitiesIn(fields: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.entries(fields ?? {})
    .filter(([name, value]) => AUTHOR.test(name) && typeof value === 'string' && value !== '')
    .map(([, value]) => String(value).slice(0, 320));
}

function asObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined || !text.trimStart().startsWith('{')) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** What a run of a pipeline tells about the change it carries. */
import type { Revision } from './request';

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

export interface RunFacts {
  readonly revisions: readonly Revision[];
  readonly authors: readonly string[];
  readonly isRollback: boolean;
  /** The run that a rollback goes back to. */
  readonly target?: string;
  readonly trigger?: string;
  readonly startedBy?: string;
}

const MESSAGE_LIMIT = 2048;
const NAME_LIMIT = 320;

/** Runs that a webhook, a connection or a schedule started name a machine in their trigger: nobody in particular. */
const BY_HAND = 'StartPipelineExecution';

/**
 * Names of the fields by which a connection tells who made a revision: an author and a committer, each by id, address, login and
 * name. Nothing else in a summary is believed, so that no text can bring names in.
 */
const IDENTITIES = ['Author', 'Committer'].flatMap((who) =>
  ['Id', 'Email', 'Login', 'Name', 'DisplayName'].map((what) => `${who}${what}`),
);

/**
 * @param connections names of the artifacts that come from a connection: their summaries are JSON that the connection writes.
 * Everybody else's is text, whatever it looks like.
 */
export function runFacts(run: RunDescription, connections: ReadonlySet<string>): RunFacts {
  const revisions = (run.artifactRevisions ?? []).map((revision) => ({
    revision,
    summary: connections.has(revision.name ?? '') ? asObject(revision.revisionSummary) : undefined,
  }));
  const { triggerType, triggerDetail } = run.trigger ?? {};
  const target = run.rollbackMetadata?.rollbackTargetPipelineExecutionId;
  return {
    revisions: revisions.map(({ revision, summary }) => revisionOf(revision, summary)),
    authors: [...new Set(revisions.flatMap(({ summary }) => identitiesIn(summary)))],
    isRollback: run.executionType === 'ROLLBACK',
    ...(target === undefined ? {} : { target }),
    ...(triggerType === undefined ? {} : { trigger: triggerType }),
    ...(triggerType === BY_HAND && triggerDetail !== undefined ? { startedBy: triggerDetail } : {}),
  };
}

/** A revision of a source, and who wrote it, as far as a connection tells. */
export function sourceFacts(
  revision: ArtifactRevision,
  connections: ReadonlySet<string>,
): { readonly revision: Revision; readonly authors: readonly string[] } {
  const summary = connections.has(revision.name ?? '') ? asObject(revision.revisionSummary) : undefined;
  return { revision: revisionOf(revision, summary), authors: identitiesIn(summary) };
}

/** A connection's summary is JSON, `{ ProviderType, CommitMessage }`. */
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
  return IDENTITIES.map((name) => fields?.[name]).flatMap((value) =>
    typeof value === 'string' && value !== '' ? [value.slice(0, NAME_LIMIT)] : [],
  );
}

function asObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

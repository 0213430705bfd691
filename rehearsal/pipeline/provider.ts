/** What an action does. Every provider that nobody knows succeeds after a while. */
import type { Course } from './course';
import type { ActionRun, Change, Execution, Revision } from './execution';
import type { ActionModel, PipelineModel } from './model';

export interface ActionResult {
  readonly status: 'Succeeded' | 'Failed';
  readonly summary?: string;
  readonly externalId?: string;
  readonly errorCode?: string;
  readonly outputVariables?: Readonly<Record<string, string>>;
}

export interface ActionWork {
  readonly pipeline: PipelineModel;
  readonly execution: Execution;
  readonly action: ActionModel;
  readonly run: ActionRun;
  progress(summary: string, percent?: number): void;
}

export type Provider = (work: ActionWork, course: Course) => Promise<ActionResult>;

const SECOND = 1_000;

export const DURATIONS: Readonly<Record<string, number>> = {
  Build: 120 * SECOND,
  Test: 60 * SECOND,
  Deploy: 90 * SECOND,
  Invoke: 5 * SECOND,
};

/** Succeeds after the time that such an action takes. */
export const succeeds: Provider = async (work, course) => {
  const duration = DURATIONS[work.action.category] ?? 30 * SECOND;
  await course.sleep(duration, `${work.run.stage}/${work.run.action} of ${work.pipeline.name}`);
  return { status: 'Succeeded', externalId: `${work.action.provider.toLowerCase()}:${work.run.id.slice(0, 8)}` };
};

/** The source action of a run: it names the change and gives out its variables. */
export function sourceProvider(latest: () => Change): Provider {
  return async (work, course) => {
    await course.sleep(5 * SECOND, `${work.run.stage}/${work.run.action} of ${work.pipeline.name}`);
    const change = (work.execution.change ??= latest());
    const now = course.now();
    const revision: Revision = {
      action: work.action.name,
      artifact: work.action.outputs[0] ?? work.action.name,
      id: change.id,
      message: change.message,
      url: change.url,
      author: change.author,
      authorMail: change.authorMail,
      created: now,
    };
    work.execution.revisions = [...work.execution.revisions.filter((r) => r.action !== revision.action), revision];
    return {
      status: 'Succeeded',
      externalId: change.id,
      summary:
        work.action.provider === 'CodeStarSourceConnection'
          ? JSON.stringify({ ProviderType: 'GitHub', CommitMessage: change.message })
          : change.message,
      outputVariables: sourceVariables(work.action, change, now),
    };
  };
}

/** Each kind of source knows other things about a change. */
function sourceVariables(action: ActionModel, change: Change, now: number): Record<string, string> {
  const branch = action.configuration.BranchName ?? action.configuration.Branch ?? 'main';
  const common = { CommitId: change.id, CommitMessage: change.message, BranchName: branch };
  const date = new Date(now).toISOString();
  switch (action.provider) {
    case 'S3':
      return {
        VersionId: change.id,
        ETag: change.id.slice(0, 32),
        BucketName: action.configuration.S3Bucket ?? '',
        ObjectKey: action.configuration.S3ObjectKey ?? '',
      };
    case 'ECR':
      return {
        ImageDigest: `sha256:${change.id}`,
        ImageTag: action.configuration.ImageTag ?? 'latest',
        RepositoryName: action.configuration.RepositoryName ?? '',
      };
    case 'CodeStarSourceConnection':
      return {
        ...common,
        AuthorDate: date,
        FullRepositoryName: action.configuration.FullRepositoryId ?? '',
        ConnectionArn: action.configuration.ConnectionArn ?? '',
        AuthorDisplayName: change.author,
        AuthorEmail: change.authorMail,
        AuthorId: change.author,
      };
    default:
      return {
        ...common,
        AuthorDate: date,
        CommitterDate: date,
        RepositoryName: action.configuration.RepositoryName ?? action.configuration.Repo ?? '',
      };
  }
}

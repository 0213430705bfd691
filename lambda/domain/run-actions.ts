/** The actions of a run, and what they were carried out by. */
import type { RunBuild } from '../../contract/messages';

/** One attempt of an action. */
export interface RunAction {
  readonly stage: string;
  readonly action: string;
  readonly provider: string;
  readonly startedAt: string;
  readonly isRunning: boolean;
  /** What the provider calls it: for CodeBuild, the build. */
  readonly externalId?: string;
  /** What it gave out. */
  readonly variables?: Readonly<Record<string, string>>;
}

const BUILDS = 'CodeBuild';

/** The builds among them: of an action that was tried again, the latest one counts alone. */
export function buildsAmong(actions: readonly RunAction[]): readonly RunBuild[] {
  return latestAttempts(actions).flatMap(({ stage, action, provider, externalId, startedAt, isRunning }) =>
    provider === BUILDS && (isRunning || externalId !== undefined)
      ? [{ ...(externalId === undefined ? {} : { id: externalId }), stage, action, startedAt, isRunning }]
      : [],
  );
}

/** The order of CodePipeline's own answer is not documented. */
export function latestAttempts(actions: readonly RunAction[]): readonly RunAction[] {
  const latest = new Map<string, RunAction>();
  for (const one of actions) {
    const place = JSON.stringify([one.stage, one.action]);
    const known = latest.get(place);
    if (known === undefined || Date.parse(one.startedAt) >= Date.parse(known.startedAt)) {
      latest.set(place, one);
    }
  }
  return [...latest.values()];
}

/** What serves in a stage, and what CodePipeline would roll it back to, from the executions of its actions. */

/** One execution of an action. */
export interface ActionRecord {
  readonly executionId: string;
  readonly stage: string;
  readonly action: string;
  readonly category: string;
  readonly status: string;
  /** Milliseconds of its last change. */
  readonly at: number;
  /** What the action was configured to do; a change set that is only made deploys nothing. */
  readonly mode?: string;
  /** Version of the pipeline's structure. */
  readonly pipelineVersion?: number;
}

/** Modes of the CloudFormation action that change no resources of a stack in use. */
const DEPLOYS_NOTHING = ['CHANGE_SET_REPLACE', 'DELETE_ONLY'];

/**
 * The run that serves in a stage: the newest one with a deployment there that succeeded, whether or not the stage was finished.
 * A stage without an action of category Deploy deploys by its builds or functions.
 */
export function servingRun(records: readonly ActionRecord[], stage: string): string | undefined {
  const work = records.filter((record) => record.stage === stage && record.category !== 'Approval');
  const deploys = work.filter(({ category }) => category === 'Deploy');
  const deploying = (deploys.length > 0 ? deploys : work).filter(({ mode }) => !DEPLOYS_NOTHING.includes(mode ?? ''));
  return newestFirst(deploying).find(({ status }) => status === 'Succeeded')?.executionId;
}

/** Whether a run has deployed to the stage by an action of category Deploy: builds and functions in front of a deployment may be tests. */
export function hasDeployed(records: readonly ActionRecord[], stage: string, executionId: string): boolean {
  return records.some(
    (record) =>
      record.executionId === executionId &&
      record.stage === stage &&
      record.category === 'Deploy' &&
      record.status === 'Succeeded' &&
      !DEPLOYS_NOTHING.includes(record.mode ?? ''),
  );
}

/**
 * Runs that CodePipeline could roll the stage back to, newest first: they finished every action of the stage, within the present
 * structure of the pipeline. Whether a run is a standard one is not in these records.
 *
 * @param actions names of the stage's actions
 */
export function rollbackCandidates(
  records: readonly ActionRecord[],
  stage: string,
  actions: readonly string[],
  pipelineVersion: number | undefined,
  current: string,
): readonly string[] {
  const latest = new Map<string, Map<string, ActionRecord>>();
  for (const record of newestFirst(records.filter((one) => one.stage === stage && one.executionId !== current))) {
    const ofRun = latest.get(record.executionId) ?? new Map<string, ActionRecord>();
    // Newest first: the first record of an action is its last attempt.
    if (!ofRun.has(record.action)) {
      ofRun.set(record.action, record);
    }
    latest.set(record.executionId, ofRun);
  }
  const finished = (ofRun: ReadonlyMap<string, ActionRecord>) =>
    pipelineVersion !== undefined &&
    actions.length > 0 &&
    actions.every((name) => {
      const record = ofRun.get(name);
      return record?.status === 'Succeeded' && record.pipelineVersion === pipelineVersion;
    });
  return [...latest].filter(([, ofRun]) => finished(ofRun)).map(([executionId]) => executionId);
}

/** The newest run, other than the present one, that passed an action: its last attempt there succeeded. */
export function lastToPass(
  records: readonly ActionRecord[],
  stage: string,
  action: string,
  current: string,
): string | undefined {
  const seen = new Set([current]);
  for (const record of newestFirst(records.filter((one) => one.stage === stage && one.action === action))) {
    if (!seen.has(record.executionId) && record.status === 'Succeeded') {
      return record.executionId;
    }
    seen.add(record.executionId);
  }
  return undefined;
}

/** The order of CodePipeline's own answer is not documented. */
function newestFirst(records: readonly ActionRecord[]): readonly ActionRecord[] {
  return [...records].sort((a, b) => b.at - a.at);
}

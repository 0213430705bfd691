/** What no document of AWS settles, so that a scenario may assume it otherwise: whoever relies on the default would not notice. */
export interface Assumptions {
  /** In which order ListActionExecutions gives its list. */
  readonly actionOrder: 'newest-first' | 'oldest-first' | 'shuffled';
  /** Whom CodePipeline names as `updatedBy` of an approval that expired, or that was abandoned with its run. */
  readonly closedBy: 'nobody' | 'pipeline-role';
  /** Whether a rollback, too, has to meet the conditions of the stage that it brings back. */
  readonly rollbackConditions: 'asked' | 'not-asked';
}

export const ASSUMED: Assumptions = {
  actionOrder: 'newest-first',
  closedBy: 'nobody',
  rollbackConditions: 'asked',
};

/** How requests of a stage of an API move to its canary. */

/** One step: from so many minutes after the beginning on, the canary gets so many percent. After the last step, it bakes on until the end. */
export interface ShiftStep {
  readonly percent: number;
  readonly minutes: number;
}

/** The description of the API deployment that a run of a pipeline made: by it, the stage says whose canary it has. */
export function releaseOf(run: string): string {
  return `Release ${run}`;
}

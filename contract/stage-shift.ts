/** How requests of a stage of an API move to its canary. */

/** So many steps, one after another: each gives the canary so many percent more. After the last one, it bakes on until the end. */
export interface Shift {
  readonly percent: number;
  readonly everyMinutes: number;
  readonly steps: number;
}

/** The description of the API deployment that a run of a pipeline made: by it, the stage says whose canary it has. */
export function releaseOf(run: string): string {
  return `Release ${run}`;
}

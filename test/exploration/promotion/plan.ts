/**
 * What the two apps are meant to do, in a form of its own: invariants compare what happens with this, and not with a template, in which
 * a bug may stand.
 */
export const MINUTE = 60_000;

export const PEOPLE = ['ana@example.com', 'bo@example.com'];

export interface PlannedStage {
  readonly name: string;
  /** People are asked first, by a gate `Approve`. */
  readonly approve: boolean;
  /** Each is an action, a stack `Shop-<name>` and a function `orders-<name>`. */
  readonly targets: readonly string[];
  readonly oneByOne: boolean;
  /** The stage goes back to its last good run when it fails. */
  readonly rollsBack: boolean;
  readonly bakeMinutes: number;
  /** Alarms of the bake, which a gate `Healthy` asks, or a condition. */
  readonly watched: readonly string[];
  readonly healthy: 'gate' | 'condition' | 'none';
  /** An alarm that keeps everybody out while it is red. */
  readonly incident?: string;
  /** What has passed it goes on within the hours of `WINDOW` only. */
  readonly window: boolean;
}

export interface Plan {
  readonly pipeline: string;
  readonly stages: readonly PlannedStage[];
  /** All that may go red. */
  readonly alarms: readonly string[];
}

const DEFAULTS = { approve: false, oneByOne: false, rollsBack: false, bakeMinutes: 0, window: false } as const;

function wave(name: string, targets: readonly string[], more: Partial<PlannedStage>): PlannedStage {
  return { ...DEFAULTS, name, targets, watched: targets.map(alarmOf), healthy: 'gate', ...more };
}

export function alarmOf(target: string): string {
  return `errors-${target}`;
}

export const WAVES = [
  wave('First', ['a'], { approve: true, rollsBack: true, bakeMinutes: 30 }),
  wave('Second', ['b', 'c'], { rollsBack: true, bakeMinutes: 20 }),
  wave('Third', ['d', 'e'], { approve: true, bakeMinutes: 20, oneByOne: true }),
];

export const STAGING: PlannedStage = {
  ...DEFAULTS,
  name: 'Staging',
  targets: ['s'],
  watched: [],
  healthy: 'none',
  window: true,
};

export const PROD = {
  ...DEFAULTS,
  name: 'Prod',
  targets: ['p', 'q'],
  rollsBack: true,
  bakeMinutes: 30,
  watched: ['errors-prod'],
  healthy: 'condition',
  incident: 'incident',
} as const satisfies PlannedStage;

/** Monday to Friday. */
export const WINDOW = { from: '09:00', to: '16:00', zone: 'Europe/Berlin' };

export type Which = 'waves' | 'conditions';

export const PLANS: Readonly<Record<Which, Plan>> = {
  waves: { pipeline: 'waves', stages: WAVES, alarms: WAVES.flatMap(({ watched }) => watched) },
  conditions: { pipeline: 'conditions', stages: [STAGING, PROD], alarms: [...PROD.watched, PROD.incident] },
};

/** How a deployment configuration of CodeDeploy moves the traffic of an alias, or of a service of ECS. */

export interface ShiftStep {
  /** Percent of calls that go to the new version from now on. */
  readonly percent: number;
  /** Minutes until the next step. */
  readonly minutes: number;
}

export const ALL_AT_ONCE: readonly ShiftStep[] = [{ percent: 100, minutes: 0 }];

function canary(percent: number, minutes: number): readonly ShiftStep[] {
  return [{ percent, minutes }, ...ALL_AT_ONCE];
}

function linear(percent: number, minutes: number): readonly ShiftStep[] {
  const steps: ShiftStep[] = [];
  for (let at = percent; at < 100; at += percent) steps.push({ percent: at, minutes });
  return [...steps, ...ALL_AT_ONCE];
}

/** `CodeDeployDefault.LambdaCanary10Percent5Minutes` and its siblings, also for ECS. */
export function predefinedShift(name: string): readonly ShiftStep[] | undefined {
  if (/^CodeDeployDefault\.(Lambda|ECS)AllAtOnce$/.test(name)) return ALL_AT_ONCE;
  const found = /^CodeDeployDefault\.(?:Lambda|ECS)(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?$/.exec(name);
  if (found === null) return undefined;
  return (found[1] === 'Canary' ? canary : linear)(Number(found[2]), Number(found[3]));
}

/** `TrafficRoutingConfig` of an `AWS::CodeDeploy::DeploymentConfig`. */
export function customShift(routing: any): readonly ShiftStep[] {
  switch (routing?.Type) {
    case 'TimeBasedCanary':
      return canary(Number(routing.TimeBasedCanary.CanaryPercentage), Number(routing.TimeBasedCanary.CanaryInterval));
    case 'TimeBasedLinear':
      return linear(Number(routing.TimeBasedLinear.LinearPercentage), Number(routing.TimeBasedLinear.LinearInterval));
    default:
      return ALL_AT_ONCE;
  }
}

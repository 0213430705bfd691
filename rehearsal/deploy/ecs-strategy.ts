/** How a deployment of ECS moves the traffic of a service, by its `DeploymentConfiguration`. */
import { ALL_AT_ONCE, type ShiftStep } from './shift';

/** Undefined where ECS shifts no traffic: it replaces the tasks one after the other, or leaves the deployment to CodeDeploy. */
export function ecsShift({ DeploymentController, DeploymentConfiguration }: any): readonly ShiftStep[] | undefined {
  if ((DeploymentController?.Type ?? 'ECS') !== 'ECS') return undefined;
  switch (DeploymentConfiguration?.Strategy) {
    case 'BLUE_GREEN':
      return ALL_AT_ONCE;
    case 'CANARY': {
      const { CanaryPercent = 5, CanaryBakeTimeInMinutes = 10 } = DeploymentConfiguration.CanaryConfiguration ?? {};
      return [{ percent: Number(CanaryPercent), minutes: Number(CanaryBakeTimeInMinutes) }, ...ALL_AT_ONCE];
    }
    case 'LINEAR': {
      const { StepPercent = 10, StepBakeTimeInMinutes = 6 } = DeploymentConfiguration.LinearConfiguration ?? {};
      const [percent, minutes] = [Number(StepPercent), Number(StepBakeTimeInMinutes)];
      const count = Math.ceil(100 / percent) - 1;
      const steps = Array.from({ length: count }, (_, index) => ({ percent: percent * (index + 1), minutes }));
      return [...steps, ...ALL_AT_ONCE];
    }
    default:
      return undefined;
  }
}

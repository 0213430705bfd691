import { ecsShift } from '../../deploy/ecs-strategy';

describe('traffic is shifted', () => {
  test.each([
    ['at once', { Strategy: 'BLUE_GREEN' }, [[100, 0]]],
    ['as a canary', { Strategy: 'CANARY', CanaryConfiguration: { CanaryPercent: 2.5, CanaryBakeTimeInMinutes: 30 } }, [[2.5, 30], [100, 0]]], // prettier-ignore
    ['as a canary, by AWS’s defaults', { Strategy: 'CANARY' }, [[5, 10], [100, 0]]], // prettier-ignore
    ['in steps', { Strategy: 'LINEAR', LinearConfiguration: { StepPercent: 40, StepBakeTimeInMinutes: 3 } }, [[40, 3], [80, 3], [100, 0]]], // prettier-ignore
    ['some tasks at a time', { Strategy: 'ROLLING', MinimumHealthyPercent: 100, MaximumPercent: 140 }, [[40, 2], [80, 2], [100, 0]]], // prettier-ignore
    ['all tasks at a time', { Strategy: 'ROLLING', MinimumHealthyPercent: 50, MaximumPercent: 200 }, [[100, 0]]], // prettier-ignore
    ['in steps that end at 100', { Strategy: 'LINEAR', LinearConfiguration: { StepPercent: 50 } }, [[50, 6], [100, 0]]], // prettier-ignore
  ])('%s', (_, DeploymentConfiguration, steps) => {
    expect(ecsShift({ DeploymentConfiguration })).toEqual(steps.map(([percent, minutes]) => ({ percent, minutes })));
  });

  test.each([
    ['a rolling deployment without numbers', { DeploymentConfiguration: { Strategy: 'ROLLING' } }],
    ['a service without a strategy', {}],
    [
      'CodeDeploy’s',
      { DeploymentController: { Type: 'CODE_DEPLOY' }, DeploymentConfiguration: { Strategy: 'CANARY' } },
    ],
  ])('not by ECS in %s', (_, properties) => {
    expect(ecsShift(properties)).toBeUndefined();
  });
});

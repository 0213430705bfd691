import fc from 'fast-check';
import { customShift, predefinedShift } from '../../deploy/shift';

describe('a deployment configuration', () => {
  test.each([
    ['CodeDeployDefault.LambdaAllAtOnce', [[100, 0]]],
    [
      'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      [
        [10, 5],
        [100, 0],
      ],
    ],
    [
      'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
      [10, 20, 30, 40, 50, 60, 70, 80, 90].map((p) => [p, 1]).concat([[100, 0]]),
    ],
  ])('%s shifts as its name says', (name, steps) => {
    expect(predefinedShift(name)?.map((step) => [step.percent, step.minutes])).toEqual(steps);
  });

  test('with a name that AWS does not have is none', () => {
    expect(predefinedShift('Mine')).toBeUndefined();
  });

  test('of one’s own shifts as it is written', () => {
    const canary = { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryPercentage: 5, CanaryInterval: 30 } };

    expect(customShift(canary)).toEqual([
      { percent: 5, minutes: 30 },
      { percent: 100, minutes: 0 },
    ]);
  });

  test('grows with every step and ends at all, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 2880 }), (percent, minutes) => {
        const steps = customShift({
          Type: 'TimeBasedLinear',
          TimeBasedLinear: { LinearPercentage: percent, LinearInterval: minutes },
        });
        expect(steps.at(-1)).toEqual({ percent: 100, minutes: 0 });
        steps.forEach((step, index) => expect(step.percent).toBeGreaterThan(steps[index - 1]?.percent ?? 0));
        expect(steps.length).toBe(Math.ceil(100 / percent));
      }),
    );
  });
});

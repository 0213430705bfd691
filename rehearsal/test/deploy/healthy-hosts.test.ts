import { customPlan, predefinedPlan } from '../../deploy/healthy-hosts';

const percent = (Value: number) => customPlan({ MinimumHealthyHosts: { Type: 'FLEET_PERCENT', Value } });
const count = (Value: number) => customPlan({ MinimumHealthyHosts: { Type: 'HOST_COUNT', Value } });

describe('so many servers may be out of service', () => {
  test.each([
    ['CodeDeployDefault.OneAtATime', 9, 1],
    ['CodeDeployDefault.HalfAtATime', 9, 4],
    ['CodeDeployDefault.AllAtOnce', 9, 9],
    [undefined, 9, 1],
  ])('of %s', (name, servers, out) => {
    expect(predefinedPlan(name)?.out(servers)).toBe(out);
  });

  // The example of the API reference: nine servers, of which 40 % or six have to stay healthy.
  test('of a custom configuration, rounded as AWS rounds', () => {
    expect(percent(40).out(9)).toBe(5);
    expect(count(6).out(9)).toBe(3);
    expect(percent(66).out(3)).toBe(1);
    expect(percent(67).out(3)).toBe(0);
    expect(count(3).out(2)).toBe(0);
  });

  test('of a name that AWS does not predefine, nobody knows', () => {
    expect(predefinedPlan('mine')).toBeUndefined();
  });
});

test('the first zone is watched as long as the others, unless something else is said', () => {
  const zonal = (ZonalConfig: object) =>
    customPlan({ MinimumHealthyHosts: { Type: 'FLEET_PERCENT', Value: 50 }, ZonalConfig }).zonal;

  expect(zonal({ MonitorDurationInSeconds: 60 })).toEqual({ first: 60, others: 60 });
  expect(zonal({ MonitorDurationInSeconds: 60, FirstZoneMonitorDurationInSeconds: 600 })).toEqual({
    first: 600,
    others: 60,
  });
  expect(percent(50).zonal).toBeUndefined();
});

import type { AlarmCheckPlan } from '../../../../contract/checks';
import type { MeasureClients } from '../../../../lambda/aws/measure/clients';
import { measure } from '../../../../lambda/aws/measure/measure';
import { TIMING } from '../../check-timing';

const NOW = '2026-11-23T10:10:00.000Z';
const PLAN: AlarmCheckPlan = {
  kind: 'alarm',
  id: 'a',
  title: 'alarm a',
  alarmName: 'a',
  region: 'eu-west-1',
  missingData: 'INCONCLUSIVE',
  alreadyRed: 'FAIL',
  ...TIMING,
};

const measured = (check: AlarmCheckPlan, of: MeasureClients['of']) =>
  measure(
    { requestId: 'r'.repeat(32), check, role: 'arn', since: NOW, now: NOW },
    { of, get: () => Promise.reject(new Error('nothing to get')) },
  );

test.each(['horoscope', 'toString', '__proto__', 'constructor', ''])(
  'a kind %j that this version does not know is an error, and nothing is asked',
  async (kind) => {
    const of = jest.fn();

    expect(await measured({ ...PLAN, kind } as never, of)).toEqual({
      checkId: 'a',
      at: NOW,
      verdict: 'ERROR',
      reason: 'This version of the check function does not know this kind of check.',
    });
    expect(of).not.toHaveBeenCalled();
  },
);

test.each<[unknown, string]>([
  [Object.assign(new Error('arn:aws:iam::1:role/secret'), { name: 'TooManyRequests' }), 'TooManyRequests'],
  ['a secret text', 'unknown failure'],
  [undefined, 'unknown failure'],
])('what fails with %p is an error that names it, and repeats nothing of it', async (error, name) => {
  const measurement = await measured(PLAN, () => {
    throw error;
  });

  expect(measurement).toEqual({
    checkId: 'a',
    at: NOW,
    verdict: 'ERROR',
    reason: `The check could not be carried out: ${name}.`,
  });
});

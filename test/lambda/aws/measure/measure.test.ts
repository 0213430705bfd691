import type { AlarmCheckPlan } from '../../../../contract/checks';
import type { MeasureClients } from '../../../../lambda/aws/measure/clients';
import { measure } from '../../../../lambda/aws/measure/measure';
import { ReaderRefused } from '../../../../lambda/aws/measure/reader';
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

describe('a reader in another account', () => {
  const reader = 'arn:aws:iam::222222222222:role/approval-gates/w/Shop.reader.eu-west-1';
  const denied = Object.assign(new Error('User: arn:aws:sts::1 is not authorized'), { name: 'AccessDeniedException' });
  const failsWith = async (error: Error, check: AlarmCheckPlan = { ...PLAN, reader }) =>
    (
      await measured(check, () => {
        throw error;
      })
    ).reason;

  test('that cannot be assumed is named, with the fix', async () => {
    const refused = () => {
      throw new ReaderRefused(reader);
    };
    expect((await measured({ ...PLAN, reader }, refused)).verdict).toBe('ERROR');
    expect(await failsWith(new ReaderRefused(reader))).toBe(
      'Role Shop.reader.eu-west-1 of account 222222222222 cannot be assumed: deploy a CheckReader there, for this workflow and with this check.',
    );
  });

  test('that may not read is named, with the fix', async () => {
    expect(await failsWith(denied)).toBe(
      'Role Shop.reader.eu-west-1 of account 222222222222 may not read this: give this check to the CheckReader there, and deploy it.',
    );
  });

  test('is not blamed for anything else, nor where there is none', async () => {
    const carriedOut = (name: string) => `The check could not be carried out: ${name}.`;
    expect(await failsWith(Object.assign(new Error(), { name: 'ThrottlingException' }))).toBe(
      carriedOut('ThrottlingException'),
    );
    expect(await failsWith(denied, PLAN)).toBe(carriedOut('AccessDeniedException'));
  });
});

describe('the account of what was measured', () => {
  const of = (check: Partial<AlarmCheckPlan>, role: string) =>
    measure(
      { requestId: 'r'.repeat(32), check: { ...PLAN, ...check }, role, since: NOW, now: NOW },
      {
        of: () => {
          throw new Error('unreachable');
        },
        get: () => Promise.reject(new Error('nothing to get')),
      },
    );
  const HERE = 'arn:aws:iam::111111111111:role/check';
  const THERE = 'arn:aws:iam::222222222222:role/reader';

  test('is told where a reader of another account measured', async () => {
    expect(await of({ reader: THERE }, HERE)).toMatchObject({ account: '222222222222' });
  });

  test('is told of a function in another account, which needs no reader', async () => {
    const functionArn = 'arn:aws:lambda:eu-west-1:222222222222:function:smoke';

    expect(await of({ kind: 'lambda', functionArn } as never, HERE)).toMatchObject({ account: '222222222222' });
    expect(await of({ functionArn } as never, HERE)).not.toHaveProperty('account');
  });

  test.each([
    ['it is that of the gate', { reader: THERE }, THERE],
    ['nobody reads there', {}, HERE],
    ['a hook measures, which has no role', { reader: THERE }, ''],
  ])('is not told where %s', async (_, check, role) => {
    expect(await of(check, role)).not.toHaveProperty('account');
  });
});

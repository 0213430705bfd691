import { GetCalendarStateCommand, InvalidDocument, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import type { ChangeCalendarCheckPlan } from '../../../../contract/checks';
import { TIMING } from '../../check-timing';
import { measured as measuredBy, REGIONS } from './measured';

const plan: ChangeCalendarCheckPlan = {
  kind: 'changeCalendar',
  id: 'freeze',
  title: 'freeze',
  calendar: 'release-freeze',
  region: 'us-east-1',
  ...TIMING,
};

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());
const measured = () => measuredBy(plan);
const answers = (answer: object) => ssm.on(GetCalendarStateCommand).resolves(answer);

test('an open calendar passes, read at the time of the measurement, where it is', async () => {
  answers({ State: 'OPEN' });

  expect(await measured()).toMatchObject({
    verdict: 'PASS',
    reason: "Change calendar 'release-freeze' is open.",
    value: 'OPEN',
    threshold: 'OPEN',
    link: 'https://us-east-1.console.aws.amazon.com/systems-manager/change-calendar?region=us-east-1',
  });
  expect(ssm.commandCalls(GetCalendarStateCommand)[0]!.args[0].input).toEqual({
    CalendarNames: ['release-freeze'],
    AtTime: '2026-11-23T10:10:00Z',
  });
  expect(REGIONS).toEqual(['us-east-1']);
});

test.each([
  ['in half an hour', '2026-11-23T10:40:00Z', 1800],
  ['in a moment', '2026-11-23T10:10:01Z', 60],
  ['in a week', '2026-11-30T10:00:00Z', 3600],
])('a closed one that opens %s is waited for, and read again by then or within an hour', async (_, opens, delay) => {
  answers({ State: 'CLOSED', NextTransitionTime: opens });

  expect(await measured()).toMatchObject({
    verdict: 'IN_PROGRESS',
    reason: `Change calendar 'release-freeze' is closed until ${opens.slice(0, 16).replace('T', ' ')} UTC.`,
    waitsUntil: new Date(opens).toISOString(),
    callBackDelay: delay,
  });
});

test.each([
  ['does not say when it opens', {}],
  ['says a time that is over', { NextTransitionTime: '2026-11-23T10:10:00Z' }],
  ['says a time that is none', { NextTransitionTime: 'soon' }],
])('a closed one that %s is in progress, without a time to wait for', async (_, more) => {
  answers({ State: 'CLOSED', ...more });

  const measurement = await measured();
  expect(measurement).toMatchObject({
    verdict: 'IN_PROGRESS',
    reason: "Change calendar 'release-freeze' is closed, and does not say until when.",
  });
  expect(measurement).not.toHaveProperty('waitsUntil');
});

test.each([{}, { State: 'AJAR' }, { State: 'open' }])('the answer %j is an error', async (answer) => {
  answers(answer);

  expect(await measured()).toMatchObject({ verdict: 'ERROR' });
});

test.each([
  ['that it is not there', new InvalidDocument({ $metadata: { httpStatusCode: 400 }, message: 'no such document' })],
  ['no', Object.assign(new Error('no'), { name: 'AccessDeniedException', $fault: 'client' })],
  ['not now', Object.assign(new Error('slow'), { name: 'ThrottlingException', $fault: 'client' })],
])('a calendar of which Systems Manager says %s cannot be read', async (_, error) => {
  ssm.on(GetCalendarStateCommand).rejects(error);

  expect(await measured()).toMatchObject({
    verdict: 'ERROR',
    reason: "Change calendar 'release-freeze' cannot be read.",
  });
});

test('a defect of ours is an error that says so', async () => {
  ssm.on(GetCalendarStateCommand).rejects(new Error('a defect of ours'));

  expect(await measured()).toMatchObject({ verdict: 'ERROR', reason: 'The check could not be carried out: Error.' });
});

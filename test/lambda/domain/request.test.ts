import { endingOf, gateOf, isEnded, isKnown, watchedSince, type Request } from '../../../lambda/domain/request';
import { at, decidedRequest, GATE, outcomeOf, REQUEST, START, waitingRequest } from '../samples';

const OPENED: Request = { phase: 'OPENED', id: REQUEST, asked: { ...GATE, at: START, by: 'NOTIFICATION' } };
const DECIDED = decidedRequest();
const DELIVERED: Request = { ...DECIDED, phase: 'DELIVERED', deliveredAt: at(70) };
const CLOSED: Request = { ...DELIVERED, phase: 'CLOSED', closedAt: at(80) };
const STOPPED: Request = {
  ...OPENED,
  phase: 'DELIVERED',
  outcome: outcomeOf({ kind: 'STOPPED' }),
  deliveredAt: at(70),
};

test.each<[string, Request, boolean, boolean]>([
  ['opened', OPENED, false, false],
  ['waiting', waitingRequest(), false, true],
  ['decided', DECIDED, true, true],
  ['delivered', DELIVERED, true, true],
  ['closed', CLOSED, true, true],
  ['stopped before its run was known', STOPPED, true, false],
])('whether a request has an outcome, and a run that is known: %s', (_, request, ended, known) => {
  expect(isEnded(request)).toBe(ended);
  expect(isKnown(request)).toBe(known);
});

test('how it ended is what really happened', () => {
  const overtakenBy = outcomeOf({ kind: 'EXPIRED' });

  expect(endingOf(DECIDED)).toBe(DECIDED.outcome);
  expect(endingOf(DELIVERED)).toBe(DECIDED.outcome);
  expect(endingOf({ ...DELIVERED, overtakenBy })).toBe(overtakenBy);
  expect(endingOf({ ...CLOSED, overtakenBy })).toBe(overtakenBy);
});

test('its gate is the one that asked, and nothing else of what it said', () => {
  expect(gateOf(OPENED)).toEqual(GATE);
});

test('its checks are watched since the run was found, or since they could be read', () => {
  expect(watchedSince(waitingRequest())).toBe(START);
  expect(watchedSince(waitingRequest({ watchedSince: at(60) }))).toBe(at(60));
});

import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { Events } from '../../../lambda/aws/events';
import { at, EXECUTION, GATE, REQUEST, START, waitingRequest } from '../samples';

const bridge = mockClient(EventBridgeClient);
const events = new Events(new EventBridgeClient({ region: 'eu-west-1' }), 'shop');

beforeEach(() => {
  bridge.reset();
  bridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
});

const entries = () => bridge.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries ?? []);

test('an event says which gate of which run, and what happened, at the time of the look', async () => {
  await events.put('Approval Decided', at(60), waitingRequest(), { outcome: 'APPROVED', by: 'PEOPLE', summary: 's' });

  expect(entries()).toEqual([
    {
      Source: 'cdk-approval-gates',
      DetailType: 'Approval Decided',
      Time: new Date(at(60)),
      Detail: expect.any(String) as string,
    },
  ]);
  expect(JSON.parse(entries()[0]!.Detail!)).toEqual({
    workflow: 'shop',
    requestId: REQUEST,
    ...GATE,
    executionId: EXECUTION,
    outcome: 'APPROVED',
    by: 'PEOPLE',
    summary: 's',
  });
});

test('of a request whose run is not known no run is told', async () => {
  const opened = { phase: 'OPENED', id: REQUEST, asked: { ...GATE, at: START, by: 'NOTIFICATION' } } as const;

  await events.put('Gate Needs Console', at(60), opened, { reason: 'r' });

  expect(JSON.parse(entries()[0]!.Detail!)).toEqual({ workflow: 'shop', requestId: REQUEST, ...GATE, reason: 'r' });
});

test('an event that the bus did not take is a failure', async () => {
  bridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1 });

  await expect(events.put('Approval Requested', at(1), waitingRequest())).rejects.toThrow('did not take the event');
});

/** Two looks at once, at the moments when it matters; test/exploration tries all moments of small requests. */
import { NotDelivered } from '../../../lambda/decide/effects';
import { RECORD } from '../../../lambda/domain/record';
import type { Outcome } from '../../../lambda/domain/request';
import { ANA, at, minutes, policyOf, REQUEST, ruleOf } from '../samples';
import { eachTestHasAGate, type GateFixture } from './gate-fixture';

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  await gate.ask();
});

/** Before the first call of a port, something else happens. */
function meanwhile(port: string, happens: () => Promise<unknown>): void {
  let left = 1;
  gate.scheduled = async (call) => {
    if (call === port && left > 0) {
      left -= 1;
      await happens();
    }
  };
}

const stopped: Outcome = { kind: 'STOPPED', by: 'CODEPIPELINE', at: at(1), summary: 'The run was stopped' };

test('nobody gets a link once the end is fixed, be it while the key of the link was kept', async () => {
  meanwhile('invitations.addKey', async () =>
    gate.store.decide(REQUEST, stopped, undefined, (await gate.known()).shown.evidence),
  );

  await gate.look(1).catch(() => undefined);

  expect(gate.mails.filter(({ text }) => text.includes('key='))).toEqual([]);
});

test('two looks that end a request at once leave one entry in the record, and tell its place', async () => {
  await gate.look(1);
  meanwhile('record.append', () => gate.look(61));

  await gate.decide(ANA, 'REJECT', 60);

  const [entry, ...others] = await gate.rows.query(RECORD);
  expect(others).toEqual([]);
  const told = gate.events.filter(({ type }) => type === 'Approval Decided').map(({ details }) => details['record']);
  expect(told).toEqual([{ n: 1, hash: entry?.['hash'] }]);
  expect(await gate.request()).toMatchObject({ phase: 'CLOSED', recorded: 1 });
});

describe('two looks that measure a check at once', () => {
  beforeEach(async () => {
    gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 30 } }) });
    await gate.look(0);
  });

  test('keep a failure that the later one found, a moment after the earlier', async () => {
    let verdict: 'PASS' | 'FAIL' = 'FAIL';
    gate.measuring = () => verdict;
    meanwhile('store.tally', () => {
      verdict = 'PASS';
      return gate.look(minutes(1));
    });

    await gate.look(minutes(1));

    const [tally] = (await gate.records()).tallies;
    expect(tally?.last).toMatchObject({ verdict: 'FAIL', at: new Date(Date.parse(at(minutes(1))) + 1).toISOString() });
  });

  test('leave it to the next turn where the one that came too late found nothing worse', async () => {
    meanwhile('store.tally', () => gate.look(minutes(1)));

    const late = await gate.look(minutes(1));

    expect(late).toMatchObject({ phase: 'WAITING', next: at(minutes(2)) });
    const [tally] = (await gate.records()).tallies;
    expect(tally?.last).toMatchObject({ verdict: 'PASS', at: at(minutes(1)) });
  });

  test('count one failure that both have seen once', async () => {
    gate.measuring = () => 'FAIL';
    meanwhile('store.tally', () => gate.look(minutes(1)));

    await gate.look(minutes(1)).catch(() => undefined);

    const [tally] = (await gate.records()).tallies;
    expect(tally?.last).toMatchObject({ verdict: 'FAIL', at: at(minutes(1)) });
  });
});

test('an answer that CodePipeline neither takes nor has is told by what failed', async () => {
  await gate.look(1);
  gate.codePipeline.refusing = 'OVER';

  const failure = await gate.decide(ANA, 'APPROVE', 60).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(NotDelivered);
  expect(failure).toMatchObject({
    name: 'NotDelivered',
    message: 'CodePipeline neither takes the outcome nor has one',
  });
});

/** The changes that a run brings along: found at the first look, and whose authors have no vote. */
import type { ListedRun } from '../../../lambda/domain/change-range';
import { ANA, at, BO, EXECUTION, policyOf, ruleOf, START } from '../samples';
import { eachTestHasAGate, GateFixture } from './gate-fixture';

const run = (executionId: string, hoursAgo: number, authors: readonly string[] = []): ListedRun => ({
  executionId,
  startedAt: Date.parse(START) - hoursAgo * 3_600_000,
  isParallel: false,
  isRollback: false,
  revisions: [{ name: 'source', id: `change of ${executionId}` }],
  authors,
});

let gate: GateFixture;

eachTestHasAGate(async (fresh) => {
  gate = fresh;
  gate.policy = policyOf({ rule: ruleOf('MANUAL', { people: { excludeAuthor: true } }) });
  gate.codePipeline.stage = { serving: [{ name: 'source', id: 'change of live' }], servingRun: 'live' };
  gate.codePipeline.listed = {
    runs: [run(EXECUTION, 0), run('superseded', 1, ['ana-gh']), run('failed', 2), run('live', 3, [BO.mail])],
    isAll: true,
  };
  await gate.ask();
});

test('are kept with the run, told in the mail, and their author has no vote', async () => {
  await gate.look(1);

  expect((await gate.known()).run.range).toMatchObject({ kind: 'ALONG', total: 3, others: 2, authors: ['ana-gh'] });
  expect(gate.mailsTo(ANA)).toEqual([]);
  expect(gate.mailsTo(BO)[0]?.text).toContain('It brings along 2 earlier changes that are not live now.');
});

test('have authors that a connection told when their runs began', async () => {
  await gate.intake.trigger('shop', 'failed', [BO.mail], START);

  await gate.look(1);

  expect((await gate.known()).run.range).toMatchObject({ authors: ['ana-gh', BO.mail] });
  expect(gate.mailsTo(BO)).toEqual([]);
});

test('have the author whom a connection told for an earlier run of the same change, which was started again by hand', async () => {
  const runs = [{ ...run(EXECUTION, 0), revisions: run('failed', 2).revisions }, run('failed', 2), run('live', 3)];
  gate.codePipeline.listed = { runs, isAll: true };
  await gate.intake.trigger('shop', 'failed', [BO.mail], START);

  await gate.look(1);

  expect(gate.mailsTo(BO)).toEqual([]);
  expect(gate.mailsTo(ANA)[0]?.text).not.toContain('It brings along');
});

test('take no vote from anybody where authors are not excluded', async () => {
  gate.policy = policyOf();

  await gate.look(1);

  expect(gate.mailsTo(ANA)).toHaveLength(1);
});

test('that may not be listed are said to be unknown, and the gate asks all the same', async () => {
  gate.codePipeline.listed = Object.assign(new Error('no'), { name: 'AccessDeniedException' });

  await gate.look(1);

  expect((await gate.known()).run.range).toEqual({ kind: 'UNKNOWN', reason: 'UNREADABLE' });
  expect(gate.mailsTo(ANA)).toHaveLength(1);
});

test('that CodePipeline does not tell just now are asked for again', async () => {
  gate.codePipeline.listed = Object.assign(new Error('slow'), { name: 'ThrottlingException' });

  await expect(gate.look(1)).rejects.toThrow('slow');

  expect((await gate.request()).phase).toBe('OPENED');
});

test('are found once, and by nobody where checks alone decide', async () => {
  await gate.look(1);
  const { range } = (await gate.known()).run;
  gate.codePipeline.listed = { runs: [], isAll: true };
  await gate.look(60);
  expect((await gate.known()).run.range).toEqual(range);
});

test('are not looked for where checks alone decide', async () => {
  gate.policy = policyOf({ rule: ruleOf('AUTOMATED', { checks: { bakeMinutes: 10 } }) });
  gate.codePipeline.listed = new Error('nobody asks');

  await gate.look(1);

  expect((await gate.known()).run.identifiedAt).toBe(at(1));
  expect((await gate.known()).run.range).toBeUndefined();
});

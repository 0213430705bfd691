import { summaryInWords } from '../../pipeline/summary-in-words';
import { answer, approval, MINUTE, PIPELINE, SOURCE, stand, stateOf } from './stand';

test('the journal says how each run ended', async () => {
  const s = stand([SOURCE, { Name: 'Prod', Actions: [approval('Approve')] }]);

  for (const verdict of ['Approved', 'Rejected']) {
    s.push();
    await s.clock.advanceBy(MINUTE);
    const { token } = await stateOf(s, 'Prod', 'Approve');
    await s.call('PutApprovalResult', answer(token, verdict));
    await s.clock.advanceBy(MINUTE);
  }
  const stopped = s.push();
  await s.clock.advanceBy(MINUTE);
  await s.call('StopPipelineExecution', { pipelineName: PIPELINE, pipelineExecutionId: stopped, abandon: true });
  await s.clock.advanceBy(MINUTE);

  expect(s.notes.filter((note) => / run \d (has|is \w+ed)/.test(note))).toEqual([
    `${PIPELINE}: run 1 has succeeded`,
    `${PIPELINE}: run 2 has failed`,
    `${PIPELINE}: run 3 is stopped`,
  ]);
});

test('the journal says what was committed, not the JSON in which a connection says it', async () => {
  const s = stand([SOURCE, { Name: 'Prod', Actions: [approval('Approve')] }]);

  s.push('c0ffee', 'Sell tea');
  await s.clock.advanceBy(MINUTE);

  expect(s.notes).toContain(`${PIPELINE}: Source/Source succeeded: Sell tea`);
});

test.each([
  '',
  'Approved by Ana',
  'null',
  '{"CommitMessage":"x"}',
  '{"ProviderType":"GitHub","CommitMessage":7}',
  '{"',
])('a summary that is no connection’s stays as it is: %j', (summary) => {
  expect(summaryInWords(summary)).toBe(summary);
});

import { RUN_LINE } from '../../../contract/names';
import { executionIdIn, withoutExecutionIdLine } from '../../../lambda/domain/execution-id-line';

const RUN = '7e1c0f6a-3f52-4c0a-9f0e-0d1f2a3b4c5d';
const LINE = RUN_LINE.replace('#{codepipeline.PipelineExecutionId}', RUN);

test('the line that a gate writes names its run, and people do not see it', () => {
  expect(executionIdIn(`Please look\n${LINE}`)).toBe(RUN);
  expect(withoutExecutionIdLine(`Please look\n${LINE}`)).toBe('Please look');
  expect(executionIdIn(LINE)).toBe(RUN);
  expect(withoutExecutionIdLine(LINE)).toBe('');
  expect(executionIdIn(`Please look\n${LINE}\n `)).toBe(RUN);
});

test('a text of several lines loses its last one only', () => {
  expect(withoutExecutionIdLine(`One\n\nTwo\n${LINE}`)).toBe('One\n\nTwo');
});

test('a variable that was not resolved names no run, and people do not see it either', () => {
  expect(executionIdIn(`Please look\n${RUN_LINE}`)).toBeUndefined();
  expect(withoutExecutionIdLine(`Please look\n${RUN_LINE}`)).toBe('Please look');
});

test('only the last line counts, and only as a whole', () => {
  expect(executionIdIn(`${LINE}\nPlease look`)).toBeUndefined();
  expect(withoutExecutionIdLine(`${LINE}\nPlease look`)).toBe(`${LINE}\nPlease look`);
  expect(executionIdIn(`see ${LINE}`)).toBeUndefined();
  expect(executionIdIn(`${LINE}x`)).toBeUndefined();
  expect(executionIdIn('Please look')).toBeUndefined();
  expect(withoutExecutionIdLine('Please look ')).toBe('Please look ');
});

test('a text made to be slow is read in no time', () => {
  const begun = performance.now();

  expect(executionIdIn(`Pipeline run: ${' '.repeat(250_000)}\nx`)).toBeUndefined();
  expect(executionIdIn(`${'\nPipeline run: '.repeat(20_000)}x`)).toBeUndefined();

  expect(performance.now() - begun).toBeLessThan(1000);
});

import { RUN_LINE } from '../../../contract/names';
import { runNamedIn, withoutRunLine } from '../../../lambda/domain/run-line';

const RUN = '7e1c0f6a-3f52-4c0a-9f0e-0d1f2a3b4c5d';
const LINE = RUN_LINE.replace('#{codepipeline.PipelineExecutionId}', RUN);

test('the line that a gate writes names its run, and people do not see it', () => {
  expect(runNamedIn(`Please look\n${LINE}`)).toBe(RUN);
  expect(withoutRunLine(`Please look\n${LINE}`)).toBe('Please look');
  expect(runNamedIn(LINE)).toBe(RUN);
  expect(withoutRunLine(LINE)).toBe('');
});

test('a variable that was not resolved names no run, and people do not see it either', () => {
  expect(runNamedIn(`Please look\n${RUN_LINE}`)).toBeUndefined();
  expect(withoutRunLine(`Please look\n${RUN_LINE}`)).toBe('Please look');
});

test('only the last line counts', () => {
  expect(runNamedIn(`${LINE}\nPlease look`)).toBeUndefined();
  expect(withoutRunLine(`${LINE}\nPlease look`)).toBe(`${LINE}\nPlease look`);
});

test('a text made to be slow is read in no time', () => {
  const begun = performance.now();

  expect(runNamedIn(`Pipeline run: ${' '.repeat(250_000)}\nx`)).toBeUndefined();
  expect(runNamedIn(`${'\nPipeline run: '.repeat(20_000)}x`)).toBeUndefined();

  expect(performance.now() - begun).toBeLessThan(1000);
});

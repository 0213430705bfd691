import { TerminalReporter } from '../../terminal/reporter';

test('the date stands where it changes, and what repeats itself is counted', () => {
  const lines: string[] = [];
  const reporter = new TerminalReporter((line) => lines.push(line));
  const entry = (at: string, text: string) => reporter.entry({ at, source: 'gate', text, level: 'info' });

  entry('2030-01-07T23:59:00.000Z', 'asks');
  entry('2030-01-08T00:01:00.000Z', 'still asks');
  entry('2030-01-08T00:02:00.000Z', 'still asks');
  entry('2030-01-08T00:03:00.000Z', 'is approved');

  const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  expect(lines.map((line) => line.replace(colour, '').trim())).toEqual([
    '2030-01-07 UTC',
    '23:59:00  gate      asks',
    '2030-01-08 UTC',
    '00:01:00  gate      still asks',
    '… and 1 times more',
    '00:03:00  gate      is approved',
  ]);
});

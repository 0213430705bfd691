import type { HttpCheckPlan } from '../../../contract/checks';
import { handler } from '../../../lambda/probe/handler';
import { TIMING } from '../check-timing';

const plan: HttpCheckPlan = {
  kind: 'http',
  id: 'health',
  title: 'health',
  url: 'https://localhost/orders?key=s3cret',
  minStatus: 200,
  maxStatus: 299,
  timeoutSeconds: 1,
  ...TIMING,
};
const HEADERS = { Authorization: 'Bearer s3cret' };

let lines: string[];
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

test('never asks the machine that it runs on', async () => {
  expect(await handler({ kind: 'http-probe', plan, headers: HEADERS })).toMatchObject({
    verdict: 'ERROR',
    reason: 'localhost resolves to an address that is not public or private.',
  });
});

test('logs one line, without what it asked and with which headers', async () => {
  await handler({ kind: 'http-probe', plan, headers: HEADERS });

  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'INFO', message: 'address asked: ERROR', checkId: 'health' },
  ]);
});

test('answers nothing but the questions of checks', async () => {
  await expect(handler({ kind: 'other', plan, headers: {} } as never)).rejects.toThrow(
    'the event is no question of a check',
  );
  expect(lines).toEqual([]);
});

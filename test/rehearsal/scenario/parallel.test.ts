import { join } from 'node:path';
import { loadScenario } from '../../../rehearsal/scenario/load';
import { rehearse } from '../../e2e/rehearse';

test('runs in PARALLEL mode are answered each by its own link', async () => {
  const result = await rehearse(loadScenario(join(__dirname, '../fixtures/parallel.yaml')));

  expect(result.failure).toBeUndefined();
  expect(result.passed).toBe(true);
}, 120_000);

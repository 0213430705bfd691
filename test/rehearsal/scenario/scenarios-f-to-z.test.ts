import { rehearse, scenarioFiles } from './rehearse';

test.each(scenarioFiles('f', 'z'))(
  '%s',
  async (file) => {
    const result = await rehearse(file);

    expect(result.failure).toBeUndefined();
    expect(result.passed).toBe(true);
  },
  180_000,
);

import { rehearse, scenarioFiles } from './rehearse';

test.each(scenarioFiles('a', 'e'))(
  '%s',
  async (file) => {
    const result = await rehearse(file);

    expect(result.failure).toBeUndefined();
    expect(result.passed).toBe(true);
  },
  180_000,
);

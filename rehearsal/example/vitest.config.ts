import { defineConfig } from 'vitest/config';

// The functions really run, so a test takes seconds.
export default defineConfig({ test: { testTimeout: 120_000 } });

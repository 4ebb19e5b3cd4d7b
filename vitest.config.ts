import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/architecture/**/*.test.ts'], 30_000),
      project('integration', ['test/integration/**/*.test.ts', 'test/faults/**/*.test.ts'], 240_000),
      project('packaging', ['test/packaging/**/*.test.ts'], 240_000),
    ],
  },
});

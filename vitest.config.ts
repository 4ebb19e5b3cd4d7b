import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], testTimeout: number, globalSetup: string[] = []) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const, globalSetup },
});
const built = ['test/global-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/architecture/**/*.test.ts'], 30_000),
      project('integration', ['test/integration/**/*.test.ts', 'test/faults/**/*.test.ts'], 240_000, built),
      project('packaging', ['test/packaging/**/*.test.ts'], 240_000, built),
    ],
  },
});

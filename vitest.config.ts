import { defineConfig } from 'vitest/config';

// Unit tests share a process: loading TF.js and the product again for every file took longer than the tests.
const project = (
  name: string,
  include: string[],
  testTimeout: number,
  more: { globalSetup?: string[]; isolate?: boolean } = {},
) => ({
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: testTimeout,
    pool: 'forks' as const,
    // For tests that load ONNX Runtime themselves; the product switches its telemetry off on its own.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    ...more,
  },
});
const built = ['test/global-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/architecture/**/*.test.ts'], 120_000, {
        isolate: false,
      }),
      project('integration', ['test/integration/**/*.test.ts', 'test/faults/**/*.test.ts'], 480_000, {
        globalSetup: built,
      }),
      project('packaging', ['test/packaging/**/*.test.ts'], 240_000, { globalSetup: built }),
    ],
  },
});

import { defineConfig } from 'playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../out/e2e',
  timeout: 300_000,
  expect: { timeout: 30_000 },
  workers: 1,
  forbidOnly: true,
  projects: [
    { name: 'browser', use: { host: 'browser' } as object },
    { name: 'electron', use: { host: 'electron' } as object },
  ],
});

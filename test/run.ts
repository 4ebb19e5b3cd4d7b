// npm test: every suite, one after the other, and one line that counts them all.
// Role: runs type check, lint, unit, architecture, integration, faults, golden, end-to-end and packaging, and adds up
// their results. Limits: knows suites, not tests. `node test/run.ts e2e` runs the named suites only.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findBrowser } from './browser.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}
/** What failed, in words: said again at the very end, because the end is what is kept of a long output. */
const failures: string[] = [];

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'zerolabel-test-'));
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

function start(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 2],
    env: { ...process.env, ...env },
  });
  process.stdout.write(result.stdout);
  return { status: result.status ?? 1, out: result.stdout };
}

/** A program without counts of its own: one test that passes when it ends with 0. */
const single = (command: string, args: string[]): Count =>
  start(command, args).status === 0
    ? { passed: 1, failed: 0, skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0 };

function vitest(project: string): Count {
  const file = join(scratch, `${project}.json`);
  const { status } = start(bin('vitest'), [
    'run',
    '--project',
    project,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
    testResults: {
      name: string;
      status: string;
      message: string;
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
    }[];
  };
  for (const { name, message, assertionResults, ...file } of report.testResults) {
    const where = relative(root, name);
    if (file.status === 'failed' && assertionResults.length === 0) failures.push(`${where}: ${message}`);
    for (const test of assertionResults.filter((t) => t.status === 'failed'))
      failures.push(`${where}: ${test.fullName}\n${test.failureMessages.join('\n')}`);
  }
  // A file that fails to load has no tests of its own to count.
  const broken = report.testResults.filter(
    (r) => r.status === 'failed' && r.assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function golden(): Count {
  const fixtures = join(process.env.ZEROLABEL_SHARED ?? join(root, '..', 'shared'), 'golden');
  if (!existsSync(fixtures)) {
    console.log(
      `Golden fixtures skipped: ${fixtures} is not there. Set ZEROLABEL_SHARED to the folder that holds golden/.`,
    );
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const { out } = start(process.execPath, ['electron/hosts/launch.ts', '--entry', 'golden']);
  const match = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(out);
  if (!match) return { passed: 0, failed: 1, skipped: 0 };
  return { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3]) };
}

function e2e(): Count {
  if (typeof browser === 'string') {
    console.log(browser);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  if (single(process.execPath, ['electron/hosts/launch.ts', '--build-only']).failed)
    return { passed: 0, failed: 1, skipped: 0 };
  const file = join(scratch, 'e2e.json');
  const { status } = start(
    process.execPath,
    ['node_modules/playwright/cli.js', 'test', '-c', 'test/e2e/playwright.config.ts', '--reporter=list,json'],
    {
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    },
  );
  const { stats, suites } = JSON.parse(readFileSync(file, 'utf8')) as {
    stats: { expected: number; unexpected: number; skipped: number; flaky: number };
    suites: SpecSuite[];
  };
  noteFailed(suites);
  const failed = stats.unexpected + stats.flaky;
  return {
    passed: stats.expected,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: stats.skipped,
  };
}

interface SpecSuite {
  specs: {
    ok: boolean;
    file: string;
    title: string;
    tests: { results: { errors: { message?: string }[] }[] }[];
  }[];
  suites?: SpecSuite[];
}

/** Keeps what failed specs said. */
function noteFailed(suites: SpecSuite[]): void {
  for (const { specs, suites: inner = [] } of suites) {
    for (const { ok, file, title, tests } of specs) {
      const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors));
      if (!ok)
        failures.push(
          `${file}: ${title}\n${errors.map(({ message }) => message ?? 'no message').join('\n')}`,
        );
    }
    noteFailed(inner);
  }
}

const suites: Record<string, () => Count> = {
  check: () => single('npm', ['run', '--silent', 'check']),
  unit: () => vitest('unit'),
  golden,
  build: () => single(process.execPath, ['electron/hosts/launch.ts', '--build-only']),
  integration: () => vitest('integration'),
  packaging: () => vitest('packaging'),
  e2e,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`Unknown suite ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}
// Looked for (or installed) once, before anything that may use it.
const browser =
  wanted.length === 0 || wanted.includes('e2e') || wanted.includes('integration')
    ? findBrowser()
    : 'not needed';
if (typeof browser !== 'string') {
  process.env.ZEROLABEL_CHROMIUM = browser.path;
  process.env.ZEROLABEL_H264 = browser.h264 ? '1' : '0';
}
const total: Count = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const [name, run] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const began = performance.now();
  let count: Count;
  try {
    count = run();
  } catch (error) {
    console.error(error);
    count = { passed: 0, failed: 1, skipped: 0 };
  }
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += count[key];
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  lines.push(
    `${name.padEnd(12)} ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped  (${seconds} s)`,
  );
}
rmSync(scratch, { recursive: true, force: true });
for (const failure of failures) console.log(`\nFAILED ${failure.slice(0, 3000)}`);
console.log(`\n${lines.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

// npm run bench [-- --only a,b] [--json FILE] [--compare FILE] [--device NAME]: what the parts cost on this machine.
// Role: medians over repetitions, printed and kept as JSON; a saved run can be compared by ratio. Limits: never a test;
// nothing here passes or fails.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openDevice } from '../../electron/compute/devices/open.ts';
import { trainerEnvironment } from '../../electron/hosts/fork.ts';
import { AppError } from '../../shared/errors.ts';
import { bags } from './bags.ts';
import { extraction } from './extraction.ts';
import { review } from './in-browser.ts';
import { overhead } from './overhead.ts';
import { emptyReport, report, reportText } from './report.ts';
import { timedSteps } from './steps.ts';
import { database, labels } from './storage.ts';
import { streamedTraining, streaming } from './streaming.ts';
import { idle, product, training } from './training.ts';

// What is measured runs as it does in a trainer.
const environment = trainerEnvironment();
if (process.env.GLIBC_TUNABLES !== environment.GLIBC_TUNABLES) {
  const child = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: environment,
    stdio: 'inherit',
  });
  process.exit(child.status ?? 1);
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    compare: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
    /** For the processes that the part `streaming` starts. */
    streamed: { type: 'string' },
  },
});
if (options.streamed) {
  await streamedTraining(JSON.parse(options.streamed));
  process.exit();
}
/** Some devices say what they lack when a step is compiled. */
function sayAndEnd(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  console.error(error.message);
  process.exit(1);
}

const wanted = options.only?.split(',');
const result = emptyReport(options.device);
const device = await openDevice(options.device).catch(sayAndEnd);
const parts: Record<string, () => Promise<void> | void> = {
  product: () => product(device, result),
  ...Object.fromEntries(Object.keys(timedSteps).map((name) => [name, () => training(device, result, name)])),
  overhead: () => overhead(device, result),
  idle: () => idle(device, result),
  extract: () => extraction(result),
  labels: () => labels(result),
  database: () => database(result),
  streaming: () => streaming(result),
  ...(wanted?.includes('rtfm-bags') && { 'rtfm-bags': () => bags(device, result) }),
  ...(wanted?.includes('review') && { review: () => review(result) }),
  ...Object.fromEntries(
    (wanted ?? []).flatMap((name) => {
      const part = /^review-(open|gestures|next|memory)$/.exec(name)?.[1];
      return part ? [[name, () => review(result, part)]] : [];
    }),
  ),
};
const unknown = wanted?.filter((name) => !(name in parts)) ?? [];
if (unknown.length > 0) {
  console.error(`Unknown part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const before = options.compare ? report.parse(JSON.parse(readFileSync(options.compare, 'utf8'))) : null;
try {
  for (const [name, run] of Object.entries(parts)) if (!wanted || wanted.includes(name)) await run();
} catch (error) {
  sayAndEnd(error);
}
await device.dispose();

console.log(`${device.title}, ${result.machine}`);
console.log(reportText(result, before));
if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);

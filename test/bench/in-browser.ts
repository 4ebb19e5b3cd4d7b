// The parts `review` and `review-…` of the bench. Role: runs review.ts, which drives a browser, as a process of its own from the sources.
// Limits: takes minutes and half a gigabyte; only when it is asked for.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Report, report } from './report.ts';

/** @param only one part of it; undefined for all */
export async function review(result: Report, only?: string): Promise<void> {
  const script = join(import.meta.dirname, '..', '..', 'test', 'bench', 'review.ts');
  const child = spawn(process.execPath, [script, ...(only ? ['--only', only] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`The review could not be measured (it ended with ${code}).`);
  Object.assign(result.stages, report.shape.stages.parse(JSON.parse(out)));
}

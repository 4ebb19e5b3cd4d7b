// Privacy as a fact of the kernel: the whole job (import, features, training, export, device probes) runs in a network
// namespace without a route, and the counters say that no packet was even tried. A control shows that they would notice.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeVideo } from '../../electron/media/encode.ts';
import { REMOVE } from '../remove.ts';

const root = join(import.meta.dirname, '..', '..');
const node = join(root, 'node_modules', '.bin', 'node');
const COUNTERS = 'cat /proc/net/snmp /proc/net/snmp6';

/** Whether this machine lets us make a network namespace. */
const available =
  process.platform === 'linux' && spawnSync('unshare', ['-rn', 'true'], { stdio: 'ignore' }).status === 0;

/** Attempts to send anything, anywhere, as counted by the namespace's own kernel counters. */
function attempts(output: string): Record<string, number> {
  const found: Record<string, number> = {};
  const lines = output.split('\n');
  for (const [protocol, name] of [
    ['Ip', 'OutRequests'],
    ['Ip', 'OutNoRoutes'],
    ['Tcp', 'ActiveOpens'],
    ['Udp', 'OutDatagrams'],
  ]) {
    const [names, values] = lines
      .filter((line) => line.startsWith(`${protocol}:`))
      .map((line) => line.split(/\s+/));
    found[protocol + name] = Number(values[names.indexOf(name)]);
  }
  for (const name of ['Ip6OutNoRoutes', 'Udp6OutDatagrams']) {
    const line = lines.find((text) => text.startsWith(`${name} `) || text.startsWith(`${name}\t`));
    found[name] = Number(line?.split(/\s+/)[1] ?? 0);
  }
  return found;
}

function inEmptyNetwork(command: string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync('unshare', ['-rn', 'sh', '-c', `"$@" >&2 || exit 1; ${COUNTERS}`, 'sh', ...command], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zerolabel-privacy-'));
  const [width, height] = [160, 120];
  for (let v = 0; v < 4; v++) {
    const picture = new Uint8Array(width * height * 3);
    await encodeVideo(
      join(folder, `clip-${v}.mp4`),
      { width, height, codec: 'h264', fps: 25 },
      (function* () {
        for (let f = 0; f < 64; f++) {
          picture.fill(90);
          const speed = v === 3 ? 6 : 2;
          for (let y = 40; y < 80; y++)
            picture.fill(
              220,
              (y * width + ((f * speed) % 120)) * 3,
              (y * width + ((f * speed) % 120) + 30) * 3,
            );
          yield { timeMs: f * 40, data: picture };
        }
      })(),
    );
  }
});
afterAll(() => rmSync(folder, REMOVE));

describe('ONNX Runtime, which brings telemetry of its own', () => {
  /** Runs a command with an empty home and nothing of this environment, because a CI server silences it, too. */
  const written = (command: string[]): string[] => {
    const home = mkdtempSync(join(folder, 'home-'));
    const env = { PATH: process.env.PATH, HOME: home, ZEROLABEL_DATA: join(folder, 'probed') };
    const { status, stderr } = spawnSync(command[0], command.slice(1), { cwd: root, env, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    return readdirSync(home);
  };

  test('keeps no device id and no events, so that there is nothing to send', () => {
    expect(written([node, join(root, 'out/hosts/cli.js'), 'doctor', '--again'])).toEqual([]);
  });

  // Without a route, so that nothing is sent in the name of a test.
  test.skipIf(!available || process.platform !== 'linux')('would keep them if it were let', () => {
    const script =
      "const { InferenceSession } = require('onnxruntime-node'); InferenceSession.create(new Uint8Array(3)).catch(() => setTimeout(() => process.exit(0), 1500))";
    expect(written(['unshare', '-rn', node, '-e', script])).toEqual(['.cache']);
  });
});

describe.skipIf(!available)('without a network (skipped where no network namespace can be made)', () => {
  test('the counters notice an attempt', () => {
    const script = "fetch('http://192.0.2.1').catch(() => process.exit(0))";
    expect(attempts(inEmptyNetwork([node, '-e', script])).IpOutNoRoutes).toBeGreaterThan(0);
  });

  test('the whole job from video to exported labels tries no connection', () => {
    const output = inEmptyNetwork(
      [
        node,
        join(root, 'out/hosts/cli.js'),
        'demo',
        '--videos',
        folder,
        '--project',
        join(folder, 'project'),
      ],
      { ZEROLABEL_DATA: join(folder, 'data') },
    );
    const tried = attempts(output);
    expect(tried).toEqual(Object.fromEntries(Object.keys(tried).map((name) => [name, 0])));
  });
});

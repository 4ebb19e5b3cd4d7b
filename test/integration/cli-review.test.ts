// The review from the command line, over a real project: queue, verdicts, rules, undo, log, second review.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../electron/api/engine.ts';
import { putArtifact } from '../../electron/files/atomic.ts';
import { writeNpy } from '../../electron/formats/npy.ts';
import { runCli } from '../../electron/hosts/cli/run.ts';
import { forkChild } from '../../electron/hosts/fork.ts';
import { openProject } from '../../electron/store/open.ts';
import { REMOVE } from '../remove.ts';
import { resultFor } from '../unit/store/project.ts';

const root = mkdtempSync(join(tmpdir(), 'zerolabel-cli-review-'));
const folder = join(root, 'project');
const before = process.env.ZEROLABEL_DATA;
const SEGMENTS = 8;
/** Features of each clip: two that are alike, one that is not. */
const LOOKS = [0, 0.1, 5];

beforeAll(async () => {
  process.env.ZEROLABEL_DATA = join(root, 'data');
  const store = openProject(folder, { create: { name: 'Reviewed' } });
  const setId = store.features.ensureSet({
    name: 'set',
    extractor: 'import',
    crops: 1,
    dim: 2,
    directed: false,
  });
  const ids: number[] = [];
  for (const [i, look] of LOOKS.entries()) {
    const data = Float32Array.from({ length: SEGMENTS * 2 }, (_, n) => look + (n % 2));
    const file = await putArtifact(store.artifactsFolder, writeNpy(data, [SEGMENTS, 1, 2], 'f4'));
    const videoId = store.videos.ensureForFeatures(`clips/clip${i}.npy`, SEGMENTS, null);
    store.features.put({ setId, videoId, segments: SEGMENTS, crops: 1, dim: 2, file, seconds: 0 });
    ids.push(videoId);
  }
  for (const name of ['first', 'second']) {
    const runId = store.runs.create({
      name,
      method: 'c2fpl',
      featureSetId: setId,
      seed: 1,
      device: 'cpu',
      config: {},
    });
    const result = resultFor(ids.map((videoId) => ({ videoId, segments: SEGMENTS })));
    if (name === 'second') for (const video of result.videos) video.scores = video.scores.map((s) => 1 - s);
    store.runs.finish(runId, result);
    store.runs.setRule(runId, { on: 0.75, off: 0.75, minFrames: 0, gapFrames: 0 });
  }
  store.close();
});
afterAll(() => {
  if (before === undefined) delete process.env.ZEROLABEL_DATA;
  else process.env.ZEROLABEL_DATA = before;
  rmSync(root, REMOVE);
});

async function cli(...args: string[]): Promise<{ code: number; out: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(['-p', folder, 'review', ...args], {
    out: { write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
  });
  return { code, out: `${out.join('')}${code === 0 ? '' : err.join('')}` };
}
const json = async (...args: string[]) =>
  JSON.parse((await cli(...args, '--json')).out) as Record<string, never>;

describe('review', () => {
  it('lists, decides, undoes and logs; every step survives the end of the process', async () => {
    // Scores k/8: the event of each clip is frames 96 to 128 (segments 6 and 7).
    const first = await cli('list', '--run', 'first', '--order', 'time', '--probes', '0');
    expect(first.out).toContain('clips/clip0  96-128');
    expect(first.out).toContain('3 items');
    expect(
      (
        await cli(
          'verdict',
          'clip0',
          '96-128',
          'accepted',
          '--run',
          'first',
          '--class',
          'Fall',
          '--to',
          '100-128',
          '--reviewer',
          'ada',
        )
      ).out,
    ).toBe('Accept 96 to 128 of clip0. 1 step to undo.\n');
    expect((await cli('verdict', 'clips/clip1', '96-128', 'rejected', '--run', 'first')).code).toBe(0);
    const labels = await cli('labels', '--run', 'first');
    expect(labels.out).toContain('clips/clip0  100-128  human  Fall   ada');
    expect(labels.out).not.toContain('clip1');
    expect((await cli('undo')).out).toContain('Undo: Reject 96 to 128 of clip1');
    expect((await cli('labels', '--run', 'first')).out).toContain('clips/clip1');
    expect((await cli('redo')).out).toContain('Redo: Reject 96 to 128 of clip1');
    const log = (await json('log')) as unknown as { entries: { id: number; actor: string }[] };
    expect(log.entries).toHaveLength(4);
    expect(log.entries[3].actor).toBe('ada');
    const then = await cli('labels', '--run', 'first', '--at', String(log.entries[3].id));
    expect(then.out).toContain('clips/clip1');
    expect((await cli('labels', '--run', 'first', '--at', '0')).out).not.toContain('human');
  });

  it('goes back to any row of the log in one step, which undo takes back', async () => {
    const { entries } = (await json('log')) as unknown as { entries: { id: number }[] };
    const [newest, , , oldest] = entries.map((entry) => String(entry.id));
    const dry = await cli('restore', oldest, '--dry-run');
    expect(dry.out).toContain('0 rows of people come back, 0 become what they were, 1 go, in 1 video');
    expect(dry.out).toContain('Nothing was changed');
    expect((await cli('labels', '--run', 'first')).out).not.toContain('clip1');
    expect((await cli('restore', oldest, '--reviewer', 'ada')).out).toContain(
      `Restore row ${oldest} of the log: 0 rows`,
    );
    expect((await cli('labels', '--run', 'first')).out).toContain('clips/clip1');
    expect((await cli('restore', oldest)).out).toContain('The review is what it was');
    expect((await cli('undo')).out).toContain(`Undo: Restore row ${oldest} of the log`);
    expect((await cli('labels', '--run', 'first')).out).not.toContain('clip1');
    const older = (await json('log', '--limit', '2', '--before', newest)) as unknown as typeof dry & {
      entries: { id: number }[];
    };
    expect(older.entries.map(({ id }) => id)).toEqual([entries[1].id, entries[2].id]);
  });

  it('lists what people drew or ignored beside what the run sees', async () => {
    await cli('add', 'clip2', '4-20', '--class', 'Cart');
    await cli('add', 'clip2', '40-50', '--kind', 'ignore');
    const list = ['list', '--run', 'first', '--order', 'time', '--probes', '0'];
    expect((await cli(...list)).out).not.toContain('4-20');
    const all = (await cli(...list, '--people')).out;
    expect(all).toMatch(/clips\/clip2 +4-20 .*accepted +Cart/);
    expect(all).toMatch(/clips\/clip2 +40-50 .*ignored/);
    await cli('undo', '--steps', '2');
  });

  it('says what a rule would take, takes it as a rule, and undoes it as one step', async () => {
    const args = ['bulk', 'rejected', '--run', 'first', '--max-score', '.9'];
    const dry = await cli(...args, '--dry-run');
    expect(dry.out).toContain('Reject open events with a score of at most .90: 1 event');
    expect(dry.out).toContain('Nothing was changed');
    expect((await cli(...args)).out).toContain('Done, as a rule');
    const queue = (await json('list', '--run', 'first', '--probes', '0')) as unknown as Record<
      'human' | 'rule' | 'open',
      number
    >;
    expect([queue.human, queue.rule, queue.open]).toEqual([2, 1, 0]);
    expect((await cli(...args)).code).toBe(1); // nothing is left to take
    await cli('undo');
    expect((await json('list', '--run', 'first', '--probes', '0')) as unknown).toMatchObject({
      human: 2,
      rule: 0,
      open: 1,
    });
  });

  it('lists videos by how far their review has come, and by where runs are apart', async () => {
    const list = async (...args: string[]) => {
      const out: string[] = [];
      const code = await runCli(['-p', folder, 'videos', '--run', 'first', '--json', ...args], {
        out: { write: (text) => out.push(text) },
        err: { write: () => true },
      });
      expect(code).toBe(0);
      const { videos } = JSON.parse(out.join('')) as {
        videos: { relPath: string; review: object; disagreement?: number }[];
      };
      return videos;
    };
    const names = async (...args: string[]) => (await list(...args)).map(({ relPath }) => relPath);
    const [done] = await list('--reviewed', 'yes');
    expect(done).toMatchObject({
      relPath: 'clips/clip0',
      review: { events: 1, decided: 1, rule: 0, ignored: 0, left: 0, reviewed: 'yes' },
    });
    expect(await names('--reviewed', 'yes')).toEqual(['clips/clip0', 'clips/clip1']);
    expect(await names('--reviewed', 'partly')).toEqual([]);
    expect(await names('--reviewed', 'no')).toEqual(['clips/clip2']);
    expect((await names('--sort', 'left'))[0]).toBe('clips/clip2');
    for (const { disagreement } of await list('--sort', 'disagree'))
      expect(disagreement).toBeGreaterThanOrEqual(0);
  });

  it('keeps the second review blind, measures how far the two agree, and settles where they differ', async () => {
    const blind = (await json('list', '--run', 'first', '--second', '--probes', '0')) as unknown as {
      items: { verdict: unknown }[];
    };
    expect(blind.items.map((item) => item.verdict)).toEqual([null, null, null]);
    await cli('verdict', 'clip0', '96-128', 'accepted', '--run', 'first', '--second', '--reviewer', 'bo');
    await cli('verdict', 'clip1', '96-128', 'accepted', '--run', 'first', '--second', '--reviewer', 'bo');
    const found = await cli('agreement');
    expect(found.out).toContain('over 2 videos, 16 segments');
    expect(found.out).toMatch(/clips\/clip0 +96-100 +other edges/);
    expect(found.out).toMatch(/clips\/clip1 +96-128 +only the second/);
    const engine = await createEngine({
      spawn: forkChild,
      host: 'cli',
      appData: join(root, 'data'),
      roots: [],
    });
    try {
      await engine.open(folder);
      const { differences, iou } = await engine.call('review.agreement', {});
      expect(iou).toBeCloseTo(28 / 64);
      const { videoId, start, end } = differences[1];
      await engine.call('review.edit', {
        edit: { type: 'settle', of: { videoId, start, end }, as: 'second' },
      });
      const [row] = (await engine.call('review.rows', {})).filter(
        (r) => r.videoId === differences[1].videoId,
      );
      expect(row).toMatchObject({ pass: 1, verdict: 'accepted', start: 96 });
      expect((await engine.call('review.agreement', {})).differences).toHaveLength(1);

      // What looks like the event of clip 2: nothing; of clip 0: the one of clip 1.
      const runId = (await engine.call('runs.list', {})).find((run) => run.name === 'first')?.id ?? 0;
      const videos = await engine.call('videos.list', {});
      const near = await engine.call('review.similar', {
        runId,
        videoId: videos[0].id,
        range: { start: 96, end: 128 },
      });
      expect(near.reviewed.map((one) => one.videoId)).toEqual([videos[1].id]);
      expect(near.reviewed[0].distance).toBeLessThan(0.1);
      expect(near.open[0]).toBeGreaterThan(1);
      const novel = await engine.call('review.queue', { runId, settings: { order: 'novel', probeShare: 0 } });
      expect(novel.items[0]).toMatchObject({ videoId: videos[2].id });
      expect(novel.items[0].novelty).toBeGreaterThan(1);
      const like = { videoId: videos[0].id, start: 96, end: 128, radius: 10 };
      const bulk = await engine.call('review.bulk', { runId, verdict: 'accepted', like, dryRun: true });
      expect(bulk).toMatchObject({
        affected: 1,
        text: 'Accept open events within 10.00 of 96 to 128 of clips/clip0',
      });
    } finally {
      await engine.close();
    }
    expect((await cli('settle', 'clip0', '96-100', 'first', '--reviewer', 'ada')).out).toContain(
      'Settle 96 to 100 of clip0 for the first review',
    );
    expect((await cli('agreement')).out).toMatch(/clips\/clip0 +96-100 +other edges +first/);
    expect((await cli('settle', 'clip0', '0-16', 'first')).out).toContain('do not differ at 0 to 16');
    expect((await cli('undo')).out).toContain('Undo: Settle 96 to 100');
    expect((await cli('agreement')).out).not.toMatch(/96-100 +other edges +first/);
  });

  it('compares a run with an earlier one and with verdicts', async () => {
    // The second run sees the first two segments of each clip, and none of what was accepted.
    expect((await cli('diff', 'second', 'first')).out).toMatch(
      /3 new, 0 moved, 3 gone, 0 the same. It contradicts 2 verdicts/,
    );
  });

  it('refuses what makes no sense, in a sentence', async () => {
    expect((await cli('verdict', 'nothing.mp4', '0-16', 'accepted')).out).toContain(
      'No video is named "nothing.mp4"',
    );
    expect((await cli('verdict', 'clip0', '16-0', 'accepted')).code).toBe(2);
    expect((await cli('verdict', 'clip0', '0-16', 'perhaps')).code).toBe(2);
    expect((await cli('verdict', 'clip0', '0-99999', 'accepted')).out).toContain('reach past the end');
    expect((await cli('undo', '--steps', '99')).out).toContain('There is nothing to undo');
  });
});

// A project with more events than its videos are long in seconds, and verdicts on a random sample of them.
// Role: what estimates, expectations and orders need to have something to say. Limits: scores are drawn here, not trained;
// rows are written as the engine writes them.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { stepOf } from '../../electron/api/review/edits.ts';
import { queueOf } from '../../electron/api/review/open-queue.ts';
import { createScoreCache } from '../../electron/api/score-cache.ts';
import { openProject } from '../../electron/store/open.ts';
import { type QueueItem, queueSettings } from '../../shared/contract/index.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { segmentCount } from '../../shared/labels/segments.ts';
import type { FrameRange } from '../../shared/labels/types.ts';

export interface ManyEvents {
  project: string;
  /** Events by video, ascending. */
  events: (FrameRange & { videoId: number; name: string; max: number })[];
  /** What was drawn and decided, in the order of the draw. */
  decided: QueueItem[];
}

const RULE = { on: 0.5, off: 0.5, minFrames: 0, gapFrames: 0 };
const LENGTHS = [1, 1, 2, 1, 3];

/** @param decided events of the random sample that get a verdict: two of three are right */
export async function makeManyEvents(projects: string, folder: string, decided: number): Promise<ManyEvents> {
  const project = join(folder, 'project');
  await cp(join(projects, 'scored'), project, { recursive: true });
  const store = openProject(project);
  try {
    const [set] = store.features.sets();
    const runId = store.runs.create({
      name: 'many',
      method: 'rarity',
      featureSetId: set.id,
      seed: 1,
      device: 'cpu',
      config: {},
    });
    const videos = store.videos.list().filter(({ state, frames }) => state === 'ready' && frames > 0);
    let n = 0;
    const scores = videos.map(({ frames }) => {
      const own = new Float32Array(segmentCount(frames)).fill(0.1);
      for (let k = 0; k < own.length; n++) {
        const length = LENGTHS[n % LENGTHS.length];
        own.fill(0.55 + (0.4 * ((n * 7) % 31)) / 31, k, k + length);
        k += length + 1;
      }
      return own;
    });
    store.runs.finish(runId, {
      kind: 'train',
      videos: videos.map(({ id }, i) => ({
        videoId: id,
        scores: scores[i],
        labels: Uint8Array.from(scores[i], (score) => (score >= RULE.on ? 1 : 0)),
        uncertainty: null,
        videoLabel: null,
      })),
      model: null,
      threshold: { on: RULE.on, off: RULE.off },
      notes: [],
      provenance: {},
      timings: {},
    });
    store.runs.setRule(runId, RULE);
    const queue = queueOf(
      { store, scores: createScoreCache(store) },
      {
        runId,
        settings: queueSettings.parse({ order: 'random', probeShare: 0 }),
        rule: null,
        ownRules: null,
        pass: 1,
        people: false,
        limit: 1000,
      },
      null,
    );
    const sample = queue.items.slice(0, decided);
    for (const [i, { videoId, start, end }] of sample.entries()) {
      store.review.commit(
        stepOf(
          store,
          { reviewer: 'ada', pass: 1 },
          {
            type: 'change',
            target: { runId, videoId, range: { start, end } },
            set: { verdict: i % 3 === 2 ? 'rejected' : 'accepted' },
          },
        ),
      );
    }
    const events = videos.flatMap(({ id, relPath, frames }, i) =>
      eventsOf(scores[i], frames, RULE).map((event) => ({ ...event, videoId: id, name: relPath })),
    );
    return { project, events, decided: sample };
  } finally {
    store.close();
  }
}

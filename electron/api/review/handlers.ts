// Calls about what people say: edits, undo, log, labels in use.
// Role: who edits, and news to every face. Limits: what an edit means is in edits.ts, how it is kept in electron/store.
import { userInfo } from 'node:os';
import {
  type Editor,
  type HumanEvent,
  type Output,
  type ParsedInput,
  type Queue,
  type QueueFilter,
  type QueueItem,
  queueFilter,
  queuePlace,
  queueSettings,
  type ReviewChange,
} from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { agreementOf, differencesOf } from '../../../shared/labels/agreement.ts';
import { eventsOf } from '../../../shared/labels/events.ts';
import { overlap } from '../../../shared/labels/intervals.ts';
import { labelsInUse } from '../../store/labels-in-use.ts';
import type { Store } from '../../store/store.ts';
import type { Context, HandlersOf, OpenProject } from '../context.ts';
import { affected, ruleText, sampleOf } from './bulk.ts';
import { describe, distances, noveltyAmong, type Place, type Vectors } from './descriptors.ts';
import { stepOf } from './edits.ts';
import { buildQueue, diffOf } from './queue.ts';

const REVIEWER = 'reviewer';

/** The name edits carry when they bring none: the project's reviewer, else the user of the system. */
export function reviewerOf(store: Store, by: Editor): string {
  const kept = store.settings.get(REVIEWER);
  return by.reviewer ?? (typeof kept === 'string' && kept !== '' ? kept : systemUser());
}

function systemUser(): string {
  try {
    return userInfo().username.slice(0, 80) || 'reviewer';
  } catch {
    return 'reviewer'; // a user without an entry in the system, as in containers
  }
}

const PLACE = 'review.place';
const number = (n: number): string => n.toLocaleString('en-US');
/** Methods that fit beside each other in the queue. */
const MOST_RUNS = 8;

const grouped = <T extends { videoId: number }>(rows: readonly T[]): Map<number, T[]> =>
  Map.groupBy(rows, (row) => row.videoId);

/** Vectors of events per open project and feature set; they are gone with the project. */
const described = new WeakMap<Store, Map<number, Vectors>>();

function vectorsOf(store: Store, setId: number): Vectors {
  const sets = described.get(store) ?? new Map<number, Vectors>();
  described.set(store, sets);
  const known = sets.get(setId) ?? new Map<string, Float32Array>();
  sets.set(setId, known);
  return known;
}

const placesOf = (rows: readonly HumanEvent[]): (Place & { row: HumanEvent })[] =>
  rows
    .filter((row) => row.kind === 'event' && row.verdict !== null)
    .map((row) => ({ videoId: row.videoId, start: row.start, end: row.end, row }));

/** How far events lie from those that were reviewed; what is needed is read from feature files first. */
async function noveltyOf(
  { store, scores }: OpenProject,
  { runId, settings, pass, rule }: ParsedInput<'review.queue'>,
): Promise<(place: Place) => number | null> {
  const run = store.runs.get(runId);
  const events = scores
    .of(runId, settings.perCamera)
    .flatMap(({ videoId, frames, scores: own }) =>
      eventsOf(own, frames, rule ?? run.rule).map(({ start, end }) => ({ videoId, start, end })),
    );
  const reviewed = placesOf(store.review.all(pass));
  const known = vectorsOf(store, run.featureSetId);
  await describe(store, run.featureSetId, [...events, ...reviewed], known);
  return noveltyAmong(distances([...events, ...reviewed], known), reviewed);
}

async function similarTo(
  project: OpenProject,
  { runId, videoId, range, pass, count }: ParsedInput<'review.similar'>,
): Promise<Output<'review.similar'>> {
  const { store } = project;
  const { featureSetId } = store.runs.get(runId);
  const rows = placesOf(store.review.all(pass));
  const { items } = fullQueue(project, runId, NO_FILTER, pass);
  const here = { videoId, start: range.start, end: range.end };
  const known = vectorsOf(store, featureSetId);
  const places = [here, ...items, ...rows];
  await describe(store, featureSetId, places, known);
  const distance = distances(places, known);
  return {
    reviewed: rows
      .flatMap((place) => {
        const d = overlap(place, here) > 0 && place.videoId === videoId ? null : distance(here, place);
        const { row } = place;
        return d === null || row.verdict === null
          ? []
          : [
              {
                videoId: row.videoId,
                start: row.start,
                end: row.end,
                distance: d,
                verdict: row.verdict,
                class: row.class,
              },
            ];
      })
      .sort((a, b) => a.distance - b.distance)
      .slice(0, count),
    open: items
      .filter((item) => item.by === null)
      .flatMap((item) => distance(here, item) ?? [])
      .sort((a, b) => a - b)
      .slice(0, 1000),
  };
}

const NO_FILTER = queueFilter.parse({});

/** All events of a run that fit, with what was said; no probes, no budget. */
function fullQueue(project: OpenProject, runId: number, filter: QueueFilter, pass: 1 | 2): Queue {
  const settings = queueSettings.parse({ order: 'time', probeShare: 0, filter });
  return queueOf(project, { runId, settings, rule: null, pass, limit: 1_000_000 }, null);
}

async function bulk(project: OpenProject, input: ParsedInput<'review.bulk'>): Promise<Output<'review.bulk'>> {
  const { store } = project;
  const { runId, filter, like, verdict, dryRun } = input;
  const { items } = fullQueue(project, runId, { ...filter, said: ['open'] }, 1);
  let near: ((item: QueueItem) => boolean) | null = null;
  if (like) {
    const { featureSetId } = store.runs.get(runId);
    const known = vectorsOf(store, featureSetId);
    await describe(store, featureSetId, [like, ...items], known);
    const distance = distances([like, ...items], known);
    near = (item) => (distance(like, item) ?? Number.POSITIVE_INFINITY) <= like.radius;
  }
  const taken = affected(items, near);
  const likeName = like
    ? `${number(like.start)} to ${number(like.end)} of ${store.videos.get(like.videoId).relPath}`
    : '';
  const text = ruleText(input, likeName);
  const found = {
    text,
    affected: taken.length,
    seconds: taken.reduce((sum, item) => sum + item.seconds, 0),
    sample: sampleOf(taken, 1),
  };
  if (dryRun) return { ...found, change: null };
  if (taken.length === 0) throw new AppError('conflict', `${text}: no event fits. Nothing was changed.`);
  const reviewer = reviewerOf(store, input.by);
  const change = store.transaction(() => {
    const ruleId = store.review.addRule(
      {
        runId,
        text,
        parameters: { filter, like, rule: store.runs.get(runId).rule },
        verdict,
        class: input.class,
        reviewer,
      },
      taken,
    );
    return store.review.commit({
      name: `By rule: ${text} (${number(taken.length)})`,
      reviewer,
      pass: 1,
      action: 'review.bulk',
      changes: [{ what: 'rule', ruleId, before: false, after: true }],
    });
  });
  return { ...found, change };
}

function agreementNow(store: Store): Output<'review.agreement'> {
  const [first, second] = [store.review.all(1), store.review.all(2)];
  const names = (rows: readonly HumanEvent[]) => [...new Set(rows.map((row) => row.reviewer))].sort();
  const [byFirst, bySecond] = [grouped(first), grouped(second)];
  const videos = [...bySecond]
    .filter(([videoId]) => byFirst.has(videoId))
    .map(([videoId, rows]) => ({
      videoId,
      frames: store.videos.get(videoId).frames,
      first: byFirst.get(videoId) ?? [],
      second: rows,
    }));
  return {
    first: names(first),
    second: names(second),
    videos: videos.length,
    ...agreementOf(videos),
    differences: videos.flatMap((video) =>
      differencesOf(video).map((one) => ({ ...one, videoId: video.videoId })),
    ),
  };
}

function queueOf(
  { store, scores }: OpenProject,
  input: ParsedInput<'review.queue'>,
  novelty: ((place: Place) => number | null) | null,
): Queue {
  const { runId, settings, pass } = input;
  const done = store.runs.list().filter((run) => run.state === 'done');
  const chosen = done.find((run) => run.id === runId);
  if (!chosen) throw new AppError('not_found', 'This run has no scores to review.', { runId });
  const others = done.filter((run) => run.id !== runId).reverse();
  const against = others.find((run) => run.id === settings.filter.against);
  const runs = [chosen, ...(against ? [against] : []), ...others.filter((run) => run !== against)]
    .slice(0, MOST_RUNS)
    .map((run) => ({ id: run.id, rule: run.rule, scores: scores.of(run.id, settings.perCamera) }));
  const rule = input.rule ?? chosen.rule;
  return buildQueue({
    runId,
    rule,
    settings,
    runs,
    videos: new Map(
      store.videos.list().map((video) => [
        video.id,
        {
          id: video.id,
          relPath: video.relPath,
          camera: video.camera,
          frameSeconds: video.frames > 0 ? video.durationSeconds / video.frames : 0,
        },
      ]),
    ),
    human: grouped(store.review.all(pass)),
    // The second reviewer is blind to everything that was said before.
    ruleEvents: grouped(pass === 2 ? [] : store.review.ruleEvents(runId)),
    novelty,
    keep: (purpose, units, samples) => {
      const drawId = store.review.keepDraw({ runId, purpose, seed: settings.seed, rule, units }, samples);
      return store.review.samples(drawId);
    },
    limit: input.limit,
  });
}

export function reviewHandlers(context: Context): HandlersOf<'review'> {
  const told = (change: ReviewChange): ReviewChange => {
    context.emit('review.changed', change);
    return change;
  };
  return {
    'review.rows': ({ videoId, pass }) => {
      const { review } = context.opened().store;
      return videoId === null ? review.all(pass) : review.ofVideo(videoId, pass);
    },
    'review.state': ({ pass }) => context.opened().store.review.state(pass),
    'review.edit': ({ by, edit }) => {
      const { store } = context.opened();
      return told(
        store.transaction(() =>
          store.review.commit(stepOf(store, { ...by, reviewer: reviewerOf(store, by) }, edit)),
        ),
      );
    },
    'review.undo': ({ by }) => {
      const { store } = context.opened();
      return told(store.review.undo(by.pass, reviewerOf(store, by)));
    },
    'review.redo': ({ by }) => {
      const { store } = context.opened();
      return told(store.review.redo(by.pass, reviewerOf(store, by)));
    },
    'review.classes': () => context.opened().store.review.classes(),
    'review.rules': () => context.opened().store.review.rules(),
    'review.ruleEvents': ({ runId, videoId }) =>
      context.opened().store.review.ruleEvents(runId, videoId ?? undefined),
    'review.log': ({ limit, before }) =>
      context.opened().store.review.log(limit, before ?? Number.MAX_SAFE_INTEGER),
    'review.rowsAt': ({ at, videoId, pass }) => {
      const { rows } = context.opened().store.review.at(at, pass);
      return videoId === null ? rows : rows.filter((row) => row.videoId === videoId);
    },
    'review.labels': ({ runId, videoId, at }) => {
      const labels = labelsInUse(context.opened().store, runId, videoId, at);
      if (!labels)
        throw new AppError('not_found', 'This run has no scores for this video.', { runId, videoId });
      const { events, ignored, videoLabel } = labels;
      return { events, ignored, videoLabel };
    },
    'review.queue': async (input) => {
      const project = context.opened();
      const novelty = input.settings.order === 'novel' ? await noveltyOf(project, input) : null;
      return queueOf(project, input, novelty);
    },
    'review.bulk': async (input) => {
      const done = await bulk(context.opened(), input);
      if (done.change) told(done.change);
      return done;
    },
    'review.similar': (input) => similarTo(context.opened(), input),
    'review.agreement': () => agreementNow(context.opened().store),
    'review.place': () => {
      const kept = queuePlace.safeParse(context.opened().store.settings.get(PLACE));
      return kept.success ? kept.data : null; // one of an older version is no place any more
    },
    'review.setPlace': ({ place }) => {
      context.opened().store.settings.set(PLACE, place);
      return {};
    },
    'review.diff': ({ runId, against }) => {
      const { store, scores } = context.opened();
      const of = (id: number) => ({ rule: store.runs.get(id).rule, scores: scores.of(id, false) });
      return diffOf(of(runId), of(against), grouped(store.review.all(1)));
    },
    'review.reviewer': () => ({ reviewer: reviewerOf(context.opened().store, { reviewer: null, pass: 1 }) }),
    'review.setReviewer': ({ reviewer }) => {
      context.opened().store.settings.set(REVIEWER, reviewer);
      return {};
    },
  };
}

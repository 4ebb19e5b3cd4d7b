// What an export is made of: labels of a run, labels in use, ground truth or an imported layer, as the writers take them.
// Role: reads the store, puts scores beside events. Limits: writes nothing.
import { readFile } from 'node:fs/promises';
import type { LabelSource } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { eventsOf, sameRule } from '../../shared/labels/events.ts';
import { decodeFrameTable, timeOfFrame } from '../../shared/labels/frame-table.ts';
import { frameCount, intersect, normalize } from '../../shared/labels/intervals.ts';
import { type EventRules, ruleOf } from '../../shared/labels/rules.ts';
import { scoredRange, segmentCount, segmentOfFrame } from '../../shared/labels/segments.ts';
import type { FrameRange } from '../../shared/labels/types.ts';
import { artifactPath } from '../files/atomic.ts';
import type { ExportData, ExportEvent, ExportVideo } from '../formats/data.ts';
import { allLabelsInUse, type LabelsInUse } from '../store/labels-in-use.ts';
import type { Store } from '../store/store.ts';
import { VERSION } from './app.ts';

/** Highest, mean and tenth-percentile score, and mean uncertainty, over the frames of an event. */
function scoresInside(
  { start, end }: FrameRange,
  scores: Float32Array,
  uncertainty: Float32Array | null,
): Pick<ExportEvent, 'max' | 'mean' | 'p10' | 'uncertainty'> {
  if (scores.length === 0) return { max: null, mean: null, p10: null, uncertainty: null };
  const first = segmentOfFrame(start, scores.length);
  const last = segmentOfFrame(end - 1, scores.length);
  const parts: { score: number; frames: number; unsure: number }[] = [];
  for (let k = first; k <= last; k++) {
    const range = scoredRange(k, scores.length, end);
    const frames = Math.min(range.end, end) - Math.max(range.start, start);
    parts.push({ score: scores[k], frames, unsure: uncertainty?.[k] ?? 0 });
  }
  const total = end - start;
  const weighted = (of: (part: (typeof parts)[number]) => number) =>
    parts.reduce((sum, part) => sum + of(part) * part.frames, 0) / total;
  let below = 0;
  const ascending = [...parts].sort((a, b) => a.score - b.score);
  const tenth = ascending.find(({ frames }) => {
    below += frames;
    return below >= total / 10;
  });
  return {
    max: ascending[ascending.length - 1].score,
    mean: weighted((part) => part.score),
    p10: tenth?.score ?? null,
    uncertainty: uncertainty ? weighted((part) => part.unsure) : null,
  };
}

/** 1 where at least half of the frames of a segment lie inside the ranges, `[T]`. */
function segmentLabels(ranges: readonly FrameRange[], segments: number, frames: number): Uint8Array {
  const inside = normalize(ranges);
  return Uint8Array.from({ length: segments }, (_, k) => {
    const range = scoredRange(k, segments, frames);
    const count = frameCount(intersect(inside, [range]));
    return count > 0 && 2 * count >= range.end - range.start ? 1 : 0;
  });
}

/** What people say about each segment: 1, 0, or -1 where nobody decided. */
function humanLabels(
  { layers: { human }, events }: LabelsInUse,
  segments: number,
  frames: number,
): Int8Array {
  const decided = normalize(
    human.filter((row) => (row.kind === 'event' && row.verdict !== null) || row.kind === 'watched'),
  );
  const seen = segmentLabels(decided, segments, frames);
  const anomalous = segmentLabels(
    events.filter((event) => event.layer === 'human'),
    segments,
    frames,
  );
  return Int8Array.from(seen, (known, k) => (anomalous[k] === 1 ? 1 : known === 1 ? 0 : -1));
}

function eventInUse(labels: LabelsInUse, event: LabelsInUse['events'][number]): ExportEvent {
  const row = labels.layers.human.find((human) => event.layer === 'human' && human.id === event.eventId);
  const moved = event.origin && (event.origin.start !== event.start || event.origin.end !== event.end);
  return {
    start: event.start,
    end: event.end,
    max: null,
    mean: null,
    class: event.class ?? undefined,
    layer: event.layer,
    verdict: event.verdict !== null ? (moved ? 'edited' : 'accepted') : row ? 'edited' : 'unreviewed',
    verdictBy: event.reviewer,
    verdictAt: row?.changedAt ?? null,
    parent: event.layer === 'model' ? null : event.origin,
    note: row?.note ? row.note : null,
  };
}

async function videoFacts(
  store: Store,
  videoId: number,
): Promise<Omit<ExportVideo, 'scores' | 'labels' | 'videoLabel' | 'events'>> {
  const video = store.videos.get(videoId);
  const tableFile = store.videos.frameTable(videoId);
  const table =
    tableFile && decodeFrameTable(await readFile(artifactPath(store.artifactsFolder, tableFile.sha256)));
  return {
    id: videoId,
    relPath: video.relPath,
    fingerprint: video.fingerprint,
    frames: video.frames,
    fpsNum: video.fpsNum,
    fpsDen: video.fpsDen,
    size: video.width > 0 && video.height > 0 ? { width: video.width, height: video.height } : null,
    secondsAt: table ? (frame) => timeOfFrame(table, frame) : null,
  };
}

type Source<K extends LabelSource['kind']> = Extract<LabelSource, { kind: K }>;

async function fromRun(store: Store, source: Source<'run'> | Source<'inUse'>): Promise<ExportData> {
  const run = store.runs.get(source.runId);
  if (run.state !== 'done')
    throw new AppError('conflict', `${run.name} has no labels yet: its state is "${run.state}".`);
  const at = source.kind === 'inUse' ? (source.at ?? null) : null;
  const rules: EventRules = at === null ? run : store.review.rulesAt(at, run.id, run);
  const of = ruleOf(rules);
  const used =
    source.kind === 'inUse'
      ? new Map(allLabelsInUse(store, run.id, at).map((labels) => [labels.videoId, labels]))
      : null;
  const videos: ExportVideo[] = [];
  for (const { videoId, camera, scores, labels, videoLabel } of store.runs.allScores(run.id)) {
    const rule = of({ videoId, camera });
    const facts = {
      ...(await videoFacts(store, videoId)),
      ...(!sameRule(rule, rules.rule) && { rule }),
    };
    const uncertainty = store.runs.uncertainty(run.id, videoId);
    const withScores = (event: ExportEvent): ExportEvent => ({
      ...event,
      ...scoresInside(event, scores, uncertainty),
    });
    const own = used?.get(videoId);
    if (source.kind !== 'inUse' || !own) {
      const events = eventsOf(scores, facts.frames, rule).map((event) => ({
        ...withScores(event),
        max: event.max,
        mean: event.mean,
      }));
      videos.push({ ...facts, scores, labels, videoLabel, events, uncertainty });
      continue;
    }
    const kept = own.events.filter((event) => source.layers.includes(event.layer));
    videos.push({
      ...facts,
      scores,
      labels: segmentLabels(kept, scores.length, facts.frames),
      videoLabel: own.videoLabel ?? videoLabel,
      events: kept.map((event) => withScores(eventInUse(own, event))),
      uncertainty,
      humanLabels: humanLabels(own, scores.length, facts.frames),
      ignore: own.ignored,
    });
  }
  return {
    ...projectFacts(store),
    title: source.kind === 'inUse' ? `${run.name}, reviewed` : run.name,
    source: source.kind,
    run,
    rule: rules.rule,
    videos,
  };
}

const projectFacts = (store: Store) => {
  const { id, name } = store.project.get();
  return { appVersion: VERSION, project: { id, name } };
};

/** Labels without a run: as many segments as 16 frames each give. */
async function labelled(
  store: Store,
  videoId: number,
  events: ExportEvent[],
  given: Float32Array | null,
): Promise<ExportVideo> {
  const facts = await videoFacts(store, videoId);
  const segments = given?.length ?? segmentCount(facts.frames);
  return {
    ...facts,
    scores: given ?? new Float32Array(0),
    labels: segmentLabels(events, segments, facts.frames),
    videoLabel: events.length > 0 ? 1 : 0,
    events,
  };
}

async function fromTruth(store: Store): Promise<ExportData> {
  const truth = store.truth.all();
  if (truth.length === 0)
    throw new AppError('conflict', 'This project has no ground truth. Import some first.');
  const videos = await Promise.all(
    truth.map(({ videoId, intervals, class: name }) =>
      labelled(
        store,
        videoId,
        intervals.map((range) => ({
          ...range,
          max: null,
          mean: null,
          class: name ?? undefined,
          layer: 'truth' as const,
        })),
        null,
      ),
    ),
  );
  videos.sort((a, b) => (a.relPath < b.relPath ? -1 : 1));
  return { ...projectFacts(store), title: 'Ground truth', source: 'truth', run: null, rule: null, videos };
}

async function fromLayer(store: Store, { id }: Source<'layer'>): Promise<ExportData> {
  const layer = store.layers.get(id);
  const videos = await Promise.all(
    store.layers.videos(id).map(({ videoId, events, scores }) =>
      labelled(
        store,
        videoId,
        events.map(({ start, end, class: label, score }) => ({
          start,
          end,
          max: score,
          mean: null,
          class: label ?? undefined,
          layer: 'imported' as const,
        })),
        scores,
      ),
    ),
  );
  return { ...projectFacts(store), title: layer.name, source: 'layer', run: null, rule: null, videos };
}

/** @throws AppError `conflict` when there are no such labels (yet), `not_found` when the run or layer is gone. */
export function exportData(store: Store, source: LabelSource): Promise<ExportData> {
  switch (source.kind) {
    case 'run':
    case 'inUse':
      return fromRun(store, source);
    case 'truth':
      return fromTruth(store);
    case 'layer':
      return fromLayer(store, source);
  }
}

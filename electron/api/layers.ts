// Calls about labels made elsewhere: read, matched to videos, kept as a layer or as ground truth.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { LabelReport, ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { decodeFrameTable, timeOfFrame } from '../../shared/labels/frame-table.ts';
import { normalize } from '../../shared/labels/intervals.ts';
import { artifactPath } from '../files/atomic.ts';
import { NORMAL } from '../formats/labelled.ts';
import { someOf } from '../formats/lines.ts';
import { type MatchableVideo, type PlacedEvent, placeLabels } from '../formats/match.ts';
import type { Timing } from '../formats/resolve.ts';
import type { Store } from '../store/store.ts';
import type { Context, HandlersOf } from './context.ts';
import { readElsewhere } from './read-labels.ts';

export function layerHandlers(context: Context): HandlersOf<'layers'> {
  return {
    'layers.import': async (input) => {
      const { store } = context.opened();
      const paths = input.grants.map((grant) => context.grants.path(grant));
      const read = await readElsewhere(context.options.spawn, paths, input.format, input.options);
      const report = storeLabels(store, paths, read, input);
      if (input.store) context.emit(input.as === 'truth' ? 'videos.changed' : 'layers.changed', {});
      return report;
    },
    'layers.list': () => context.opened().store.layers.list(),
    'layers.events': ({ id, videoId }) => context.opened().store.layers.video(id, videoId)?.events ?? null,
    'layers.rename': ({ id, name }) => {
      context.opened().store.layers.rename(id, name);
      context.emit('layers.changed', {});
      return {};
    },
    'layers.remove': ({ id }) => {
      context.opened().store.layers.remove(id);
      context.emit('layers.changed', {});
      return {};
    },
  };
}

/** When the frames of a video are shown, by its stored frame table. */
function timingOf(store: Store): (video: MatchableVideo) => Timing {
  return ({ id, frames }) => {
    const { fpsNum, fpsDen } = store.videos.get(id);
    const file = store.videos.frameTable(id);
    const rate = fpsNum / fpsDen;
    if (!file) return { frames, secondsAt: null, rate };
    const table = decodeFrameTable(readFileSync(artifactPath(store.artifactsFolder, file.sha256)));
    return { frames, secondsAt: (frame) => timeOfFrame(table, frame), rate };
  };
}

/** Ground truth has one class per video: that of the longest event, or `Normal` where the file names classes at all. */
function truthClass(events: readonly PlacedEvent[], classes: boolean): string | null {
  const [longest] = events.toSorted((a, b) => b.end - b.start - (a.end - a.start));
  return longest ? longest.class || null : classes ? NORMAL : null;
}

/**
 * Matches labels to the videos of the project; stores them unless only the report is wanted.
 * @param paths where they were read
 * @throws AppError `conflict` when nothing fits a video
 */
function storeLabels(
  store: Store,
  paths: readonly string[],
  labels: Awaited<ReturnType<typeof readElsewhere>>,
  options: ParsedInput<'layers.import'>,
): LabelReport {
  const videos = store.videos.list();
  const placement = placeLabels(labels.videos, videos, timingOf(store));
  const source = paths.map((path) => basename(path)).join(', ');
  const name = options.name.trim() || basename(paths[0]);
  const { placed, ...told } = placement;
  const report: Omit<LabelReport, 'layerId' | 'name'> = {
    format: labels.format,
    videos: placed.length,
    normalVideos: placed.filter((video) => video.events.length === 0).length,
    events: placed.reduce((sum, video) => sum + video.events.length, 0),
    videosWithScores: placed.filter((video) => video.scores !== null).length,
    ...told,
    notes: [...labels.notes, ...placement.notes],
  };
  const several = placed.filter(({ events }) => new Set(events.map((event) => event.class)).size > 1);
  if (options.as === 'truth' && several.length > 0) {
    const paths = new Map(videos.map(({ id, relPath }) => [id, relPath]));
    report.notes.push(
      `Ground truth keeps one class per video, that of its longest event; several are in: ${someOf(several.map(({ videoId }) => paths.get(videoId) ?? ''))}.`,
    );
  }
  if (!options.store) return { ...report, layerId: null, name };
  if (placed.length === 0) throw fitsNothing(source, report);
  if (options.as === 'truth') {
    const classes = placed.some(({ events }) => events.some((event) => event.class !== null));
    // One file about one video joins what is known; a list of videos takes its place.
    const list = labels.videos.length > 1;
    store.transaction(() => {
      if (list) store.truth.clear();
      store.truth.put(
        placed.map(({ videoId, events }) => ({
          videoId,
          intervals: normalize(events),
          source,
          class: truthClass(events, classes),
        })),
      );
    });
    return { ...report, layerId: null, name };
  }
  const layerId = store.layers.add({
    name,
    format: labels.format,
    source,
    report: { options: options.options, ...report },
    videos: placed.map(({ videoId, events, scores }) => ({
      videoId,
      events: events.map(({ start, end, class: label, score }) => ({ start, end, class: label, score })),
      scores,
    })),
  });
  return { ...report, layerId, name: store.layers.get(layerId).name };
}

function fitsNothing(
  source: string,
  { unmatched, ambiguous, refused }: Pick<LabelReport, 'unmatched' | 'ambiguous' | 'refused'>,
): AppError {
  const [first] = [
    ...refused.map(({ key, reason }) => `${key}: ${reason}`),
    ...ambiguous.map(({ key, videos }) => `${key} fits ${videos.join(' and ')}`),
    ...unmatched,
  ];
  return new AppError(
    'conflict',
    `${source} fits no video of this project. It knows ${first ?? 'no video'}${unmatched.length > 1 ? ` and ${unmatched.length - 1} more` : ''}. A name must be the path of a video without its extension, or the end of that path, and the lengths must agree.`,
    { unmatched, refused },
  );
}

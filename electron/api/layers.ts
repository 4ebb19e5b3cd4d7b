// Calls about labels made elsewhere: read, matched to videos, kept as a layer or as ground truth.
import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { ImportOptions, LabelReport, ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { decodeFrameTable, timeOfFrame } from '../../shared/labels/frame-table.ts';
import { normalize } from '../../shared/labels/intervals.ts';
import { artifactPath } from '../files/atomic.ts';
import { readLabels } from '../formats/import.ts';
import { type MatchableVideo, placeLabels } from '../formats/match.ts';
import type { SourceFile } from '../formats/read.ts';
import type { Timing } from '../formats/resolve.ts';
import type { Store } from '../store/store.ts';
import type { Context, HandlersOf } from './context.ts';

export function layerHandlers(context: Context): HandlersOf<'layers'> {
  return {
    'layers.import': async (input) => {
      const { store } = context.opened();
      const paths = input.grants.map((grant) => context.grants.path(grant));
      const report = await importLabels(store, paths, input);
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

/** Extensions that some format of labels has. */
const EXTENSIONS = new Set(
  'json jsonl csv txt npy xml eaf vtt srt ffmetadata parquet list'
    .split(' ')
    .map((extension) => `.${extension}`),
);
/** More files than this are no export of labels but a disk. */
const MOST_FILES = 100_000;
/** Larger files are features or videos. Bytes. */
const MOST_BYTES = 2 ** 30;

/** Files below a folder with their paths below it; a single file with the folders it lies in, which may be part of its name. */
async function sourceFiles(path: string): Promise<SourceFile[]> {
  const info = await stat(path);
  if (info.isFile()) {
    const name = path.split(/[\\/]/).slice(-3).join('/');
    return [{ name, bytes: await readFile(path) }];
  }
  const files: SourceFile[] = [];
  const walk = async (folder: string, name: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const own = join(folder, entry.name);
      const below = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory()) await walk(own, below);
      else if (entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase())) {
        if ((await stat(own)).size > MOST_BYTES) continue;
        files.push({ name: below, bytes: await readFile(own) });
        if (files.length > MOST_FILES) {
          throw new AppError(
            'bad_input',
            `${path} holds more than ${MOST_FILES} files that could be labels. Choose the folder of the labels alone.`,
          );
        }
      }
    }
  };
  await walk(path, '');
  return files;
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

/**
 * Reads labels and matches them to the videos of the project; stores them unless only the report is wanted.
 * @throws AppError naming file and line for what cannot be read; `conflict` when nothing fits a video.
 */
export async function importLabels(
  store: Store,
  paths: readonly string[],
  options: Omit<ParsedInput<'layers.import'>, 'grants'> & { options: ImportOptions },
): Promise<LabelReport> {
  const files = (await Promise.all(paths.map(sourceFiles))).flat();
  const labels = await readLabels(files, options.format, options.options);
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
  if (!options.store) return { ...report, layerId: null, name };
  if (placed.length === 0) throw fitsNothing(source, report);
  if (options.as === 'truth') {
    // One file about one video joins what is known; a list of videos takes its place.
    const list = labels.videos.length > 1;
    store.transaction(() => {
      if (list) store.truth.clear();
      store.truth.put(
        placed.map(({ videoId, events }) => ({ videoId, intervals: normalize(events), source })),
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

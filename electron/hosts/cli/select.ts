// Which run, video, feature set or layer of labels a person means. Role: names and numbers to rows. Limits: asks the engine, changes nothing.
import type { FeatureSet, LabelLayer, Run, VideoRow } from '../../../shared/contract/index.ts';
import type { Engine } from '../../api/engine.ts';
import { usageError } from './io.ts';

const quoted = (items: readonly { name: string }[]): string =>
  items.map((item) => `"${item.name}"`).join(', ');

/**
 * Runs by name or number, oldest first; all of them when `wanted` is empty.
 * @param state finished ones alone, or also those at work, stopped or failed.
 * @throws AppError usage error when a name fits none or several, or there is no such run
 */
export async function findRuns(
  engine: Engine,
  wanted: readonly string[],
  state: 'done' | 'any' = 'done',
): Promise<Run[]> {
  const finished = state === 'done' ? 'finished ' : '';
  const done = (await engine.call('runs.list', {}))
    .filter((run) => state === 'any' || run.state === 'done')
    .reverse();
  if (done.length === 0)
    throw usageError(`The project has no ${finished}run. Train one first: zerolabel train c2fpl`);
  if (wanted.length === 0) return done;
  return wanted.map((text) => {
    const named = done.filter((run) => run.name === text);
    const found = named.length > 0 ? named : done.filter((run) => String(run.id) === text);
    if (found.length === 1) return found[0];
    if (found.length > 1)
      throw usageError(
        `Several runs are named "${text}". Give the number: ${found.map((r) => r.id).join(', ')}.`,
      );
    throw usageError(`No ${finished}run is named "${text}" or has this number. There are: ${quoted(done)}.`);
  });
}

/** The named run, or the newest finished one. */
export async function findRun(engine: Engine, wanted: string | undefined): Promise<Run> {
  const runs = await findRuns(engine, wanted === undefined ? [] : [wanted]);
  return runs[runs.length - 1];
}

/** The named feature set, or the only one. @throws AppError usage error when there is none or the choice is open */
export async function findFeatureSet(engine: Engine, wanted: string | undefined): Promise<FeatureSet> {
  const sets = await engine.call('features.list', {});
  if (sets.length === 0) {
    throw usageError(
      'The project has no features. Make them with "zerolabel extract", or import them with "zerolabel features PATH".',
    );
  }
  if (wanted === undefined) {
    if (sets.length === 1) return sets[0];
    throw usageError(`The project has several feature sets. Choose one with --features: ${quoted(sets)}.`);
  }
  const found = sets.find((set) => set.name === wanted) ?? sets.find((set) => String(set.id) === wanted);
  if (!found) throw usageError(`No feature set is named "${wanted}". There are: ${quoted(sets)}.`);
  return found;
}

/** The layer of imported labels with this name or number. @throws AppError usage error when there is none */
export async function findLayer(engine: Engine, wanted: string): Promise<LabelLayer> {
  const layers = await engine.call('layers.list', {});
  const found =
    layers.find((layer) => layer.name === wanted) ?? layers.find((layer) => String(layer.id) === wanted);
  if (found) return found;
  throw usageError(
    layers.length === 0
      ? 'The project has no labels from elsewhere. Import some first: zerolabel labels FILES'
      : `No imported labels are named "${wanted}". There are: ${quoted(layers)}.`,
  );
}

/** The video with this path, end of a path, or number. @throws AppError usage error when none or several fit */
export async function findVideo(engine: Engine, wanted: string): Promise<VideoRow> {
  const videos = await engine.call('videos.list', {});
  const exact = videos.filter((video) => video.relPath === wanted || String(video.id) === wanted);
  const found = exact.length > 0 ? exact : videos.filter((video) => video.relPath.endsWith(`/${wanted}`));
  if (found.length === 1) return found[0];
  throw usageError(
    found.length === 0
      ? `No video is named "${wanted}". Give its path in the project, as "zerolabel videos" lists it.`
      : `Several videos are named "${wanted}": ${found.map((video) => video.relPath).join(', ')}.`,
  );
}

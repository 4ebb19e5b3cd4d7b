// Where data lies: the parts of the project folder and what is kept outside of it, each with its size and what it is.
// Role: one row per place, for page and command line. Limits: measures now; footage stays where it was imported from and
// is no place of ours.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataPlace } from '../../../shared/contract/privacy.ts';
import { type Size, sizeOf } from '../../files/size.ts';
import type { ArtifactUsage } from '../../store/artifacts.ts';
import { type ProjectPaths, projectPaths } from '../../store/paths.ts';

type Place = Pick<DataPlace, 'key' | 'title' | 'what'>;

const ARTIFACTS: Record<ArtifactUsage['kind'], Omit<Place, 'key'>> = {
  frame_table: { title: 'Frame tables', what: 'Times of all frames. Go with their video.' },
  thumbnail: { title: 'Thumbnails', what: 'Small pictures of the footage. Go with their video.' },
  proxy: {
    title: 'Playable copies',
    what: 'Whole videos, encoded again for the player. Go with their video.',
  },
  features: { title: 'Features', what: 'Numbers that describe segments; no pictures. Go with their video.' },
  model: { title: 'Trained models', what: 'Weights of finished runs. Go with their run.' },
  detections: { title: 'Boxes and poses', what: 'As imported. Go with their video.' },
};

/** Names in the project folder that have a row of their own. */
const KNOWN = ['artifacts', 'checkpoints', 'cache', 'backups', 'exports', 'export-keys', 'videos'];

/** Rows of the project in `folder`. @param artifacts as the database counts them */
async function projectPlaces(paths: ProjectPaths, artifacts: readonly ArtifactUsage[]): Promise<DataPlace[]> {
  const row = (place: Place, path: string, size: Size): DataPlace => ({
    ...place,
    path,
    inProject: true,
    ...size,
  });
  const folder = async (place: Place, path: string): Promise<DataPlace> =>
    row(place, path, await sizeOf(path));
  const names = await readdir(paths.folder).catch(() => []);
  const database = names.filter(
    (name) => name.startsWith('project.sqlite') || name.startsWith('project.lock'),
  );
  const sizes = await Promise.all(database.map((name) => sizeOf(join(paths.folder, name))));
  return [
    row(
      {
        key: 'database',
        title: 'Database',
        what: 'Names and paths of videos, scores, labels, notes, the log of the review with names of reviewers.',
      },
      paths.database,
      { files: sizes.reduce((n, s) => n + s.files, 0), bytes: sizes.reduce((n, s) => n + s.bytes, 0) },
    ),
    ...artifacts.map(({ kind, files, bytes }) =>
      row({ key: kind, ...ARTIFACTS[kind] }, paths.artifacts, { files, bytes }),
    ),
    await folder(
      {
        key: 'checkpoints',
        title: 'Checkpoints',
        what: 'Of runs that are not finished, so that they can go on. Go when the run is done or removed.',
      },
      paths.checkpoints,
    ),
    await folder(
      {
        key: 'cache',
        title: 'Cache',
        what: 'Objects cut out of the footage for training: pictures. Can be cleared; they are cut again when needed.',
      },
      paths.cache,
    ),
    await folder(
      {
        key: 'backups',
        title: 'Backups',
        what: 'The newest five copies of the database. Older ones go by themselves.',
      },
      paths.backups,
    ),
    await folder(
      {
        key: 'exports',
        title: 'Exports',
        what: 'What was exported into the project. Yours to delete or to pass on.',
      },
      paths.exports,
    ),
    await folder(
      {
        key: 'keys',
        title: 'Keys of codes',
        what: 'Which code is which video, of exports under codes. Keep to yourself.',
      },
      join(paths.folder, 'export-keys'),
    ),
    await folder(
      {
        key: 'videos',
        title: 'Footage in the project',
        what: 'Drawn sample scenes. Your own footage is never copied.',
      },
      join(paths.folder, 'videos'),
    ),
    row(
      {
        key: 'other',
        title: 'Else in the folder',
        what: 'Databases that a backup replaced, and what others put there.',
      },
      paths.folder,
      await sizeOf(paths.folder, [...KNOWN, ...database]),
    ),
  ];
}

export interface PlacesOf {
  /** Null: only what lies outside of projects. */
  project: { folder: string; artifacts: readonly ArtifactUsage[] } | null;
  appData: string;
  /** Chromium's folder of the desktop app; null in a browser. */
  profile: string | null;
}

/** Rows of all places that hold something, in a fixed order; the database and the settings are always there. */
export async function placesOf({ project, appData, profile }: PlacesOf): Promise<DataPlace[]> {
  const places = project ? await projectPlaces(projectPaths(project.folder), project.artifacts) : [];
  const outside = async (place: Place, path: string, skip: string[] = []): Promise<DataPlace> => ({
    ...place,
    path,
    inProject: false,
    ...(await sizeOf(path, skip)),
  });
  places.push(
    await outside(
      {
        key: 'settings',
        title: 'Settings of this machine',
        what: 'Recent projects with one picture each, the devices that were tried, keys of fixed server ports.',
      },
      appData,
      ['samples'],
    ),
  );
  if (profile !== null)
    places.push(
      await outside(
        {
          key: 'profile',
          title: 'The window',
          what: 'Size, theme and choices of the page, and caches of Chromium.',
        },
        profile,
      ),
    );
  return places.filter(({ key, files }) => files > 0 || key === 'database' || key === 'settings');
}

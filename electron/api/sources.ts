// Whether the files of videos are where they were imported from.
// Role: looks at all of them in the background and remembers what it found. Limits: name and size only; a file that was
// changed without another size is found out when it is read.
import { stat } from 'node:fs/promises';
import type { Store } from '../store/store.ts';
import type { VideoSource } from '../store/videos.ts';

export interface Sources {
  /** Why the file of a video is not there, as of the last look; null when it was, or before the first look. */
  absence(videoId: number): string | null;
  /** Looks in the background unless the last look was a moment ago; tells when something is different now. */
  refresh(): void;
  /** Looks at all files now. @returns how many are not in their place */
  check(): Promise<number>;
  /** The next `refresh` looks again: the list of videos has changed. */
  stale(): void;
}

/** A look at 10,000 files on a local disk takes a tenth of a second; on a network drive many seconds. */
const LOOK_EVERY_MS = 15_000;
const AT_ONCE = 32;

/** @param onChange called after a look that found another state than the one before, also of a single file */
export function watchSources(store: Store, onChange: () => void): Sources {
  let absent: ReadonlyMap<number, string> = new Map();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<number> | null = null;

  async function look(): Promise<number> {
    lookedAt = performance.now();
    const sources = store.videos.sources();
    const found = new Map<number, string>();
    let next = 0;
    const worker = async () => {
      for (let source = sources[next++]; source; source = sources[next++]) {
        const absence = await absenceOf(source);
        if (absence) found.set(source.id, absence);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const changed =
      found.size !== absent.size || [...found].some(([id, absence]) => absent.get(id) !== absence);
    absent = found;
    // What it tells makes the list stale, which is no reason to look again.
    if (changed) onChange();
    lookedAt = performance.now();
    return found.size;
  }

  const check = (): Promise<number> => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };

  return {
    absence: (videoId) => absent.get(videoId) ?? null,
    refresh() {
      if (looking || performance.now() - lookedAt < LOOK_EVERY_MS) return;
      check().catch(() => {}); // a project that was closed meanwhile
    },
    check,
    stale() {
      if (!looking) lookedAt = Number.NEGATIVE_INFINITY;
    },
  };
}

/** Why the file is not the one that was imported, null when it is. Its size tells most other files apart. */
async function absenceOf({ path, bytes }: VideoSource): Promise<string | null> {
  const size = await stat(path).then(
    (file) => file.size,
    () => null,
  );
  if (size === null)
    return 'The file is no longer where it was imported from. Put it back, or locate it at its new place.';
  return size === bytes ? null : 'Another file is in its place now. Put it back, or import the new one.';
}

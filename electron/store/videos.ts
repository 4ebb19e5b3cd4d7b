// Videos with their frame tables, thumbnails and proxies.
// Role: statements of the tables about videos. Limits: reads no video; only the stored frame table, to write down when
// each segment starts.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Video } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import { decodeFrameTable, timeOfFrame } from '../../shared/labels/frame-table.ts';
import {
  bestMatches,
  type Meaning,
  matchTogether,
  type Named,
  stemOf,
} from '../../shared/labels/matching.ts';
import { segmentsFit } from '../../shared/labels/segments.ts';
import { SEGMENT_FRAMES, type Segmentation } from '../../shared/labels/types.ts';
import { artifactPath } from '../files/atomic.ts';
import type { Artifact, ImportedVideo } from '../tasks/protocol.ts';
import type { ArtifactRecorder } from './artifacts.ts';
import { inTransaction, now, type ReadDb, type WriteDb } from './sqlite.ts';

export interface StoredVideo extends Video {
  /** SHA-256 over size, first and last MiB; null for a video known only by its features. */
  fingerprint: string | null;
}

/** Where the file of a video is, and what it was like when it was imported. */
export interface VideoSource {
  id: number;
  path: string;
  bytes: number;
  fingerprint: string | null;
}

interface VideoRow extends Omit<StoredVideo, 'vfr'> {
  vfr: number;
  hasProxy: number;
}

const COLUMNS = `
  SELECT v.id, v.rel_path AS relPath, v.path, v.state, v.problem, v.container, v.codec, v.width, v.height, v.frames,
    v.fps_num AS fpsNum, v.fps_den AS fpsDen, v.vfr, v.duration_seconds AS durationSeconds, v.bytes, v.playable,
    v.imported_at AS importedAt, v.fingerprint, v.camera`;

const VIDEO = `${COLUMNS},
    (SELECT count(*) FROM thumbnails AS t WHERE t.video_id = v.id) AS thumbnails,
    EXISTS (SELECT 1 FROM proxies AS p JOIN artifacts AS a ON a.sha256 = p.artifact
      WHERE p.video_id = v.id AND a.missing = 0) AS hasProxy
  FROM videos AS v`;

function fromRow({ hasProxy, ...row }: VideoRow): StoredVideo {
  return {
    ...row,
    vfr: row.vfr === 1,
    playable: row.playable === 'needs_proxy' && hasProxy ? 'proxy' : row.playable,
  };
}

export function videosReader(db: ReadDb) {
  // Of all videos at once: one pass over each table instead of two look-ups per video.
  const all = db.prepare<[], VideoRow>(`
    ${COLUMNS}, coalesce(t.n, 0) AS thumbnails, p.video_id IS NOT NULL AS hasProxy
    FROM videos AS v
    LEFT JOIN (SELECT video_id, count(*) AS n FROM thumbnails GROUP BY video_id) AS t ON t.video_id = v.id
    LEFT JOIN (SELECT x.video_id FROM proxies AS x JOIN artifacts AS a ON a.sha256 = x.artifact AND a.missing = 0) AS p
      ON p.video_id = v.id
    ORDER BY v.rel_path`);
  const one = db.prepare<{ id: number }, VideoRow>(`${VIDEO} WHERE v.id = @id`);
  const byPath = db.prepare<{ relPath: string }, VideoRow>(`${VIDEO} WHERE v.rel_path = @relPath`);
  const withoutFeatures = db.prepare<{ setId: number }, VideoRow>(`${VIDEO}
    WHERE v.path IS NOT NULL AND v.state = 'ready' AND NOT EXISTS (
      SELECT 1 FROM features AS f JOIN artifacts AS a ON a.sha256 = f.artifact
      WHERE f.set_id = @setId AND f.video_id = v.id AND a.missing = 0)
    ORDER BY v.rel_path`);
  const withPicture = db.prepare<[], VideoRow>(`${VIDEO}
    WHERE EXISTS (SELECT 1 FROM thumbnails AS t WHERE t.video_id = v.id) ORDER BY v.rel_path LIMIT 1`);
  const sources = db.prepare<[], VideoSource>(
    `SELECT id, path, bytes, fingerprint FROM videos WHERE path IS NOT NULL AND state = 'ready' ORDER BY rel_path`,
  );
  const tags = db.prepare<[], { videoId: number; tag: string }>(
    'SELECT video_id AS videoId, tag FROM video_tags ORDER BY video_id, tag',
  );
  const withoutLength = db.prepare<[], { id: number }>(`
    SELECT v.id FROM videos AS v JOIN features AS f ON f.video_id = v.id JOIN feature_sets AS s ON s.id = f.set_id
    WHERE v.path IS NULL GROUP BY v.id HAVING min(s.segmentation) = 'shares'`);
  const file = (table: 'frame_tables' | 'proxies') =>
    db.prepare<{ id: number }, Artifact>(
      `SELECT a.sha256, a.bytes FROM ${table} AS x JOIN artifacts AS a ON a.sha256 = x.artifact
       WHERE x.video_id = @id AND a.missing = 0`,
    );
  const frameTable = file('frame_tables');
  const proxy = file('proxies');
  const thumbnail = db.prepare<{ id: number; index: number }, Artifact>(`
    SELECT a.sha256, a.bytes FROM thumbnails AS t JOIN artifacts AS a ON a.sha256 = t.artifact
    WHERE t.video_id = @id AND t.position = @index AND a.missing = 0`);
  return {
    /** All videos in the order of their relative paths. */
    list: (): StoredVideo[] => all.all().map(fromRow),
    /** The first video that has pictures, null when none has. */
    firstWithPicture(): StoredVideo | null {
      const row = withPicture.get();
      return row ? fromRow(row) : null;
    },
    /** Files of all ready videos with footage. */
    sources: (): VideoSource[] => sources.all(),
    /** Tags by video, ascending; videos without tags are left out. */
    tagsByVideo(): Map<number, string[]> {
      const byVideo = new Map<number, string[]>();
      for (const { videoId, tag } of tags.all()) {
        const list = byVideo.get(videoId);
        if (list) list.push(tag);
        else byVideo.set(videoId, [tag]);
      }
      return byVideo;
    },
    /** Videos known by features alone, all of which are shares of the video: nothing says how long they are. */
    withoutLength: (): Set<number> => new Set(withoutLength.all().map(({ id }) => id)),
    /** Which videos the feature files of one import belong to; see matchTogether. @param relPaths with or without extension */
    matchFeatures: (relPaths: readonly string[]): Meaning[] =>
      matchTogether(relPaths.map(featureStem), all.all().map(named)),
    /** All videos as files about them name them. */
    named: (): Named[] => all.all().map(named),
    /** @throws AppError `not_found` */
    get(id: number): StoredVideo {
      const row = one.get({ id });
      if (!row)
        throw new AppError('not_found', 'This video is not in the project (any more).', { videoId: id });
      return fromRow(row);
    },
    byRelPath(relPath: string): StoredVideo | null {
      const row = byPath.get({ relPath });
      return row ? fromRow(row) : null;
    },
    /** Ready videos with footage that a feature set does not hold yet, in the order of their relative paths. */
    withoutFeatures: (setId: number): StoredVideo[] => withoutFeatures.all({ setId }).map(fromRow),
    /** The stored frame table (format: shared/labels/frame-table.ts), null when there is none. */
    frameTable: (id: number): Artifact | null => frameTable.get({ id }) ?? null,
    /** The stored JPEG number `index`, null when there is none. */
    thumbnail: (id: number, index: number): Artifact | null => thumbnail.get({ id, index }) ?? null,
    proxy: (id: number): Artifact | null => proxy.get({ id }) ?? null,
  };
}

type Columns = Omit<ImportedVideo, 'vfr' | 'frameTable' | 'thumbnails' | 'relPath'> & {
  vfr: number;
  now: number;
};
interface Key {
  id: number;
  path: string | null;
  relPath: string;
  fingerprint: string | null;
  frames: number;
  accepted: number;
}

const featureStem = (relPath: string): string => relPath.replace(/\.(npy|txt)$/i, '');
/** A video as feature files name it: one known by its features alone has no extension. */
const named = (video: { id: number; path: string | null; relPath: string }): Named => ({
  id: video.id,
  stem: video.path === null ? video.relPath : stemOf(video.relPath),
});

/** A free relative path for a second, different video of the same name: parent folders in front, then a number. */
function freeRelPath(item: ImportedVideo, taken: (relPath: string) => boolean): string {
  if (!taken(item.relPath)) return item.relPath;
  const parents = dirname(item.path.replaceAll('\\', '/')).split('/').filter(Boolean);
  // Folders that relPath already shows are skipped: `b/01.mp4` from /data/b becomes `data/b/01.mp4`.
  const shown = item.relPath.split('/').length - 1;
  let relPath = item.relPath;
  for (const parent of parents.slice(0, parents.length - shown).reverse()) {
    relPath = `${parent}/${relPath}`;
    if (!taken(relPath)) return relPath;
  }
  for (let n = 2; ; n++) {
    const numbered = `${dirname(item.relPath)}/(${n}) ${basename(item.relPath)}`.replace(/^\.\//, '');
    if (!taken(numbered)) return numbered;
  }
}

/** Damaged, but with frames that can be worked with. */
export const usableInPart = (video: Pick<Video, 'state' | 'frames'>): boolean =>
  video.state === 'damaged' && video.frames > 0;

export function videosWriter(db: WriteDb, artifacts: string, record: ArtifactRecorder) {
  const key = 'SELECT id, path, rel_path AS relPath, fingerprint, frames, accepted FROM videos';
  const keyByPath = db.prepare<{ path: string }, Key>(`${key} WHERE path = @path`);
  const keyByName = db.prepare<{ relPath: string }, Key>(`${key} WHERE rel_path = @relPath`);
  const keysOfFeatures = db.prepare<[], Key>(`${key} WHERE path IS NULL`);
  const insert = db.prepare<Columns & { relPath: string }>(`
    INSERT INTO videos (rel_path, path, state, problem, container, codec, width, height, frames, fps_num, fps_den, vfr,
      duration_seconds, bytes, fingerprint, playable, imported_at)
    VALUES (@relPath, @path, @state, @problem, @container, @codec, @width, @height, @frames, @fpsNum, @fpsDen, @vfr,
      @durationSeconds, @bytes, @fingerprint, @playable, @now)`);
  const update = db.prepare<Columns & { id: number; relPath: string; accepted: number }>(`
    UPDATE videos SET rel_path = @relPath, path = @path, state = @state, problem = @problem, container = @container,
      codec = @codec, width = @width, height = @height, frames = @frames, fps_num = @fpsNum, fps_den = @fpsDen,
      vfr = @vfr, duration_seconds = @durationSeconds, bytes = @bytes, fingerprint = @fingerprint,
      playable = @playable, imported_at = @now, accepted = @accepted
    WHERE id = @id`);
  const ensure = db.prepare<{ relPath: string; frames: number; now: number }>(`
    INSERT INTO videos (rel_path, path, state, problem, container, codec, width, height, frames, fps_num, fps_den, vfr,
      duration_seconds, bytes, fingerprint, playable, imported_at)
    VALUES (@relPath, NULL, 'ready', NULL, '', '', 0, 0, @frames, 0, 1, 0, 0, 0, NULL, 'no', @now)`);
  const lengthen = db.prepare<{ id: number; frames: number }>(
    'UPDATE videos SET frames = @frames WHERE id = @id AND path IS NULL AND frames < @frames',
  );
  // Features that are shares of a video say nothing about its length.
  const onlyShares = db.prepare<{ id: number }, { shares: 1 }>(`
    SELECT 1 AS shares FROM features AS f JOIN feature_sets AS s ON s.id = f.set_id WHERE f.video_id = @id
    GROUP BY f.video_id HAVING min(s.segmentation) = 'shares'`);
  const setFrames = db.prepare<{ id: number; frames: number }>(
    'UPDATE videos SET frames = @frames WHERE id = @id AND path IS NULL',
  );
  // Rows of segments never change; those of another length take the place of the old ones.
  const moveSegments = db.prepare<{ id: number; frames: number }>(`
    INSERT OR REPLACE INTO segment_labels (run_id, video_id, segment, start_frame, end_frame, score, label, uncertainty)
    SELECT l.run_id, l.video_id, l.segment, CAST(l.segment * @frames + x.segments - 1 AS INTEGER) / x.segments,
      CAST((l.segment + 1) * @frames + x.segments - 1 AS INTEGER) / x.segments, l.score, l.label, l.uncertainty
    FROM segment_labels AS l JOIN run_videos AS x ON x.run_id = l.run_id AND x.video_id = l.video_id
      JOIN runs AS r ON r.id = l.run_id JOIN feature_sets AS s ON s.id = r.feature_set_id
    WHERE l.video_id = @id AND s.segmentation = 'shares'`);
  const dropTable = db.prepare<{ id: number }>('DELETE FROM frame_tables WHERE video_id = @id');
  const dropTimes = db.prepare<{ id: number }>('DELETE FROM segment_times WHERE video_id = @id');
  const dropThumbnails = db.prepare<{ id: number }>('DELETE FROM thumbnails WHERE video_id = @id');
  const dropProxy = db.prepare<{ id: number }>('DELETE FROM proxies WHERE video_id = @id');
  const dropFeatures = db.prepare<{ id: number }>('DELETE FROM features WHERE video_id = @id');
  const putTable = db.prepare<{ id: number; artifact: string }>(
    'INSERT INTO frame_tables (video_id, artifact) VALUES (@id, @artifact)',
  );
  const putTime = db.prepare<{ id: number; segment: number; seconds: number }>(
    'INSERT INTO segment_times (video_id, segment, seconds) VALUES (@id, @segment, @seconds)',
  );
  const putThumbnail = db.prepare<{ id: number; index: number; artifact: string }>(
    'INSERT INTO thumbnails (video_id, position, artifact) VALUES (@id, @index, @artifact)',
  );
  const putProxy = db.prepare<{ id: number; artifact: string; now: number }>(`
    INSERT INTO proxies (video_id, artifact, created_at) VALUES (@id, @artifact, @now)
    ON CONFLICT (video_id) DO UPDATE SET artifact = @artifact, created_at = @now`);
  const remove = db.prepare<{ id: number }>('DELETE FROM videos WHERE id = @id');
  const setState = db.prepare<{ id: number; state: Video['state']; problem: string | null }>(
    'UPDATE videos SET state = @state, problem = @problem WHERE id = @id',
  );
  const accept = db.prepare<{ id: number }>(
    "UPDATE videos SET state = 'ready', accepted = 1 WHERE id = @id AND state = 'damaged' AND frames > 0",
  );
  const solved = db.prepare<{ id: number }>(
    "UPDATE videos SET problem = NULL WHERE id = @id AND state = 'ready' AND accepted = 0",
  );
  const setCamera = db.prepare<{ id: number; camera: string | null }>(
    'UPDATE videos SET camera = @camera WHERE id = @id',
  );
  const putTag = db.prepare<{ id: number; tag: string }>(
    'INSERT OR IGNORE INTO video_tags (video_id, tag) SELECT id, @tag FROM videos WHERE id = @id',
  );
  const dropTag = db.prepare<{ id: number; tag: string }>(
    'DELETE FROM video_tags WHERE video_id = @id AND tag = @tag',
  );
  const relink = db.prepare<{ id: number; path: string; fingerprint: string }>(
    'UPDATE videos SET path = @path WHERE id = @id AND path IS NOT NULL AND fingerprint = @fingerprint',
  );
  const setProblem = db.prepare<{ id: number; problem: string | null }>(
    'UPDATE videos SET problem = @problem WHERE id = @id',
  );

  function putFrameTable(id: number, file: Artifact): void {
    record(file, 'frame_table');
    putTable.run({ id, artifact: file.sha256 });
    const table = decodeFrameTable(readFileSync(artifactPath(artifacts, file.sha256)));
    const frames = table.pts.length;
    const segments = Math.ceil(frames / SEGMENT_FRAMES);
    for (let segment = 0; segment <= segments; segment++) {
      putTime.run({ id, segment, seconds: timeOfFrame(table, Math.min(segment * SEGMENT_FRAMES, frames)) });
    }
  }

  /** The row that an imported file belongs to: the same file again, the same content moved, or its features alone. */
  function existing(item: ImportedVideo): Key | null {
    const same = keyByPath.get({ path: item.path });
    if (same) return same;
    const named = keyByName.get({ relPath: item.relPath });
    if (named && named.fingerprint === item.fingerprint) return named;
    const featureOnly = keysOfFeatures
      .all()
      .filter((r) => onlyShares.get({ id: r.id }) || segmentsFit(r.frames / SEGMENT_FRAMES, item.frames))
      .map((r) => ({ ...r, stem: r.relPath }));
    const matches = bestMatches(stemOf(item.relPath), featureOnly);
    return matches.length === 1 ? matches[0] : null;
  }

  return {
    /**
     * Stores what an import found out about a file; returns the id of its video.
     * The same path again, or the same content under the same relative path, updates the row; features without footage
     * get their footage; a different file with a name that is taken gets its parent folders in front of the name.
     * Content that changed loses the features computed from the old content.
     */
    upsertImported(item: ImportedVideo): number {
      return inTransaction(db, () => {
        const old = existing(item);
        const { frameTable, thumbnails, ...columns } = item;
        const taken = (relPath: string): boolean => {
          const row = keyByName.get({ relPath });
          return row !== undefined && row.id !== old?.id;
        };
        // A row with footage keeps its name; one known by its features alone takes that of the file.
        const relPath = old?.path ? old.relPath : freeRelPath(item, taken);
        const values = { ...columns, relPath, vfr: item.vfr ? 1 : 0, now: now() };
        const id = old ? old.id : Number(insert.run(values).lastInsertRowid);
        if (old) {
          // What a person accepted stays accepted as long as the file is the same one.
          const stays = old.accepted === 1 && old.fingerprint === item.fingerprint && usableInPart(item);
          update.run({
            ...values,
            id,
            accepted: stays ? 1 : 0,
            state: stays ? 'ready' : values.state,
          });
          for (const drop of [dropTable, dropTimes, dropThumbnails]) drop.run({ id });
          if (old.fingerprint !== null && old.fingerprint !== item.fingerprint) {
            dropProxy.run({ id });
            dropFeatures.run({ id });
          }
        }
        if (frameTable) putFrameTable(id, frameTable);
        for (const [index, file] of thumbnails.entries()) {
          record(file, 'thumbnail');
          putThumbnail.run({ id, index, artifact: file.sha256 });
        }
        return id;
      });
    },

    /**
     * The row of the video that a feature file belongs to, made when there is none: path null, 16 * segments frames, which
     * for shares of a video is only a stand-in until its length is known.
     * @param relPath of the feature file, with or without its extension (`.npy`, `.txt`)
     * @param videoId what `matchFeatures` said; null: no video that was there before the import
     */
    ensureForFeatures(
      relPath: string,
      segments: number,
      videoId: number | null,
      segmentation: Segmentation = 'frames',
    ): number {
      return inTransaction(db, () => {
        const stem = featureStem(relPath);
        const frames = segments * SEGMENT_FRAMES;
        const id = videoId ?? keyByName.get({ relPath: stem })?.id;
        if (id === undefined)
          return Number(ensure.run({ relPath: stem, frames, now: now() }).lastInsertRowid);
        if (segmentation === 'frames') lengthen.run({ id, frames });
        return id;
      });
    },

    /**
     * The length of a video that is known by features alone, which are shares of it: its segments get their frames.
     */
    setFrames(id: number, frames: number): void {
      inTransaction(db, () => {
        setFrames.run({ id, frames });
        moveSegments.run({ id, frames });
      });
    },

    /** Removes videos with everything that hangs on them: features, results of runs, events, truth. The originals stay. */
    remove(ids: readonly number[]): void {
      inTransaction(db, () => {
        for (const id of ids) remove.run({ id });
      });
    },
    setProxy(id: number, file: Artifact): void {
      inTransaction(db, () => {
        record(file, 'proxy');
        putProxy.run({ id, artifact: file.sha256, now: now() });
      });
    },
    setState(id: number, state: Video['state'], problem: string | null): void {
      setState.run({ id, state, problem });
    },
    /** Makes a damaged video with readable frames `ready`; its problem stays as a note. Returns whether it was one. */
    accept: (id: number): boolean => accept.run({ id }).changes > 0,
    /** Forgets what was wrong with a ready video; the note of an accepted one stays. */
    solved(id: number): void {
      solved.run({ id });
    },
    /** Says which camera videos are from; null: not known. */
    setCamera(ids: readonly number[], camera: string | null): void {
      inTransaction(db, () => {
        for (const id of ids) setCamera.run({ id, camera });
      });
    },
    /** Adds and takes away tags of videos. */
    tag(ids: readonly number[], add: readonly string[], remove: readonly string[]): void {
      inTransaction(db, () => {
        for (const id of ids) {
          for (const tag of remove) dropTag.run({ id, tag });
          for (const tag of add) putTag.run({ id, tag });
        }
      });
    },
    /**
     * The file of a video is at `path` now. Returns whether it was taken over: not when the content is another one, or
     * another video of the project is there already.
     */
    relink: (id: number, path: string, fingerprint: string): boolean =>
      keyByPath.get({ path }) === undefined && relink.run({ id, path, fingerprint }).changes > 0,
    /** Notes what is wrong with a video without changing its state; null: nothing (any more). */
    setProblem(id: number, problem: string | null): void {
      setProblem.run({ id, problem });
    },
  };
}

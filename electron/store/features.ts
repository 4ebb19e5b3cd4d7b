// Feature sets and the features of each video.
// Role: statements of the tables `feature_sets` and `features`. Limits: the numbers are in .npy artifacts.
import type { FeatureSet } from '../../shared/contract/entities.ts';
import { AppError } from '../../shared/errors.ts';
import type { Segmentation } from '../../shared/labels/types.ts';
import type { Artifact } from '../tasks/protocol.ts';
import type { ArtifactRecorder } from './artifacts.ts';
import { inTransaction, now, type ReadDb, type WriteDb } from './sqlite.ts';

/** Features of one video: a .npy artifact, float32 `[segments, crops, dim]`. */
export interface StoredFeatures extends Artifact {
  videoId: number;
  relPath: string;
  segments: number;
  crops: number;
  dim: number;
}

type SetRow = Omit<FeatureSet, 'directed'> & { directed: number };

const SET = `
  SELECT s.id, s.name, s.extractor, s.crops, s.dim, s.directed, s.segmentation, s.created_at AS createdAt,
    (SELECT count(*) FROM features AS f JOIN artifacts AS a ON a.sha256 = f.artifact
      WHERE f.set_id = s.id AND a.missing = 0) AS videos,
    (SELECT coalesce(sum(f.segments), 0) FROM features AS f JOIN artifacts AS a ON a.sha256 = f.artifact
      WHERE f.set_id = s.id AND a.missing = 0) AS segments,
    (SELECT count(*) FROM videos AS v WHERE v.path IS NOT NULL AND v.state = 'ready' AND NOT EXISTS (
      SELECT 1 FROM features AS f JOIN artifacts AS a ON a.sha256 = f.artifact
      WHERE f.set_id = s.id AND f.video_id = v.id AND a.missing = 0)) AS missing
  FROM feature_sets AS s`;

const fromRow = (row: SetRow): FeatureSet => ({ ...row, directed: row.directed === 1 });

export function featuresReader(db: ReadDb) {
  const all = db.prepare<[], SetRow>(`${SET} ORDER BY s.id`);
  const one = db.prepare<{ id: number }, SetRow>(`${SET} WHERE s.id = @id`);
  const ofSet = db.prepare<{ setId: number }, StoredFeatures>(`
    SELECT f.video_id AS videoId, v.rel_path AS relPath, a.sha256, a.bytes, f.segments, f.crops, f.dim
    FROM features AS f JOIN artifacts AS a ON a.sha256 = f.artifact JOIN videos AS v ON v.id = f.video_id
    WHERE f.set_id = @setId AND a.missing = 0 ORDER BY v.rel_path`);
  const byVideo = db.prepare<[], { videoId: number; name: string }>(`
    SELECT f.video_id AS videoId, s.name FROM features AS f JOIN feature_sets AS s ON s.id = f.set_id
      JOIN artifacts AS a ON a.sha256 = f.artifact WHERE a.missing = 0 ORDER BY s.id`);
  return {
    sets: (): FeatureSet[] => all.all().map(fromRow),
    /** @throws AppError `not_found` */
    set(id: number): FeatureSet {
      const row = one.get({ id });
      if (!row)
        throw new AppError('not_found', 'This feature set is not in the project (any more).', { setId: id });
      return fromRow(row);
    },
    /** All features of a set whose files are there, in the order of the videos' relative paths. */
    ofSet: (setId: number): StoredFeatures[] => ofSet.all({ setId }),
    /** Names of the sets that hold each video. */
    namesByVideo(): Map<number, string[]> {
      const names = new Map<number, string[]>();
      for (const { videoId, name } of byVideo.all())
        names.set(videoId, [...(names.get(videoId) ?? []), name]);
      return names;
    },
  };
}

export function featuresWriter(db: WriteDb, record: ArtifactRecorder) {
  const byName = db.prepare<
    { name: string },
    { id: number; extractor: string; crops: number; dim: number; segmentation: string }
  >('SELECT id, extractor, crops, dim, segmentation FROM feature_sets WHERE name = @name');
  const insert = db.prepare<{
    name: string;
    extractor: string;
    crops: number;
    dim: number;
    directed: number;
    segmentation: Segmentation;
    now: number;
  }>(`
    INSERT INTO feature_sets (name, extractor, crops, dim, directed, segmentation, created_at)
    VALUES (@name, @extractor, @crops, @dim, @directed, @segmentation, @now)`);
  const shape = db.prepare<{ setId: number }, { name: string; crops: number; dim: number }>(
    'SELECT name, crops, dim FROM feature_sets WHERE id = @setId',
  );
  const put = db.prepare<{
    setId: number;
    videoId: number;
    artifact: string;
    segments: number;
    crops: number;
    dim: number;
    seconds: number;
    now: number;
  }>(`
    INSERT INTO features (set_id, video_id, artifact, segments, crops, dim, seconds, created_at)
    VALUES (@setId, @videoId, @artifact, @segments, @crops, @dim, @seconds, @now)
    ON CONFLICT (set_id, video_id) DO UPDATE SET artifact = @artifact, segments = @segments, crops = @crops,
      dim = @dim, seconds = @seconds, created_at = @now`);
  return {
    /**
     * The id of the set with this name, made when there is none.
     * @throws AppError `conflict` when a set of this name holds features of another kind or shape
     */
    ensureSet(options: {
      name: string;
      extractor: string;
      crops: number;
      dim: number;
      directed: boolean;
      /** Default: 16 frames per vector. */
      segmentation?: Segmentation;
    }): number {
      return inTransaction(db, () => {
        const { name, extractor, crops, dim, segmentation = 'frames' } = options;
        const old = byName.get({ name });
        if (old && (old.extractor !== extractor || old.crops !== crops || old.dim !== dim)) {
          throw new AppError(
            'conflict',
            `The feature set "${name}" holds ${old.extractor} features with ${old.crops} crop(s) of ${old.dim} numbers; these are ${extractor} with ${crops} crop(s) of ${dim}. Choose another name.`,
            { name, expected: { crops: old.crops, dim: old.dim }, actual: { crops, dim } },
          );
        }
        if (old && old.segmentation !== segmentation) {
          throw new AppError(
            'conflict',
            `The vectors of the feature set "${name}" are ${old.segmentation === 'shares' ? 'equal shares of a video' : '16 frames each'}. Choose another name.`,
            { name },
          );
        }
        if (old) return old.id;
        return Number(
          insert.run({
            name,
            extractor,
            crops,
            dim,
            segmentation,
            directed: options.directed ? 1 : 0,
            now: now(),
          }).lastInsertRowid,
        );
      });
    },

    /** Stores (or replaces) the features of one video. @throws AppError `bad_input` for another shape than the set's. */
    put(item: {
      setId: number;
      videoId: number;
      segments: number;
      crops: number;
      dim: number;
      file: Artifact;
      seconds: number;
    }): void {
      inTransaction(db, () => {
        const { setId, videoId, segments, crops, dim, seconds } = item;
        const set = shape.get({ setId });
        if (!set)
          throw new AppError('not_found', 'This feature set is not in the project (any more).', { setId });
        if (set.crops !== crops || set.dim !== dim) {
          throw new AppError(
            'bad_input',
            `The feature set "${set.name}" takes ${set.crops} crop(s) of ${set.dim} numbers, not ${crops} of ${dim}. Import these features under another name.`,
            { setId, videoId },
          );
        }
        record(item.file, 'features');
        put.run({ setId, videoId, artifact: item.file.sha256, segments, crops, dim, seconds, now: now() });
      });
    },
  };
}

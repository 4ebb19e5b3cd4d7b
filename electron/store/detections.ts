// Boxes and poses of videos. Role: statements of the table `detections`. Limits: the objects are in artifacts, their
// layout in shared/labels/detections.ts.
import type { DetectionSummary, VideoDetections } from '../../shared/contract/entities.ts';
import { DETECTION_KINDS, type DetectionKind } from '../../shared/labels/detections.ts';
import type { Artifact } from '../tasks/protocol.ts';
import type { ArtifactRecorder } from './artifacts.ts';
import { inTransaction, now, type ReadDb, type WriteDb } from './sqlite.ts';

export interface StoredDetections extends VideoDetections, Artifact {
  videoId: number;
}

const DETECTIONS = `
  SELECT d.video_id AS videoId, d.kind, d.objects, d.frames, d.tracks, d.source, a.sha256, a.bytes
  FROM detections AS d JOIN artifacts AS a ON a.sha256 = d.artifact
  WHERE a.missing = 0`;

export function detectionsReader(db: ReadDb) {
  const all = db.prepare<[], StoredDetections>(`${DETECTIONS} ORDER BY d.video_id, d.kind`);
  const one = db.prepare<{ videoId: number; kind: DetectionKind }, StoredDetections>(
    `${DETECTIONS} AND d.video_id = @videoId AND d.kind = @kind`,
  );
  const ofVideo = db.prepare<{ videoId: number }, StoredDetections>(
    `${DETECTIONS} AND d.video_id = @videoId ORDER BY d.kind`,
  );
  const summary = db.prepare<{ kind: DetectionKind }, Omit<DetectionSummary, 'kind'>>(`
    SELECT count(d.video_id) AS videos, coalesce(sum(d.objects = 0), 0) AS empty, coalesce(sum(d.objects), 0) AS objects,
      (SELECT count(*) FROM videos) - count(d.video_id) AS without
    FROM detections AS d JOIN artifacts AS a ON a.sha256 = d.artifact WHERE d.kind = @kind AND a.missing = 0`);
  return {
    /** Everything whose file is there, by video. */
    all: (): StoredDetections[] => all.all(),
    /** Null: not known. */
    get: (videoId: number, kind: DetectionKind): StoredDetections | null =>
      one.get({ videoId, kind }) ?? null,
    /** At most one of each kind. */
    of: (videoId: number): StoredDetections[] => ofVideo.all({ videoId }),
    /** Of every kind, how many videos have them. */
    summary: (): DetectionSummary[] => DETECTION_KINDS.map((kind) => ({ kind, ...summary.get({ kind })! })),
  };
}

export function detectionsWriter(db: WriteDb, record: ArtifactRecorder) {
  const put = db.prepare<Omit<StoredDetections, 'bytes'> & { now: number }>(`
    INSERT INTO detections (video_id, kind, artifact, objects, frames, tracks, source, imported_at)
    VALUES (@videoId, @kind, @sha256, @objects, @frames, @tracks, @source, @now)
    ON CONFLICT (video_id, kind) DO UPDATE SET artifact = @sha256, objects = @objects, frames = @frames,
      tracks = @tracks, source = @source, imported_at = @now`);
  const remove = db.prepare<{ videoId: number; kind: DetectionKind }>(
    'DELETE FROM detections WHERE video_id = @videoId AND kind = @kind',
  );
  return {
    /** Stores the boxes or poses of a video; earlier ones of the same kind go. */
    put({ bytes, ...item }: StoredDetections): void {
      inTransaction(db, () => {
        record({ sha256: item.sha256, bytes }, 'detections');
        put.run({ ...item, now: now() });
      });
    },
    remove(videoId: number, kind: DetectionKind): void {
      remove.run({ videoId, kind });
    },
  };
}

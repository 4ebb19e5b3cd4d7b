// Rows of content-addressed files. The files themselves are written by electron/files/atomic.ts before their row.
// Role: statements of the table `artifacts`. Limits: deletes no file; see sweep.ts.
import { statSync } from 'node:fs';
import { AppError } from '../../shared/errors.ts';
import { artifactPath } from '../files/atomic.ts';
import type { Artifact } from '../tasks/protocol.ts';
import { now, type ReadDb, type WriteDb } from './sqlite.ts';

export type ArtifactKind = 'frame_table' | 'thumbnail' | 'proxy' | 'features' | 'model' | 'detections';

export type ArtifactRecorder = (file: Artifact, kind: ArtifactKind) => void;

/**
 * Returns the function that writes the row of a stored file. It looks at the file first, so that no row ever names a
 * file that is not there.
 * @throws AppError `damaged` when the file is absent or has another size.
 */
export function artifactRecorder(db: WriteDb, folder: string): ArtifactRecorder {
  const record = db.prepare<{ sha256: string; bytes: number; kind: ArtifactKind; now: number }>(`
    INSERT INTO artifacts (sha256, bytes, kind, created_at) VALUES (@sha256, @bytes, @kind, @now)
    ON CONFLICT (sha256) DO UPDATE SET missing = 0`);
  return (file, kind) => {
    const path = artifactPath(folder, file.sha256);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size !== file.bytes) {
      throw new AppError(
        'damaged',
        `The file ${path} should hold ${file.bytes} bytes and ${size === undefined ? 'is not there' : `holds ${size}`}. Run the step that makes it again.`,
        { path, expected: file.bytes, actual: size ?? null },
      );
    }
    record.run({ ...file, kind, now: now() });
  };
}

export interface StoredArtifact extends Artifact {
  kind: ArtifactKind;
  /** Whether the last opening found no whole file. */
  missing: boolean;
}

/** All rows, in no order. */
export function listArtifacts(db: ReadDb): StoredArtifact[] {
  return db
    .prepare<[], { sha256: string; bytes: number; kind: ArtifactKind; missing: number }>(
      'SELECT sha256, bytes, kind, missing FROM artifacts',
    )
    .all()
    .map((row) => ({ ...row, missing: row.missing === 1 }));
}

/** Flags rows whose file is gone or back. */
export function markArtifacts(db: WriteDb, missing: Iterable<string>, present: Iterable<string>): void {
  const mark = db.prepare<{ sha256: string; missing: number }>(
    'UPDATE artifacts SET missing = @missing WHERE sha256 = @sha256 AND missing <> @missing',
  );
  for (const sha256 of missing) mark.run({ sha256, missing: 1 });
  for (const sha256 of present) mark.run({ sha256, missing: 0 });
}

/** Deletes the rows that nothing refers to; returns how many. Their files go with the next sweep of the folder. */
export function dropUnreferencedArtifacts(db: WriteDb): number {
  return db
    .prepare(`
      DELETE FROM artifacts WHERE sha256 NOT IN (
        SELECT artifact FROM frame_tables UNION SELECT artifact FROM thumbnails UNION SELECT artifact FROM proxies
        UNION SELECT artifact FROM features
        UNION SELECT artifact FROM detections UNION SELECT model FROM runs WHERE model IS NOT NULL)`)
    .run().changes;
}

export interface ArtifactUsage {
  kind: ArtifactKind;
  files: number;
  bytes: number;
}

/** How many there are of each kind, and what they take. */
export function artifactsReader(db: ReadDb) {
  const usage = db.prepare<[], ArtifactUsage>(
    'SELECT kind, count(*) AS files, sum(bytes) AS bytes FROM artifacts WHERE missing = 0 GROUP BY kind',
  );
  return { usage: (): ArtifactUsage[] => usage.all() };
}

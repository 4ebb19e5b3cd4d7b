// Files that are either whole or absent. Role: write to a temporary name, sync, rename; content-addressed artifacts.
// Limits: knows no database; a row that names an artifact is written after the file exists (electron/store).
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface StoredFile {
  sha256: string;
  bytes: number;
}

/** Writes `data` to `path` so that a crash leaves the old file or the new one, never half of it. */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Absolute path of an artifact: `<folder>/<first two hex digits>/<sha256>`. */
export function artifactPath(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256);
}

/** Stores bytes under their SHA-256; storing the same bytes twice keeps one file. */
export async function putArtifact(folder: string, data: Uint8Array): Promise<StoredFile> {
  const sha256 = createHash('sha256').update(data).digest('hex');
  const path = artifactPath(folder, sha256);
  const existing = await stat(path).catch(() => null);
  if (existing?.size !== data.byteLength) await writeFileAtomic(path, data);
  return { sha256, bytes: data.byteLength };
}

/** Moves a finished file (for example a proxy, on the same disk) into the store under its SHA-256. */
export async function adoptArtifact(folder: string, file: string): Promise<StoredFile> {
  const handle = await open(file, 'r+');
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).byteLength;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  const sha256 = hash.digest('hex');
  const path = artifactPath(folder, sha256);
  await mkdir(dirname(path), { recursive: true });
  await rename(file, path);
  return { sha256, bytes };
}

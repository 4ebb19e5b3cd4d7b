// Import of video files: probe, frame table, fingerprint, thumbnails, one row per file as soon as it is ready.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { defineKind } from '../kind.ts';
import { storeTruth } from '../truth.ts';

export const importKind = defineKind({
  kind: 'import',
  lane: 'work',
  payload: z.object({
    files: z.array(z.object({ path: z.string(), relPath: z.string() })),
    /** Ground truth to be taken in when the videos are there (the sample project knows its own). */
    truth: z.string().nullable().default(null),
    /** Damaged videos are used as far as they can be read. */
    acceptDamaged: z.boolean().default(false),
  }),
  resumes: 'always',
  plan: (store, payload, job) => {
    // A resumed import skips what it has already taken in; a file imported again on purpose is read again.
    const known = new Set(
      store.videos
        .list()
        .filter((video) => video.state === 'ready' && video.importedAt >= job.createdAt)
        .map((video) => video.path),
    );
    const files = payload.files.filter((file) => !known.has(file.path));
    return files.length === 0 ? null : { kind: 'import', artifacts: store.artifactsFolder, files };
  },
  received: (store, { acceptDamaged }, message) => {
    if (message.type !== 'imported') return [];
    const id = store.videos.upsertImported(message.item);
    if (acceptDamaged) store.videos.accept(id);
    return ['videos.changed'];
  },
  finished: (store, payload) => {
    if (payload.truth) storeTruth(store, payload.truth, readFileSync(payload.truth), null);
    return [];
  },
});

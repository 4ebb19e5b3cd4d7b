// Calls that write labels to files.

import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { decodeFrameTable, timeOfFrame } from '../../shared/labels/frame-table.ts';
import { artifactPath, writeFileAtomic } from '../files/atomic.ts';
import type { ExportData } from '../formats/data.ts';
import { exportFiles } from '../formats/export.ts';
import type { Store } from '../store/store.ts';
import { VERSION } from './app.ts';
import type { Context, HandlersOf } from './context.ts';

export function exportHandlers(context: Context): HandlersOf<'exports'> {
  return {
    'exports.write': async ({ runId, formats, grant }) => {
      const { store } = context.opened();
      const data = await exportData(store, runId);
      const parent = grant === null ? join(store.folder, 'exports') : context.grants.path(grant);
      if (grant !== null && !(await stat(parent)).isDirectory())
        throw new AppError('bad_input', `${parent} is a file. Choose a folder to export into.`);
      const folder = await freeFolder(parent, data.run.name);
      const files = [];
      const sentences: string[] = [];
      try {
        for (const { name, bytes, notes = [] } of exportFiles(data, formats)) {
          sentences.push(...notes);
          await writeFileAtomic(join(folder, name), bytes);
          files.push({
            name,
            bytes: bytes.byteLength,
            sha256: createHash('sha256').update(bytes).digest('hex'),
          });
        }
      } catch (error) {
        await rm(folder, { recursive: true, force: true }); // ours alone; half an export looks like a whole one
        throw error;
      }
      return { folder, files, notes: [...new Set(sentences)] };
    },
  };
}

async function freeFolder(parent: string, name: string): Promise<string> {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  for (let n = 1; ; n++) {
    const folder = join(parent, n === 1 ? safe : `${safe}-${n}`);
    if (!(await stat(folder).catch(() => null))) return folder;
  }
}

async function exportData(store: Store, runId: number): Promise<ExportData> {
  const run = store.runs.get(runId);
  if (run.state !== 'done')
    throw new AppError('conflict', `${run.name} has no labels yet: its state is "${run.state}".`);
  const project = store.project.get();
  const videos: ExportData['videos'] = [];
  for (const { videoId, scores, labels, videoLabel } of store.runs.allScores(runId)) {
    const video = store.videos.get(videoId);
    const tableFile = store.videos.frameTable(videoId);
    const table =
      tableFile && decodeFrameTable(await readFile(artifactPath(store.artifactsFolder, tableFile.sha256)));
    videos.push({
      id: videoId,
      relPath: video.relPath,
      fingerprint: video.fingerprint,
      frames: video.frames,
      fpsNum: video.fpsNum,
      fpsDen: video.fpsDen,
      size: video.width > 0 && video.height > 0 ? { width: video.width, height: video.height } : null,
      secondsAt: table ? (frame) => timeOfFrame(table, frame) : null,
      scores,
      labels,
      videoLabel,
      events: eventsOf(scores, video.frames, run.rule),
    });
  }
  return {
    appVersion: VERSION,
    project: { id: project.id, name: project.name },
    run,
    rule: run.rule,
    videos,
  };
}

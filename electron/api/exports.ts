// Calls that write labels to files.

import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { eventsOf } from '../../shared/labels/events.ts';
import { decodeFrameTable, timeOfFrame } from '../../shared/labels/frame-table.ts';
import { artifactPath } from '../files/atomic.ts';
import type { ExportData } from '../formats/data.ts';
import { exportFiles } from '../formats/export.ts';
import type { Store } from '../store/store.ts';
import { VERSION } from './app.ts';
import type { Context, HandlersOf } from './context.ts';
import { writeFolder } from './export-folder.ts';

export function exportHandlers(context: Context): HandlersOf<'exports'> {
  return {
    'exports.write': async ({ runId, formats, grant }) => {
      const { store } = context.opened();
      const data = await exportData(store, runId);
      return writeFolder(context, grant, data.run.name, exportFiles(data, formats));
    },
  };
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

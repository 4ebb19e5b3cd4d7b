// The manifest of an export: where the labels come from and how to read them.
// Role: everything a consumer needs beside the files, and their hashes. Limits: the same export gives the same bytes.
import { createHash } from 'node:crypto';
import { segmentCount } from '../../shared/labels/segments.ts';
import { SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import { type ExportData, type ExportedFile, fileStems, textFile } from './data.ts';

/** `manifest.json` over the given files. */
export function writeManifest(data: ExportData, files: readonly ExportedFile[]): ExportedFile {
  const { run } = data;
  const stems = fileStems(data.videos);
  const manifest = {
    app: { name: 'Zerolabel', version: data.appVersion },
    project: data.project,
    run: {
      id: run.id,
      name: run.name,
      method: run.method,
      seed: run.seed,
      device: run.device,
      created: new Date(run.createdAt).toISOString(),
      finished: run.finishedAt === null ? null : new Date(run.finishedAt).toISOString(),
      config: run.config,
      notes: run.notes,
      provenance: run.provenance,
    },
    rule: {
      ...data.rule,
      meaning:
        'An event starts where a segment score reaches "on" and goes on while scores stay at or above "off"; events with fewer than "gapFrames" frames between them are one; events shorter than "minFrames" frames are dropped.',
    },
    conventions: {
      frames: '0-based, in presentation order; ranges are half-open [start, end)',
      segments: `segment k is frames [${SEGMENT_FRAMES}k, min(${SEGMENT_FRAMES}k + ${SEGMENT_FRAMES}, n_frames))`,
      tail: 'Frames after the last segment take its score and belong to its event.',
      tailPolicy: 'pad_last',
      tailPolicyMeaning: `gt.npy has ${SEGMENT_FRAMES} * ceil(n_frames / ${SEGMENT_FRAMES}) values per video; the label of the last frame is repeated.`,
      labels: '1 = anomalous, 0 = normal',
    },
    videos: data.videos.map((video, v) => ({
      id: video.id,
      path: video.relPath,
      /** Name of its own files in the folders of formats with a file per video, without extension. */
      stem: stems[v],
      frames: video.frames,
      fps: [video.fpsNum, video.fpsDen],
      segments: video.scores.length,
      /** Segments of gt.npy that the features do not have. */
      repeatedSegments: Math.max(0, segmentCount(video.frames) - video.scores.length),
      label: video.videoLabel,
    })),
    files: files.map(({ name, bytes, convention, notes }) => ({
      name,
      bytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      convention,
      /** What the format could not express; absent when nothing was lost. */
      notes: notes?.length ? notes : undefined,
    })),
  };
  return textFile('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
}

// The manifest of an export: where the labels come from and how to read them.
// Role: everything a consumer needs beside the files, and their hashes. Limits: the same export gives the same bytes.

import { z } from 'zod';
import type { ExportOptions } from '../../shared/contract/formats.ts';
import { segmentCount } from '../../shared/labels/segments.ts';
import { SEGMENT_FRAMES } from '../../shared/labels/types.ts';
import { type ExportData, type ExportedFile, fileFacts, fileStems, textFile } from './data.ts';
import { TAIL_MEANING } from './gt-build.ts';
import { readJson } from './json.ts';
import type { SourceFile } from './read.ts';

/** `manifest.json` over the given files. */
export function writeManifest(
  data: ExportData,
  files: readonly ExportedFile[],
  options: ExportOptions,
): ExportedFile {
  const { run } = data;
  const stems = fileStems(data.videos);
  const manifest = {
    app: { name: 'Zerolabel', version: data.appVersion },
    project: data.project,
    labels: { source: data.source, title: data.title },
    run: run && {
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
    rule: data.rule && {
      ...data.rule,
      meaning:
        'Where "smooth" is given, scores are first evened out over a window of so many segments, by their median or by a Gaussian with a standard deviation of a quarter of it (mirrored at the ends). An event starts where a segment score reaches "on" and goes on while scores stay at or above "off"; events with fewer than "gapFrames" frames between them are one; events shorter than "minFrames" frames are dropped. A video with a "rule" of its own goes by that one.',
    },
    conventions: {
      frames: '0-based, in presentation order; ranges are half-open [start, end)',
      segments: `segment k is frames [${SEGMENT_FRAMES}k, min(${SEGMENT_FRAMES}k + ${SEGMENT_FRAMES}, n_frames))`,
      tail: 'Frames after the last segment take its score and belong to its event.',
      tailPolicy: options.tail,
      tailPolicyMeaning: `gt.npy: ${TAIL_MEANING[options.tail]}.`,
      labels: '1 = anomalous, 0 = normal',
    },
    options,
    videos: data.videos.map((video, v) => ({
      id: video.id,
      path: video.relPath,
      /** Name of its own files in the folders of formats with a file per video, without extension. */
      stem: stems[v],
      frames: video.frames,
      fps: [video.fpsNum, video.fpsDen],
      segments: video.labels.length,
      /** Segments of gt.npy that the features do not have. */
      repeatedSegments: Math.max(0, segmentCount(video.frames) - video.labels.length),
      label: video.videoLabel,
      /** Its own, or that of its camera; absent where the one above holds. */
      rule: video.rule,
    })),
    files: files.map((file) => ({
      name: file.name,
      ...fileFacts(file),
      convention: file.convention,
      /** What the format could not express; absent when nothing was lost. */
      notes: file.notes?.length ? file.notes : undefined,
    })),
  };
  return textFile('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
}

const ours = z.object({
  app: z.object({ name: z.literal('Zerolabel') }),
  videos: z.array(z.object({ stem: z.string(), path: z.string() })),
});

/** Which video the files of an export are about, by the names they have there. @throws AppError naming file and line */
export function stemsOfManifest({ name, bytes }: SourceFile): { stem: string; path: string }[] {
  return readJson(name, bytes, ours, 'the manifest of an export').videos;
}

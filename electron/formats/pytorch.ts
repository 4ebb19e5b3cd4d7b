// Everything a training script needs in one folder: features, segment labels, scores, splits and a loader.
// Role: `pytorch/` with one array per video and kind, and `load.py`, which needs numpy alone. Limits: features are copied
// as they are stored, float32 `[T, crops, D]`; without them the folder holds labels only.
import { createHash } from 'node:crypto';
import { intersect } from '../../shared/labels/intervals.ts';
import { scoredRange } from '../../shared/labels/segments.ts';
import { csvText } from './csv.ts';
import { type ExportData, type ExportedFile, type ExportVideo, fileStems, textFile } from './data.ts';
import { someOf } from './lines.ts';
import { writeNpy } from './npy.ts';

const LOADER = `"""Videos of one split with features, segment labels and scores. Needs numpy only.

A segment is 16 frames. torch.utils.data.DataLoader(Segments(".", "train"), batch_size=None) takes it as it is.
"""
import csv
import os
import sys

import numpy as np


class Segments:
    def __init__(self, root, split="train"):
        self.root = root
        with open(os.path.join(root, "index.csv"), encoding="utf-8", newline="") as file:
            rows = {row["stem"]: row for row in csv.DictReader(file)}
        with open(os.path.join(root, split + ".txt"), encoding="utf-8") as file:
            self.rows = [rows[line.rstrip("\\n")] for line in file]

    def __len__(self):
        return len(self.rows)

    def array(self, kind, stem):
        path = os.path.join(self.root, kind, *stem.split("/")) + ".npy"
        return np.load(path, allow_pickle=False) if os.path.exists(path) else None

    def __getitem__(self, index):
        row = self.rows[index]
        kinds = ("features", "labels", "scores", "uncertainty", "ignore")
        item = {kind: self.array(kind, row["stem"]) for kind in kinds}
        # features [T, crops, D] float32; labels [T] 0/1; scores, uncertainty [T] float32; ignore [T] 0/1; None: not there
        return {"path": row["path"], "frames": int(row["frames"]), "label": int(row["label"]), **item}


if __name__ == "__main__":
    for split in ("train", "val", "test"):
        for item in Segments(os.path.dirname(os.path.abspath(__file__)), split):
            shapes = {k: v.shape for k, v in item.items() if isinstance(v, np.ndarray)}
            sys.stdout.write(f"{split} {item['path']} label {item['label']} {shapes}\\n")
`;

export type Split = 'train' | 'val' | 'test';
const SPLITS: readonly Split[] = ['train', 'val', 'test'];

/** The split that a folder of the path names, as data sets have them; null for none. */
function namedSplit(relPath: string): Split | null {
  for (const part of relPath.toLowerCase().split('/').slice(0, -1)) {
    if (/^train(ing)?$/.test(part)) return 'train';
    if (/^val(idation|id)?$/.test(part)) return 'val';
    if (/^test(ing)?$/.test(part)) return 'test';
  }
  return null;
}

/**
 * A split for every video: by its folders where all of them name one, else a fifth of the anomalous and a fifth of the
 * normal videos for validation, chosen by the hashes of their paths, so that it stays the same in every export.
 */
export function splitsOf(videos: readonly Pick<ExportVideo, 'relPath' | 'labels'>[]): Split[] {
  const named = videos.map((video) => namedSplit(video.relPath));
  if (videos.length > 0 && named.every((split) => split !== null)) return named;
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const splits: Split[] = videos.map(() => 'train');
  for (const anomalous of [true, false]) {
    const group = videos
      .map((video, v) => ({ v, anomalous: video.labels.includes(1), key: hash(video.relPath) }))
      .filter((entry) => entry.anomalous === anomalous)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { v } of group.slice(0, Math.floor(group.length / 5))) splits[v] = 'val';
  }
  return splits;
}

/** `pytorch/`: `features/`, `labels/`, `scores/`, `uncertainty/`, `ignore/`, `index.csv`, split lists and `load.py`. */
export function writePyTorch(data: ExportData): ExportedFile[] {
  const { videos } = data;
  const stems = fileStems(videos);
  const splits = splitsOf(videos);
  const bare = videos.filter((video) => !video.features).map((video) => video.relPath);
  const notes = [
    ...(bare.length > 0 ? [`PyTorch: without features, because none are stored for: ${someOf(bare)}.`] : []),
    ...(videos.every((video) => namedSplit(video.relPath) !== null)
      ? []
      : [
          'PyTorch: the split is by the hashes of the paths, a fifth of the anomalous and of the normal videos in val.txt; test.txt is empty unless folders are named so. Videos of one camera may be in both.',
        ]),
  ];
  const arrays = videos.flatMap((video, v): ExportedFile[] => {
    const segments = video.labels.length;
    const array = (kind: string, bytes: Uint8Array): ExportedFile => ({
      name: `pytorch/${kind}/${stems[v]}.npy`,
      bytes,
    });
    const ignored = Uint8Array.from({ length: segments }, (_, k) =>
      intersect(video.ignore ?? [], [scoredRange(k, segments, video.frames)]).length > 0 ? 1 : 0,
    );
    return [
      ...(video.features
        ? [{ ...array('features', new Uint8Array(0)), stored: video.features } satisfies ExportedFile]
        : []),
      array('labels', writeNpy(video.labels, [segments], 'u1')),
      ...(video.scores.length === segments
        ? [array('scores', writeNpy(video.scores, [segments], 'f4'))]
        : []),
      ...(video.uncertainty?.length === segments
        ? [array('uncertainty', writeNpy(video.uncertainty, [segments], 'f4'))]
        : []),
      ...(video.ignore?.length ? [array('ignore', writeNpy(ignored, [segments], 'u1'))] : []),
    ];
  });
  const rows = videos.map((video, v) => ({
    stem: stems[v],
    path: video.relPath,
    frames: video.frames,
    segments: video.labels.length,
    label: video.videoLabel ?? (video.labels.includes(1) ? 1 : 0),
    split: splits[v],
  }));
  const columns = ['stem', 'path', 'frames', 'segments', 'label', 'split'];
  return [
    {
      ...textFile('pytorch/index.csv', csvText(columns, [rows])),
      convention:
        'One row per video; arrays are named by its stem. Segment k is frames [16k, 16k + 16); 1 = anomalous.',
      notes,
    },
    ...SPLITS.map((split) =>
      textFile(
        `pytorch/${split}.txt`,
        stems
          .filter((_, v) => splits[v] === split)
          .map((stem) => `${stem}\n`)
          .join(''),
      ),
    ),
    textFile('pytorch/load.py', LOADER),
    ...arrays,
  ];
}

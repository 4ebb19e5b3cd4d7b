// Frame-level arrays, one pair of .npy files per video with N values each.
// Role: scores (float32) and labels under the rule (uint8, 1 = anomalous), for training code and notebooks.
// Limits: the `trimmed` protocol of methods.md 0.3: the last segment's score goes on to the last frame.
import { framesFromSegments } from '../../shared/labels/expand.ts';
import { toVector } from '../../shared/labels/intervals.ts';
import { type ExportData, type ExportedFile, fileStems } from './data.ts';
import { writeNpy } from './npy.ts';

/** `frame_scores/<video>.npy`, where there are scores, and `frame_labels/<video>.npy`. */
export function writeFrameNpy({ videos }: ExportData): ExportedFile[] {
  const stems = fileStems(videos);
  return videos.flatMap((video, v) => [
    ...(video.scores.length > 0
      ? [
          {
            name: `frame_scores/${stems[v]}.npy`,
            bytes: writeNpy(framesFromSegments(video.scores, video.frames), [video.frames], 'f4'),
          },
        ]
      : []),
    {
      name: `frame_labels/${stems[v]}.npy`,
      bytes: writeNpy(toVector(video.events, video.frames), [video.frames], 'u1'),
    },
  ]);
}

// stgnf.pose (3.5): from a pose file to the input of the flow.
import { z } from 'zod';
import { poseClip } from '../../../electron/features/poses/names.ts';
import { parsePoses } from '../../../electron/features/poses/read.ts';
import { poseInput, poseSegments } from '../../../electron/features/poses/segments.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const params = z.object({
  dataset: z.enum(['ShanghaiTech', 'UBnormal']),
  segLen: z.int(),
  stride: z.int(),
  augment: z.boolean(),
  fileName: z.string(),
});

function run(c: GoldenCase): void {
  const { dataset, segLen, stride, augment, fileName } = params.parse(c.params);
  const { scene, clip } = poseClip(fileName, dataset);
  const segments = poseSegments(parsePoses(c.inputText('pose'), fileName), segLen, stride);
  c.checkValue('scene', scene);
  c.checkValue('clip', clip);
  c.checkValue('count', segments.count);
  c.check(
    'meta',
    Array.from(segments.person).flatMap((person, i) => [person, segments.firstFrame[i]]),
  );
  c.check('segments', segments.joints);
  c.check('personScores', segments.scores);
  c.check('networkInput', poseInput(segments));
  if (augment) c.check('networkInputFlipped', poseInput(segments, true));
}

export const stgnfPose: GoldenKind = { kinds: ['stgnf.pose'], run };

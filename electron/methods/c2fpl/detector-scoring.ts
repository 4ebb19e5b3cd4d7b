// Scores of all segments by a detector (methods.md 2.6). Role: batches of fixed size over a pool of any size.
// Limits: the mean over crops is the detector's own.
import type { CompiledStep, ComputeDevice, Variables } from '../../compute/device.ts';
import type { Rehearsal } from '../../features/rehearsal.ts';
import type { SegmentPool } from '../../features/segment-pool.ts';
import type { FeatureVideo } from '../../features/types.ts';
import { type DetectorShape, detectorScoreStep } from '../../nets/detector.ts';

export interface Scoring {
  device: ComputeDevice;
  variables: Variables;
  shape: DetectorShape;
  /** In the order of the pool. */
  videos: readonly FeatureVideo[];
  pool: SegmentPool;
  batchSize: number;
  /** Called before each batch; throws to stop. */
  check(): void;
  progress(done: number, total: number, unit: string, message: string): void;
  rehearsal?: Rehearsal;
}

interface Part {
  from: number;
  count: number;
  /** Segments of the graph, at least `count`. */
  size: number;
}

/** With attention over the batch a video is one part, as CLAWS scores it; otherwise any run of segments. */
function partsOf({ videos, shape, pool, batchSize }: Scoring): Part[] {
  if (shape.attention === 'batch') {
    // Sizes are powers of two, so that few graphs serve videos of all lengths.
    return videos.map(({ segments: count }, v) => ({
      from: pool.offsets[v],
      count,
      size: 2 ** Math.ceil(Math.log2(Math.max(count, 8))),
    }));
  }
  const size = Math.min(batchSize, pool.segments);
  return Array.from({ length: Math.ceil(pool.segments / size) }, (_, i) => ({
    from: i * size,
    count: Math.min(size, pool.segments - i * size),
    size,
  }));
}

/** Probability of every segment of the pool, `[M]`; parts shorter than their graph are padded with zeros. */
export async function scorePool(scoring: Scoring): Promise<Float32Array> {
  const { device, variables, shape, pool, check, progress, rehearsal } = scoring;
  const scores = new Float32Array(pool.segments);
  const steps = new Map<number, { step: CompiledStep; features: Float32Array }>();
  pool.expect(Int32Array.from({ length: pool.segments }, (_, i) => i));
  try {
    for (const { from, count, size } of partsOf(scoring)) {
      if (rehearsal?.enough({ kind: 'scoring', done: from, total: pool.segments })) break;
      check();
      let known = steps.get(size);
      if (!known) {
        const step = await device.compile(
          detectorScoreStep(shape, { batch: size, crops: pool.crops }),
          variables,
        );
        known = { step, features: new Float32Array(size * pool.crops * pool.dim) };
        steps.set(size, known);
      }
      const { step, features } = known;
      features.fill(0, count * pool.crops * pool.dim);
      pool.copy(
        Int32Array.from({ length: count }, (_, i) => from + i),
        features,
      );
      const present = new Float32Array(size).fill(1, 0, count);
      const outputs = await step.run({ features, ...(shape.attention === 'batch' && { present }) });
      scores.set(outputs.scores.subarray(0, count), from);
      progress(from + count, pool.segments, 'segments', 'Scoring segments');
    }
  } finally {
    for (const { step } of steps.values()) await step.dispose();
  }
  return scores;
}

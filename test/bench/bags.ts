// One batch of RTFM as the published loop asks for it: 32 + 32 bags of 16 snippets, ten crops of 2,048 numbers, in as many
// passes as the memory allows. Role: seconds and the peak of the process. Limits: features are random; one batch after
// one that also compiles.
import type { ComputeDevice } from '../../electron/compute/device.ts';
import { createRandom } from '../../electron/compute/random.ts';
import { cropsPerCall, rtfmModel } from '../../electron/methods/wocc-ws/rtfm-model.ts';
import type { Report } from './report.ts';

const [VIDEOS, SEGMENTS, CROPS, DIM, BAGS, BAG] = [8, 64, 10, 2048, 32, 16];

export async function bags(device: ComputeDevice, result: Report): Promise<void> {
  const random = createRandom(1);
  const videos = Array.from({ length: VIDEOS }, (_, videoId) => ({
    videoId,
    segments: SEGMENTS,
    crops: CROPS,
    dim: DIM,
    data: random.fillUniform(new Float32Array(SEGMENTS * CROPS * DIM), 0, 1),
  }));
  const model = await rtfmModel(
    {
      device,
      videos,
      offsets: Int32Array.from({ length: VIDEOS + 1 }, (_, v) => v * SEGMENTS),
      aggregation: 'mean',
      poses: null,
      cubes: null,
      check() {},
    },
    {
      network: 'full',
      bags: BAGS,
      bagSize: BAG,
      learningRate: 1e-3,
      weightDecay: 5e-3,
      dropout: 0.7,
      joint: true,
      cropsAtOnce: 0,
    },
  );
  model.fresh(random);
  model.freshOptimiser();
  const half = (VIDEOS * SEGMENTS) / 2;
  const draw = (from: number) => Int32Array.from({ length: BAGS * BAG }, () => from + random.integer(half));
  const batch = async (): Promise<number> => {
    const begun = performance.now();
    const { total } = await model.trainBatch({ abnormal: draw(0), normal: draw(half), random });
    if (!Number.isFinite(total)) throw new Error(`The loss is ${total}.`);
    return (performance.now() - begun) / 1000;
  };
  const first = await batch();
  const second = await batch();
  result.stages['rtfm 32 + 32 bags, crops at once'] = {
    value: cropsPerCall(CROPS, 2 * BAGS * BAG, DIM),
    unit: `of ${CROPS}`,
  };
  result.stages['rtfm 32 + 32 bags, first batch'] = { value: first, unit: 's' };
  result.stages['rtfm 32 + 32 bags, a batch'] = { value: second, unit: 's' };
  result.stages['rtfm 32 + 32 bags, peak'] = {
    value: process.resourceUsage().maxRSS / 1024,
    unit: 'MiB of the process',
  };
  await model.dispose();
}

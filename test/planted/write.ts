// Writes the planted set where `zerolabel features` and `zerolabel evaluate` read it: node test/planted/write.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpy } from '../../electron/formats/npy.ts';
import { PLANTED, plantedVideos } from './scenes.ts';

const folder = process.argv[2];
if (!folder) {
  console.error('Name a folder: node test/planted/write.ts FOLDER');
  process.exit(2);
}
mkdirSync(join(folder, 'features'), { recursive: true });
const truth: Record<string, unknown> = {};
for (const { name, segments, data, anomalous } of plantedVideos(PLANTED)) {
  writeFileSync(join(folder, 'features', `${name}.npy`), writeNpy(data, [segments, PLANTED.dim], 'f4'));
  truth[name] = {
    n_frames: 16 * segments,
    anomalous: anomalous ? [[16 * anomalous[0], 16 * anomalous[1] - 1]] : [],
  };
}
const file = { frame_index: '0-based', interval_end: 'inclusive', videos: truth };
writeFileSync(join(folder, 'gt_frames.json'), JSON.stringify(file, null, 1));
console.log(`${PLANTED.videos} videos in ${folder}`);

// Names of pose files (methods.md 5.6). Role: which video, and which scene and clip, a file belongs to.
import { AppError } from '../../../shared/errors.ts';

export type PoseDataset = 'ShanghaiTech' | 'UBnormal';

const ENDING = /_alphapose_tracked_person\.json$/i;

/** Name of the video of a pose file: its own name without the ending of AlphaPose. */
export function poseVideoName(fileName: string): string {
  return fileName.replace(ENDING, '').replace(/\.json$/i, '');
}

/**
 * Scene and clip as the published code counts them: a number without leading zeros for ShanghaiTech (`01_0014` is scene 1,
 * clip 14), kind and scenario for UBnormal (`abnormal_scene_11_scenario_3` is scene 11, clip `abnormal_3`).
 * @throws AppError `bad_input` for another name.
 */
export function poseClip(fileName: string, dataset: PoseDataset): { scene: number; clip: string } {
  const name = poseVideoName(fileName);
  const [pattern, example] =
    dataset === 'ShanghaiTech'
      ? [/^(\d+)_(\d+)$/, '01_0014']
      : [/^(?:(abnormal|normal)_)scene_(\d+)_scenario_?(.+)$/, 'abnormal_scene_11_scenario_3'];
  const found = pattern.exec(name);
  if (!found) {
    throw new AppError(
      'bad_input',
      `${fileName} is not named as ${dataset} names its videos (${example}_alphapose_tracked_person.json).`,
      { fileName },
    );
  }
  return dataset === 'ShanghaiTech'
    ? { scene: Number(found[1]), clip: String(Number(found[2])) }
    : { scene: Number(found[2]), clip: `${found[1]}_${found[3]}` };
}

// Why a consensus says what it says: which runs fired on a stretch, when, at which score, with which weight.
// Role: every finished run with scores of the video, under the rule that holds there. Limits: what a consensus makes of
// them is shared/quality/consensus.ts'.
import type { Explanation, ParsedInput } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { scoredOver } from '../../../shared/labels/events.ts';
import { firedIn } from '../../../shared/labels/fired.ts';
import { ruleOf } from '../../../shared/labels/rules.ts';
import { smoothedBy } from '../../../shared/labels/smooth.ts';
import { ENOUGH } from '../../../shared/quality/estimate.ts';
import type { OpenProject } from '../context.ts';
import { weightsOf } from './consensus.ts';

/**
 * What each run says of frames [start, end) of a video, runs in the order in which they were made.
 * @throws AppError `not_found` for a video that is gone or without scores, `bad_input` for frames outside of it
 */
export function explain(
  project: OpenProject,
  { videoId, start, end, perCamera, pass }: ParsedInput<'quality.explain'>,
): Explanation {
  const { store, scores } = project;
  const { frames, relPath } = store.videos.get(videoId);
  if (start >= end || end > frames) {
    throw new AppError(
      'bad_input',
      `Frames ${start} to ${end} are not in ${relPath}: it has ${frames}, the end excluded.`,
      { videoId, start, end },
    );
  }
  const held = store.runs
    .list()
    .filter((run) => run.state === 'done')
    .reverse()
    .flatMap((run) => {
      const video = scores.of(run.id, perCamera).find((one) => one.videoId === videoId);
      return video && video.scores.length > 0 ? [{ run, video }] : [];
    });
  if (held.length === 0)
    throw new AppError('not_found', `No finished run has scores of ${relPath}.`, { videoId });
  const weights =
    pass === 2
      ? []
      : weightsOf(
          project,
          held.map(({ run }) => run.id),
        );
  return {
    videoId,
    start,
    end,
    samples: weights.reduce((most, { units }) => Math.max(most, units), 0),
    needed: ENOUGH,
    voices: held.map(({ run, video }, i) => {
      const { on, smooth } = ruleOf(run)(video);
      const seen = smoothedBy(video.scores, smooth);
      const { max, mean } = scoredOver(seen, { start, end });
      return {
        runId: run.id,
        name: run.name,
        method: run.method,
        on,
        max,
        mean,
        fired: firedIn(seen, on, { start, end }, video.frames),
        weight: weights[i]?.weight ?? null,
      };
    }),
  };
}

// What keys do to lanes. Role: one function per lane that can be shown or hidden. Limits: what is there comes in; the
// choice is kept by lanes.ts.
import type { LANE_DIGITS } from '../keymap.ts';
import { tell } from '../word.ts';
import {
  cycleConsensus,
  firstOf,
  lanes,
  runKey,
  setRuns,
  toggleLane,
  toggleRun,
  useFirstRun,
} from './lanes.ts';
import { MOST_RUNS } from './layout.ts';

/** Lanes with a key of their own that are no run's: their name, and what a video without it lacks. */
const LANES = {
  lanePictures: ['pictures', 'pictures'],
  laneLabels: ['labels', 'pseudo-labels'],
  laneUncertainty: ['uncertainty', 'second run to be uncertain with'],
  laneHuman: ['human', 'layer of people'],
  laneRule: ['rule', 'verdicts by rule'],
  laneTruth: ['truth', 'ground truth'],
} as const;

export type LaneAction =
  | 'consensus'
  | 'allRuns'
  | 'moreRuns'
  | `lane${(typeof LANE_DIGITS)[number]}`
  | keyof typeof LANES;

export interface LaneInputs {
  projectId: string;
  /** Runs that have scores for the video, the chosen one too, in the order of their digits. */
  runs: readonly number[];
  chosen: number;
  /** Names of other lanes that have something to show. */
  there: ReadonlySet<string>;
}

/** @param inputs what the open video has */
export function laneActions({ projectId, runs, chosen, there }: LaneInputs): Record<LaneAction, () => void> {
  const keyOfRun = (id: number): string => runKey(projectId, id);
  const others = runs.filter((id) => id !== chosen);
  const shown = (): number[] => others.filter((id) => !lanes.get().hiddenRuns.includes(keyOfRun(id)));
  const toggleNth = (digit: number) => () => {
    const id = runs[digit - 1];
    if (id === undefined) tell(`No run ${digit} has scores for this video.`);
    else if (id === chosen) tell(`Run ${digit} is the one that is shown large.`);
    else {
      toggleRun(keyOfRun(id));
      const at = shown().indexOf(id);
      const first = firstOf(useFirstRun.getState().first, shown().length);
      if (at >= 0 && (at < first || at >= first + MOST_RUNS)) useFirstRun.setState({ first: at });
    }
  };
  const toggleNamed =
    ([name, what]: (typeof LANES)[keyof typeof LANES]) =>
    () =>
      there.has(name) ? toggleLane(name) : tell(`This video has no ${what}.`);
  return {
    consensus: cycleConsensus,
    allRuns: () => setRuns(others.map(keyOfRun), shown().length > 0),
    moreRuns: () => {
      const total = shown().length;
      const next = firstOf(useFirstRun.getState().first, total) + MOST_RUNS;
      if (total <= MOST_RUNS) tell('All runs that are not hidden are on the timeline.');
      else useFirstRun.setState({ first: next >= total ? 0 : next });
    },
    lane1: toggleNth(1),
    lane2: toggleNth(2),
    lane3: toggleNth(3),
    lane4: toggleNth(4),
    lane5: toggleNth(5),
    lane6: toggleNth(6),
    lane7: toggleNth(7),
    lane8: toggleNth(8),
    lane9: toggleNth(9),
    lanePictures: toggleNamed(LANES.lanePictures),
    laneLabels: toggleNamed(LANES.laneLabels),
    laneUncertainty: toggleNamed(LANES.laneUncertainty),
    laneHuman: toggleNamed(LANES.laneHuman),
    laneRule: toggleNamed(LANES.laneRule),
    laneTruth: toggleNamed(LANES.laneTruth),
  };
}

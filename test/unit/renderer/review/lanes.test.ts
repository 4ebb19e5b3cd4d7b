import { beforeEach, describe, expect, it } from 'vitest';
import { laneActions } from '../../../../renderer/features/review/timeline/lane-actions.ts';
import { firstOf, lanes, runKey, useFirstRun } from '../../../../renderer/features/review/timeline/lanes.ts';
import { layoutOf, MOST_RUNS } from '../../../../renderer/features/review/timeline/layout.ts';
import { hush, useWord } from '../../../../renderer/features/review/word.ts';

const word = (): string | null => useWord.getState().text;
const hidden = (): readonly string[] => lanes.get().hiddenRuns;
const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const actionsFor = (runs: readonly number[], chosen: number, there: readonly string[] = []) =>
  laneActions({ projectId: 'p', runs, chosen, there: new Set(there) });

beforeEach(() => {
  lanes.set({ consensus: 'mean', hidden: [], hiddenRuns: [] });
  useFirstRun.setState({ first: 0 });
  hush();
});

describe('lanes of runs', () => {
  it('are hidden and shown by the number of the run, but not the large one', () => {
    const actions = actionsFor([4, 7, 9], 7);
    actions.lane1();
    expect(hidden()).toEqual([runKey('p', 4)]);
    actions.lane2();
    expect([hidden().length, word()]).toEqual([1, 'Run 2 is the one that is shown large.']);
    actions.lane4();
    expect(word()).toBe('No run 4 has scores for this video.');
    actions.lane1();
    expect(hidden()).toEqual([]);
    hush();
  });

  it('are hidden all at once, then shown all at once, and other projects keep theirs', () => {
    const actions = actionsFor([1, 2, 3], 1);
    lanes.set({ ...lanes.get(), hiddenRuns: ['other:2'] });
    actions.lane2();
    actions.allRuns(); // run 3 is still there
    expect([...hidden()].sort()).toEqual(['other:2', 'p:2', 'p:3']);
    actions.allRuns();
    expect(hidden()).toEqual(['other:2']);
  });

  it('that have no room are reached by the next page, round to the first', () => {
    const actions = actionsFor(nine, 1); // eight others, six have room
    actions.moreRuns();
    expect(firstOf(useFirstRun.getState().first, 8)).toBe(2);
    actions.moreRuns();
    expect(useFirstRun.getState().first).toBe(0);
    const few = actionsFor([1, 2], 1);
    few.moreRuns();
    expect(word()).toBe('All runs that are not hidden are on the timeline.');
    hush();
  });

  it('come into view when they are shown', () => {
    const actions = actionsFor(nine, 1);
    actions.lane9();
    actions.lane9();
    const { first } = useFirstRun.getState();
    const shown = [2, 3, 4, 5, 6, 7, 8, 9].slice(firstOf(first, 8)).slice(0, MOST_RUNS);
    expect(shown).toContain(9);
  });

  it('take as many rows as have room, from the first that is shown', () => {
    const input = { windowHeight: 900, pictures: false, labels: false, consensus: false, uncertainty: false };
    const { rows } = layoutOf({ ...input, runIds: nine.slice(2), layerIds: [] });
    expect(rows.flatMap((row) => (row.kind === 'run' ? [row.runId] : []))).toEqual([3, 4, 5, 6, 7, 8]);
  });
});

describe('other lanes', () => {
  it('are hidden only where they are, so that nothing vanishes unseen', () => {
    const actions = actionsFor([1], 1, ['truth']);
    actions.laneTruth();
    expect(lanes.get().hidden).toEqual(['truth']);
    actions.lanePictures();
    expect(lanes.get().hidden).toEqual(['truth']);
    expect(word()).toBe('This video has no pictures.');
    hush();
  });
});

// Which lanes of the timeline a person wants to see. Role: the remembered choice and what follows from it.
// Limits: whether a lane has anything to show is known elsewhere.
import { z } from 'zod';
import { create } from 'zustand';
import { CONSENSUS_KINDS } from '../../../../shared/labels/consensus.ts';
import { choice } from '../../../state/choices.ts';
import { MOST_RUNS } from './layout.ts';

const lanesChoice = z.object({
  consensus: z.enum([...CONSENSUS_KINDS, 'off']),
  /** Names of lanes that are hidden: `pictures`, `labels`, `uncertainty`, `truth`, or a layer's. */
  hidden: z.array(z.string()).max(100),
  /** Runs whose lanes are hidden, as `project:run`. */
  hiddenRuns: z.array(z.string()).max(1000),
});
export type LanesChoice = z.infer<typeof lanesChoice>;

export const lanes = choice<LanesChoice>('lanes', lanesChoice, {
  consensus: 'mean',
  hidden: [],
  hiddenRuns: [],
});

export const CONSENSUS_NAMES: Record<LanesChoice['consensus'], string> = {
  mean: 'Consensus: mean',
  median: 'Consensus: median',
  vote: 'Consensus: share of runs',
  weighted: 'Consensus: by reliability',
  off: 'No consensus',
};

/** The same in the narrow column of names. */
export const CONSENSUS_SHORT: Record<LanesChoice['consensus'], string> = {
  mean: 'Consensus',
  median: 'Median of runs',
  vote: 'Share of runs',
  weighted: 'By reliability',
  off: '',
};

/** The next way of putting runs together, the last of them being none. */
export function cycleConsensus(): void {
  const now = lanes.get();
  const all = [...CONSENSUS_KINDS, 'off'] as const;
  lanes.set({ ...now, consensus: all[(all.indexOf(now.consensus) + 1) % all.length] });
}

const toggled = (list: readonly string[], name: string): string[] =>
  list.includes(name) ? list.filter((other) => other !== name) : [...list, name];

export function toggleLane(name: string): void {
  lanes.set({ ...lanes.get(), hidden: toggled(lanes.get().hidden, name) });
}

export const runKey = (projectId: string, runId: number): string => `${projectId}:${runId}`;

export function toggleRun(key: string): void {
  lanes.set({ ...lanes.get(), hiddenRuns: toggled(lanes.get().hiddenRuns, key).slice(-1000) });
}

/** Hides these runs' lanes, or shows them. */
export function setRuns(keys: readonly string[], hidden: boolean): void {
  const others = lanes.get().hiddenRuns.filter((key) => !keys.includes(key));
  lanes.set({ ...lanes.get(), hiddenRuns: [...others, ...(hidden ? keys : [])].slice(-1000) });
}

/** Which of the shown runs comes first, where not all have room. */
export const useFirstRun = create<{ first: number }>()(() => ({ first: 0 }));

/** The first of `total` lanes so that as many as have room are shown. */
export const firstOf = (first: number, total: number): number =>
  Math.max(0, Math.min(first, total - MOST_RUNS));

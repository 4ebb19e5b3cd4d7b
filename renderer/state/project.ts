// What is open and chosen. Role: the project, and the run whose scores library and review show.
// Limits: the choice of a run lasts as long as the window; a project that opens starts with its newest finished run.
import { create } from 'zustand';
import type { Project, Run } from '../../shared/contract/index.ts';
import { useCall } from './queries.ts';

/** The open project; null when there is none, undefined while unknown. */
export function useProject(): Project | null | undefined {
  return useCall('projects.current', {}).data;
}

interface Chosen {
  projectId: string | null;
  runId: number | null;
}
const useChosen = create<Chosen>()(() => ({ projectId: null, runId: null }));

/** The chosen run if it is there and has scores, else the newest finished one. */
export function pickRun(runs: readonly Run[], chosen: number | null): Run | null {
  const done = runs.filter((run) => run.state === 'done');
  return (
    done.find((run) => run.id === chosen) ??
    done.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id)[0] ??
    null
  );
}

export interface RunChoice {
  /** Whether the runs were asked for and answered; until then there are none. */
  known: boolean;
  runs: Run[];
  /** Null while there is no finished run. */
  run: Run | null;
  choose(runId: number): void;
}

export function useRunChoice(): RunChoice {
  const project = useProject();
  const answer = useCall('runs.list', {}, { enabled: Boolean(project) });
  const runs = answer.data ?? [];
  const chosen = useChosen();
  const projectId = project?.id ?? null;
  return {
    known: answer.isFetched,
    runs,
    run: pickRun(runs, chosen.projectId === projectId ? chosen.runId : null),
    choose: (runId) => useChosen.setState({ projectId, runId }),
  };
}

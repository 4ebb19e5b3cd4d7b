// What keys and commands do with the tools of a review. Role: which tool opens, or why it does not. Limits: the dialogs
// are shown by ReviewTools.tsx.
import { tell } from '../word.ts';

export type Tool = 'bulk' | 'history' | 'second' | 'diff' | 'table';
export type ToolAction = Tool | 'applyLike';

export interface ToolInputs {
  open(tool: Tool): void;
  /** 2 for the second reviewer, who is blind. */
  pass: number;
  /** Finished runs. */
  runs: number;
  /** What offers the verdict of the nearest reviewed events to all that are as near; null where there are none. */
  applyLike(): (() => void) | null;
}

export function toolActions({ open, pass, runs, applyLike }: ToolInputs): Record<ToolAction, () => void> {
  const seeing = (tool: Tool) => () =>
    pass === 2 ? tell('The second reviewer does not see what others said, so this waits.') : open(tool);
  return {
    table: () => open('table'),
    second: () => open('second'),
    bulk: seeing('bulk'),
    history: seeing('history'),
    diff: () => (runs < 2 ? tell('There is no other run to compare this one with.') : open('diff')),
    applyLike: () => {
      const apply = applyLike();
      if (apply) apply();
      else tell('No open event looks like this one: review a few first, or select one.');
    },
  };
}

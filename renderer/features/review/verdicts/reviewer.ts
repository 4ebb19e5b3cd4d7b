// Who reviews. Role: the pass of review the page works in, and the name its edits carry. Limits: one page is one person.
import { z } from 'zod';
import { type Editor, reviewPass } from '../../../../shared/contract/index.ts';
import { choice } from '../../../state/choices.ts';

/** Pass 2 is the blind second review; its reviewer has a name of its own. */
export const reviewing = choice('reviewing', z.object({ pass: reviewPass, second: z.string() }), {
  pass: 1 as Editor['pass'],
  second: '',
});

/** What every edit carries; without a name the engine takes the project's reviewer. */
export function editorNow(): Editor {
  const { pass, second } = reviewing.get();
  return { pass, reviewer: pass === 2 && second !== '' ? second : null };
}

export const usePass = (): 1 | 2 => reviewing.use((state) => state.value.pass);

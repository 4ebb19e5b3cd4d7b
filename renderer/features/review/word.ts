// A word to the person on the screen: why a key did nothing, or what is at its end. Role: one sentence at a time, gone
// after a while or with the next key. Limits: what needs an answer is a dialog; what failed is a notice that stays.
import { create } from 'zustand';

/** How long it stands. */
const STAYS_MS = 6000;

/** `refused`: a key could not do what it does; `note`: what it did, where that is not to be seen. */
export type Tone = 'refused' | 'note';

export const useWord = create<{ text: string | null; tone: Tone }>()(() => ({ text: null, tone: 'refused' }));

let timer: ReturnType<typeof setTimeout> | undefined;

export function hush(): void {
  clearTimeout(timer);
  if (useWord.getState().text !== null) useWord.setState({ text: null });
}

export function tell(text: string, tone: Tone = 'refused'): void {
  clearTimeout(timer);
  useWord.setState({ text, tone });
  timer = setTimeout(hush, STAYS_MS);
}

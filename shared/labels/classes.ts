// The list of classes. Role: puts a new one behind the others. Limits: pure; kept by the store, shown by the page.
import type { ReviewClass } from '../contract/review.ts';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
/** Colours of the palette. */
const COLOURS = 8;

/** With a class of this name, the first key that is free and the next colour; the same list when it is there already. */
export function withClass(classes: readonly ReviewClass[], name: string): readonly ReviewClass[] {
  if (classes.some((known) => known.name === name)) return classes;
  const taken = new Set(classes.map(({ key }) => key));
  return [
    ...classes,
    { name, colour: classes.length % COLOURS, key: KEYS.find((key) => !taken.has(key)) ?? null },
  ];
}

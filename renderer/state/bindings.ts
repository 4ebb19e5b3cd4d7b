// Which keys a person gave to which action. Role: the overrides, remembered; look-ups with them; what stands in the way of
// a new key; all of it as a file. Limits: knows no action by itself: lists of actions with their own keys come in.
import { z } from 'zod';
import { choice } from './choices.ts';

export interface KeyAction {
  /** Unique over all screens: `review.goTo`. */
  id: string;
  /** Where it holds; `everywhere` stands in the way of all others. */
  scope: 'everywhere' | 'home' | 'library' | 'runs' | 'review' | 'export';
  group: string;
  text: string;
  /** Its own keys. */
  chords: readonly string[];
}

/** As `chordOf` writes them: modifiers in order, then one key in lower case. */
const chordSchema = z.string().regex(/^(ctrl\+)?(alt\+)?(shift\+)?(\S|[a-z][a-z0-9]*)$/);
const MOST_CHORDS = 3;
const overridesSchema = z.record(z.string(), z.array(chordSchema).max(MOST_CHORDS));
export type KeyOverrides = z.infer<typeof overridesSchema>;

export const keyOverrides = choice<KeyOverrides>('keys', overridesSchema, {});

const scopeOf = (id: string): string => id.split('.')[0];
const EVERYWHERE = 'shell';

/** The keys of an action under overrides. A key that a person gave to another action is no longer one it came with. */
export function chordsUnder(overrides: KeyOverrides, id: string, own: readonly string[]): readonly string[] {
  if (id in overrides) return overrides[id];
  const met = Object.entries(overrides).flatMap(([other, chords]) =>
    [scopeOf(id), EVERYWHERE].includes(scopeOf(other)) || scopeOf(id) === EVERYWHERE ? chords : [],
  );
  return met.length === 0 ? own : own.filter((chord) => !met.includes(chord));
}

/** The keys of an action now. */
export const boundChords = (id: string, own: readonly string[]): readonly string[] =>
  chordsUnder(keyOverrides.get(), id, own);

/** Keys that belong to focus, to the browser, or to what people call events. */
const RESERVED: Record<string, string> = {
  tab: 'Tab moves the focus.',
  'shift+tab': 'Shift Tab moves the focus.',
  'ctrl+r': 'Ctrl R reloads the page.',
  'ctrl+w': 'Ctrl W closes the window.',
  'ctrl+t': 'Ctrl T opens a tab.',
  'ctrl+shift+t': 'Ctrl Shift T opens a tab.',
  f5: 'F5 reloads the page.',
};
const MODIFIERS = new Set(['control', 'alt', 'shift', 'meta', 'altgraph', 'capslock', 'dead', 'process']);

/** Whether a key press is more than a modifier held down. */
export const isWholeChord = (chord: string): boolean => !MODIFIERS.has(chord.split(/\+(?!$)/).at(-1) ?? '');

export type Obstacle = { kind: 'reserved'; why: string } | { kind: 'taken'; by: KeyAction };

const meet = (a: KeyAction, b: KeyAction): boolean =>
  a.scope === b.scope || a.scope === 'everywhere' || b.scope === 'everywhere';

/** What stands in the way of giving `chord` to an action; null when it is free (or its own already). */
export function obstacleTo(
  chord: string,
  action: KeyAction,
  actions: readonly KeyAction[],
  overrides: KeyOverrides,
): Obstacle | null {
  if (chord in RESERVED) return { kind: 'reserved', why: RESERVED[chord] };
  if (/^[1-9]$/.test(chord)) return { kind: 'reserved', why: 'The digits 1 to 9 give classes to events.' };
  const by = actions.find(
    (other) =>
      other.id !== action.id && meet(action, other) && (overrides[other.id] ?? other.chords).includes(chord),
  );
  return by ? { kind: 'taken', by } : null;
}

/** Overrides with other keys for an action; its own keys are no override. */
export function withChords(
  overrides: KeyOverrides,
  action: KeyAction,
  chords: readonly string[],
): KeyOverrides {
  const { [action.id]: _, ...others } = overrides;
  const same =
    chords.length === action.chords.length && chords.every((chord, i) => chord === action.chords[i]);
  return same ? others : { ...others, [action.id]: chords.slice(0, MOST_CHORDS) };
}

const fileSchema = z.object({ zerolabelKeys: z.literal(1), keys: overridesSchema });

/** All keys that are not the product's own, as JSON. */
export const exportKeys = (overrides: KeyOverrides): string =>
  `${JSON.stringify({ zerolabelKeys: 1, keys: overrides }, null, 2)}\n`;

/**
 * Reads {@link exportKeys}. Actions of another version are left out and named.
 * @returns a sentence instead when the file is none, or gives one key to two actions
 */
export function importKeys(
  text: string,
  actions: readonly KeyAction[],
): { overrides: KeyOverrides; unknown: string[] } | { problem: string } {
  let parsed: z.infer<typeof fileSchema>;
  try {
    parsed = fileSchema.parse(JSON.parse(text));
  } catch {
    return { problem: 'This file holds no keys of Zerolabel. Export one here to see what it looks like.' };
  }
  const byId = new Map(actions.map((action) => [action.id, action]));
  const unknown = Object.keys(parsed.keys).filter((id) => !byId.has(id));
  const overrides = Object.fromEntries(Object.entries(parsed.keys).filter(([id]) => byId.has(id)));
  for (const action of actions) {
    for (const chord of overrides[action.id] ?? []) {
      const obstacle = obstacleTo(chord, action, actions, overrides);
      if (!obstacle) continue;
      const why = obstacle.kind === 'reserved' ? obstacle.why : `“${obstacle.by.text}” has it too.`;
      return { problem: `The file gives ${chord} to “${action.text}”, but: ${why} Nothing was changed.` };
    }
  }
  return { overrides, unknown };
}

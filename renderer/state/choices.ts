// What a person chose once and expects to find again: lanes, keys, how playback behaves.
// Role: a store per choice, remembered by the page at once and by the engine for every page of this machine.
// Limits: choices, never data; a remembered value that does not fit its schema any more is forgotten.
import type { z } from 'zod';
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import type { PageClient } from '../platform/client.ts';

export interface Choice<T> {
  /** In React: `useX.use()`; whole value, so keep values small. */
  readonly use: UseBoundStore<StoreApi<{ value: T }>>;
  get(): T;
  /** Takes effect at once and is remembered. */
  set(value: T): void;
}

interface Remembered {
  key: string;
  /** Takes a value that was remembered; returns whether it fits. */
  adopt(value: unknown): boolean;
}

const known: Remembered[] = [];
let engine: PageClient | null = null;

/** @param name unique; part of the key under which the value is remembered */
export function choice<T>(name: string, schema: z.ZodType<T>, initial: T): Choice<T> {
  const key = `choice.${name}`;
  const use = create<{ value: T }>()(() => ({ value: initial }));
  const adopt = (value: unknown): boolean => {
    const parsed = schema.safeParse(value);
    if (parsed.success) use.setState({ value: parsed.data });
    return parsed.success;
  };
  adopt(pageMemory(key));
  known.push({ key, adopt });
  return {
    use,
    get: () => use.getState().value,
    set(value) {
      use.setState({ value });
      remember(key, value);
      engine?.call('settings.set', { key, value }).catch(() => {}); // the page still has it; no message is worth it
    },
  };
}

/** Reads what the engine remembers; it has seen the choices of other pages too. */
export function startChoices(client: PageClient): void {
  engine = client;
  for (const { key, adopt } of known) {
    client.call('settings.get', { key }).then(
      (value) => {
        if (value !== null && adopt(value)) remember(key, value);
      },
      () => {}, // without an answer the page keeps its own memory
    );
  }
}

function pageMemory(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null; // no storage, or something else's text
  }
}

function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // a page without storage asks the engine
  }
}

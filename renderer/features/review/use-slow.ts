// Stores that change with every frame or pointer move, read by React a few times a second. Role: keeps rendering apart
// from drawing. Limits: the value may be a moment old while things move; it is always current when they rest.
import { useEffect, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';

/** Pause between two updates of a page while something moves. */
const GAP_MS = 120;

/** Calls `write` now and after changes, at most once per gap, the last change always included. @returns a stop function. */
export function slowly<S>(
  store: Pick<StoreApi<S>, 'getState' | 'subscribe'>,
  write: (state: S) => void,
  gap: (state: S) => number = () => GAP_MS,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  const run = () => {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    write(store.getState());
  };
  const stop = store.subscribe((state) => {
    const wait = last + gap(state) - performance.now();
    if (wait <= 0) run();
    else timer ??= setTimeout(run, wait);
  });
  run();
  return () => {
    stop();
    clearTimeout(timer);
  };
}

/** A part of a store in React, a few times a second at most, and only when that part is another one. */
export function useSlow<S, T>(
  store: Pick<StoreApi<S>, 'getState' | 'subscribe'>,
  select: (state: S) => T,
): T {
  const [shown, setShown] = useState(() => ({ store, value: select(store.getState()) }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: selectors are plain projections and do not change
  useEffect(
    () =>
      slowly(store, (state) => {
        const value = select(state);
        setShown((before) => (before.store === store && before.value === value ? before : { store, value }));
      }),
    [store],
  );
  // Another store has no old value to show.
  return shown.store === store ? shown.value : select(store.getState());
}

/** The newest state of a store once it has rested for `ms`; the first one of another store at once. */
export function useSettled<S>(store: Pick<StoreApi<S>, 'getState' | 'subscribe'>, ms: number): S {
  const [shown, setShown] = useState(() => ({ store, value: store.getState() }));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = () => setShown({ store, value: store.getState() });
    take();
    const stop = store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(take, ms);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, ms]);
  return shown.store === store ? shown.value : store.getState();
}

/** A value once it has rested for `ms`. */
export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}

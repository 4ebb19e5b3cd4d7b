// One animation frame for everything that draws: layers say that they are out of date, and are drawn once before
// the next picture of the screen. Role: the only caller of requestAnimationFrame for drawing. Limits: no timing, no data.

export interface Layer {
  /** Asks to be drawn before the next picture; any number of calls draw once. */
  invalidate(): void;
  dispose(): void;
}

export interface Scheduler {
  /** Adds a layer; layers are drawn in the order in which they were added. */
  layer(draw: () => void): Layer;
  dispose(): void;
}

interface Clock {
  request(callback: () => void): number;
  cancel(handle: number): void;
}

const screenClock: Clock = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
};

/** A layer may invalidate another one (or itself) while drawing: that is drawn with the next picture. */
export function createScheduler(clock: Clock = screenClock): Scheduler {
  const layers = new Set<{ draw: () => void; dirty: boolean }>();
  let handle: number | null = null;

  function flush(): void {
    handle = null;
    const due = [...layers].filter((layer) => layer.dirty);
    for (const layer of due) layer.dirty = false;
    for (const layer of due) if (layers.has(layer)) layer.draw();
  }

  return {
    layer(draw) {
      const entry = { draw, dirty: false };
      layers.add(entry);
      return {
        invalidate() {
          if (!layers.has(entry)) return;
          entry.dirty = true;
          handle ??= clock.request(flush);
        },
        dispose: () => void layers.delete(entry),
      };
    },
    dispose() {
      layers.clear();
      if (handle !== null) clock.cancel(handle);
      handle = null;
    },
  };
}

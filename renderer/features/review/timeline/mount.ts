// Joins stores, canvases and the scheduler. Role: draws the right layer when something changes, and keeps the DOM twins
// in place through custom properties. Limits: no React; nothing here runs while nothing changes.
import { createScheduler } from '../../../canvas/scheduler.ts';
import { prepareSurface } from '../../../canvas/surface.ts';
import { reveal } from '../../../canvas/viewport.ts';
import { readPalette } from '../../../styles/palette.ts';
import { eventAt, type Live, type Session } from '../session.ts';
import type { Layout } from './layout.ts';
import { drawMoving, drawStill, type Scene } from './scene.ts';

export interface TimelineElements {
  /** Holds both canvases and the twins; gets `--from`, `--scale`, `--frame`, `--on` and `--off`. */
  body: HTMLElement;
  still: HTMLCanvasElement;
  moving: HTMLCanvasElement;
}

export interface Mounted {
  /** Draws the lower layer again, for data that came by another way (pictures). */
  refresh(): void;
  dispose(): void;
}

export function mountTimeline(
  { body, still, moving }: TimelineElements,
  session: Session,
  scene: Scene,
  live: Live | null,
  layout: Layout,
): Mounted {
  const scheduler = createScheduler();
  const palette = readPalette(body);
  const font = getComputedStyle(body).fontFamily;
  const { player, timeline } = session;

  const below = scheduler.layer(() => {
    const { view } = timeline.getState();
    const rule = live?.store.getState().rule;
    body.style.setProperty('--from', String(view.from));
    body.style.setProperty('--scale', String(body.clientWidth / (view.to - view.from)));
    if (rule) {
      body.style.setProperty('--on', String(rule.on));
      body.style.setProperty('--off', String(rule.off));
    }
    const surface = prepareSurface(still);
    if (!surface) return;
    const events = live?.store.getState().events ?? [];
    drawStill(surface, layout, scene, view, rule ?? null, events, palette, font);
  });
  const above = scheduler.layer(() => {
    const surface = prepareSurface(moving);
    const { view, hover, anchor, chosen, marked, draft } = timeline.getState();
    const { frame } = player.store.getState();
    body.style.setProperty('--frame', String(frame + 0.5));
    const selected = chosen ?? eventAt(live?.store.getState().events ?? [], anchor)?.event ?? null;
    if (surface)
      drawMoving(
        surface,
        layout,
        scene,
        { view, frame, hover, selected, marked: draft ?? marked },
        palette,
        font,
      );
  });
  const both = () => {
    below.invalidate();
    above.invalidate();
  };

  const observer = new ResizeObserver(both);
  observer.observe(body);
  const stops = [
    timeline.subscribe((state, before) => {
      if (state.view !== before.view) below.invalidate();
      above.invalidate();
    }),
    player.store.subscribe((state, before) => {
      if (state.frame === before.frame) return;
      above.invalidate();
      const { view } = timeline.getState();
      // A view that was moved away from a running video stays where the person put it.
      const followed = before.frame >= view.from && before.frame < view.to;
      const next = state.speed === 0 || followed ? reveal(view, state.frame, session.frames) : view;
      if (next !== view) timeline.setState({ view: next });
    }),
    live?.store.subscribe(both),
  ];
  // Text on a canvas does not wait for its font by itself.
  void document.fonts.ready.then(both);
  both();
  return {
    refresh: () => below.invalidate(),
    dispose() {
      for (const stop of stops) stop?.();
      observer.disconnect();
      scheduler.dispose();
    },
  };
}

// What is drawn over the picture: score, labels, boxes and poses of the frame on the screen. Role: one canvas, drawn when
// the frame or the data changes. Limits: the pointer goes through; everything it says is also said elsewhere on the page.
import { useEffect, useRef } from 'react';
import type { Run, VideoRow } from '../../../../shared/contract/index.ts';
import { DETECTION_KINDS } from '../../../../shared/labels/detections.ts';
import { segmentOfFrame } from '../../../../shared/labels/segments.ts';
import { contained, type PicturePlace, paintObjects } from '../../../canvas/paint-objects.ts';
import { createScheduler } from '../../../canvas/scheduler.ts';
import { prepareSurface } from '../../../canvas/surface.ts';
import { count, score } from '../../../format.ts';
import { useResolvedTheme } from '../../../state/theme.ts';
import { type Palette, readPalette } from '../../../styles/palette.ts';
import { overlay } from '../choices.ts';
import type { ScoreCurve } from '../data.ts';
import { eventAt, type Live, type Session } from '../session.ts';
import type { Layer } from '../timeline/layers.ts';
import { createDetectionSource } from './detections.ts';
import styles from './Viewer.module.css';

export interface OverlayProps {
  video: VideoRow;
  session: Session;
  run: Run | null;
  curve: ScoreCurve | null;
  live: Live | null;
  layers: readonly Layer[];
}

export function Overlay({ video, session, run, curve, live, layers }: OverlayProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = overlay.use((state) => state.value);
  const theme = useResolvedTheme();
  const { id, width, height, detections } = video;
  const name = run?.name ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme changes what the palette reads
  useEffect(() => {
    const element = canvas.current;
    if (!element || !shown.on) return;
    const scheduler = createScheduler();
    const palette = readPalette();
    const font = getComputedStyle(element).fontFamily;
    const layer = scheduler.layer(draw);
    const sources = DETECTION_KINDS.filter(
      (kind) => shown[kind] && detections.some((found) => found.kind === kind && found.objects > 0),
    ).map((kind) => createDetectionSource(id, kind, layer.invalidate));

    function draw(): void {
      const surface = element && prepareSurface(element);
      if (!surface) return;
      const { context } = surface;
      const { frame } = session.player.store.getState();
      const place = contained(surface.width, surface.height, width, height);
      for (const source of sources) {
        const seen = source.at(frame);
        if (seen) paintObjects(context, seen, frame, place, { width, height }, palette, font);
      }
      const inside = eventAt(live?.store.getState().events ?? [], frame);
      const lines: Line[] = [];
      if (shown.score && curve) {
        const value = curve.scores[segmentOfFrame(frame, curve.scores.length)];
        lines.push({ text: `${name} ${score(value)}`, colour: palette.ramp(value) });
      }
      if (shown.labels) {
        if (inside) {
          const total = live?.store.getState().events.length ?? 0;
          lines.push({
            text: `Event ${count(inside.index + 1)} of ${count(total)}`,
            colour: palette.colour('model-fill'),
          });
        }
        for (const { label, items, tone } of layers) {
          for (const item of items) {
            if (frame < item.start || frame >= item.end) continue;
            const text = item.name === label ? label : `${label}: ${item.name}`;
            lines.push({ text, colour: palette.colour(TONES[item.tone ?? tone]) });
          }
        }
      }
      paintPlate(context, lines, place, palette, font);
    }

    const observer = new ResizeObserver(layer.invalidate);
    observer.observe(element);
    const stops = [
      session.player.store.subscribe((state, before) => {
        if (state.frame !== before.frame) layer.invalidate();
      }),
      live?.store.subscribe(layer.invalidate),
    ];
    layer.invalidate();
    return () => {
      for (const stop of stops) stop?.();
      observer.disconnect();
      scheduler.dispose();
    };
  }, [session, live, curve, layers, name, id, width, height, detections, shown, theme]);
  return shown.on ? (
    <div aria-hidden="true">
      <canvas ref={canvas} className={styles.overlay} />
    </div>
  ) : null;
}

interface Line {
  text: string;
  colour: string;
}

const TONES = {
  human: 'human',
  rule: 'rule-fill',
  truth: 'pic-ink',
  accent: 'accent',
  model: 'model-fill',
  neutral: 'ink-3',
} as const;
const LINE = 17;

/** A plate at the top right, where cameras seldom write, with one line per fact, each with its colour in front. */
function paintPlate(
  c: CanvasRenderingContext2D,
  lines: readonly Line[],
  place: PicturePlace,
  palette: Palette,
  font: string,
): void {
  if (lines.length === 0) return;
  c.font = `500 11px ${font}`;
  c.textBaseline = 'middle';
  const width = Math.max(...lines.map(({ text }) => c.measureText(text).width)) + 28;
  const [x, y] = [place.x + place.width - width - 8, place.y + 8];
  c.fillStyle = palette.colour('pic-plate');
  c.beginPath();
  c.roundRect(x, y, width, lines.length * LINE + 5, 3);
  c.fill();
  for (const [i, { text, colour }] of lines.entries()) {
    const middle = y + 3 + (i + 0.5) * LINE;
    c.fillStyle = colour;
    c.fillRect(x + 7, middle - 4, 8, 8);
    c.fillStyle = palette.colour('pic-ink');
    c.fillText(text, x + 21, middle + 0.5);
  }
}

// A canvas that follows its size, the pixel ratio and the theme. Role: calls `draw` when one of these or the input
// changes, in an animation frame. Limits: one layer; timelines have their own scheduler in renderer/canvas.
import { type RefObject, useEffect, useRef } from 'react';
import { useResolvedTheme } from '../state/theme.ts';
import { type Palette, readPalette } from '../styles/palette.ts';

export interface Drawing {
  context: CanvasRenderingContext2D;
  /** CSS pixels. */
  width: number;
  height: number;
  palette: Palette;
}

/** @param draw Draws everything; has to be stable (useCallback) as long as its data is the same. */
export function useCanvas(draw: (drawing: Drawing) => void): RefObject<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = useResolvedTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme changes what the palette reads
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    let frame = 0;
    const render = (): void => {
      const { width, height } = canvas.getBoundingClientRect();
      if (width === 0 || height === 0) return;
      const ratio = window.devicePixelRatio || 1;
      const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      draw({ context, width, height, palette: readPalette() });
    };
    const later = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(render);
    };
    const observer = new ResizeObserver(later);
    observer.observe(canvas);
    later();
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    };
  }, [draw, theme]);
  return ref;
}

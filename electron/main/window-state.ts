// Where the window was.
// Role: read, check against the screens there are, write. Limits: one window.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeFileAtomic } from '../files/atomic.ts';

const rectangle = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() });
export type Rectangle = z.infer<typeof rectangle>;

const windowState = z.object({ bounds: rectangle, maximized: z.boolean() });
export type WindowState = z.infer<typeof windowState>;

export const SMALLEST = { width: 1024, height: 640 } as const;
const USUAL = { width: 1440, height: 900 } as const;
/** At least this much of the title bar must be on a screen, or nobody could move the window back. */
const GRIP = { width: 120, height: 30 } as const;

/** The remembered state, null when there is none that can be read. */
export async function readWindowState(file: string): Promise<WindowState | null> {
  try {
    return windowState.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

export async function writeWindowState(file: string, state: WindowState): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(state)}\n`);
}

/**
 * Bounds for a new window: the remembered ones where their top edge can be seen on one of the screens' work areas, else
 * the usual size in the middle of the first screen.
 *
 * @param areas work areas of the screens, the main one first
 */
export function boundsFor(state: WindowState | null, areas: readonly Rectangle[]): Rectangle {
  const [main] = areas;
  if (state) {
    const { x, y, width, height } = state.bounds;
    const reachable = areas.some(
      (area) =>
        Math.min(x + width, area.x + area.width) - Math.max(x, area.x) >= GRIP.width &&
        y >= area.y - 4 &&
        y + GRIP.height <= area.y + area.height,
    );
    if (reachable)
      return { x, y, width: Math.max(width, SMALLEST.width), height: Math.max(height, SMALLEST.height) };
  }
  const width = Math.min(USUAL.width, main.width);
  const height = Math.min(USUAL.height, main.height);
  return {
    x: main.x + Math.round((main.width - width) / 2),
    y: main.y + Math.round((main.height - height) / 2),
    width,
    height,
  };
}

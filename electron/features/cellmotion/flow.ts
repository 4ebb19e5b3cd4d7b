// Dense optical flow between two frames: pyramidal Lucas-Kanade with a median on the coarse levels.
// Role: default-extractor.md section 2, item 2. Limits: three levels and two iterations each, fixed by the
// extractor's definition; motion of more than about 16 pixels a step is not found.
import type { Arena } from '../wasm/instance.ts';
import { planeBytes } from './planes.ts';
import { LEVEL_SIZES, type Level, type Pyramid } from './pyramid.ts';

const ITERATIONS = 2;
const PLANES = ['u', 'v', 'gx', 'gy', 'xx', 'xy', 'yy', 'bx', 'by'] as const;
type FlowPlanes = Record<(typeof PLANES)[number], number>;

export interface Flow {
  /** Planes of the horizontal and vertical motion, finest level. Pixels per step, positive to the right and down. */
  u: number;
  v: number;
  /** Fills `u` and `v` with the motion from `first` to `second`. */
  between(first: Pyramid, second: Pyramid): void;
}

export function flowMemory(): number {
  return LEVEL_SIZES.reduce((total, size) => total + PLANES.length * planeBytes(size), 0);
}

export function createFlow(levels: readonly Level[], arena: Arena): Flow {
  const planes = levels.map(
    ({ size }) =>
      Object.fromEntries(PLANES.map((name) => [name, arena.allocate(planeBytes(size))])) as FlowPlanes,
  );

  /** Replaces a plane by its 9 x 9 means; beyond the border the picture is mirrored. */
  function smooth({ kernels, scratch }: Level, plane: number): void {
    kernels.mirror(plane);
    kernels.mean9(plane, scratch, plane);
  }

  function refine(level: Level, p: FlowPlanes, first: number, second: number): void {
    const { kernels } = level;
    kernels.gradients(first, p.gx, p.gy, p.xx, p.xy, p.yy);
    for (const plane of [p.xx, p.xy, p.yy]) smooth(level, plane);
    for (let i = 0; i < ITERATIONS; i++) {
      kernels.mismatch(first, second, p.u, p.v, p.gx, p.gy, p.bx, p.by);
      smooth(level, p.bx);
      smooth(level, p.by);
      kernels.solve(p.xx, p.xy, p.yy, p.bx, p.by, p.u, p.v);
    }
  }

  function toFiner(level: Level, plane: number, finer: Level, finerPlane: number): void {
    level.kernels.extend(plane);
    level.kernels.median25(plane, level.spare);
    level.kernels.extend(level.spare);
    finer.kernels.enlarge(level.spare, finerPlane);
  }

  const coarsest = planes.length - 1;
  const { buffer } = arena.memory;
  const startU = new Uint8Array(buffer, planes[coarsest].u, planeBytes(levels[coarsest].size));
  const startV = new Uint8Array(buffer, planes[coarsest].v, planeBytes(levels[coarsest].size));
  return {
    u: planes[0].u,
    v: planes[0].v,
    between(first, second) {
      startU.fill(0);
      startV.fill(0);
      for (let i = coarsest; i >= 0; i--) {
        refine(levels[i], planes[i], first[i], second[i]);
        if (i > 0) {
          toFiner(levels[i], planes[i].u, levels[i - 1], planes[i - 1].u);
          toFiner(levels[i], planes[i].v, levels[i - 1], planes[i - 1].v);
        }
      }
    },
  };
}

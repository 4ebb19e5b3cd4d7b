// Draws moving things into a picture: rods and triangles with anti-aliased edges, and the shadows they cast.
// Role: world shapes in, pixels out, hidden where the backdrop is nearer. Limits: rods are painted far to near.
import type { Rod } from './body.ts';
import { type Camera, develop, HEIGHT, project, type Rgb, type Vec3, WIDTH } from './camera.ts';
import { type Backdrop, type Light, vignette } from './trace.ts';

/** How light falls on a moving thing. */
export interface Lighting {
  readonly camera: Camera;
  /** Towards the light, in axes of the camera: right, up, towards the viewer. */
  readonly towards: Vec3;
  readonly direct: Rgb;
  readonly around: Rgb;
}

/** Pixels `[x0, x1) x [y0, y1)`. */
export interface Region {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

const clampX = (v: number) => Math.max(0, Math.min(WIDTH, v));
const clampY = (v: number) => Math.max(0, Math.min(HEIGHT, v));

/** The light of a view at a place: `sunny` is the share of direct light there. */
export function lightingAt(
  camera: Camera,
  direction: Vec3,
  direct: Rgb,
  around: Rgb,
  sunny: number,
): Lighting {
  const dot = (v: Vec3) => direction[0] * v[0] + direction[1] * v[1] + direction[2] * v[2];
  return {
    camera,
    towards: [dot(camera.right), dot(camera.up), -dot(camera.forward)],
    direct: [direct[0] * sunny, direct[1] * sunny, direct[2] * sunny],
    around,
  };
}

interface FlatRod {
  x0: number;
  y0: number;
  r0: number;
  x1: number;
  y1: number;
  r1: number;
  depth: number;
  slope: number;
  colour: Rgb;
  round: number;
}

/** Paints rods, the farthest first. `tint` is the exposure of the scene. */
export function drawRods(
  picture: Uint8Array,
  backdrop: Backdrop,
  rods: readonly Rod[],
  lighting: Lighting,
  tint: Rgb,
): void {
  const { camera } = lighting;
  const flats: FlatRod[] = [];
  for (const rod of rods) {
    const [x0, y0, d0] = project(camera, rod.a);
    const [x1, y1, d1] = project(camera, rod.b);
    if (d0 < 0.5 || d1 < 0.5) continue;
    flats.push({
      x0,
      y0,
      x1,
      y1,
      depth: d0,
      slope: d1 - d0,
      colour: rod.colour,
      round: 1 - (rod.flat ?? 0),
      r0: Math.max(0.6, (rod.ra * camera.focal) / d0),
      r1: Math.max(0.6, (rod.rb * camera.focal) / d1),
    });
  }
  flats.sort((a, b) => b.depth + b.slope / 2 - a.depth - a.slope / 2);
  for (const rod of flats) drawRod(picture, backdrop, rod, lighting, tint);
}

function drawRod(picture: Uint8Array, backdrop: Backdrop, rod: FlatRod, lighting: Lighting, tint: Rgb): void {
  const { x0, y0, r0, x1, y1, r1, colour, round } = rod;
  const left = clampX(Math.floor(Math.min(x0 - r0, x1 - r1) - 1));
  const right = clampX(Math.ceil(Math.max(x0 + r0, x1 + r1) + 1));
  const top = clampY(Math.floor(Math.min(y0 - r0, y1 - r1) - 1));
  const bottom = clampY(Math.ceil(Math.max(y0 + r0, y1 + r1) + 1));
  if (left >= right || top >= bottom) return;
  const ax = x1 - x0;
  const ay = y1 - y0;
  const square = ax * ax + ay * ay;
  const { towards, direct, around } = lighting;
  const edge = vignette((left + right) / 2, (top + bottom) / 2);
  const k0 = colour[0] * edge * tint[0];
  const k1 = colour[1] * edge * tint[1];
  const k2 = colour[2] * edge * tint[2];
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const px = x + 0.5 - x0;
      const py = y + 0.5 - y0;
      let u = square > 0 ? (px * ax + py * ay) / square : 0;
      u = Math.max(0, Math.min(1, u));
      const r = r0 + (r1 - r0) * u;
      const dx = px - u * ax;
      const dy = py - u * ay;
      const distance = Math.sqrt(dx * dx + dy * dy);
      const cover = r - distance + 0.5;
      if (cover <= 0) continue;
      const at = y * WIDTH + x;
      if (backdrop.depth[at] < rod.depth + u * rod.slope - 0.12) continue;
      const alpha = Math.min(1, cover);
      const nx = (round * dx) / r;
      const ny = (-round * dy) / r;
      const inside = 1 - nx * nx - ny * ny;
      const nz = inside > 0 ? Math.sqrt(inside) : 0;
      const facing = nx * towards[0] + ny * towards[1] + nz * towards[2];
      const sun = Math.max(0, facing);
      // Less sky from below, and a darker rim where one limb lies on another.
      const sky = (0.72 + 0.34 * ny) * (0.7 + 0.3 * nz);
      const k = 3 * at;
      picture[k] += alpha * (develop(k0 * (sky * around[0] + sun * direct[0])) - picture[k]);
      picture[k + 1] += alpha * (develop(k1 * (sky * around[1] + sun * direct[1])) - picture[k + 1]);
      picture[k + 2] += alpha * (develop(k2 * (sky * around[2] + sun * direct[2])) - picture[k + 2]);
    }
  }
}

/** A triangle in world metres with one colour already in light (linear). */
export interface Facet {
  readonly a: Vec3;
  readonly b: Vec3;
  readonly c: Vec3;
  readonly shade: Rgb;
}

const FINE = 3;

/** Paints facets with a depth buffer at three times the resolution; optionally also as part of the backdrop. */
export function drawFacets(
  picture: Uint8Array,
  backdrop: Backdrop,
  camera: Camera,
  facets: readonly Facet[],
  tint: Rgb,
  keepDepth: boolean,
): void {
  const flat = facets
    .map((f) => ({ p: [project(camera, f.a), project(camera, f.b), project(camera, f.c)], shade: f.shade }))
    .filter((f) => f.p.every((q) => q[2] > 0.5));
  if (flat.length === 0) return;
  const x0 = clampX(Math.floor(Math.min(...flat.flatMap((f) => f.p.map((q) => q[0])))));
  const x1 = clampX(Math.ceil(Math.max(...flat.flatMap((f) => f.p.map((q) => q[0])))));
  const y0 = clampY(Math.floor(Math.min(...flat.flatMap((f) => f.p.map((q) => q[1])))));
  const y1 = clampY(Math.ceil(Math.max(...flat.flatMap((f) => f.p.map((q) => q[1])))));
  if (x0 >= x1 || y0 >= y1) return;
  const w = (x1 - x0) * FINE;
  const h = (y1 - y0) * FINE;
  const nearness = new Float32Array(w * h);
  const owner = new Int16Array(w * h).fill(-1);
  flat.forEach(({ p }, index) => {
    const [a, b, c] = p.map(([x, y, d]) => [(x - x0) * FINE - 0.5, (y - y0) * FINE - 0.5, 1 / d]);
    const area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    if (Math.abs(area) < 1e-9) return;
    const left = Math.max(0, Math.ceil(Math.min(a[0], b[0], c[0])));
    const right = Math.min(w - 1, Math.floor(Math.max(a[0], b[0], c[0])));
    const top = Math.max(0, Math.ceil(Math.min(a[1], b[1], c[1])));
    const bottom = Math.min(h - 1, Math.floor(Math.max(a[1], b[1], c[1])));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const wb = ((x - a[0]) * (c[1] - a[1]) - (y - a[1]) * (c[0] - a[0])) / area;
        const wc = ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / area;
        if (wb < 0 || wc < 0 || wb + wc > 1) continue;
        const near = a[2] + wb * (b[2] - a[2]) + wc * (c[2] - a[2]);
        const at = y * w + x;
        if (near > nearness[at]) {
          nearness[at] = near;
          owner[at] = index;
        }
      }
    }
  });
  const count = FINE * FINE;
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const at = y * WIDTH + x;
      let r = 0;
      let g = 0;
      let b = 0;
      let hits = 0;
      let near = 0;
      for (let s = 0; s < count; s++) {
        const fine = ((y - y0) * FINE + Math.floor(s / FINE)) * w + (x - x0) * FINE + (s % FINE);
        const index = owner[fine];
        if (index < 0) continue;
        const { shade } = flat[index];
        r += shade[0];
        g += shade[1];
        b += shade[2];
        hits++;
        near = Math.max(near, nearness[fine]);
      }
      if (hits === 0 || backdrop.depth[at] < 1 / near - 0.15) continue;
      const edge = vignette(x, y) / hits;
      const alpha = hits / count;
      const k = 3 * at;
      picture[k] += alpha * (develop(r * edge * tint[0]) - picture[k]);
      picture[k + 1] += alpha * (develop(g * edge * tint[1]) - picture[k + 1]);
      picture[k + 2] += alpha * (develop(b * edge * tint[2]) - picture[k + 2]);
      if (keepDepth && alpha > 0.5) backdrop.depth[at] = 1 / near;
    }
  }
}

/** A grid of shadow values at half resolution, reused from frame to frame. */
export interface ShadowGrid {
  readonly values: Float32Array;
  dirty: Region;
}

const GRID_W = WIDTH / 2;
const GRID_H = HEIGHT / 2;

export function shadowGrid(): ShadowGrid {
  return { values: new Float32Array(GRID_W * GRID_H), dirty: { x0: GRID_W, y0: GRID_H, x1: 0, y1: 0 } };
}

/**
 * Adds what `rods` take away of the light from `direction` to the grid (0 = nothing, 1 = all): every point of the backdrop
 * is seen from the light, where a rod is a flat shape with a soft rim of `rim` metres.
 */
export function castShadow(
  grid: ShadowGrid,
  backdrop: Backdrop,
  camera: Camera,
  rods: readonly Rod[],
  direction: Light['direction'],
  rim: number,
): void {
  if (rods.length === 0) return;
  const [lx, ly, lz] = direction;
  // Two axes across the light; it never comes in along y, so the first can be square to y.
  const n = Math.hypot(lz, lx);
  const [ux, uz] = [-lz / n, lx / n];
  const [vx, vy, vz] = [-uz * ly, uz * lx - ux * lz, ux * ly];
  const seen = rods.map((rod) => {
    const along = (p: Vec3) => [ux * p[0] + uz * p[2], vx * p[0] + vy * p[1] + vz * p[2]] as const;
    const [a, b] = [along(rod.a), along(rod.b)];
    return {
      x: a[0],
      y: a[1],
      dx: b[0] - a[0],
      dy: b[1] - a[1],
      ra: rod.ra,
      rb: rod.rb,
      height:
        lx * (rod.a[0] + rod.b[0]) * 0.5 +
        ly * (rod.a[1] + rod.b[1]) * 0.5 +
        lz * (rod.a[2] + rod.b[2]) * 0.5,
      square: (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2,
    };
  });
  const box = shadowRegion(camera, rods, direction, rim);
  if (!box) return;
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const s of seen) {
    const r = Math.max(s.ra, s.rb) + rim;
    minX = Math.min(minX, s.x - r, s.x + s.dx - r);
    maxX = Math.max(maxX, s.x + r, s.x + s.dx + r);
    minY = Math.min(minY, s.y - r, s.y + s.dy - r);
    maxY = Math.max(maxY, s.y + r, s.y + s.dy + r);
  }
  const { position, forward, right, up, focal } = camera;
  for (let gy = box.y0; gy < box.y1; gy++) {
    for (let gx = box.x0; gx < box.x1; gx++) {
      const depth = backdrop.depth[2 * gy * WIDTH + 2 * gx];
      const a = (depth * (2 * gx + 0.5 - WIDTH / 2)) / focal;
      const b = (depth * (HEIGHT / 2 - 2 * gy - 0.5)) / focal;
      const px = position[0] + depth * forward[0] + a * right[0] + b * up[0];
      const py = position[1] + depth * forward[1] + a * right[1] + b * up[1];
      const pz = position[2] + depth * forward[2] + a * right[2] + b * up[2];
      const sx = ux * px + uz * pz;
      const sy = vx * px + vy * py + vz * pz;
      if (sx < minX || sx > maxX || sy < minY || sy > maxY) continue;
      const height = lx * px + ly * py + lz * pz;
      let most = 0;
      for (let i = 0; i < seen.length; i++) {
        const s = seen[i];
        if (height > s.height) continue;
        const qx = sx - s.x;
        const qy = sy - s.y;
        let u = s.square > 0 ? (qx * s.dx + qy * s.dy) / s.square : 0;
        u = Math.max(0, Math.min(1, u));
        const ex = qx - u * s.dx;
        const ey = qy - u * s.dy;
        const inside = (s.ra + u * (s.rb - s.ra) - Math.sqrt(ex * ex + ey * ey)) / rim + 0.5;
        if (inside > most) most = inside;
      }
      if (most <= 0) continue;
      const m = most < 1 ? most * most * (3 - 2 * most) : 1;
      const k = gy * GRID_W + gx;
      grid.values[k] = 1 - (1 - grid.values[k]) * (1 - m);
    }
  }
  const { dirty } = grid;
  dirty.x0 = Math.min(dirty.x0, box.x0);
  dirty.y0 = Math.min(dirty.y0, box.y0);
  dirty.x1 = Math.max(dirty.x1, box.x1);
  dirty.y1 = Math.max(dirty.y1, box.y1);
}

/** Where in the grid the shadow of `rods` on ground and low walls can fall: hull of the rods and of their ground points. */
function shadowRegion(camera: Camera, rods: readonly Rod[], [lx, ly, lz]: Vec3, rim: number): Region | null {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const rod of rods) {
    for (const [p, r] of [
      [rod.a, rod.ra],
      [rod.b, rod.rb],
    ] as const) {
      const fall = p[2] / lz;
      for (const q of [p, [p[0] - lx * fall, p[1] - ly * fall, 0] as Vec3]) {
        const [x, y, d] = project(camera, q);
        if (d < 0.6) continue;
        const reach = ((r + rim) * 1.5 * camera.focal) / d;
        x0 = Math.min(x0, x - reach);
        x1 = Math.max(x1, x + reach);
        y0 = Math.min(y0, y - reach);
        y1 = Math.max(y1, y + reach);
      }
    }
  }
  const region = {
    x0: Math.floor(clampX(x0) / 2),
    y0: Math.floor(clampY(y0) / 2),
    x1: Math.ceil(clampX(x1) / 2),
    y1: Math.ceil(clampY(y1) / 2),
  };
  return region.x0 < region.x1 && region.y0 < region.y1 ? region : null;
}

/** Blends the picture towards `dark` by the grid times `amount`, and empties the grid; without `dark`, towards black. */
export function applyShadow(
  picture: Uint8Array,
  dark: Uint8Array | null,
  grid: ShadowGrid,
  amount: number,
): void {
  const { values, dirty } = grid;
  const bx0 = Math.max(0, dirty.x0 - 1);
  const by0 = Math.max(0, dirty.y0 - 1);
  const bx1 = Math.min(GRID_W, dirty.x1 + 1);
  const by1 = Math.min(GRID_H, dirty.y1 + 1);
  const blend = (pixel: number, m: number) => {
    for (let k = 3 * pixel; k < 3 * pixel + 3; k++)
      picture[k] += amount * m * ((dark ? dark[k] : 0) - picture[k]);
  };
  for (let y = by0; y < by1; y++) {
    const below = Math.min(y + 1, GRID_H - 1) * GRID_W;
    for (let x = bx0; x < bx1; x++) {
      const right = Math.min(x + 1, GRID_W - 1);
      const a = values[y * GRID_W + x];
      const b = values[y * GRID_W + right];
      const c = values[below + x];
      const d = values[below + right];
      if (a + b + c + d === 0) continue;
      const pixel = 2 * y * WIDTH + 2 * x;
      blend(pixel, a);
      blend(pixel + 1, (a + b) / 2);
      blend(pixel + WIDTH, (a + c) / 2);
      blend(pixel + WIDTH + 1, (a + b + c + d) / 4);
    }
  }
  for (let y = by0; y < by1; y++) values.fill(0, y * GRID_W + bx0, y * GRID_W + bx1);
  grid.dirty = { x0: GRID_W, y0: GRID_H, x1: 0, y1: 0 };
}

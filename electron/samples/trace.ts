// Ray tracer of the static part of a view: done once per camera, so it may take its time.
// Role: solids, materials and lights in; a backdrop out. Limits: no refraction, one mirror bounce on glossy floors.
//
// A backdrop keeps the picture twice, with and without direct light. A moving figure's shadow is then a blend of the
// two, which is right everywhere: in the open, in the shade of a tree, on a wall.
import { type Camera, develop, HEIGHT, type Rgb, rayThrough, type Vec3, WIDTH } from './camera.ts';
import { hash } from './noise.ts';

/** Writes the linear reflectance at a point of the surface into `out`. */
export type Albedo = (
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  out: Float64Array,
) => void;

export interface Material {
  readonly albedo: Albedo;
  /** The surface shines by itself with its albedo times this. */
  readonly emit: number;
  /** Share of mirrored light at a right angle; grows towards grazing angles. */
  readonly gloss: number;
  /** Share of the surface that lets rays pass, in cells of 8 cm: foliage. */
  readonly gaps: number;
}

/** One shape for all kinds, so that the inner loop stays monomorphic. */
export interface Solid {
  readonly kind: 'box' | 'cylinder' | 'ellipsoid';
  readonly cx: number;
  readonly cy: number;
  readonly cz: number;
  /** Half extents; a cylinder stands upright with radius `hx` and half height `hz`. */
  readonly hx: number;
  readonly hy: number;
  readonly hz: number;
  readonly cos: number;
  readonly sin: number;
  readonly material: Material;
}

export interface Light {
  /** Towards the sun, of unit length. */
  readonly direction: Vec3;
  readonly sun: Rgb;
  /** Light from the whole upper half space. */
  readonly sky: Rgb;
  /** Half width of the sun as a tangent: how soft shadows are. */
  readonly spread: number;
  /** Share of the direct light a figure's shadow takes away. */
  readonly strength: number;
}

/** A luminous panel in a ceiling. */
export interface Lamp {
  readonly at: Vec3;
  readonly half: number;
  readonly power: Rgb;
}

/** Solids inside one sphere, so that a ray can miss them all at once. */
export interface Cluster {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
  readonly solids: readonly Solid[];
}

export interface Stage {
  readonly camera: Camera;
  readonly light: Light;
  readonly lamps: readonly Lamp[];
  readonly clusters: readonly Cluster[];
  readonly ground: Material;
  /** Colour of a ray that hits nothing, by its height above the horizon. */
  readonly horizon: Rgb;
}

export interface Backdrop {
  /** `[HEIGHT, WIDTH, 3]` display values in full light. */
  readonly lit: Uint8Array;
  /** The same without the direct light that a figure can take away. */
  readonly shaded: Uint8Array;
  /** `[HEIGHT, WIDTH]` depth in metres along the optical axis. */
  readonly depth: Float32Array;
  /** `[HEIGHT, WIDTH]` share of direct light that reaches the point, 0-1. */
  readonly sunny: Float32Array;
}

export function material(albedo: Albedo, options: Partial<Omit<Material, 'albedo'>> = {}): Material {
  return { albedo, emit: 0, gloss: 0, gaps: 0, ...options };
}

export function flat(colour: Rgb, options: Partial<Omit<Material, 'albedo'>> = {}): Material {
  return material((_x, _y, _z, _nx, _ny, _nz, out) => {
    out[0] = colour[0];
    out[1] = colour[1];
    out[2] = colour[2];
  }, options);
}

/** A box from its centre on the ground plan, its bottom, its full sizes and its turn in degrees. */
export function box(
  x: number,
  y: number,
  z: number,
  sx: number,
  sy: number,
  sz: number,
  m: Material,
  turn = 0,
): Solid {
  const a = (turn * Math.PI) / 180;
  return {
    kind: 'box',
    cx: x,
    cy: y,
    cz: z + sz / 2,
    hx: sx / 2,
    hy: sy / 2,
    hz: sz / 2,
    cos: Math.cos(a),
    sin: Math.sin(a),
    material: m,
  };
}

export function cylinder(
  x: number,
  y: number,
  z: number,
  radius: number,
  height: number,
  m: Material,
): Solid {
  return {
    kind: 'cylinder',
    cx: x,
    cy: y,
    cz: z + height / 2,
    hx: radius,
    hy: radius,
    hz: height / 2,
    cos: 1,
    sin: 0,
    material: m,
  };
}

export function ellipsoid(
  x: number,
  y: number,
  z: number,
  rx: number,
  ry: number,
  rz: number,
  m: Material,
): Solid {
  return { kind: 'ellipsoid', cx: x, cy: y, cz: z, hx: rx, hy: ry, hz: rz, cos: 1, sin: 0, material: m };
}

/** Solids that stand together, with the sphere around them. */
export function cluster(solids: readonly Solid[]): Cluster {
  const reach = (s: Solid) => Math.hypot(s.hx, s.hy, s.hz);
  const middle = (low: (s: Solid) => number, high: (s: Solid) => number) =>
    (Math.min(...solids.map(low)) + Math.max(...solids.map(high))) / 2;
  const x = middle(
    (s) => s.cx - reach(s),
    (s) => s.cx + reach(s),
  );
  const y = middle(
    (s) => s.cy - reach(s),
    (s) => s.cy + reach(s),
  );
  const z = middle(
    (s) => s.cz - reach(s),
    (s) => s.cz + reach(s),
  );
  const radius = Math.max(...solids.map((s) => Math.hypot(s.cx - x, s.cy - y, s.cz - z) + reach(s)));
  return { x, y, z, radius, solids };
}

const EPS = 1e-4;
/** In place of a zero direction, whose slabs would be 0 times infinity. */
const TINY = 1e-12;

/** Whether a ray can meet a cluster before `max`. */
function meets(
  k: Cluster,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  max: number,
): boolean {
  const px = k.x - ox;
  const py = k.y - oy;
  const pz = k.z - oz;
  const outside = px * px + py * py + pz * pz - k.radius * k.radius;
  if (outside <= 0) return true;
  const along = px * dx + py * dy + pz * dz;
  if (along <= 0) return false;
  const square = dx * dx + dy * dy + dz * dz;
  if (along * along < square * outside) return false;
  return along - k.radius * Math.sqrt(square) < max * square;
}

/** State of one cast ray; one object per tracer, overwritten. */
interface Hit {
  t: number;
  nx: number;
  ny: number;
  nz: number;
  material: Material;
}

function hitSolid(
  s: Solid,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  max: number,
  hit: Hit,
): boolean {
  let px = ox - s.cx;
  let py = oy - s.cy;
  const pz = oz - s.cz;
  let ux = dx;
  let uy = dy;
  if (s.kind === 'box') {
    if (s.sin !== 0) {
      const x = px * s.cos + py * s.sin;
      py = py * s.cos - px * s.sin;
      px = x;
      ux = dx * s.cos + dy * s.sin;
      uy = dy * s.cos - dx * s.sin;
    }
    const ix = 1 / (ux || TINY);
    const iy = 1 / (uy || TINY);
    const iz = 1 / (dz || TINY);
    const ax = -px * ix - Math.abs(ix) * s.hx;
    const ay = -py * iy - Math.abs(iy) * s.hy;
    const az = -pz * iz - Math.abs(iz) * s.hz;
    const near = Math.max(ax, ay, az);
    const far = Math.min(
      -px * ix + Math.abs(ix) * s.hx,
      -py * iy + Math.abs(iy) * s.hy,
      -pz * iz + Math.abs(iz) * s.hz,
    );
    if (!(near <= far) || near <= EPS || near >= max) return false;
    hit.t = near;
    let nx = 0;
    let ny = 0;
    hit.nz = 0;
    if (near === ax) nx = -Math.sign(ux);
    else if (near === ay) ny = -Math.sign(uy);
    else hit.nz = -Math.sign(dz);
    hit.nx = nx * s.cos - ny * s.sin;
    hit.ny = nx * s.sin + ny * s.cos;
    return true;
  }
  if (s.kind === 'cylinder') {
    const a = ux * ux + uy * uy;
    const b = px * ux + py * uy;
    const c = px * px + py * py - s.hx * s.hx;
    const q = b * b - a * c;
    if (q > 0 && a > 0) {
      const t = (-b - Math.sqrt(q)) / a;
      const z = pz + t * dz;
      if (t > EPS && t < max && Math.abs(z) <= s.hz) {
        hit.t = t;
        hit.nx = (px + t * ux) / s.hx;
        hit.ny = (py + t * uy) / s.hx;
        hit.nz = 0;
        return true;
      }
    }
    if (dz < 0) {
      const t = (s.hz - pz) / dz;
      const x = px + t * ux;
      const y = py + t * uy;
      if (t > EPS && t < max && x * x + y * y <= s.hx * s.hx) {
        hit.t = t;
        hit.nx = 0;
        hit.ny = 0;
        hit.nz = 1;
        return true;
      }
    }
    return false;
  }
  px /= s.hx;
  py /= s.hy;
  const qz = pz / s.hz;
  ux /= s.hx;
  uy /= s.hy;
  const uz = dz / s.hz;
  const a = ux * ux + uy * uy + uz * uz;
  const b = px * ux + py * uy + qz * uz;
  const c = px * px + py * py + qz * qz - 1;
  const q = b * b - a * c;
  if (q <= 0) return false;
  const t = (-b - Math.sqrt(q)) / a;
  if (t <= EPS || t >= max) return false;
  if (s.material.gaps > 0) {
    const [x, y, z] = [ox + t * dx, oy + t * dy, oz + t * dz];
    if (hash(Math.floor(x * 12), Math.floor(y * 12), Math.floor(z * 12), 5) < s.material.gaps) return false;
  }
  hit.t = t;
  const nx = (px + t * ux) / s.hx;
  const ny = (py + t * uy) / s.hy;
  const nz = (qz + t * uz) / s.hz;
  const length = Math.hypot(nx, ny, nz);
  hit.nx = nx / length;
  hit.ny = ny / length;
  hit.nz = nz / length;
  return true;
}

function nearest(
  stage: Stage,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  hit: Hit,
): boolean {
  let best = 400;
  let found = false;
  if (dz < 0) {
    const t = -oz / dz;
    if (t > EPS && t < best) {
      best = t;
      found = true;
      hit.nx = 0;
      hit.ny = 0;
      hit.nz = 1;
      hit.material = stage.ground;
    }
  }
  const trial: Hit = { t: 0, nx: 0, ny: 0, nz: 0, material: stage.ground };
  for (const group of stage.clusters) {
    if (!meets(group, ox, oy, oz, dx, dy, dz, best)) continue;
    for (const solid of group.solids) {
      if (hitSolid(solid, ox, oy, oz, dx, dy, dz, best, trial)) {
        best = trial.t;
        hit.nx = trial.nx;
        hit.ny = trial.ny;
        hit.nz = trial.nz;
        hit.material = solid.material;
        found = true;
      }
    }
  }
  hit.t = best;
  return found;
}

const probe: Hit = { t: 0, nx: 0, ny: 0, nz: 0, material: flat([0, 0, 0]) };
function blocked(
  stage: Stage,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  max: number,
): boolean {
  for (const group of stage.clusters) {
    if (!meets(group, ox, oy, oz, dx, dy, dz, max)) continue;
    for (const solid of group.solids) {
      if (solid.material.emit === 0 && hitSolid(solid, ox, oy, oz, dx, dy, dz, max, probe)) return true;
    }
  }
  return false;
}

const SAMPLES = [
  [0.375, 0.125],
  [0.875, 0.375],
  [0.125, 0.625],
  [0.625, 0.875],
] as const;
const SKY_RAYS = 2;
const SKY_REACH = 4;

/** Traces the stage: four samples a pixel, one ray to the light and two to the sky for each, smoothed along surfaces. */
export function traceBackdrop(stage: Stage): Backdrop {
  const size = WIDTH * HEIGHT;
  const albedo = new Float32Array(size * 3);
  const glow = new Float32Array(size * 3);
  const mirrored = new Float32Array(size * 3);
  const direct = new Float32Array(size * 3);
  const ambient = new Float32Array(size);
  const depth = new Float32Array(size);
  const sunny = new Float32Array(size);
  const normals = new Float32Array(size * 3);
  const ray = new Float64Array(3);
  const colour = new Float64Array(3);
  const { camera, light, lamps } = stage;
  const [ox, oy, oz] = camera.position;
  const hit: Hit = { t: 0, nx: 0, ny: 0, nz: 0, material: stage.ground };
  const mirror: Hit = { ...hit };
  const share = 1 / SAMPLES.length;

  for (let py = 0, at = 0; py < HEIGHT; py++) {
    for (let px = 0; px < WIDTH; px++, at++) {
      SAMPLES.forEach(([sx, sy], s) => {
        rayThrough(camera, px + sx, py + sy, ray);
        const [dx, dy, dz] = ray;
        if (!nearest(stage, ox, oy, oz, dx, dy, dz, hit)) {
          const fade = Math.max(0, Math.min(1, 0.75 + dz));
          for (let c = 0; c < 3; c++) glow[3 * at + c] += share * stage.horizon[c] * fade;
          if (s === 0) depth[at] = 400;
          return;
        }
        const [x, y, z] = [ox + hit.t * dx, oy + hit.t * dy, oz + hit.t * dz];
        const { nx, ny, nz, material: surface } = hit;
        if (s === 0) {
          depth[at] = hit.t;
          normals[3 * at] = nx;
          normals[3 * at + 1] = ny;
          normals[3 * at + 2] = nz;
        }
        surface.albedo(x, y, z, nx, ny, nz, colour);
        for (let c = 0; c < 3; c++) {
          albedo[3 * at + c] += share * colour[c];
          glow[3 * at + c] += share * colour[c] * surface.emit;
        }
        if (surface.emit > 0) return;

        const [bx, by, bz] = [x + nx * 0.004, y + ny * 0.004, z + nz * 0.004];
        if (surface.gloss > 0) {
          const length = Math.hypot(dx, dy, dz);
          const facing = -(dx * nx + dy * ny + dz * nz) / length;
          const part = surface.gloss + (0.6 - surface.gloss) * (1 - facing) ** 5;
          // A rough floor blurs its mirror image: the ray is jittered a little.
          const wobble = 0.05 * (hash(px, py, s, 31) - 0.5);
          const k = 2 * facing * length;
          if (nearest(stage, bx, by, bz, dx + k * nx + wobble, dy + k * ny, dz + k * nz, mirror)) {
            mirror.material.albedo(
              bx + mirror.t * (dx + k * nx),
              by + mirror.t * (dy + k * ny),
              bz + mirror.t * (dz + k * nz),
              mirror.nx,
              mirror.ny,
              mirror.nz,
              colour,
            );
            const level = mirror.material.emit > 0 ? mirror.material.emit : 0.55;
            for (let c = 0; c < 3; c++) mirrored[3 * at + c] += share * part * level * colour[c];
          } else for (let c = 0; c < 3; c++) mirrored[3 * at + c] += share * part * stage.horizon[c];
        }

        const a = 2 * hash(px, py, s, 11) - 1;
        const b = 2 * hash(px, py, s, 12) - 1;
        const [lx, ly, lz] = light.direction;
        const ux = lx + light.spread * a;
        const uy = ly + light.spread * b;
        const uz = lz + light.spread * (a - b) * 0.5;
        const facing = nx * lx + ny * ly + nz * lz;
        if (light.sun[1] > 0 && facing > 0 && !blocked(stage, bx, by, bz, ux, uy, uz, 60)) {
          sunny[at] += share;
          for (let c = 0; c < 3; c++) direct[3 * at + c] += share * facing * light.sun[c];
        }
        for (const lamp of lamps) {
          const vx = lamp.at[0] + a * lamp.half - x;
          const vy = lamp.at[1] + b * lamp.half - y;
          const vz = lamp.at[2] - z;
          const square = vx * vx + vy * vy + vz * vz;
          const distance = Math.sqrt(square);
          const incoming = (nx * vx + ny * vy + nz * vz) / distance;
          const leaving = vz / distance;
          if (incoming <= 0 || leaving <= 0 || square > 120) continue;
          if (blocked(stage, bx, by, bz, vx / distance, vy / distance, vz / distance, distance - 0.02))
            continue;
          for (let c = 0; c < 3; c++)
            direct[3 * at + c] += (share * incoming * leaving * lamp.power[c]) / (square + 0.5);
        }
        let open = 0;
        for (let r = 0; r < SKY_RAYS; r++) {
          // Cosine-weighted: a point of the unit sphere added to the normal; strata of the eight rays of this pixel.
          const u = (s * SKY_RAYS + r + hash(px, py, s * 8 + r, 13)) / (SAMPLES.length * SKY_RAYS);
          const angle = 2 * Math.PI * hash(px, py, s * 8 + r, 14);
          const h = 2 * u - 1;
          const w = Math.sqrt(1 - h * h);
          const [qx, qy, qz] = [nx + w * Math.cos(angle), ny + w * Math.sin(angle), nz + h];
          if (!blocked(stage, bx, by, bz, qx, qy, qz, SKY_REACH)) open += qz > -0.1 ? 1 : 0.45;
        }
        ambient[at] += (share * open) / SKY_RAYS;
      });
    }
  }
  smooth(ambient, 1, depth, normals, [1, 2, 4]);
  smooth(direct, 3, depth, normals, [1, 1]);
  smooth(sunny, 1, depth, normals, [1]);
  smooth(mirrored, 3, depth, normals, [1, 2]);
  for (let k = 0; k < size * 3; k++) glow[k] += mirrored[k];
  return expose(stage, albedo, glow, direct, ambient, depth, sunny);
}

/** Wavelet-like blur with growing steps that stops at edges of depth and orientation: removes the grain of few rays. */
function smooth(
  values: Float32Array,
  channels: number,
  depth: Float32Array,
  normals: Float32Array,
  steps: readonly number[],
): void {
  const kernel = [1, 2, 1];
  for (const step of steps) {
    const source = values.slice();
    for (let y = 0, at = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++, at++) {
        let weight = 0;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        for (let j = -1; j <= 1; j++) {
          const v = y + j * step;
          if (v < 0 || v >= HEIGHT) continue;
          for (let i = -1; i <= 1; i++) {
            const u = x + i * step;
            if (u < 0 || u >= WIDTH) continue;
            const k = v * WIDTH + u;
            const same =
              normals[3 * k] * normals[3 * at] +
              normals[3 * k + 1] * normals[3 * at + 1] +
              normals[3 * k + 2] * normals[3 * at + 2];
            if (k !== at && (same < 0.9 || Math.abs(depth[k] - depth[at]) > 0.03 * step * depth[at]))
              continue;
            const w = kernel[i + 1] * kernel[j + 1];
            weight += w;
            s0 += w * source[channels * k];
            if (channels === 3) {
              s1 += w * source[3 * k + 1];
              s2 += w * source[3 * k + 2];
            }
          }
        }
        values[channels * at] = s0 / weight;
        if (channels === 3) {
          values[3 * at + 1] = s1 / weight;
          values[3 * at + 2] = s2 / weight;
        }
      }
    }
  }
}

/** How much darker the corners are; 1 in the middle. */
export function vignette(x: number, y: number): number {
  const u = (x - WIDTH / 2) / WIDTH;
  const v = (y - HEIGHT / 2) / WIDTH;
  return 1 - 0.75 * (u * u + v * v);
}

function expose(
  stage: Stage,
  albedo: Float32Array,
  glow: Float32Array,
  direct: Float32Array,
  ambient: Float32Array,
  depth: Float32Array,
  sunny: Float32Array,
): Backdrop {
  const lit = new Uint8Array(WIDTH * HEIGHT * 3);
  const shaded = new Uint8Array(WIDTH * HEIGHT * 3);
  const { sky, strength } = stage.light;
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    const edge = vignette(at % WIDTH, Math.floor(at / WIDTH));
    for (let c = 0; c < 3; c++) {
      const k = 3 * at + c;
      const around = sky[c] * ambient[at];
      lit[k] = develop(edge * (glow[k] + albedo[k] * (around + direct[k])));
      shaded[k] = develop(edge * (glow[k] + albedo[k] * (around + (1 - strength) * direct[k])));
    }
  }
  return { lit, shaded, depth, sunny };
}

// The pinhole camera of a sample view, and light as numbers.
// Role: world metres to pixels and back; colours to linear light and back. Limits: no lens distortion.
// World axes: x to the right, y away from the camera's home, z up; the ground is z = 0.

export type Vec3 = readonly [number, number, number];
export type Rgb = readonly [number, number, number];

export const WIDTH = 640;
export const HEIGHT = 360;

export interface Camera {
  readonly position: Vec3;
  readonly forward: Vec3;
  readonly right: Vec3;
  readonly up: Vec3;
  /** Focal length in pixels. */
  readonly focal: number;
}

/** A camera at `position` turned `yaw` degrees to the right of +y and `pitch` degrees downwards. */
export function aim(position: Vec3, yaw: number, pitch: number, focal: number): Camera {
  const a = (yaw * Math.PI) / 180;
  const p = (pitch * Math.PI) / 180;
  const [sa, ca, sp, cp] = [Math.sin(a), Math.cos(a), Math.sin(p), Math.cos(p)];
  return {
    position,
    focal,
    forward: [sa * cp, ca * cp, -sp],
    right: [ca, -sa, 0],
    up: [sa * sp, ca * sp, cp],
  };
}

/** Pixel position and depth (metres along the optical axis) of a world point; depth <= 0 lies behind the camera. */
export function project(camera: Camera, point: Vec3): [x: number, y: number, depth: number] {
  const { position, forward, right, up, focal } = camera;
  const dx = point[0] - position[0];
  const dy = point[1] - position[1];
  const dz = point[2] - position[2];
  const depth = dx * forward[0] + dy * forward[1] + dz * forward[2];
  const scale = focal / Math.max(depth, 0.05);
  return [
    WIDTH / 2 + scale * (dx * right[0] + dy * right[1] + dz * right[2]),
    HEIGHT / 2 - scale * (dx * up[0] + dy * up[1] + dz * up[2]),
    depth,
  ];
}

/** Direction of the ray through a pixel, scaled so that `position + depth * ray` has that depth. */
export function rayThrough(camera: Camera, x: number, y: number, out: Float64Array): void {
  const { forward, right, up, focal } = camera;
  const a = (x - WIDTH / 2) / focal;
  const b = (HEIGHT / 2 - y) / focal;
  for (let i = 0; i < 3; i++) out[i] = forward[i] + a * right[i] + b * up[i];
}

export function normalise(v: Vec3): Vec3 {
  const length = Math.hypot(v[0], v[1], v[2]);
  return [v[0] / length, v[1] / length, v[2] / length];
}

/** `#rrggbb` as linear reflectance. */
export function paint(hex: string): Rgb {
  const channel = (at: number) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2;
  return [channel(1), channel(3), channel(5)];
}

/** A film curve: linear light to display values 0-255. Blacks are lifted and whites roll off, as from a small sensor. */
const CURVE_STEPS = 4096;
const CURVE_MAX = 4;
const curve = new Uint8Array(CURVE_STEPS + 1);
for (let i = 0; i <= CURVE_STEPS; i++) {
  const x = (i / CURVE_STEPS) * CURVE_MAX;
  const y = (x * (1 + x / 9)) / (1 + x);
  curve[i] = Math.round(9 + 240 * Math.min(1, 1.16 * y) ** (1 / 2.1));
}
export function develop(light: number): number {
  const i = (light * CURVE_STEPS) / CURVE_MAX;
  return curve[i < CURVE_STEPS ? (i > 0 ? i | 0 : 0) : CURVE_STEPS];
}

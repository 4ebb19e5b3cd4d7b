// Cars as facets: a few cross-sections joined along the length, wheels, lamps, glass.
// Role: place and colour in, lit facets and shadow rods out. Limits: two bodies, seen from metres away.
import type { Rod } from './body.ts';
import { normalise, paint, type Rgb, type Vec3 } from './camera.ts';
import type { Facet } from './raster.ts';

/** A cross-section: where along the length, half width, belt line, roof height and half width of the roof. */
interface Section {
  readonly at: number;
  readonly half: number;
  readonly belt: number;
  readonly roof: number;
  readonly top: number;
}

interface Shape {
  readonly length: number;
  readonly sections: readonly Section[];
  /** Centres of the axles along the length, and the radius of the wheels. */
  readonly axles: readonly [number, number];
  readonly wheel: number;
  /** The bays (index of their first section) with side windows, and those whose top is glass. */
  readonly windows: readonly number[];
  readonly screens: readonly number[];
}

const SHAPES: Record<'hatchback' | 'van', Shape> = {
  hatchback: {
    length: 4.1,
    axles: [0.78, 3.28],
    wheel: 0.31,
    windows: [3, 4, 5],
    screens: [2, 6],
    sections: [
      { at: 0, half: 0.68, belt: 0.55, roof: 0.58, top: 0.6 },
      { at: 0.14, half: 0.82, belt: 0.72, roof: 0.76, top: 0.7 },
      { at: 1.05, half: 0.86, belt: 0.9, roof: 0.96, top: 0.74 },
      { at: 1.75, half: 0.87, belt: 0.93, roof: 1.4, top: 0.6 },
      { at: 2.2, half: 0.87, belt: 0.95, roof: 1.47, top: 0.6 },
      { at: 3.0, half: 0.86, belt: 0.97, roof: 1.46, top: 0.59 },
      { at: 3.55, half: 0.85, belt: 0.98, roof: 1.38, top: 0.57 },
      { at: 3.98, half: 0.82, belt: 0.9, roof: 0.98, top: 0.66 },
      { at: 4.1, half: 0.74, belt: 0.6, roof: 0.62, top: 0.64 },
    ],
  },
  van: {
    length: 4.7,
    axles: [0.85, 3.75],
    wheel: 0.33,
    windows: [3],
    screens: [2],
    sections: [
      { at: 0, half: 0.74, belt: 0.6, roof: 0.64, top: 0.66 },
      { at: 0.12, half: 0.88, belt: 0.85, roof: 0.9, top: 0.76 },
      { at: 0.75, half: 0.92, belt: 1.08, roof: 1.16, top: 0.8 },
      { at: 1.4, half: 0.93, belt: 1.12, roof: 1.86, top: 0.72 },
      { at: 2.2, half: 0.93, belt: 1.12, roof: 1.96, top: 0.76 },
      { at: 4.5, half: 0.93, belt: 1.12, roof: 1.95, top: 0.76 },
      { at: 4.7, half: 0.9, belt: 1.1, roof: 1.8, top: 0.72 },
    ],
  },
};

const GLASS = paint('#262b2f');
const TYRE = paint('#1d1d1e');
const RIM = paint('#8a8d90');
const FRONT_LAMP = paint('#e4e3da');
const REAR_LAMP = paint('#8c1f1a');
const TRIM = paint('#2a2b2c');
const UNDERSIDE = paint('#141414');
const SILL = 0.24;

export interface VehicleLook {
  readonly model: 'hatchback' | 'van';
  readonly colour: Rgb;
}

export interface VehiclePlace {
  readonly x: number;
  readonly y: number;
  /** Radians; the nose points this way. */
  readonly heading: number;
  /** Turn of the wheels in radians. */
  readonly roll: number;
}

/** Facets of a vehicle, lit by a light from `direction` and by the sky. */
export function vehicleFacets(
  look: VehicleLook,
  place: VehiclePlace,
  direction: Vec3,
  direct: Rgb,
  around: Rgb,
): Facet[] {
  const shape = SHAPES[look.model];
  const [c, s] = [Math.cos(place.heading), Math.sin(place.heading)];
  /** From (distance behind the nose, to the left, up) to the world; the place is the middle of the car. */
  const world = (along: number, side: number, z: number): Vec3 => {
    const f = shape.length / 2 - along;
    return [place.x + f * c - side * s, place.y + f * s + side * c, z];
  };
  const middle = world(shape.length / 2, 0, 0.7);
  const facets: Facet[] = [];
  const lit = (colour: Rgb, normal: Vec3, mirror: number): Rgb => {
    const sun = Math.max(0, normal[0] * direction[0] + normal[1] * direction[1] + normal[2] * direction[2]);
    const sky = 0.62 + 0.38 * normal[2];
    // Lacquer and glass mirror the sky where they face it.
    const shine = mirror * Math.max(0, 0.25 + 0.75 * normal[2]);
    return [0, 1, 2].map(
      (k) => colour[k] * (sky * around[k] + sun * direct[k]) + shine * around[k],
    ) as unknown as Rgb;
  };
  const triangle = (a: Vec3, b: Vec3, d: Vec3, colour: Rgb, mirror: number, outward?: Vec3) => {
    const u: Vec3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const v: Vec3 = [d[0] - a[0], d[1] - a[1], d[2] - a[2]];
    let normal: Vec3 = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    if (Math.hypot(...normal) < 1e-9) return;
    normal = normalise(normal);
    const out = outward ?? [
      a[0] + b[0] + d[0] - 3 * middle[0],
      a[1] + b[1] + d[1] - 3 * middle[1],
      a[2] + b[2] + d[2] - 3 * middle[2],
    ];
    if (normal[0] * out[0] + normal[1] * out[1] + normal[2] * out[2] < 0)
      normal = [-normal[0], -normal[1], -normal[2]];
    facets.push({ a, b, c: d, shade: lit(colour, normal, mirror) });
  };
  const quad = (p: readonly [Vec3, Vec3, Vec3, Vec3], colour: Rgb, mirror: number, outward?: Vec3) => {
    triangle(p[0], p[1], p[2], colour, mirror, outward);
    triangle(p[0], p[2], p[3], colour, mirror, outward);
  };

  const { sections } = shape;
  const body = look.colour;
  for (let i = 0; i + 1 < sections.length; i++) {
    const [a, b] = [sections[i], sections[i + 1]];
    const screen = shape.screens.includes(i);
    for (const side of [1, -1]) {
      const ring = (q: Section): readonly [Vec3, Vec3, Vec3, Vec3, Vec3] => [
        world(q.at, side * q.half * 0.95, SILL),
        world(q.at, side * q.half, 0.52),
        world(q.at, side * q.half * 0.97, q.belt),
        world(q.at, side * q.top, q.roof),
        world(q.at, 0, q.roof + 0.035),
      ];
      const [p, q] = [ring(a), ring(b)];
      quad([p[0], q[0], q[1], p[1]], i === 0 || i === sections.length - 2 ? TRIM : body, 0.02);
      quad([p[1], q[1], q[2], p[2]], body, 0.04);
      const glazed = shape.windows.includes(i);
      quad([p[2], q[2], q[3], p[3]], glazed ? GLASS : body, glazed ? 0.1 : 0.05);
      if (glazed) {
        // The frame of the window, a hand's breadth at each end.
        const part = 0.07 / (b.at - a.at);
        const mix = (u: Vec3, v: Vec3, t: number): Vec3 => [
          u[0] + t * (v[0] - u[0]),
          u[1] + t * (v[1] - u[1]),
          u[2] + t * (v[2] - u[2]),
        ];
        const lift = (v: Vec3): Vec3 => [v[0] - side * 0.012 * s, v[1] + side * 0.012 * c, v[2] + 0.004];
        quad([lift(p[2]), lift(mix(p[2], q[2], part)), lift(mix(p[3], q[3], part)), lift(p[3])], body, 0.04);
        quad([lift(mix(p[3], p[2], 0.13)), lift(mix(q[3], q[2], 0.13)), lift(q[3]), lift(p[3])], body, 0.05);
      }
      quad([p[3], q[3], q[4], p[4]], screen ? GLASS : body, screen ? 0.16 : 0.07);
    }
  }
  for (const [section, lampColour, facing] of [
    [sections[0], FRONT_LAMP, 1],
    [sections[sections.length - 1], REAR_LAMP, -1],
  ] as const) {
    const out: Vec3 = [facing * c, facing * s, 0];
    const at = section.at - facing * 0.012;
    const w = section.half;
    const front = (z0: number, z1: number, y0: number, y1: number, colour: Rgb, push: number) =>
      quad(
        [
          world(at - facing * push, y0, z0),
          world(at - facing * push, y1, z0),
          world(at - facing * push, y1, z1),
          world(at - facing * push, y0, z1),
        ],
        colour,
        0.03,
        out,
      );
    front(SILL, section.roof, -w * 0.97, w * 0.97, body, 0);
    front(SILL, 0.42, -w * 0.97, w * 0.97, TRIM, 0.01);
    front(0.42, 0.52, -0.26, 0.26, facing > 0 ? TRIM : FRONT_LAMP, 0.01);
    for (const side of [1, -1])
      front(section.roof - 0.14, section.roof - 0.02, side * (w * 0.93), side * (w * 0.55), lampColour, 0.02);
    if (look.model === 'van' && facing < 0) front(1.12, 1.62, -w * 0.7, w * 0.7, GLASS, 0.02);
  }
  // The dark underside, from the sills down to a hand's breadth above the ground.
  const [nose, tail] = [0.25, shape.length - 0.25];
  for (const side of [1, -1]) {
    const low = (along: number, z: number) => world(along, side * 0.72, z);
    quad([low(nose, 0.1), low(tail, 0.1), low(tail, SILL + 0.02), low(nose, SILL + 0.02)], UNDERSIDE, 0);
  }
  for (const end of [nose, tail]) {
    const low = (side: number, z: number) => world(end, side, z);
    quad([low(-0.72, 0.1), low(0.72, 0.1), low(0.72, SILL + 0.02), low(-0.72, SILL + 0.02)], UNDERSIDE, 0);
  }
  for (const axle of shape.axles) {
    for (const side of [1, -1]) {
      const half = 0.86 * side;
      const out: Vec3 = [-side * s, side * c, 0];
      const disc = (radius: number, colour: Rgb, push: number, spokes: boolean) => {
        const centre = world(axle, half + side * push, shape.wheel);
        for (let k = 0; k < 14; k++) {
          const [a0, a1] = [k, k + 1].map((q) => (2 * Math.PI * q) / 14 - place.roll);
          const rim = (angle: number) =>
            world(
              axle + radius * Math.cos(angle),
              half + side * push,
              shape.wheel + radius * Math.sin(angle),
            );
          triangle(centre, rim(a0), rim(a1), spokes && k % 3 === 0 ? TRIM : colour, 0.01, out);
        }
      };
      disc(shape.wheel + 0.05, TRIM, 0.03, false);
      disc(shape.wheel, TYRE, 0.045, false);
      disc(shape.wheel * 0.62, RIM, 0.055, true);
    }
  }
  return facets;
}

/** Rods of about the same outline, for the shadow. */
export function vehicleRods(look: VehicleLook, place: VehiclePlace): Rod[] {
  const { length } = SHAPES[look.model];
  const tall = look.model === 'van' ? 1.45 : 1.05;
  const [c, s] = [Math.cos(place.heading), Math.sin(place.heading)];
  const rod = (from: number, to: number, side: number, z: number, r: number): Rod => ({
    a: [place.x + from * c - side * s, place.y + from * s + side * c, z],
    b: [place.x + to * c - side * s, place.y + to * s + side * c, z],
    ra: r,
    rb: r,
    colour: look.colour,
  });
  const half = length / 2 - 0.35;
  return [-0.55, -0.18, 0.18, 0.55].flatMap((side) => [
    rod(-half, half, side, 0.42, 0.34),
    rod(-half * 0.8, half * (look.model === 'van' ? 0.6 : 0.35), side * 0.8, tall, 0.36),
  ]);
}

/** Corners of the box around a vehicle, for what can be seen of it. */
export function vehicleCorners(look: VehicleLook, place: VehiclePlace): Vec3[] {
  const { length, sections } = SHAPES[look.model];
  const tall = Math.max(...sections.map((q) => q.roof));
  const [c, s] = [Math.cos(place.heading), Math.sin(place.heading)];
  return [-0.5, -0.25, 0, 0.25, 0.5].flatMap((f) =>
    [-0.85, 0.85].flatMap((side) =>
      [0.35, tall * 0.85].map(
        (z): Vec3 => [place.x + f * length * c - side * s, place.y + f * length * s + side * c, z],
      ),
    ),
  );
}

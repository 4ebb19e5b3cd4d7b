// The jointed figure: a pose in world coordinates for a person at a time.
// Role: gait, standing, grappling, stooping; joints in COCO order. Limits: kinematics by angles, no physics.
import type { Vec3 } from './camera.ts';
import { actionLevel, type Person, placeOn } from './script.ts';

/** Joint names in the order of the COCO keypoints. */
export const COCO_17 = [
  'nose',
  'left_eye',
  'right_eye',
  'left_ear',
  'right_ear',
  'left_shoulder',
  'right_shoulder',
  'left_elbow',
  'right_elbow',
  'left_wrist',
  'right_wrist',
  'left_hip',
  'right_hip',
  'left_knee',
  'right_knee',
  'left_ankle',
  'right_ankle',
] as const;

/** A pose in metres: the COCO joints, and the points only drawing needs. */
export interface Figure {
  /** 17 points in COCO order. */
  readonly joints: readonly Vec3[];
  readonly head: Vec3;
  readonly neck: Vec3;
  readonly toes: readonly [Vec3, Vec3];
  readonly hands: readonly [Vec3, Vec3];
  /** Unit vectors of the trunk. */
  readonly forward: Vec3;
  readonly left: Vec3;
  readonly upward: Vec3;
  /** Of the person, metres. */
  readonly height: number;
}

interface Leg {
  knee: [number, number];
  ankle: [number, number];
  toe: [number, number];
}

/** One leg in its plane (forward, up) with the hip at the origin. */
function leg(h: number, swing: number, bend: number): Leg {
  const [thigh, shank, foot] = [0.245 * h, 0.246 * h, 0.115 * h];
  const knee: [number, number] = [thigh * Math.sin(swing), -thigh * Math.cos(swing)];
  const low = swing - bend;
  const ankle: [number, number] = [knee[0] + shank * Math.sin(low), knee[1] - shank * Math.cos(low)];
  const pitch = Math.max(-1.1, Math.min(0.3, 0.7 * low + 0.05));
  return {
    knee,
    ankle,
    toe: [ankle[0] + foot * Math.cos(pitch), ankle[1] - 0.03 * h + foot * Math.sin(pitch)],
  };
}

/** A bounded wave of several rates that never repeats within a scene: the restless part of a struggle. */
function struggle(t: number, phase: number): number {
  return (
    0.55 * Math.sin(14.2 * t + 6.1 * phase) +
    0.3 * Math.sin(22.7 * t + 11 * phase) +
    0.25 * Math.sin(7.9 * t + 3.3 * phase)
  );
}

/** The pose of `person` at second `t`. */
export function figureAt(person: Person, t: number): Figure {
  const h = person.build.height;
  const place = placeOn(person.track, t);
  const running = person.runsFrom !== null && t >= person.runsFrom;
  const cruise = running ? 3.2 : 1.0;
  const gait = Math.min(1, place.speed / cruise);
  const fight = actionLevel(person.actions, 'fight', t, 0.35);
  const stoop = actionLevel(person.actions, 'stoop', t, 0.7);
  const phone = actionLevel(person.actions, 'phone', t, 0.6) * (1 - fight);
  const glance = actionLevel(person.actions, 'glance', t, 0.8);
  const shake = fight * struggle(t, person.phase);
  const jerk = fight * struggle(t + 0.31, person.phase + 0.4);

  const stride = (running ? 1.5 : 0.76) * h;
  const cycle = 2 * Math.PI * (place.distance / stride + person.phase);
  const idle = 1 - gait;
  const breath = Math.sin(1.9 * t + 7 * person.phase);
  const weight = idle * 0.05 * Math.sin(0.45 * t + 9 * person.phase);

  const reach = (running ? 0.76 : 0.38) * gait;
  const legs = [0, 1].map((side) => {
    const p = cycle + side * Math.PI;
    const lift = Math.max(0, Math.cos(p + (running ? 0.75 : 0.5)));
    const swing =
      reach * Math.sin(p) +
      (running ? 0.18 * gait : 0.03) +
      0.55 * stoop +
      fight * (side === 0 ? 0.28 : -0.3) +
      0.12 * (side === 0 ? shake : jerk);
    const bend =
      0.06 +
      gait * (running ? 1.75 * lift ** 1.3 + 0.22 : 0.92 * lift ** 1.5) +
      1.15 * stoop +
      0.35 * fight +
      0.1 * Math.abs(shake);
    return leg(h, swing, bend);
  });
  const [l, r] = legs;
  const lowest = Math.min(
    l.ankle[1] - 0.04 * h,
    r.ankle[1] - 0.04 * h,
    l.toe[1] - 0.012 * h,
    r.toe[1] - 0.012 * h,
  );
  const flight = running ? 0.05 * gait * Math.max(0, Math.cos(2 * cycle + 0.6)) : 0;
  const hipZ = -lowest + flight;

  const heading = place.heading + 0.12 * jerk;
  const fx = Math.cos(heading);
  const fy = Math.sin(heading);
  const originX = place.x + 0.16 * shake * fx - 0.1 * jerk * fy;
  const originY = place.y + 0.16 * shake * fy + 0.1 * jerk * fx;
  /** From (forward, left, up) of the person to the world. */
  const world = (f: number, s: number, z: number): Vec3 => [
    originX + f * fx - s * fy,
    originY + f * fy + s * fx,
    z,
  ];

  const pelvisTurn = 0.1 * gait * Math.sin(cycle);
  const hipHalf = 0.052 * h;
  const hipAt = (side: 1 | -1): [number, number] => [
    -side * hipHalf * Math.sin(pelvisTurn),
    side * hipHalf * Math.cos(pelvisTurn) + weight,
  ];

  const lean = (running ? 0.2 : 0.045) * gait + 0.95 * stoop + 0.22 * fight + 0.16 * shake + 0.12 * phone;
  const roll = 0.035 * gait * Math.sin(cycle) + 0.12 * jerk + weight * 0.6;
  const trunk = 0.295 * h;
  const upF = Math.sin(lean);
  const upS = Math.sin(roll);
  const upZ = Math.cos(lean) * Math.cos(roll);
  const chest: [number, number, number] = [trunk * upF, weight + trunk * upS, hipZ + trunk * upZ];
  const shoulderTurn = -0.16 * gait * Math.sin(cycle) + 0.22 * jerk;
  const shoulderHalf = 0.1 * h * (0.9 + 0.1 * person.build.girth);

  const arms = [1, -1].map((side) => {
    const p = cycle + (side === 1 ? Math.PI : 0);
    const onPhone = side === -1 ? phone : 0;
    const grapple = side === 1 ? shake : jerk;
    let raise =
      (running ? 0.72 : 0.36) * gait * Math.sin(p) + 0.03 * idle * breath + (running ? 0.1 * gait : 0.04);
    let bend = (running ? 1.5 * gait : 0.22 + 0.22 * gait * Math.max(0, Math.sin(p))) + 0.06 * idle;
    raise += onPhone * (0.45 - raise) + fight * (1.25 + 0.95 * grapple - raise);
    bend += onPhone * (1.95 - bend) + fight * (0.75 + 0.8 * Math.abs(grapple) - bend);
    raise += 0.5 * stoop;
    bend *= 1 - 0.7 * stoop;
    const spread = 0.1 + 0.05 * fight + 0.12 * fight * grapple;
    const sf = chest[0] - side * shoulderHalf * Math.sin(shoulderTurn);
    const ss = chest[1] + side * shoulderHalf * Math.cos(shoulderTurn);
    const sz = chest[2] - 0.012 * h - side * 0.02 * h * upS;
    const [upper, fore, hand] = [0.172 * h, 0.15 * h, 0.055 * h];
    const ef = sf + upper * Math.sin(raise);
    const es = ss + side * upper * Math.sin(spread);
    const ez = sz - upper * Math.cos(raise) * Math.cos(spread);
    const low = raise + bend;
    const inward = -0.35 * bend * side * 0.35;
    const wf = ef + fore * Math.sin(low);
    const ws = es + fore * inward;
    const wz = ez - fore * Math.cos(low);
    return {
      shoulder: world(sf, ss, sz),
      elbow: world(ef, es, ez),
      wrist: world(wf, ws, wz),
      hand: world(wf + hand * Math.sin(low + 0.1), ws + hand * inward, wz - hand * Math.cos(low + 0.1)),
    };
  });

  const gaze =
    glance * 0.7 * Math.sin(0.9 * t + 5 * person.phase) + idle * 0.25 * Math.sin(0.5 * t + 8 * person.phase);
  const nod = 0.5 * lean + 0.45 * phone;
  const neck: [number, number, number] = [
    chest[0] + 0.035 * h * upF,
    chest[1] + 0.035 * h * upS,
    chest[2] + 0.035 * h * upZ,
  ];
  const head: [number, number, number] = [
    neck[0] + 0.085 * h * Math.sin(nod) + 0.012 * h,
    neck[1] + 0.08 * h * upS,
    neck[2] + 0.088 * h * Math.cos(nod),
  ];
  const [gc, gs] = [Math.cos(gaze), Math.sin(gaze)];
  /** A point of the head from (towards the nose, left, up). */
  const onHead = (f: number, s: number, z: number): Vec3 =>
    world(
      head[0] + f * gc - s * gs + 0.3 * z * Math.sin(nod),
      head[1] + f * gs + s * gc,
      head[2] + z - f * Math.sin(nod),
    );

  const hips = [hipAt(1), hipAt(-1)];
  const limb = (side: 0 | 1, point: [number, number]): Vec3 =>
    world(hips[side][0] + point[0], hips[side][1], hipZ + point[1]);
  const joints: Vec3[] = [
    onHead(0.068 * h, 0, -0.005 * h),
    onHead(0.055 * h, 0.02 * h, 0.014 * h),
    onHead(0.055 * h, -0.02 * h, 0.014 * h),
    onHead(0, 0.045 * h, 0.002 * h),
    onHead(0, -0.045 * h, 0.002 * h),
    arms[0].shoulder,
    arms[1].shoulder,
    arms[0].elbow,
    arms[1].elbow,
    arms[0].wrist,
    arms[1].wrist,
    world(hips[0][0], hips[0][1], hipZ),
    world(hips[1][0], hips[1][1], hipZ),
    limb(0, l.knee),
    limb(1, r.knee),
    limb(0, l.ankle),
    limb(1, r.ankle),
  ];
  return {
    joints,
    head: world(...head),
    neck: world(...neck),
    toes: [limb(0, l.toe), limb(1, r.toe)],
    hands: [arms[0].hand, arms[1].hand],
    forward: [fx, fy, 0],
    left: [-fy, fx, 0],
    upward: [upF * fx - upS * fy, upF * fy + upS * fx, upZ],
    height: h,
  };
}

// Renders a scene frame by frame, and says where its actors are.
// Role: script and view in, pictures, poses and visibility out. Limits: nothing is encoded or written here.

import { AppError } from '../../shared/errors.ts';
import type { RgbFrame } from '../media/types.ts';
import { bagRods, bodyRods, type Rod } from './body.ts';
import { develop, HEIGHT, project, type Rgb, type Vec3, WIDTH } from './camera.ts';
import { figureAt } from './figure.ts';
import { grain } from './noise.ts';
import { burnCaption, burnCounter, clockAt } from './overlay.ts';
import { applyShadow, castShadow, drawFacets, drawRods, lightingAt, shadowGrid } from './raster.ts';
import { type Actor, isOnTrack, placeOn, type Scene, type Vehicle } from './script.ts';
import { type Backdrop, type Light, traceBackdrop } from './trace.ts';
import {
  type VehicleLook,
  type VehiclePlace,
  vehicleCorners,
  vehicleFacets,
  vehicleRods,
} from './vehicle.ts';
import { entrance } from './views/entrance.ts';
import { parking } from './views/parking.ts';
import { plaza } from './views/plaza.ts';
import type { View } from './views/view.ts';

const VIEWS: Readonly<Record<Scene['view'], View>> = {
  'plaza-east': plaza,
  'entrance-north': entrance,
  'parking-west': parking,
};

/** Light on moving things: a corridor has no sun, its lamps shine from above. */
function lightOn(light: Light): { direct: Rgb; around: Rgb } {
  const indoors = light.sun[1] === 0;
  return indoors
    ? { direct: [0.75, 0.74, 0.7], around: [0.52, 0.52, 0.51] }
    : { direct: light.sun, around: light.sky };
}

const STRAIGHT_UP: Vec3 = [0, 0, 1];
/** Soft rim of the shade under feet and cars, in metres, and its depth. */
const CONTACT_RIM = 0.34;
const CONTACT = 0.48;

/** A background is traced once per view in a process and kept: about 5 MB each. */
const backdrops = new Map<string, Backdrop>();

/** The empty picture of a view, with its parked cars. */
function backdropOf(view: View): Backdrop {
  const known = backdrops.get(view.name);
  if (known) return known;
  const backdrop = traceBackdrop(view.stage);
  const { camera, light } = view.stage;
  const { direct, around } = lightOn(light);
  const grid = shadowGrid();
  const rim = 0.05 + light.spread;
  const parked = view.parked.map((car) => ({
    look: car,
    place: { x: car.x, y: car.y, heading: (car.turn * Math.PI) / 180, roll: 0.3 },
  }));
  for (const { look, place } of parked)
    castShadow(grid, backdrop, camera, vehicleRods(look, place), light.direction, rim);
  applyShadow(backdrop.lit, backdrop.shaded, grid, 1);
  const low = parked.flatMap(({ look, place }) => vehicleRods(look, place).filter((rod) => rod.a[2] < 0.6));
  for (const picture of [backdrop.lit, backdrop.shaded]) {
    castShadow(grid, backdrop, camera, low, STRAIGHT_UP, CONTACT_RIM);
    applyShadow(picture, null, grid, CONTACT);
  }
  // Far cars first; each also becomes part of what hides walkers behind it.
  parked.sort((a, b) => b.place.y - a.place.y);
  for (const { look, place } of parked) {
    const facets = vehicleFacets(look, place, light.direction, direct, around);
    drawFacets(backdrop.shaded, backdrop, camera, facets, [1, 1, 1], false);
    drawFacets(backdrop.lit, backdrop, camera, facets, [1, 1, 1], true);
  }
  backdrops.set(view.name, backdrop);
  return backdrop;
}

/** A picture under another exposure. */
function tinted(picture: Uint8Array, tint: Rgb): Uint8Array {
  // The film curve turned round by search: display value to light, once per value and channel.
  const light = new Float32Array(256);
  for (let v = 0, i = 0; v < 256; v++) {
    while (i < 4000 && develop(i / 1000) < v) i++;
    light[v] = i / 1000;
  }
  const tables = tint.map((gain) => Uint8Array.from(light, (value) => develop(value * gain)));
  const out = new Uint8Array(picture.length);
  for (let k = 0; k < picture.length; k += 3) {
    out[k] = tables[0][picture[k]];
    out[k + 1] = tables[1][picture[k + 1]];
    out[k + 2] = tables[2][picture[k + 2]];
  }
  return out;
}

function vehiclePlace(vehicle: Vehicle, t: number): VehiclePlace {
  const { x, y, heading, distance } = placeOn(vehicle.track, t);
  return { x, y, heading, roll: distance / 0.31 };
}

function isThere(actor: Actor, t: number): boolean {
  return actor.kind === 'bag' ? t >= actor.from : isOnTrack(actor.track, t);
}

interface Drawn {
  depth: number;
  rods: Rod[];
  vehicle: { look: VehicleLook; place: VehiclePlace } | null;
  foot: Vec3;
}

function drawnAt(scene: Scene, view: View, t: number): Drawn[] {
  const { camera } = view.stage;
  const drawn: Drawn[] = [];
  for (const actor of scene.actors) {
    if (!isThere(actor, t)) continue;
    if (actor.kind === 'vehicle') {
      const place = vehiclePlace(actor, t);
      const foot: Vec3 = [place.x, place.y, 0];
      drawn.push({
        depth: project(camera, foot)[2],
        rods: vehicleRods(actor, place),
        vehicle: { look: actor, place },
        foot,
      });
    } else if (actor.kind === 'bag') {
      const foot: Vec3 = [actor.x, actor.y, 0];
      drawn.push({ depth: project(camera, foot)[2], rods: bagRods(actor), vehicle: null, foot });
    } else {
      const figure = figureAt(actor, t);
      const foot: Vec3 = [figure.neck[0], figure.neck[1], 0];
      const rods = bodyRods(figure, actor.build, actor.bagUntil !== null && t < actor.bagUntil);
      drawn.push({ depth: project(camera, foot)[2], rods, vehicle: null, foot });
    }
  }
  return drawn.filter((d) => d.depth > 0.8).sort((a, b) => b.depth - a.depth);
}

const GRAIN_LENGTH = 1 << 17;

/**
 * The pictures of a scene in order, RGB `[360, 640, 3]`. The same scene gives the same bytes.
 *
 * @returns a generator; each frame owns its memory
 */
export function* renderScene(scene: Scene): Generator<RgbFrame> {
  const view = VIEWS[scene.view];
  const base = backdropOf(view);
  const { camera, light } = view.stage;
  const { direct, around } = lightOn(light);
  const lit = tinted(base.lit, scene.tint);
  const shaded = tinted(base.shaded, scene.tint);
  const grid = shadowGrid();
  const noise = grain(GRAIN_LENGTH, 1.6, scene.seed);
  const rim = 0.05 + light.spread;
  for (let frame = 0; frame < scene.timesMs.length; frame++) {
    const timeMs = scene.timesMs[frame];
    const drawn = drawnAt(scene, view, timeMs / 1000);
    const data = lit.slice();
    for (const { rods } of drawn) castShadow(grid, base, camera, rods, light.direction, rim);
    applyShadow(data, shaded, grid, 1);
    for (const { rods } of drawn) {
      castShadow(
        grid,
        base,
        camera,
        rods.filter((rod) => rod.b[2] < 0.6),
        STRAIGHT_UP,
        CONTACT_RIM,
      );
    }
    applyShadow(data, null, grid, CONTACT);
    for (const { rods, vehicle, foot } of drawn) {
      const [fx, fy] = project(camera, foot);
      const at =
        Math.max(0, Math.min(HEIGHT - 1, Math.round(fy))) * WIDTH +
        Math.max(0, Math.min(WIDTH - 1, Math.round(fx)));
      const sunny = light.sun[1] === 0 ? 1 : base.sunny[at];
      if (vehicle) {
        drawFacets(
          data,
          base,
          camera,
          vehicleFacets(vehicle.look, vehicle.place, light.direction, direct, around),
          scene.tint,
          false,
        );
      } else
        drawRods(data, base, rods, lightingAt(camera, light.direction, direct, around, sunny), scene.tint);
    }
    addGrain(data, noise, scene.seed + 977 * frame);
    burnCaption(data, view.title, clockAt(scene.clock, timeMs));
    burnCounter(data, frame);
    yield { timeMs, data };
  }
}

/** Adds the sensor's grain, equal in the three channels; it starts elsewhere in each frame. */
function addGrain(data: Uint8Array, noise: Int8Array, seed: number): void {
  const clamped = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  let n = Math.imul(seed, 0x9e3779b1) >>> 0;
  for (let k = 0; k < clamped.length; k += 3) {
    const g = noise[n++ & (GRAIN_LENGTH - 1)];
    if (g === 0) continue;
    clamped[k] += g;
    clamped[k + 1] += g;
    clamped[k + 2] += g;
  }
}

export interface ActorPose {
  readonly actor: string;
  /** Pixel positions in COCO-17 order, `[17][x, y]`; may lie outside the picture. */
  readonly joints: readonly (readonly [x: number, y: number])[];
  /** Whether each joint is inside the picture and not behind something of the background. */
  readonly seen: readonly boolean[];
}

function timeOf(scene: Scene, frame: number): number {
  const ms = scene.timesMs[frame];
  if (ms === undefined)
    throw new AppError(
      'bad_input',
      `Scene ${scene.name} has no frame ${frame}; it has ${scene.timesMs.length}.`,
    );
  return ms / 1000;
}

/** Whether a point is in the picture and in front of the background there. */
function isSeen(scene: Scene, point: Vec3): { x: number; y: number; seen: boolean } {
  const view = VIEWS[scene.view];
  const [x, y, depth] = project(view.stage.camera, point);
  const inside = depth > 0.8 && x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT;
  const seen = inside && backdropOf(view).depth[Math.floor(y) * WIDTH + Math.floor(x)] > depth - 0.25;
  return { x, y, seen };
}

/**
 * The exact poses of all people of a scene in a frame (0-based), also of those outside the picture.
 *
 * @throws AppError `bad_input` for a frame the scene does not have
 */
export function posesAt(scene: Scene, frame: number): ActorPose[] {
  const t = timeOf(scene, frame);
  return scene.actors.flatMap((actor) => {
    if (actor.kind !== 'person' || !isThere(actor, t)) return [];
    const points = figureAt(actor, t).joints.map((joint) => isSeen(scene, joint));
    return [
      { actor: actor.id, joints: points.map((p) => [p.x, p.y] as const), seen: points.map((p) => p.seen) },
    ];
  });
}

/** How many of the marks of an actor (joints, corners) must be seen for it to count as visible, as a share. */
const VISIBLE_SHARE = 0.2;

/**
 * Whether an actor can be seen in a frame: a fifth of its joints (of a vehicle: of its corners; of a bag: its middle) lie
 * inside the picture and in front of the background. Other actors do not hide it.
 *
 * @throws AppError `bad_input` for a frame the scene does not have
 */
export function isVisible(scene: Scene, actor: Actor, frame: number): boolean {
  const t = timeOf(scene, frame);
  if (!isThere(actor, t)) return false;
  const marks: readonly Vec3[] =
    actor.kind === 'person'
      ? figureAt(actor, t).joints
      : actor.kind === 'vehicle'
        ? vehicleCorners(actor, vehiclePlace(actor, t))
        : [[actor.x, actor.y, 0.2]];
  return marks.filter((mark) => isSeen(scene, mark).seen).length >= VISIBLE_SHARE * marks.length;
}

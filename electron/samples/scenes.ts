// The sample scenes: three cameras over a day, half of the videos with something out of the ordinary.
// Role: scripts from a seed. Limits: people keep to routes that avoid the furniture; they do not evade each other.
import { paint, type Rgb } from './camera.ts';
import { hash, randomStream } from './noise.ts';
import type { Action, Actor, Anomaly, Build, Key, Person, Scene } from './script.ts';

type Random = () => number;
type Point = readonly [x: number, y: number];
type Route = readonly Point[];

const FPS = 25;
const DAY = '2024-05-14';

const SKINS = ['#c79f82', '#b5876a', '#8f674b', '#6b4a36', '#d0ab90', '#a2775a'].map(paint);
const HAIRS = ['#1d1916', '#2e241d', '#4b3829', '#6b5237', '#77706a', '#35302c'].map(paint);
const TOPS = [
  '#3e4757',
  '#6d675e',
  '#2f3337',
  '#76797c',
  '#5b4a41',
  '#4d5a50',
  '#7d3f38',
  '#8f8879',
  '#45546b',
  '#a39e94',
].map(paint);
const BOTTOMS = ['#2b303a', '#3c4350', '#57524a', '#26282b', '#474a4e', '#6a6256'].map(paint);
const SHOES = ['#26221f', '#3a332d', '#6f6c68', '#1e1f21'].map(paint);
const PACKS = ['#3d4438', '#2d3036', '#5c4a3d'].map(paint);
const BAG = paint('#35302b');

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)];
}

function someBuild(random: Random): Build {
  return {
    height: 1.6 + 0.26 * random(),
    girth: 0.92 + 0.2 * random(),
    skin: pick(SKINS, random),
    hair: pick(HAIRS, random),
    top: pick(TOPS, random),
    bottom: pick(BOTTOMS, random),
    shoes: pick(SHOES, random),
    coat: random() < 0.22,
    backpack: random() < 0.25 ? pick(PACKS, random) : null,
  };
}

interface Cast {
  readonly random: Random;
  readonly actors: Actor[];
}

function person(cast: Cast, track: readonly Key[], options: Partial<Person> = {}): Person {
  const someone: Person = {
    kind: 'person',
    id: `person-${cast.actors.length + 1}`,
    build: someBuild(cast.random),
    runsFrom: null,
    track,
    actions: [],
    bagUntil: null,
    phase: cast.random(),
    ...options,
  };
  cast.actors.push(someone);
  return someone;
}

/** Keys along a route from second `start` at `speed` metres a second. */
function along(route: Route, start: number, speed: number): Key[] {
  let t = start;
  return route.map(([x, y], i) => {
    if (i > 0) t += Math.hypot(x - route[i - 1][0], y - route[i - 1][1]) / speed;
    return { t, x, y };
  });
}

/** Routes that start and end out of sight. Each may be walked both ways. */
const ROUTES: Readonly<Record<Scene['view'], readonly Route[]>> = {
  'plaza-east': [
    [
      [-13, 13.2],
      [0, 13.7],
      [14, 13.4],
    ],
    [
      [12, 7.7],
      [1, 7.4],
      [-11, 7.6],
    ],
    [
      [2.4, 2.6],
      [1.4, 10],
      [0.7, 16],
      [0.8, 21.6],
      [4, 22.4],
      [17, 22.4],
    ],
    [
      [-13, 11.8],
      [-3.4, 11.6],
      [3.6, 2.8],
    ],
    [
      [-19, 22.4],
      [19, 22.5],
    ],
    [
      [-3, 2.6],
      [-2.6, 10],
      [3.6, 14.6],
      [14, 15.9],
    ],
  ],
  'entrance-north': [
    [
      [0.2, -1.7],
      [0, 8],
      [-0.7, 11.9],
      [-1.8, 12.4],
      [-4.6, 12.4],
    ],
    [
      [4.5, 16.5],
      [1.4, 16.4],
      [0.7, 12],
      [0.5, -1.7],
    ],
    [
      [-4.6, 12.5],
      [-1.4, 12.7],
      [1.2, 16.3],
      [4.5, 16.6],
    ],
    [
      [-1.1, -1.7],
      [-0.9, 9],
      [-0.2, 14.6],
      [1.5, 16.5],
      [4.5, 16.5],
    ],
  ],
  'parking-west': [
    [
      [-12, 7.5],
      [0, 7.4],
      [12, 7.1],
    ],
    [
      [-18, 14.2],
      [0, 13.9],
      [19, 14.5],
    ],
    [
      [17, 13.6],
      [7, 13.2],
      [1.2, 8.2],
      [-10, 7.4],
    ],
    [
      [-14, 10.6],
      [-5, 10.9],
      [3, 13.4],
      [17, 15.2],
    ],
  ],
};

/** A passer-by on route `index`, who is at the part `progress` (0-1) of the way at second 0. */
function passer(
  cast: Cast,
  view: Scene['view'],
  index: number,
  from: { progress: number } | { start: number },
): Person {
  const { random } = cast;
  const base = ROUTES[view][index];
  const spread = view === 'entrance-north' ? 0.22 : 0.45;
  const shift = (random() - 0.5) * 2 * spread;
  const route = (random() < 0.5 ? base : base.toReversed()).map(
    ([x, y]): Point => [x + shift * 0.4, y + shift],
  );
  const speed = 1.08 + 0.46 * random();
  const whole = along(route, 0, speed);
  const length = whole[whole.length - 1].t;
  const start = 'start' in from ? from.start : -from.progress * length;
  const habit: Action[] =
    random() < 0.3
      ? [{ what: random() < 0.5 ? 'phone' : 'glance', from: start + 1, to: start + length }]
      : [];
  return person(
    cast,
    whole.map((key) => ({ ...key, t: key.t + start })),
    { actions: habit, bagUntil: random() < 0.12 ? Number.MAX_VALUE : null },
  );
}

/** Passers-by: `progresses` are under way at the start, `starts` set out at these seconds. Routes go round in order. */
function traffic(
  cast: Cast,
  view: Scene['view'],
  progresses: readonly number[],
  starts: readonly number[],
): void {
  const count = ROUTES[view].length;
  const first = Math.floor(cast.random() * count);
  const ways = [...progresses.map((progress) => ({ progress })), ...starts.map((start) => ({ start }))];
  for (const [i, from] of ways.entries()) passer(cast, view, (first + i) % count, from);
}

/** Someone who stands at a place all the time, looking at a phone. */
function stander(cast: Cast, x: number, y: number, face: number, seconds: number): void {
  person(
    cast,
    [
      { t: -1, x, y, face },
      { t: seconds + 1, x, y, face },
    ],
    { actions: [{ what: 'phone', from: -2, to: seconds + 2 }] },
  );
}

function constantRate(frames: number): number[] {
  return Array.from({ length: frames }, (_, i) => (i * 1000) / FPS);
}

/** Times as of a network camera that drops and delays frames: mostly 40 ms apart, up to 120 ms. */
function variableRate(frames: number, seed: number): number[] {
  let t = 0;
  return Array.from({ length: frames }, (_, i) => {
    const now = t;
    const u = hash(i, 0, 3, seed);
    t += u < 0.62 ? 40 : u < 0.8 ? 33 : u < 0.93 ? 80 : 120;
    return now;
  });
}

interface Plan {
  readonly view: Scene['view'];
  readonly clock: string;
  readonly seconds: number;
  readonly tint: Rgb;
  readonly variable?: boolean;
  readonly old?: boolean;
  /** Puts the actors on stage and returns the anomalies. */
  readonly act: (cast: Cast, seconds: number) => Anomaly[];
}

const MORNING: Rgb = [1.0, 0.97, 0.93];
const NOON: Rgb = [1.06, 1.05, 1.03];
const AFTERNOON: Rgb = [1.02, 0.98, 0.92];
const EVENING: Rgb = [0.8, 0.75, 0.71];
const INDOORS: Rgb = [1, 1, 1];
const DULL: Rgb = [0.9, 0.92, 0.95];

const PLANS: readonly Plan[] = [
  {
    view: 'plaza-east',
    clock: '08:02:11',
    seconds: 15,
    tint: MORNING,
    act: (cast, seconds) => {
      traffic(cast, 'plaza-east', [0.3, 0.45, 0.2], [2, 6, 9]);
      stander(cast, -2.7, 16.4, -1.1, seconds);
      return [];
    },
  },
  {
    view: 'plaza-east',
    clock: '12:15:40',
    seconds: 15,
    tint: NOON,
    act: (cast, seconds) => {
      traffic(cast, 'plaza-east', [0.2, 0.5, 0.35, 0.62, 0.4, 0.3], [0.5, 2, 3, 5, 6.5]);
      stander(cast, -2.9, 16.5, -0.4, seconds);
      stander(cast, 4.7, 15.6, -2.2, seconds);
      return [];
    },
  },
  {
    view: 'plaza-east',
    clock: '13:40:05',
    seconds: 18,
    tint: NOON,
    act: (cast, seconds) => {
      traffic(cast, 'plaza-east', [0.4, 0.25, 0.5], [4, 8, 11]);
      stander(cast, 4.6, 15.8, -1.9, seconds);
      const first = person(
        cast,
        along(
          [
            [-15, 11.4],
            [-2, 10.7],
            [6, 9.3],
            [14, 9.2],
          ],
          6.2,
          4.7,
        ),
        { runsFrom: 0, id: 'runner-1' },
      );
      const second = person(
        cast,
        along(
          [
            [-15, 10.9],
            [-1, 10.2],
            [6, 8.8],
            [14, 8.6],
          ],
          7.5,
          4.9,
        ),
        { runsFrom: 0, id: 'runner-2' },
      );
      return [{ class: 'running', actors: [first.id, second.id], from: 0, to: seconds }];
    },
  },
  {
    view: 'plaza-east',
    clock: '17:25:30',
    seconds: 18,
    tint: AFTERNOON,
    act: (cast, seconds) => {
      passer(cast, 'plaza-east', 4, { progress: 0.3 });
      passer(cast, 'plaza-east', 1, { progress: 0.35 });
      passer(cast, 'plaza-east', 1, { start: 4 });
      passer(cast, 'plaza-east', 4, { start: 1 });
      passer(cast, 'plaza-east', 0, { progress: 0.45 });
      stander(cast, -2.6, 16.2, -0.8, seconds);
      const track = along(
        [
          [-19, 13.3],
          [4, 13.6],
          [8.6, 13.15],
          [20, 12.6],
        ],
        7,
        5.6,
      );
      cast.actors.push({ kind: 'vehicle', id: 'van', model: 'van', colour: paint('#b4b3ad'), track });
      return [{ class: 'vehicle', actors: ['van'], from: 0, to: seconds }];
    },
  },
  {
    view: 'entrance-north',
    clock: '07:55:02',
    seconds: 16,
    tint: INDOORS,
    act: (cast) => {
      traffic(cast, 'entrance-north', [0.25], [1.5, 9.5]);
      return [];
    },
  },
  {
    view: 'entrance-north',
    clock: '09:10:48',
    seconds: 17,
    tint: INDOORS,
    variable: true,
    act: (cast, seconds) => {
      traffic(cast, 'entrance-north', [0.2, 0.5], [3, 4.5, 9]);
      stander(cast, 1.75, 12.3, 0.1, seconds);
      return [];
    },
  },
  {
    view: 'entrance-north',
    clock: '11:30:19',
    seconds: 18,
    tint: INDOORS,
    act: (cast) => {
      traffic(cast, 'entrance-north', [0.55], [0.8]);
      const [ax, ay, bx, by] = [-0.7, 4.7, 0.06, 4.85];
      const scuffle = (x: number, y: number, face: number): Key[] => [
        { t: 6.5, x, y, face },
        { t: 8, x: x - 0.3, y: y + 0.25, face },
        { t: 9.4, x: x + 0.25, y: y - 0.15, face },
        { t: 10.8, x: x + 0.1, y: y + 0.3, face },
        { t: 12.1, x: x - 0.1, y, face },
      ];
      const actions: Action[] = [{ what: 'fight', from: 6.6, to: 12 }];
      const fromLeft: Route = [
        [-4.6, 12.4],
        [-1.3, 12.3],
        [-0.8, 10.4],
        [ax, ay],
      ];
      const fromRight: Route = [
        [4.5, 16.5],
        [1.2, 16.3],
        [0.5, 10],
        [bx, by],
      ];
      const one = person(
        cast,
        [
          ...along(fromLeft, -1.6, 1.5).slice(0, -1),
          ...scuffle(ax, ay, 0.15),
          ...along(fromLeft.toReversed(), 13, 1.4),
        ],
        { actions },
      );
      const two = person(
        cast,
        [
          ...along(fromRight, -4.4, 1.5).slice(0, -1),
          ...scuffle(bx, by, -2.95),
          ...along(fromRight.toReversed(), 13.4, 1.3),
        ],
        { actions },
      );
      return [{ class: 'fight', actors: [one.id, two.id], from: 6.7, to: 11.9 }];
    },
  },
  {
    view: 'entrance-north',
    clock: '16:45:33',
    seconds: 16,
    tint: INDOORS,
    act: (cast, seconds) => {
      traffic(cast, 'entrance-north', [0.6], [5.5, 7]);
      const put = 9.4;
      const away = put + 1.3;
      const spot = { x: 1.25, y: 7.7 };
      const someone = person(
        cast,
        [
          ...along(
            [
              [0.4, -1.7],
              [0.9, 4],
            ],
            1.5,
            1.25,
          ),
          { t: put - 1.2, ...spot, face: 0.9 },
          ...along(
            [
              [spot.x, spot.y],
              [0.5, 4],
              [0.2, -1.9],
            ],
            away,
            4.2,
          ),
        ],
        {
          bagUntil: put,
          runsFrom: away,
          actions: [{ what: 'stoop', from: put - 1, to: put + 1 }],
          build: { ...someBuild(cast.random), backpack: null },
        },
      );
      cast.actors.push({ kind: 'bag', id: 'bag', x: 1.62, y: 7.9, from: put, colour: BAG });
      return [
        { class: 'left object', actors: ['bag'], from: put, to: seconds },
        { class: 'running', actors: [someone.id], from: away, to: seconds },
      ];
    },
  },
  {
    view: 'parking-west',
    clock: '08:20:54',
    seconds: 15,
    tint: DULL,
    act: (cast) => {
      traffic(cast, 'parking-west', [0.25, 0.5], [3, 6.5]);
      return [];
    },
  },
  {
    view: 'parking-west',
    clock: '10:20:17',
    seconds: 16,
    tint: NOON,
    old: true,
    act: (cast, seconds) => {
      passer(cast, 'parking-west', 0, { progress: 0.25 });
      passer(cast, 'parking-west', 0, { start: 5 });
      passer(cast, 'parking-west', 1, { progress: 0.1 });
      const track = along(
        [
          [-21, 11.5],
          [21, 11.3],
        ],
        7.4,
        7.6,
      );
      cast.actors.push({ kind: 'vehicle', id: 'car', model: 'hatchback', colour: paint('#7c8a96'), track });
      return [{ class: 'vehicle', actors: ['car'], from: 0, to: seconds }];
    },
  },
  {
    view: 'parking-west',
    clock: '15:40:22',
    seconds: 18,
    tint: DULL,
    act: (cast, seconds) => {
      passer(cast, 'parking-west', 0, { progress: 0.5 });
      passer(cast, 'parking-west', 0, { start: 9 });
      passer(cast, 'parking-west', 1, { start: -4 });
      const lingers = { from: 5.2, to: 12.2 };
      const away = 12.2;
      const someone = person(
        cast,
        [
          ...along(
            [
              [-15, 13.6],
              [-6.6, 14.9],
            ],
            -1.4,
            1.32,
          ),
          { t: 6.6, x: -6.6, y: 14.9, face: 1.2 },
          ...along(
            [
              [-6.6, 14.9],
              [-4.5, 15.1],
            ],
            7.2,
            0.9,
          ),
          { t: 10.9, x: -4.5, y: 15.1, face: 1.9 },
          ...along(
            [
              [-4.5, 15.1],
              [1, 11],
              [16, 10.6],
            ],
            away,
            4.6,
          ),
        ],
        { actions: [{ what: 'glance', from: 5, to: away }], runsFrom: away },
      );
      return [
        { class: 'loitering', actors: [someone.id], ...lingers },
        { class: 'running', actors: [someone.id], from: away, to: seconds },
      ];
    },
  },
  {
    view: 'parking-west',
    clock: '18:10:09',
    seconds: 15,
    tint: EVENING,
    act: (cast) => {
      traffic(cast, 'parking-west', [0.55], [1, 8]);
      return [];
    },
  },
];

/**
 * The sample scenes, in the order of cameras and hours. The same seed gives the same scenes; another seed changes who
 * walks where, not the events.
 */
export function sampleScenes(seed: number): Scene[] {
  return PLANS.map((plan, index) => {
    const sceneSeed = Math.floor(hash(index, 1, 2, seed) * 2 ** 31);
    const cast: Cast = { random: randomStream(sceneSeed), actors: [] };
    const anomalies = plan.act(cast, plan.seconds);
    const frames = Math.round(plan.seconds * FPS);
    return {
      name: `${plan.view}/${plan.view}_${plan.clock.slice(0, 5).replace(':', '')}`,
      view: plan.view,
      container: plan.old ? 'avi' : 'mp4',
      codec: plan.old ? 'mpeg4' : 'h264',
      fps: FPS,
      timesMs: plan.variable ? variableRate(Math.round(frames * 0.82), sceneSeed) : constantRate(frames),
      clock: `${DAY} ${plan.clock}`,
      tint: plan.tint,
      seed: sceneSeed,
      actors: cast.actors,
      anomalies,
    };
  });
}

// Loops over pixels for one picture size, assembled to WebAssembly SIMD. Role: the arithmetic of blur, pyramid and flow.
// Limits: a kernel neither fills the margins it reads nor knows what its planes mean; pyramid.ts and flow.ts do.
// Parameters are addresses of planes (planes.ts) unless a comment says otherwise.

import {
  assemble,
  type Body,
  type Expr,
  type I32,
  int,
  type Local,
  type V128,
  vec,
  type WasmFunction,
  wasmFunction,
} from '../wasm/assembler.ts';
import { type Arena, instantiate } from '../wasm/instance.ts';
import { half, MARGIN, pixelOffset, type Size, strideOf } from './planes.ts';

/** Added to the diagonal of the flow equations, so that flat regions have flow zero (grey levels squared). */
const DAMPING = 50;
/** Largest change of the flow in one iteration. Pixels. */
const LARGEST_STEP = 2;

export interface Kernels {
  /** `(bytes, out)`: 8-bit pixels without margin to float32. */
  widen(bytes: number, out: number): void;
  /** Margin as a mirror image without repeating the border pixel: ... 2 1 | 0 1 2 ... */
  mirror(plane: number): void;
  /** Margin as copies of the border pixel. */
  extend(plane: number): void;
  /** `(plane, scratch, out, outer, inner, centre)`: separable 5 x 5 filter with weights outer, inner, centre, inner, outer. */
  filter5(plane: number, scratch: number, out: number, outer: number, inner: number, centre: number): void;
  /** `(plane, out)`: every second pixel of every second row, from pixel 0; `out` has half the size. */
  halve(plane: number, out: number): void;
  /** `(plane, gx, gy, xx, xy, yy)`: central differences / 2 and their products. */
  gradients(plane: number, gx: number, gy: number, xx: number, xy: number, yy: number): void;
  /** `(plane, scratch, out)`: mean of the 9 x 9 pixels around. */
  mean9(plane: number, scratch: number, out: number): void;
  /** `(first, second, u, v, gx, gy, bx, by)`: warps `second` by the flow; bx = gx (warped - first), by likewise. */
  mismatch(
    first: number,
    second: number,
    u: number,
    v: number,
    gx: number,
    gy: number,
    bx: number,
    by: number,
  ): void;
  /** `(xx, xy, yy, bx, by, u, v)`: solves the damped 2 x 2 equations and moves (u, v) by the clipped solution. */
  solve(xx: number, xy: number, yy: number, bx: number, by: number, u: number, v: number): void;
  /** `(plane, out)`: median of the 5 x 5 pixels around. */
  median25(plane: number, out: number): void;
  /** `(coarse, out)`: twice a plane of half the size, interpolated bilinearly about pixel centres. */
  enlarge(coarse: number, out: number): void;
}

/** Compiles the kernels for one size over the memory of `arena`. */
export function createKernels(size: Size, arena: Arena): Kernels {
  const functions = [
    widen(size),
    margin('mirror', size, [1, 2, 3, 4]),
    margin('extend', size, [0, 0, 0, 0]),
    filter5(size),
    halve(size),
    gradients(size),
    mean9(size),
    mismatch(size),
    solve(size),
    median25(size),
    enlarge(size),
  ];
  return instantiate<keyof Kernels>(assemble(functions), arena);
}

/** Address of the plane at the pixels under work: `at` is the byte offset of four pixels from the first pixel. */
type Plane = Local<'i32'>;

function near(size: Size, plane: Plane, at: I32, dx = 0, dy = 0): V128 {
  return vec.load(int.add(plane, at), pixelOffset(size, dx, dy));
}

function put(body: Body, size: Size, plane: Plane, at: I32, value: V128): void {
  body.store(int.add(plane, at), pixelOffset(size, 0, 0), value);
}

/** Visits the picture four pixels at a time; with `wide` the rows include their margins left and right. */
function eachFour(body: Body, size: Size, inner: (at: Local<'i32'>) => void, wide = false): void {
  const row = 4 * strideOf(size);
  const more = wide ? 4 * MARGIN : 0;
  body.loop(int.of(0), int.of(row * size.height), row, (y) => {
    body.loop(int.add(y, int.of(-more)), int.add(y, int.of(4 * size.width + more)), 16, inner);
  });
}

const sum = (values: V128[]): V128 => values.reduce((a, b) => vec.add(a, b));

function widen(size: Size): WasmFunction {
  return wasmFunction('widen', ['i32', 'i32'], (body, bytes, out) => {
    const row = 4 * strideOf(size);
    body.loop(int.of(0), int.of(row * size.height), row, (y) => {
      body.loop(y, int.add(y, int.of(4 * size.width)), 16, (at) => {
        put(body, size, out, at, vec.loadBytes(bytes, 0));
        body.set(bytes, int.add(bytes, int.of(4)));
      });
    });
  });
}

/** Fills the four pixels beyond each border from those at the distances given (nearest first). */
function margin(name: string, size: Size, distances: [number, number, number, number]): WasmFunction {
  const [a, b, c, d] = distances;
  return wasmFunction(name, ['i32'], (body, plane) => {
    const row = 4 * strideOf(size);
    body.loop(int.of(0), int.of(row * size.height), row, (y) => {
      const start = int.add(plane, y);
      const left = body.local(vec.load(start, pixelOffset(size, 0, 0)));
      const left4 = body.local(vec.load(start, pixelOffset(size, 1, 0))); // holds distance 4
      const right = body.local(vec.load(start, pixelOffset(size, size.width - 4, 0)));
      const right4 = body.local(vec.load(start, pixelOffset(size, size.width - 5, 0)));
      // Lanes of `left` are distances 0 to 3; lane 3 of `left4` is distance 4. On the right side it is the other way round.
      const fromLeft = (distance: number) => (distance === 4 ? 7 : distance);
      const fromRight = (distance: number) => (distance === 4 ? 4 : 3 - distance);
      body.store(
        start,
        pixelOffset(size, -4, 0),
        vec.pick(left, left4, [fromLeft(d), fromLeft(c), fromLeft(b), fromLeft(a)]),
      );
      body.store(
        start,
        pixelOffset(size, size.width, 0),
        vec.pick(right, right4, [fromRight(a), fromRight(b), fromRight(c), fromRight(d)]),
      );
    });
    body.loop(plane, int.add(plane, int.of(row)), 16, (column) => {
      distances.forEach((distance, i) => {
        body.store(
          column,
          pixelOffset(size, -MARGIN, -1 - i),
          vec.load(column, pixelOffset(size, -MARGIN, distance)),
        );
        const bottom = size.height - 1;
        body.store(
          column,
          pixelOffset(size, -MARGIN, bottom + 1 + i),
          vec.load(column, pixelOffset(size, -MARGIN, bottom - distance)),
        );
      });
    });
  });
}

function filter5(size: Size): WasmFunction {
  return wasmFunction(
    'filter5',
    ['i32', 'i32', 'i32', 'f32', 'f32', 'f32'],
    (body, plane, scratch, out, outer, inner, centre) => {
      const weights = [outer, inner, centre].map((w) => body.local(vec.splat(w)));
      const weighted = (pixel: (distance: number) => V128) =>
        sum([
          vec.mul(weights[0], vec.add(pixel(-2), pixel(2))),
          vec.mul(weights[1], vec.add(pixel(-1), pixel(1))),
          vec.mul(weights[2], pixel(0)),
        ]);
      // Down the columns first, margins included; then along the rows.
      eachFour(
        body,
        size,
        (at) =>
          put(
            body,
            size,
            scratch,
            at,
            weighted((dy) => near(size, plane, at, 0, dy)),
          ),
        true,
      );
      eachFour(body, size, (at) =>
        put(
          body,
          size,
          out,
          at,
          weighted((dx) => near(size, scratch, at, dx, 0)),
        ),
      );
    },
  );
}

function halve(size: Size): WasmFunction {
  const small = half(size);
  return wasmFunction('halve', ['i32', 'i32'], (body, plane, out) => {
    const rowOut = 4 * strideOf(small);
    const rowIn = 8 * strideOf(size);
    const from = body.local(plane);
    body.loop(int.of(0), int.of(rowOut * small.height), rowOut, (y) => {
      const at = body.local(from);
      body.loop(y, int.add(y, int.of(4 * small.width)), 16, (to) => {
        const even = vec.pick(
          vec.load(at, pixelOffset(size, 0, 0)),
          vec.load(at, pixelOffset(size, 4, 0)),
          [0, 2, 4, 6],
        );
        body.store(int.add(out, to), pixelOffset(small, 0, 0), even);
        body.set(at, int.add(at, int.of(32)));
      });
      body.set(from, int.add(from, int.of(rowIn)));
    });
  });
}

function gradients(size: Size): WasmFunction {
  return wasmFunction(
    'gradients',
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    (body, plane, gx, gy, xx, xy, yy) => {
      eachFour(body, size, (at) => {
        const halfOf = (a: V128, b: V128) => vec.mul(vec.sub(a, b), vec.of(0.5));
        const x = body.local(halfOf(near(size, plane, at, 1, 0), near(size, plane, at, -1, 0)));
        const y = body.local(halfOf(near(size, plane, at, 0, 1), near(size, plane, at, 0, -1)));
        put(body, size, gx, at, x);
        put(body, size, gy, at, y);
        put(body, size, xx, at, vec.mul(x, x));
        put(body, size, xy, at, vec.mul(x, y));
        put(body, size, yy, at, vec.mul(y, y));
      });
    },
  );
}

function mean9(size: Size): WasmFunction {
  const around = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
  return wasmFunction('mean9', ['i32', 'i32', 'i32'], (body, plane, scratch, out) => {
    eachFour(
      body,
      size,
      (at) => put(body, size, scratch, at, sum(around.map((dy) => near(size, plane, at, 0, dy)))),
      true,
    );
    eachFour(body, size, (at) => {
      put(
        body,
        size,
        out,
        at,
        vec.mul(sum(around.map((dx) => near(size, scratch, at, dx, 0))), vec.of(1 / 81)),
      );
    });
  });
}

function mismatch(size: Size): WasmFunction {
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return wasmFunction('mismatch', params, (body, first, second, u, v, gx, gy, bx, by) => {
    const stride = strideOf(size);
    const row = body.local(vec.of(0));
    body.loop(int.of(0), int.of(4 * stride * size.height), 4 * stride, (start) => {
      const column = body.local(vec.lanes(0, 1, 2, 3));
      body.loop(start, int.add(start, int.of(4 * size.width)), 16, (at) => {
        const clamped = (position: V128, last: number) => vec.max(vec.min(position, vec.of(last)), vec.of(0));
        const x = body.local(clamped(vec.add(column, near(size, u, at)), size.width - 1));
        const y = body.local(clamped(vec.add(row, near(size, v, at)), size.height - 1));
        const x0 = body.local(vec.floor(x));
        const y0 = body.local(vec.floor(y));
        const right = body.local(vec.sub(x, x0));
        const below = body.local(vec.sub(y, y0));
        // Byte offsets of the pixels above and to the left. At the last column or row the neighbour beyond lies in the
        // margin and has weight zero.
        const pixels = vec.intAdd(
          vec.intMul(vec.toInt(y0), vec.intOf(4 * stride)),
          vec.intMul(vec.toInt(x0), vec.intOf(4)),
        );
        const offsets = body.local(pixels);
        // Of each of the four positions: the two pixels above and the two below, as [left, right] pairs.
        const pairs = (lane: number, dy: number) =>
          vec.loadPair(int.add(second, int.lane(offsets, lane)), pixelOffset(size, 0, dy));
        const blend = (a: V128, b: V128, weight: V128) => vec.add(a, vec.mul(weight, vec.sub(b, a)));
        const along = (dy: number) => {
          const low = body.local(vec.pick(pairs(0, dy), pairs(1, dy), [0, 1, 4, 5]));
          const high = body.local(vec.pick(pairs(2, dy), pairs(3, dy), [0, 1, 4, 5]));
          const lefts = body.local(vec.pick(low, high, [0, 2, 4, 6]));
          return body.local(blend(lefts, vec.pick(low, high, [1, 3, 5, 7]), right));
        };
        const above = along(0);
        const difference = body.local(vec.sub(blend(above, along(1), below), near(size, first, at)));
        put(body, size, bx, at, vec.mul(near(size, gx, at), difference));
        put(body, size, by, at, vec.mul(near(size, gy, at), difference));
        body.set(column, vec.add(column, vec.of(4)));
      });
      body.set(row, vec.add(row, vec.of(1)));
    });
  });
}

function solve(size: Size): WasmFunction {
  const params = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  return wasmFunction('solve', params, (body, xx, xy, yy, bx, by, u, v) => {
    eachFour(body, size, (at) => {
      const a = body.local(vec.add(near(size, xx, at), vec.of(DAMPING)));
      const b = body.local(near(size, xy, at));
      const c = body.local(vec.add(near(size, yy, at), vec.of(DAMPING)));
      const x = body.local(near(size, bx, at));
      const y = body.local(near(size, by, at));
      const determinant = body.local(vec.sub(vec.mul(a, c), vec.mul(b, b)));
      // The picture moved by (du, dv) where gradient . (du, dv) = -(warped - first), in the least-squares sense.
      const du = vec.div(vec.sub(vec.mul(b, y), vec.mul(c, x)), determinant);
      const dv = vec.div(vec.sub(vec.mul(b, x), vec.mul(a, y)), determinant);
      const clipped = (step: Expr<'v128'>) =>
        vec.max(vec.min(step, vec.of(LARGEST_STEP)), vec.of(-LARGEST_STEP));
      put(body, size, u, at, vec.add(near(size, u, at), clipped(du)));
      put(body, size, v, at, vec.add(near(size, v, at), clipped(dv)));
    });
  });
}

/**
 * Median of 25 by forgetting: of 14 candidates neither the smallest nor the largest can be the median of 25, so both
 * are dropped and the next value joins, until one is left. All compare-exchanges act on four pixels at once, and the
 * 14 candidates fit into the 16 vector registers.
 */
function median25(size: Size): WasmFunction {
  return wasmFunction('median25', ['i32', 'i32'], (body, plane, out) => {
    const candidates = Array.from({ length: 14 }, () => body.local(vec.of(0)));
    eachFour(body, size, (at) => {
      const pixel = (i: number) => near(size, plane, at, (i % 5) - 2, Math.floor(i / 5) - 2);
      for (let i = 0; i < 14; i++) body.set(candidates[i], pixel(i));
      let next = 14;
      let alive = candidates;
      while (alive.length > 1) {
        extremesToEnds(body, alive);
        alive = alive.slice(1, -1);
        if (next < 25) {
          // The slot of the smallest is free: it takes the next value.
          body.set(candidates[0], pixel(next++));
          alive = [candidates[0], ...alive];
        }
      }
      put(body, size, out, at, alive[0]);
    });
  });
}

/** Exchanges values so that the first local holds the smallest and the last the largest. */
function extremesToEnds(body: Body, locals: Local<'v128'>[]): void {
  const last = locals.length - 1;
  for (let i = 0; i < last - i; i++) body.sortPair(locals[i], locals[last - i]);
  const middle = Math.floor(last / 2);
  for (let i = 1; i <= middle; i++) body.sortPair(locals[0], locals[i]);
  for (let i = last - middle; i < last; i++) body.sortPair(locals[i], locals[last]);
}

function enlarge(size: Size): WasmFunction {
  const small = half(size);
  return wasmFunction('enlarge', ['i32', 'i32'], (body, coarse, out) => {
    const rowIn = 4 * strideOf(small);
    const rowOut = 8 * strideOf(size);
    const target = body.local(out);
    body.loop(int.of(0), int.of(rowIn * small.height), rowIn, (y) => {
      const to = body.local(target);
      body.loop(y, int.add(y, int.of(4 * small.width)), 16, (at) => {
        // Centres of the fine pixels lie a quarter before and after those of the coarse ones. The factor 2 of the flow
        // is in the weights down the columns: 2 * 3/4 and 2 * 1/4.
        for (const dy of [-1, 1]) {
          const column = (dx: number) =>
            vec.add(
              vec.mul(near(small, coarse, at, dx, 0), vec.of(1.5)),
              vec.mul(near(small, coarse, at, dx, dy), vec.of(0.5)),
            );
          const own = body.local(vec.mul(column(0), vec.of(0.75)));
          const before = body.local(vec.add(own, vec.mul(column(-1), vec.of(0.25))));
          const after = body.local(vec.add(own, vec.mul(column(1), vec.of(0.25))));
          const fineRow = dy === -1 ? 0 : 1;
          body.store(to, pixelOffset(size, 0, fineRow), vec.pick(before, after, [0, 4, 1, 5]));
          body.store(to, pixelOffset(size, 4, fineRow), vec.pick(before, after, [2, 6, 3, 7]));
        }
        body.set(to, int.add(to, int.of(32)));
      });
      body.set(target, int.add(target, int.of(rowOut)));
    });
  });
}

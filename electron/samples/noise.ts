// Repeatable randomness of the sample scenes: numbers from integers, nothing else.
// Role: hashes, lattice noise and a stream of random numbers. Limits: good enough for pictures, not for statistics.

/** Hash of three integers and a seed as a number in [0, 1). */
export function hash(x: number, y: number, z: number, seed: number): number {
  let h =
    Math.imul(x, 0x27d4eb2d) ^
    Math.imul(y, 0x165667b1) ^
    Math.imul(z, 0x9e3779b1) ^
    Math.imul(seed, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** Smooth noise over the plane in [0, 1]: lattice values blended with a cubic. */
export function noise(x: number, y: number, seed: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const u = fx * fx * (3 - 2 * fx);
  const v = fy * fy * (3 - 2 * fy);
  const top = hash(x0, y0, 0, seed) * (1 - u) + hash(x0 + 1, y0, 0, seed) * u;
  const bottom = hash(x0, y0 + 1, 0, seed) * (1 - u) + hash(x0 + 1, y0 + 1, 0, seed) * u;
  return top * (1 - v) + bottom * v;
}

/** Four octaves of `noise`, in [0, 1]. */
export function cloud(x: number, y: number, seed: number): number {
  return (
    0.5 * noise(x, y, seed) +
    0.25 * noise(2.03 * x, 2.03 * y, seed + 1) +
    0.15 * noise(4.1 * x, 4.1 * y, seed + 2) +
    0.1 * noise(8.3 * x, 8.3 * y, seed + 3)
  );
}

/** A stream of numbers in [0, 1) that depends on the seed alone. */
export function randomStream(seed: number): () => number {
  let n = 0;
  return () => hash(n++, 0x51ed, 7, seed);
}

/** `length` normally distributed values times `sigma`, rounded: the grain of a sensor. */
export function grain(length: number, sigma: number, seed: number): Int8Array {
  const values = new Int8Array(length);
  for (let i = 0; i < length; i += 2) {
    const r = sigma * Math.sqrt(-2 * Math.log(1 - hash(i, 1, 0, seed)));
    const angle = 2 * Math.PI * hash(i, 2, 0, seed);
    values[i] = Math.round(r * Math.cos(angle));
    if (i + 1 < length) values[i + 1] = Math.round(r * Math.sin(angle));
  }
  return values;
}

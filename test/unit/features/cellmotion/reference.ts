// The extractor once more, for tests: default-extractor.md section 2 pixel by pixel in float64, without care for speed.

export interface Picture {
  width: number;
  height: number;
  data: Float64Array;
}

type Border = (i: number, n: number) => number;
export const mirrored: Border = (i, n) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i);
export const extended: Border = (i, n) => Math.min(Math.max(i, 0), n - 1);

export function picture(width: number, height: number, value: (x: number, y: number) => number): Picture {
  const data = new Float64Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = value(x, y);
  return { width, height, data };
}

export function pixel(
  { width, height, data }: Picture,
  x: number,
  y: number,
  border: Border = mirrored,
): number {
  return data[border(y, height) * width + border(x, width)];
}

/** A new picture of the same size. */
const over = ({ width, height }: Picture, value: (x: number, y: number) => number) =>
  picture(width, height, value);

export function filter(image: Picture, weights: number[]): Picture {
  const reach = (weights.length - 1) / 2;
  const sum = (value: (i: number) => number) =>
    weights.reduce((total, w, i) => total + w * value(i - reach), 0);
  return over(image, (x, y) => sum((dy) => sum((dx) => pixel(image, x + dx, y + dy))));
}

const gauss = [-2, -1, 0, 1, 2].map((d) => Math.exp((-d * d) / 2));
export const GAUSS = gauss.map((w) => w / gauss.reduce((a, b) => a + b));
export const BINOMIAL = [1, 4, 6, 4, 1].map((w) => w / 16);

export function halved(image: Picture): Picture {
  const soft = filter(image, BINOMIAL);
  return picture(image.width / 2, image.height / 2, (x, y) => pixel(soft, 2 * x, 2 * y));
}

export const mean9 = (image: Picture) => filter(image, Array<number>(9).fill(1 / 9));

export function median25(image: Picture): Picture {
  return over(image, (x, y) => {
    const values: number[] = [];
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++) values.push(pixel(image, x + dx, y + dy, extended));
    return values.sort((a, b) => a - b)[12];
  });
}

/** Bilinear between pixel centres; beyond the border the border pixels. */
export function sample(image: Picture, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), image.width - 1);
  const cy = Math.min(Math.max(y, 0), image.height - 1);
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const row = (yy: number) => {
    const left = pixel(image, x0, yy, extended);
    return left + (cx - x0) * (pixel(image, x0 + 1, yy, extended) - left);
  };
  return row(y0) + (cy - y0) * (row(y0 + 1) - row(y0));
}

export function enlarged(image: Picture): Picture {
  return picture(
    2 * image.width,
    2 * image.height,
    (x, y) => 2 * sample(image, (x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5),
  );
}

export interface Motion {
  u: Picture;
  v: Picture;
}

const clip = (value: number) => Math.min(Math.max(value, -2), 2);

function refine(first: Picture, second: Picture, { u, v }: Motion): Motion {
  const gx = over(first, (x, y) => (pixel(first, x + 1, y) - pixel(first, x - 1, y)) / 2);
  const gy = over(first, (x, y) => (pixel(first, x, y + 1) - pixel(first, x, y - 1)) / 2);
  const product = (a: Picture, b: Picture) => mean9(over(a, (x, y) => pixel(a, x, y) * pixel(b, x, y)));
  const [xx, xy, yy] = [product(gx, gx), product(gx, gy), product(gy, gy)];
  let motion = { u, v };
  for (let i = 0; i < 2; i++) {
    const now = motion;
    const difference = over(
      first,
      (x, y) => sample(second, x + pixel(now.u, x, y), y + pixel(now.v, x, y)) - pixel(first, x, y),
    );
    const [bx, by] = [product(gx, difference), product(gy, difference)];
    const solved = (x: number, y: number) => {
      const [a, b, c] = [pixel(xx, x, y) + 50, pixel(xy, x, y), pixel(yy, x, y) + 50];
      const [p, q] = [pixel(bx, x, y), pixel(by, x, y)];
      const determinant = a * c - b * b;
      return { du: -(c * p - b * q) / determinant, dv: -(a * q - b * p) / determinant };
    };
    motion = {
      u: over(first, (x, y) => pixel(now.u, x, y) + clip(solved(x, y).du)),
      v: over(first, (x, y) => pixel(now.v, x, y) + clip(solved(x, y).dv)),
    };
  }
  return motion;
}

/** Flow between two blurred frames. */
export function flow(first: Picture, second: Picture): Motion {
  const firsts = [first, halved(first), halved(halved(first))];
  const seconds = [second, halved(second), halved(halved(second))];
  const still = picture(firsts[2].width, firsts[2].height, () => 0);
  let motion: Motion = { u: still, v: still };
  for (let level = 2; level >= 0; level--) {
    motion = refine(firsts[level], seconds[level], motion);
    if (level > 0) motion = { u: enlarged(median25(motion.u)), v: enlarged(median25(motion.v)) };
  }
  return motion;
}

/** `[48, 19]` of two blurred frames and the flow between them. */
export function describe(first: Picture, second: Picture, { u, v }: Motion): number[] {
  const vectors: number[] = [];
  for (let row = 0; row < 6; row++) {
    for (let column = 0; column < 8; column++) {
      const speeds: number[] = [];
      const speedBins = Array<number>(7).fill(0);
      const gradientBins = Array<number>(12).fill(0);
      for (let y = 20 * row; y < 20 * row + 20; y++) {
        for (let x = 20 * column; x < 20 * column + 20; x++) {
          const d = Math.abs(pixel(second, x, y) - pixel(first, x, y));
          const speed = Math.hypot(pixel(u, x, y), pixel(v, x, y));
          speeds.push(d > 6 ? speed : 0);
          if (d > 6) speedBins[[0.5, 1, 1.75, 2.5, 3.5, 5].filter((edge) => edge <= speed).length] += 1 / 400;
          if (d > 3) {
            const at = (dx: number, dy: number) => pixel(first, x + dx, y + dy);
            const gx = (at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1)) / 8;
            const gy = (at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1)) / 8;
            const g = Math.hypot(gx, gy);
            const theta = (Math.atan2(gy, gx) + Math.PI) % Math.PI;
            const orientation = Math.floor((4 * theta) / Math.PI + 0.5) % 4;
            const degrees = (Math.atan2(d / 2, g) * 180) / Math.PI;
            gradientBins[3 * orientation + (degrees < 22.5 ? 0 : degrees < 45 ? 1 : 2)] +=
              Math.hypot(g, d / 2) / 400;
          }
        }
      }
      const s95 = speeds.sort((a, b) => a - b)[380];
      for (const block of [speedBins, gradientBins]) {
        const length = Math.hypot(...block);
        vectors.push(...block.map((b) => (b / (length + 1e-6)) * s95));
      }
    }
  }
  return vectors;
}

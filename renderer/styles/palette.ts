// Token colours for canvases. Role: one reading of the CSS tokens per theme, and the score ramp as a function.
// Limits: read again after a theme change (`readPalette`); nothing here draws.
import { packRgba, type Rgba } from '../canvas/raster.ts';

const NAMES = [
  'bg-app',
  'bg-panel',
  'bg-raised',
  'bg-active',
  'line-soft',
  'line',
  'line-strong',
  'ink',
  'ink-2',
  'ink-3',
  'ink-off',
  'accent',
  'accent-fill',
  'accent-wash',
  'human',
  'human-fill',
  'on-human',
  'rule-fill',
  'model',
  'model-fill',
  'on-model',
  'truth',
  'warn',
  'bad',
  'threshold',
  'playhead',
  'stage',
  'halo',
  'pic-hot',
  'pic-ink',
  'pic-plate',
  'm-gcl',
  'm-c2fpl',
  'm-wocc',
  'm-ws',
  'm-cu',
  'c-0',
  'c-1',
  'c-2',
  'c-3',
  'c-4',
  'c-5',
  'c-6',
  'c-7',
] as const;

export type ColourName = (typeof NAMES)[number];
type Rgb = readonly [number, number, number];

/** Colour of a class, by its number. */
export const classColour = (n: number): ColourName => `c-${(n % 8) as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;

export interface Palette {
  colour(name: ColourName): string;
  /** A token colour with an opacity in [0, 1]. */
  alpha(name: ColourName, opacity: number): string;
  /** The score ramp: six stops, linear in between; `score` is clamped to [0, 1]. */
  ramp(score: number): string;
  /** The same as memory of a raster. */
  rgba(name: ColourName, opacity?: number): Rgba;
  rampRgba(score: number, opacity?: number): Rgba;
}

/** `#rrggbb` as numbers in [0, 255]. */
export function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1, 7), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Colour of `score` on evenly spaced `stops`, interpolated in sRGB; scores outside [0, 1] and NaN are clamped. */
export function rampColour(stops: readonly Rgb[], score: number): Rgb {
  const position = (Number.isNaN(score) ? 0 : Math.min(1, Math.max(0, score))) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(position));
  const share = position - index;
  const mix = (k: 0 | 1 | 2) => Math.round(stops[index][k] + (stops[index + 1][k] - stops[index][k]) * share);
  return [mix(0), mix(1), mix(2)];
}

const RAMP_STEPS = 256;

let last: { theme: string | undefined; palette: Palette } | null = null;

/** The tokens that hold now, read once per theme: it costs one style computation. */
export function readPalette(): Palette {
  const { theme } = document.documentElement.dataset;
  if (last === null || last.theme !== theme) last = { theme, palette: tokensNow() };
  return last.palette;
}

function tokensNow(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colours = new Map<ColourName, string>(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  );
  const stops = [0, 1, 2, 3, 4, 5].map((i) => parseHex(style.getPropertyValue(`--score-${i}`).trim()));
  const steps = Array.from({ length: RAMP_STEPS }, (_, i) => rampColour(stops, i / (RAMP_STEPS - 1)));
  const ramp = steps.map((rgb) => `rgb(${rgb.join(' ')})`);
  const packed = Uint32Array.from(steps, ([r, g, b]) => packRgba(r, g, b, 0));
  const stepOf = (score: number) =>
    Math.min(RAMP_STEPS - 1, Math.max(0, Math.round(score * (RAMP_STEPS - 1)) || 0));
  return {
    colour: (name) => colours.get(name)!,
    alpha: (name, opacity) => `rgb(${parseHex(colours.get(name)!).join(' ')} / ${opacity})`,
    ramp: (score) => ramp[stepOf(score)],
    rgba: (name, opacity = 1) => {
      const [r, g, b] = parseHex(colours.get(name)!);
      return packRgba(r, g, b, opacity);
    },
    rampRgba: (score, opacity = 1) => (packed[stepOf(score)] | (Math.round(opacity * 255) << 24)) >>> 0,
  };
}

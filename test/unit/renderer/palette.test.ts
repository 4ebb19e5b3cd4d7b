import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseHex, rampColour } from '../../../renderer/styles/palette.ts';

const css = readFileSync(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8');
const [dark, light] = css.split('[data-theme="light"]');
const token = (theme: string, name: string) => theme.match(new RegExp(`--${name}: (#[0-9a-f]{6})`))![1];
const luminance = (rgb: readonly number[]) => {
  const [r, g, b] = rgb.map((v) =>
    v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string) => {
  const [x, y] = [luminance(parseHex(a)), luminance(parseHex(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

it('interpolates between the stops and clamps outside', () => {
  const stops = [parseHex('#000000'), parseHex('#102030'), parseHex('#ffffff')];
  expect(rampColour(stops, 0.25)).toEqual([8, 16, 24]);
  expect(rampColour(stops, -1)).toEqual([0, 0, 0]);
  expect(rampColour(stops, 9)).toEqual([255, 255, 255]);
  expect(rampColour(stops, Number.NaN)).toEqual([0, 0, 0]);
});

describe.each([
  ['dark', dark],
  ['light', light],
])('%s tokens', (name, theme) => {
  it('have a ramp whose lightness goes one way only', () => {
    const stops = [0, 1, 2, 3, 4, 5].map((i) => parseHex(token(theme, `score-${i}`)));
    const tones = Array.from({ length: 51 }, (_, i) => luminance(rampColour(stops, i / 50)));
    for (let i = 1; i < tones.length; i++)
      expect((tones[i] - tones[i - 1]) * (name === 'dark' ? 1 : -1)).toBeGreaterThan(0);
  });
  it('write the names of classes so that they can be read', () => {
    for (let n = 0; n < 8; n++)
      for (const ground of ['bg-panel', 'bg-hover'])
        expect(contrast(token(theme, `c-${n}`), token(theme, ground)), `c-${n}`).toBeGreaterThanOrEqual(4.5);
  });
  it('give text enough contrast on every surface', () => {
    for (const ground of ['bg-app', 'bg-panel', 'bg-raised', 'bg-hover', 'bg-input']) {
      for (const text of ['ink', 'ink-2', 'ink-3', 'accent', 'human', 'rule', 'model', 'warn', 'bad']) {
        expect(
          contrast(token(theme, text), token(theme, ground)),
          `${text} on ${ground}`,
        ).toBeGreaterThanOrEqual(4.5);
      }
    }
    for (const wash of ['human', 'rule', 'model', 'warn', 'bad', 'accent']) {
      expect(contrast(token(theme, wash), token(theme, `${wash}-wash`)), wash).toBeGreaterThanOrEqual(4.5);
    }
  });
});

// Which runs fired on a stretch, and how much each of them counts.
import { expect, it } from 'vitest';
import { explain } from '../../../electron/api/quality/explain.ts';
import { setRule } from '../../../electron/api/review/set-rule.ts';
import { calls, explanation } from '../../../shared/contract/index.ts';
import { drawn, look, RULE, sampledProject, secondRun } from './sampled.ts';

it('names the runs with what they reached where, under the rule that holds for the video', async () => {
  const p = await sampledProject();
  const videoId = p.videoIds[1];
  const other = secondRun(p, (score) => score / 2, 'rarity');
  const own = p.scores.get(videoId)!;
  const top = own.indexOf(Math.max(...own));
  const range = { start: Math.max(0, 16 * (top - 2)), end: 16 * (top + 3) };
  const ask = (more: object = {}) =>
    explanation.parse(
      explain(p.project, calls['quality.explain'].input.parse({ videoId, ...range, ...more })),
    );
  const before = ask();
  expect(before.voices.map((voice) => [voice.runId, voice.method, voice.weight])).toEqual([
    [p.runId, 'c2fpl', null],
    [other, 'rarity', null],
  ]);
  expect(before.voices[0].max).toBeCloseTo(own[top], 6);
  const inside = before.voices[0].fired.some(({ start, end }) => start <= 16 * top && 16 * top < end);
  expect(inside).toBe(true);
  expect(before.voices[1]).toMatchObject({ on: 0.5, fired: [] });
  expect(before.samples).toBeLessThan(before.needed);

  setRule(
    p.store,
    calls['runs.setRule'].input.parse({
      id: other,
      scope: { kind: 'video', videoId },
      rule: { ...RULE, on: own[top] / 2, off: 0.1 },
    }),
  );
  expect(ask().voices[1].fired).toContainEqual({ start: 16 * top, end: 16 * (top + 1) });

  for (const unit of [...drawn(p, 'events', 40), ...drawn(p, 'probes', 40)]) look(p, unit);
  const weighed = ask();
  expect(weighed.samples).toBe(80);
  // The same order of scores: the same weight.
  expect(weighed.voices[0].weight).toBeGreaterThan(0.5);
  expect(weighed.voices[1].weight).toBeCloseTo(weighed.voices[0].weight!, 6);
  expect(ask({ pass: 2 }).voices.map((voice) => voice.weight)).toEqual([null, null]);
  expect(() => ask({ start: 5, end: 5 })).toThrow(/are not in/);
  expect(() => ask({ end: 1e6 })).toThrow(/are not in/);
});

// Pose files and segments against closed forms.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_DETECTION_FILE, readDetectionFile } from '../../../../electron/features/detections/read.ts';
import { poseClip, poseVideoName } from '../../../../electron/features/poses/names.ts';
import { parsePoses } from '../../../../electron/features/poses/read.ts';
import { JOINTS, poseInput, poseSegments } from '../../../../electron/features/poses/segments.ts';

/** Keypoint k of frame f lies at (10 k + f, 100 + k * f) with confidence k / 100. */
const keypoints = (frame: number): number[] =>
  Array.from({ length: 17 }, (_, k) => [10 * k + frame, 100 + k * frame, k / 100]).flat();

const track = (frames: readonly number[], pad = 0): Record<string, unknown> =>
  Object.fromEntries(
    frames.map((f) => [String(f).padStart(pad, '0'), { keypoints: keypoints(f), scores: f / 2 }]),
  );

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const parse = (value: unknown) => parsePoses(JSON.stringify(value), 'a.json');

describe('pose files', () => {
  it('are read with persons and frames in numeric order, padded or not', () => {
    const persons = parse({ 10: track([9, 100, 11]), 2: track([3], 4) });
    expect(persons.map(({ id }) => id)).toEqual([2, 10]);
    expect(Array.from(persons[1].frames)).toEqual([9, 11, 100]);
    expect(Array.from(persons[1].scores)).toEqual([4.5, 5.5, 50]);
    expect(Array.from(persons[1].keypoints.subarray(51, 54))).toEqual([11, 100, 0]);
  });

  it('may bring a person in pieces, and without scores', () => {
    const [person] = parse({ 1: [track([4, 5]), { 3: { keypoints: keypoints(3), scores: null } }] });
    expect(Array.from(person.frames)).toEqual([3, 4, 5]);
    expect(Array.from(person.scores)).toEqual([0, 2, 2.5]);
  });

  it('may hold nobody', () => {
    expect(parse({})).toEqual([]);
    expect(poseSegments([], 24, 6).count).toBe(0);
  });

  it.each([
    ['half a file', '{"1": {"0"', /a\.json is not readable JSON/],
    [
      'a missing number',
      JSON.stringify({ 7: { 12: { keypoints: [1, 2], scores: 1 } } }),
      /person 7.*12.*51 numbers/,
    ],
    [
      'text for a number',
      JSON.stringify({ 7: { 12: { keypoints: keypoints(1).with(5, 'x' as never) } } }),
      /person 7.*12/,
    ],
    ['another list', JSON.stringify([{ image_id: '0.jpg' }]), /a\.json is not a pose file/],
    ['a name for a person', JSON.stringify({ someone: {} }), /whole number/],
  ])('are refused with %s', (_, text, message) => {
    expect(() => parsePoses(text, 'a.json')).toThrow(message);
  });

  it('are refused above the limit without being read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'poses-'));
    const path = join(folder, 'large.json');
    writeFileSync(path, '');
    truncateSync(path, MAX_DETECTION_FILE + 1);
    await expect(readDetectionFile(path, null)).rejects.toThrow(/large\.json has 256 MiB/);
    rmSync(folder, { recursive: true });
  });

  it('tell their video, scene and clip by their name', () => {
    expect(poseVideoName('01_0014_alphapose_tracked_person.json')).toBe('01_0014');
    expect(poseClip('normal_scene_4_scenario_2_alphapose_tracked_person.json', 'UBnormal')).toEqual({
      scene: 4,
      clip: 'normal_2',
    });
    expect(() => poseClip('walk.json', 'ShanghaiTech')).toThrow(/walk\.json is not named/);
  });
});

describe('pose segments', () => {
  const segments = (frames: readonly number[], length: number, stride: number) =>
    poseSegments(parse({ 5: track(frames) }), length, stride);

  it('leave out the last possible begin', () => {
    expect(segments(range(0, 24), 24, 1).count).toBe(0);
    expect(segments(range(0, 30), 24, 1).count).toBe(6);
    expect(Array.from(segments(range(8, 50), 24, 6).firstFrame)).toEqual([8, 14, 20]);
  });

  it('may miss two frames and not three', () => {
    const without = (...missing: number[]) => range(0, 22).filter((f) => !missing.includes(f));
    expect(segments(without(5, 9), 16, 100).count).toBe(1);
    expect(segments(without(5, 9, 11), 16, 100).count).toBe(0);
  });

  it('put the neck between the shoulders and order joints from nose to left ear', () => {
    const { joints } = segments(range(0, 17), 16, 1);
    const first = Array.from(joints.subarray(0, JOINTS));
    expect(first).toEqual([0, 55, 60, 80, 100, 50, 70, 90, 120, 140, 160, 110, 130, 150, 20, 10, 40, 30]);
  });

  it('are centred, have height deviation 1, and mirror', () => {
    const cut = segments(range(0, 17), 16, 1);
    const points = 16 * JOINTS;
    const input = poseInput(cut);
    const [x, y] = [input.subarray(0, points), input.subarray(points)];
    const mean = (a: Float32Array) => a.reduce((sum, v) => sum + v, 0) / a.length;
    expect(mean(x)).toBeCloseTo(0, 5);
    expect(mean(y)).toBeCloseTo(0, 5);
    expect(mean(y.map((v) => v * v))).toBeCloseTo(1, 5);
    const mirrored = poseInput(cut, true);
    for (let i = 0; i < points; i++) {
      expect(mirrored[i]).toBeCloseTo(-x[i], 5);
      expect(mirrored[points + i]).toBe(y[i]);
    }
  });

  it('stay finite where all points have one height', () => {
    const flat = Object.fromEntries(
      range(0, 17).map((f) => [f, { keypoints: keypoints(f).map((v, i) => (i % 3 === 1 ? 7 : v)) }]),
    );
    const input = poseInput(poseSegments(parse({ 1: flat }), 16, 1));
    expect(input.every(Number.isFinite)).toBe(true);
  });
});

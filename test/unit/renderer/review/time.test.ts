import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeScores, labelledRanges } from '../../../../renderer/features/review/data.ts';
import { eventAt, peakOf } from '../../../../renderer/features/review/session.ts';
import { nominalTable, rulerDigits, secondsTo, timecode } from '../../../../renderer/features/review/time.ts';
import { layoutOf, rowAt } from '../../../../renderer/features/review/timeline/layout.ts';
import { AppError } from '../../../../shared/errors.ts';
import { frameAt, seekTimeOf } from '../../../../shared/labels/frame-table.ts';

describe('times', () => {
  it('are written as people read them', () => {
    expect([0, 138.2, 0.28, 59.9999, 3723.04].map((s) => timecode(s))).toEqual([
      '0:00.000',
      '2:18.200',
      '0:00.280',
      '0:59.999',
      '1:02:03.040',
    ]);
    expect([timecode(59.99, 0), timecode(138.25, 1)]).toEqual(['0:59', '2:18.2']);
    expect([60, 1, 0.4, 0.04, 0.001].map(rulerDigits)).toEqual([0, 0, 1, 2, 3]);
  });

  it('count from the first frame, also when the file starts late', () => {
    const table = {
      pts: Float64Array.of(90, 93, 99),
      timeBaseNum: 1,
      timeBaseDen: 90,
      endPts: 108,
      key: new Uint8Array(3),
    };
    expect([0, 1, 2, 3].map((n) => secondsTo(table, n))).toEqual(
      [0, 3 / 90, 9 / 90, 18 / 90].map((s) => expect.closeTo(s, 12)),
    );
  });

  it('come from a nominal table that has every frame, at any rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 60_000 }),
        fc.integer({ min: 0, max: 1001 }),
        (n, num, den) => {
          const table = nominalTable(n, num, den);
          for (const frame of [0, n >> 1, n - 1])
            expect(frameAt(table, seekTimeOf(table, frame))).toBe(frame);
        },
      ),
    );
  });
});

describe('data of the open video', () => {
  it('reads scores and refuses what is none', () => {
    const bytes = new Uint8Array(Float32Array.of(0.25, 1).buffer);
    expect(decodeScores(bytes)).toEqual(Float32Array.of(0.25, 1));
    expect(() => decodeScores(bytes.slice(0, 7))).toThrow(AppError);
    expect(() => decodeScores(new Uint8Array(Float32Array.of(NaN).buffer))).toThrow(AppError);
  });

  it('turns labels of segments into frames; the last segment reaches to the end', () => {
    expect(labelledRanges(Uint8Array.of(0, 1, 1, 0, 1), 90)).toEqual([
      { start: 16, end: 48 },
      { start: 64, end: 90 },
    ]);
    expect(labelledRanges(Uint8Array.of(1), 5)).toEqual([{ start: 0, end: 5 }]);
  });

  it('finds the event at a frame and the peak of an event', () => {
    const events = [
      { start: 16, end: 48 },
      { start: 64, end: 90 },
    ];
    expect(eventAt(events, 47)).toEqual({ event: events[0], index: 0 });
    expect(eventAt(events, 48)).toBeNull();
    expect(eventAt(events, null)).toBeNull();
    expect(peakOf(Float32Array.of(0.1, 0.6, 0.9, 0.2, 0.7), events[0])).toBe(32);
    expect(peakOf(Float32Array.of(0.1, 0.6, 0.9, 0.2, 0.7), events[1])).toBe(64);
  });
});

describe('rows of the timeline', () => {
  const input = {
    windowHeight: 900,
    pictures: true,
    labels: true,
    consensus: true,
    uncertainty: true,
    runIds: [4, 9],
    layerIds: ['human', 'truth'],
  };

  it('lie below one another without overlap', () => {
    const { rows, height } = layoutOf(input);
    expect(rows.map((r) => r.kind)).toEqual([
      'ruler',
      'pictures',
      'curve',
      'labels',
      'consensus',
      'run',
      'run',
      'uncertainty',
      'layer',
      'layer',
      'overview',
    ]);
    for (let i = 1; i < rows.length; i++) expect(rows[i].y).toBe(rows[i - 1].y + rows[i - 1].height + 1);
    expect(height).toBe(rows.at(-1)!.y + rows.at(-1)!.height);
  });

  it('are thinner in a low window and leave out what there is not', () => {
    expect(layoutOf({ ...input, windowHeight: 800 }).height).toBeLessThan(layoutOf(input).height);
    expect(
      layoutOf({
        windowHeight: 900,
        pictures: false,
        labels: false,
        consensus: false,
        uncertainty: false,
        runIds: [],
        layerIds: [],
      }).rows.map((r) => r.kind),
    ).toEqual(['ruler', 'curve', 'overview']);
  });

  it('are found by their y, and nothing on a line between them', () => {
    const layout = layoutOf(input);
    for (const row of layout.rows) expect(rowAt(layout, row.y + row.height - 1)).toBe(row);
    expect(rowAt(layout, layout.rows[1].y - 1)).toBeNull();
  });
});

// Estimates over a real project: which verdicts enter, and that they come near what is true.
import { describe, expect, it } from 'vitest';
import { qualityReport } from '../../../electron/api/quality/estimate.ts';
import type { QualityOutcome } from '../../../shared/contract/index.ts';
import { qualityReport as schema } from '../../../shared/contract/index.ts';
import { eventsOf } from '../../../shared/labels/events.ts';
import { drawn, look, RULE, type SampledProject, sampledProject } from './sampled.ts';

const report = async ({ project, runId }: SampledProject, more: object = {}) =>
  schema.parse(
    await qualityReport(project, { runId, rule: null, ownRules: null, curve: false, width: 0.1, ...more }),
  );

/** What precision and recall of "score >= on" really are. */
function real({ scores, truth }: SampledProject, on = RULE.on) {
  let [above, hits, positives] = [0, 0, 0];
  for (const [videoId, own] of scores) {
    for (const [k, score] of own.entries()) {
      const anomalous = truth.get(videoId)![k];
      positives += anomalous;
      if (score < on) continue;
      above++;
      hits += anomalous;
    }
  }
  return { precision: hits / above, recall: hits / positives };
}

const holds = (outcome: QualityOutcome, value: number) =>
  outcome.known && outcome.low <= value && value <= outcome.high;

describe('estimates', () => {
  it('from reviewed events and probes hold what is true, also for another threshold', async () => {
    const p = await sampledProject();
    expect((await report(p)).at.precision).toEqual({ known: false, reason: 'few', n: 0, needed: 20 });
    for (const unit of drawn(p, 'events', 80)) look(p, unit);
    for (const unit of drawn(p, 'probes', 80)) look(p, unit);
    const now = await report(p, { curve: true });
    const truth = real(p);
    expect(now.samples).toMatchObject({ draws: 2, drawn: 160, decided: 160, unsure: 0, otherVerdicts: 0 });
    expect(holds(now.at.precision, truth.precision)).toBe(true);
    expect(holds(now.at.recall, truth.recall)).toBe(true);
    expect(now.at.labelled + now.at.unlabelled).toBe(3000);
    const higher = await report(p, { rule: { ...RULE, on: 0.6, off: 0.6 } });
    expect(holds(higher.at.precision, real(p, 0.6).precision)).toBe(true);
    expect(holds(higher.at.recall, real(p, 0.6).recall)).toBe(true);
    expect(higher.acceptedBelow).toBeGreaterThan(0);
    expect(now.curve).toHaveLength(41);
    expect(now.curve[24]).toMatchObject({ on: 0.6, events: higher.at.events, labelled: higher.at.labelled });
    expect(now.needed.precision).toBeGreaterThan(0);
  });

  it('never use verdicts that were not drawn, however many there are', async () => {
    const p = await sampledProject();
    const events = [...p.scores].flatMap(([videoId, own]) =>
      eventsOf(own, own.length * 16, RULE).map((event) => ({ videoId, ...event })),
    );
    for (const event of events.toSorted((a, b) => b.max - a.max).slice(0, 60)) look(p, event);
    const queue = await report(p);
    expect(queue.samples).toMatchObject({ drawn: 0, decided: 0, otherVerdicts: 60 });
    expect(queue.at.precision).toMatchObject({ known: false, reason: 'few', n: 0 });
    // A draw that was made but not followed: its units with high scores are decided, and still say nothing.
    drawn(p, 'events', 100);
    const ignored = await report(p);
    expect(ignored.samples.decided).toBeLessThan(5);
    expect(ignored.at.precision.known).toBe(false);
  });

  it('count the beginning of a draw that was stopped early', async () => {
    const p = await sampledProject();
    for (const unit of drawn(p, 'events', 100).slice(0, 40)) look(p, unit);
    const now = await report(p);
    expect(now.samples).toMatchObject({ drawn: 40, decided: 40 });
    expect(holds(now.at.precision, real(p).precision)).toBe(true);
    expect(now.at.recall).toMatchObject({ known: false, reason: 'few', needed: 20 });
  });

  it('speak of cameras only where there are enough samples', async () => {
    const p = await sampledProject();
    p.store.videos.setCamera(p.videoIds.slice(0, 3), 'Gate');
    p.store.videos.setCamera(p.videoIds.slice(3), 'Yard');
    p.project.scores.forget();
    const units = drawn(p, 'events', 60);
    for (const unit of units) look(p, unit);
    const { cameras } = await report(p);
    const yard = units.filter((unit) => unit.videoId === p.videoIds[3]).length;
    expect(cameras.map((c) => [c.name, c.videos, c.decided])).toEqual([
      ['Gate', 3, 60 - yard],
      ['Yard', 1, yard],
    ]);
    expect(cameras[0].precision.known).toBe(true);
    expect(cameras[1].precision.known).toBe(yard >= 20);
  });

  it('refuse draws from something else than events of a run', async () => {
    const p = await sampledProject();
    const [videoId] = p.videoIds;
    p.store.review.keepDraw({ runId: p.runId, purpose: 'events', seed: 9, rule: RULE, units: 3 }, [
      { position: 0, videoId, start: 8, end: 40, score: 0.5, stratum: 0, stratumUnits: 3 },
    ]);
    expect((await report(p)).samples).toMatchObject({ draws: 0, unusable: 1 });
  });
});

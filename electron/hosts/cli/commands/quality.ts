// `quality`: how good the labels of a run are, from random samples that people reviewed.
import type { QualityOutcome, QualityReport } from '../../../../shared/contract/index.ts';
import type { Io } from '../io.ts';
import { findRun } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, duration, table } from '../text.ts';

export interface QualityOptions extends ProjectOptions {
  run?: string;
  on?: number;
  width: number;
  curve?: boolean;
}

const digits = (value: number): string => value.toFixed(2);

/** `0.86 (0.81 to 0.90), 118 sampled`, or why there is no number. */
function words(outcome: QualityOutcome): string {
  if (outcome.known)
    return `${digits(outcome.value)} (${digits(outcome.low)} to ${digits(outcome.high)}), ${count(outcome.n)} sampled`;
  if (outcome.reason === 'none') return 'not known: nothing anomalous was found in the samples';
  if (outcome.reason === 'uncovered') return 'not known: no sample was drawn from a part of these segments';
  return `not enough data: ${count(outcome.n)} sampled, ${count(outcome.needed)} more needed`;
}

function textOf(name: string, report: QualityReport): string {
  const { at, samples, needed } = report;
  const more = (what: string, n: number | null) =>
    n === null ? [] : [`${what}: ${n === 0 ? 'narrow enough' : `about ${counted(n, 'more review')}`}`];
  const widths = [...more('precision', needed.precision), ...more('recall', needed.recall)];
  const lines = [
    `${name} at a threshold of ${report.rule.on}: ${counted(at.events, 'event')}, ${duration(at.seconds)} to watch.`,
    `Precision  ${words(at.precision)}`,
    `Recall     ${words(at.recall)}`,
    `Anomalous  ${words(report.prevalence)}`,
    `From ${counted(samples.decided, 'reviewed sample')} of ${counted(samples.draws, 'random draw')}; intervals are 90 %, counted in segments of 16 frames.`,
    `Not used: ${counted(samples.otherVerdicts, 'verdict')} that no draw asked for, ${counted(samples.byRule, 'event')} decided by rule, ${count(samples.unsure)} unsure.`,
  ];
  if (samples.unusable > 0)
    lines.push(
      `${counted(samples.unusable, 'draw')} cannot be used: what they were drawn from is not known any more.`,
    );
  if (widths.length > 0) lines.push(`For intervals ${digits(needed.width)} wide: ${widths.join('; ')}.`);
  if (samples.decided === 0)
    lines.push(
      'Review the queue in random order, or its probes below the threshold, and the estimates appear.',
    );
  const rows = [...report.cameras, ...report.folders];
  if (rows.length > 0) {
    const cells = rows.map((row) => [
      row.name || '(top folder)',
      count(row.videos),
      count(row.decided),
      words(row.precision),
      words(row.recall),
    ]);
    lines.push(
      '',
      table([['camera or folder', 'videos', 'sampled', 'precision', 'recall'], ...cells], [1, 2]),
    );
  }
  if (report.curve.length > 0) {
    const cells = report.curve.map((p) => [
      digits(p.on),
      count(p.events),
      duration(p.seconds),
      p.precision.known ? digits(p.precision.value) : '-',
      p.recall.known ? digits(p.recall.value) : '-',
    ]);
    lines.push('', table([['on', 'events', 'to watch', 'precision', 'recall'], ...cells], [0, 1, 2, 3, 4]));
  }
  return lines.join('\n');
}

/** Estimates without ground truth, at the threshold of the run or at another one. */
export function quality(io: Io, options: QualityOptions): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const run = await findRun(engine, options.run);
    const { on, width, curve = false } = options;
    const rule = on === undefined ? null : { ...run.rule, on, off: Math.min(run.rule.off, on) };
    const report = await engine.call('quality.estimate', { runId: run.id, rule, width, curve });
    io.result({ run: { id: run.id, name: run.name }, ...report }, textOf(run.name, report));
  });
}

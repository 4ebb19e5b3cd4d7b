// `quality`: how good the labels of a run are, from random samples that people reviewed.
import type { CalibrationReport, QualityOutcome, QualityReport } from '../../../../shared/contract/index.ts';
import { type Io, usageError } from '../io.ts';
import { findRun } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, duration, table } from '../text.ts';

export interface QualityOptions extends ProjectOptions {
  run?: string;
  on?: number;
  width: number;
  curve?: boolean;
  calibrate?: CalibrationReport['calibration']['kind'];
  /** Folder to write probabilities into. */
  probabilities?: string;
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
    n === null
      ? []
      : [
          `${what}: ${n === 0 ? 'narrow enough' : n >= needed.left ? `all ${count(n)} that are left` : `about ${counted(n, 'more review')}`}`,
        ];
  const widths = [...more('precision', needed.precision), ...more('recall', needed.recall)];
  const lines = [
    `${name} at a threshold of ${report.rule.on.toFixed(3)}: ${counted(at.events, 'event')}, ${duration(at.seconds)} to watch.`,
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

function calibrationText({ calibration, before, after }: CalibrationReport): string {
  const how =
    calibration.kind === 'platt'
      ? `1 / (1 + exp(${calibration.slope.toFixed(4)} score + ${calibration.offset.toFixed(4)}))`
      : `${calibration.knots.length} steps`;
  return `Probabilities from ${counted(calibration.n, 'reviewed sample')}, ${calibration.kind}: ${how}. Mean error on samples left out ${digits(after.error)}, of the scores as they are ${digits(before.error)}.`;
}

/** Estimates without ground truth, at the threshold of the run or at another one. */
export function quality(io: Io, options: QualityOptions): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const run = await findRun(engine, options.run);
    const { on, width, curve = false } = options;
    const rule = on === undefined ? null : { ...run.rule, on, off: Math.min(run.rule.off, on) };
    const report = await engine.call('quality.estimate', { runId: run.id, rule, width, curve });
    const { calibrate: kind, probabilities } = options;
    if (probabilities !== undefined && kind === undefined)
      throw usageError('--probabilities needs --calibrate isotonic or --calibrate platt.');
    const calibrated = kind && (await engine.call('quality.calibration', { runId: run.id, kind }));
    let folder: string | null = null;
    if (kind !== undefined && probabilities !== undefined) {
      const { grant } = await engine.grant(probabilities);
      const written = await engine.call('quality.writeProbabilities', { runId: run.id, kind, grant });
      folder = written.folder;
      io.note(`Wrote ${counted(written.files.length, 'file')} to ${folder}`);
    }
    io.result(
      {
        run: { id: run.id, name: run.name },
        ...report,
        ...(calibrated && { calibration: calibrated }),
        ...(folder !== null && { probabilities: folder }),
      },
      [textOf(run.name, report), ...(calibrated ? [calibrationText(calibrated)] : [])].join('\n'),
    );
  });
}

// What the verdicts so far say about the rest. Role: the chance that an event is right, from verdicts on events with
// similar scores; what to expect of the labels now and after a queue. Limits: an expectation to plan time with, not an
// estimate: events were not looked at in random order. Estimates rest on drawn samples alone.
import type { QueueItem, QueueOutlook } from '../../../shared/contract/index.ts';

export type Judged = Pick<QueueItem, 'max' | 'verdict' | 'by' | 'videoId' | 'start' | 'end'>;

/** Below this many verdicts nothing is said. */
const FEWEST = 20;
const BINS = 5;
/** Weight of the overall share of accepted events in each bin, in verdicts. */
const PRIOR = 2;
/** Half width of a 90 % interval in standard deviations. */
const Z90 = 1.645;

interface Bin {
  /** Highest score of the bin. */
  to: number;
  mean: number;
  variance: number;
}

function binsOf(events: readonly Judged[]): { bins: Bin[]; verdicts: number } {
  const sorted = [...events].sort((a, b) => a.max - b.max);
  const decided = events.filter(
    (e) => e.by === 'human' && (e.verdict === 'accepted' || e.verdict === 'rejected'),
  );
  const accepted = decided.filter((e) => e.verdict === 'accepted').length;
  const overall = (accepted + 1) / (decided.length + 2);
  const bins: Bin[] = [];
  for (let b = 0; b < BINS; b++) {
    const from = Math.floor((b * sorted.length) / BINS);
    const to = Math.floor(((b + 1) * sorted.length) / BINS);
    const last = sorted[to - 1];
    if (from >= to || !last) continue;
    const part = sorted.slice(from, to).filter((e) => e.by === 'human');
    const yes = part.filter((e) => e.verdict === 'accepted').length + PRIOR * overall;
    const no = part.filter((e) => e.verdict === 'rejected').length + PRIOR * (1 - overall);
    const n = yes + no;
    bins.push({ to: last.max, mean: yes / n, variance: (yes * no) / (n * n * (n + 1)) });
  }
  return { bins, verdicts: decided.length };
}

const binAt = (bins: readonly Bin[], score: number): Bin =>
  bins.find((bin) => score <= bin.to) ?? bins[bins.length - 1] ?? { to: 1, mean: 0.5, variance: 0.08 };

/**
 * The chance that an event with this highest score is accepted: the share of accepted ones among reviewed events with
 * similar scores; before there are 20 verdicts, one half at the threshold and rising to one.
 * @param onOf the threshold of the rule that holds for an event's video
 */
export function chanceOf(
  events: readonly Judged[],
  onOf: (event: Judged) => number,
): (event: Judged) => number {
  const { bins, verdicts } = binsOf(events);
  if (verdicts >= FEWEST) {
    // Within a bin events are told apart by how near to the threshold they lie.
    return ({ max }) => binAt(bins, max).mean + 1e-6 * max;
  }
  const top = events.reduce((most, e) => Math.max(most, e.max), 0);
  return (event) => {
    const on = onOf(event);
    return 0.5 + (0.5 * Math.max(0, event.max - on)) / Math.max(1e-9, top - on);
  };
}

/**
 * Share of right events among the labels in use, now and when those in `queued` are decided.
 * @param keyOf names an event, as in `queued`
 */
export function outlookOf(
  events: readonly Judged[],
  queued: ReadonlySet<string>,
  keyOf: (event: Judged) => string,
): QueueOutlook {
  const { bins, verdicts } = binsOf(events);
  if (verdicts < FEWEST) return { verdicts, before: null, after: null };
  const accepted = events.filter((e) => e.by === 'human' && e.verdict === 'accepted').length;
  const open = events.filter((e) => e.by !== 'human' && e.verdict !== 'rejected');
  const share = (rest: readonly Judged[], sure: number) => {
    const perBin = new Map<Bin, number>();
    for (const event of rest) {
      const bin = binAt(bins, event.max);
      perBin.set(bin, (perBin.get(bin) ?? 0) + 1);
    }
    let [right, variance] = [0, 0];
    for (const [bin, n] of perBin) {
      right += n * bin.mean;
      variance += n * n * bin.variance + n * bin.mean * (1 - bin.mean);
    }
    const all = sure + rest.length;
    const half = (Z90 * Math.sqrt(variance)) / Math.max(1, all);
    const value = all === 0 ? 1 : (sure + right) / all;
    return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
  };
  const kept = open.filter((event) => !queued.has(keyOf(event)));
  const found = open
    .filter((event) => queued.has(keyOf(event)))
    .reduce((sum, event) => sum + binAt(bins, event.max).mean, 0);
  return { verdicts, before: share(open, accepted), after: share(kept, accepted + found) };
}

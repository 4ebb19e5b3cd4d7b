// Bulk verdicts by rule: what a rule is about, in words, and which events it takes.
// Role: population, sentence, sample to look at before. Limits: nobody looked at these events, so they are rows of the
// rule layer and never count as reviewed.
import type { ParsedInput, QueueFilter, QueueItem, Verdict } from '../../../shared/contract/index.ts';
import { mixed } from './draws.ts';

type BulkInput = ParsedInput<'review.bulk'>;

/** Events shown before a rule is applied. */
export const SAMPLE = 12;

const VERBS: Record<Verdict, string> = { accepted: 'Accept', rejected: 'Reject', unsure: 'Unsure about' };
const two = (score: number): string => score.toFixed(2).replace(/^0/, '');

/** The conditions of a filter as words; empty for none. */
function conditions(filter: QueueFilter): string[] {
  const { minScore, maxScore, minFrames, maxFrames, cameras, tags, path } = filter;
  return [
    minScore !== null && maxScore !== null
      ? `with a score from ${two(minScore)} to ${two(maxScore)}`
      : minScore !== null
        ? `with a score of at least ${two(minScore)}`
        : maxScore !== null
          ? `with a score of at most ${two(maxScore)}`
          : '',
    minFrames !== null && maxFrames !== null
      ? `of ${minFrames} to ${maxFrames} frames`
      : minFrames !== null
        ? `of at least ${minFrames} frames`
        : maxFrames !== null
          ? `of at most ${maxFrames} frames`
          : '',
    cameras.length > 0 ? `of ${cameras.join(', ')}` : '',
    tags.length > 0 ? `tagged ${tags.join(' or ')}` : '',
    path !== '' ? `in paths with "${path}"` : '',
  ].filter(Boolean);
}

/** The rule as a sentence, as it is kept and shown: `Reject open events with a score of at most .62`. */
export function ruleText(
  input: Pick<BulkInput, 'verdict' | 'class' | 'filter' | 'like'>,
  likeName: string,
): string {
  const about = conditions(input.filter);
  if (input.like) about.push(`within ${two(input.like.radius)} of ${likeName}`);
  const as = input.class === null ? '' : ` as ${input.class}`;
  return `${VERBS[input.verdict]} open events${about.length > 0 ? ` ${about.join(', ')}` : ''}${as}`;
}

/** The events a rule takes: those that fit and that neither a person nor another rule decided on. */
export function affected(
  items: readonly QueueItem[],
  near: ((item: QueueItem) => boolean) | null,
): QueueItem[] {
  return items.filter((item) => item.kind === 'event' && item.by === null && (near === null || near(item)));
}

/** Twelve of them at random, the same twelve each time. */
export function sampleOf(items: readonly QueueItem[], seed: number): QueueItem[] {
  return [...items]
    .map((item) => ({ item, key: mixed(seed, item.videoId, item.start, item.end) }))
    .sort((a, b) => a.key - b.key)
    .slice(0, SAMPLE)
    .map(({ item }) => item);
}

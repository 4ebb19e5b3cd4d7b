// Words of the queue. Role: names of orders and of what was said. Limits: text only.
import type { QueueFilter, QueueOrder, QueueSettings } from '../../../../shared/contract/index.ts';

export const ORDERS: readonly { value: QueueOrder; label: string; note: string }[] = [
  { value: 'uncertain', label: 'Most uncertain', note: 'by the method, or as likely right as wrong' },
  { value: 'disagree', label: 'Methods disagree most', note: 'by rank within each run' },
  { value: 'score', label: 'Highest score', note: 'of the chosen run' },
  { value: 'length', label: 'Longest', note: 'in frames' },
  { value: 'novel', label: 'Most novel', note: 'unlike anything reviewed' },
  { value: 'random', label: 'Random sample', note: 'to estimate quality from' },
  { value: 'gain', label: 'Most gained per minute', note: 'uncertain and short' },
  { value: 'time', label: 'By video and time', note: 'from start to end' },
];

/**
 * What a budget changes: with the first minutes that are given, what is gained per minute comes first. A random sample stays
 * one, and an order that is chosen afterwards stays too.
 */
export function budgetChange(
  { budgetMinutes, order }: Pick<QueueSettings, 'budgetMinutes' | 'order'>,
  minutes: number,
): Partial<QueueSettings> {
  if (minutes === 0) return { budgetMinutes: null };
  return {
    budgetMinutes: minutes,
    ...(budgetMinutes === null && order !== 'random' && { order: 'gain' }),
  };
}

export const SAID: readonly { value: QueueFilter['said'][number]; label: string }[] = [
  { value: 'open', label: 'Not decided' },
  { value: 'rule', label: 'By rule' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'unsure', label: 'Unsure' },
];

/** How many filters are on. */
export function filtersOn(filter: QueueFilter): number {
  return [
    filter.said.length > 0,
    filter.class !== null,
    filter.path !== '',
    filter.cameras.length > 0,
    filter.tags.length > 0,
    filter.minScore !== null || filter.maxScore !== null,
    filter.minFrames !== null || filter.maxFrames !== null,
    filter.against !== null,
  ].filter(Boolean).length;
}

export const NO_FILTER: QueueFilter = {
  said: [],
  class: null,
  path: '',
  cameras: [],
  tags: [],
  minScore: null,
  maxScore: null,
  minFrames: null,
  maxFrames: null,
  against: null,
};

export const FIRST_SETTINGS: QueueSettings = {
  order: 'uncertain',
  seed: 1,
  filter: NO_FILTER,
  probeShare: 0.1,
  budgetMinutes: null,
  reviewSpeed: 1,
  sample: 200,
  perCamera: false,
};

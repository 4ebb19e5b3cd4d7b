// Every kind of golden case that has been built.
import type { GoldenKind } from '../kind.ts';
import { c2fplLabels } from './c2fpl-labels.ts';
import { labels } from './labels.ts';
import { statistics } from './statistics.ts';

export const kinds: readonly GoldenKind[] = [c2fplLabels, labels, statistics];

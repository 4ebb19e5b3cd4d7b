// Every kind of golden case that has been built.
import type { GoldenKind } from '../kind.ts';
import { labels } from './labels.ts';
import { statistics } from './statistics.ts';

export const kinds: readonly GoldenKind[] = [labels, statistics];

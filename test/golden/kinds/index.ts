// Every kind of golden case that has been built.
import type { GoldenKind } from '../kind.ts';

export const kinds: readonly GoldenKind[] = [];

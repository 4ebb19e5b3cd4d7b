// What a file in kinds/ exports: the kinds it knows and the function that computes and checks a case of them.
import type { GoldenCase } from './case.ts';

export interface GoldenKind {
  readonly kinds: readonly string[];
  /** Computes the case with the product's own functions and checks every expected name. May throw: the case then fails. */
  run(goldenCase: GoldenCase): void | Promise<void>;
}

// What a run needs or may be given beside features, by the options chosen. Role: the same answer for the page, the engine
// and the command line. Limits: what a method says of itself (`MethodInfo`) is all that is known.
import type { MethodInfo } from './contract/entities.ts';

type Values = Readonly<Record<string, unknown>>;

/** Whether a run with these options looks at known labels of whole videos. */
export const wantsLabels = ({ knownLabels }: MethodInfo, values: Values): boolean =>
  knownLabels?.values.some((value) => values[knownLabels.option] === value) ?? false;

/** The network that weights trained elsewhere may be given to with these options; null: none. */
export const scoringNetwork = ({ weights }: MethodInfo, values: Values): string | null =>
  weights && (weights.where === null || values[weights.where.option] === weights.where.value)
    ? weights.network
    : null;

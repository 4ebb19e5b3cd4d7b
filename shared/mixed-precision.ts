// What can train in mixed precision: devices with a graph of their own and hardware for float16, methods with a network.
// Role: one answer for the form and the engine. Limits: whether an adapter has float16 shows when the first step compiles.
import type { MethodName } from './contract/entities.ts';

/** A processor would only add casts, and TensorFlow's eager steps have no graph to rewrite. */
export function takesMixedPrecision(device: string): boolean {
  return device !== 'cpu' && device !== 'tensorflow';
}

const WITHOUT_NETWORK: readonly MethodName[] = ['motion', 'rarity'];

/** Motion and Rarity count and compare; they have no products to compute in float16. */
export function hasNetwork(method: MethodName): boolean {
  return !WITHOUT_NETWORK.includes(method);
}

// Which devices can train in mixed precision: those with a graph of their own and hardware for float16.
// Role: one answer for the form and the engine. Limits: whether an adapter has float16 shows when the first step compiles.

/** A processor would only add casts, and TensorFlow's eager steps have no graph to rewrite. */
export function takesMixedPrecision(device: string): boolean {
  return device !== 'cpu' && device !== 'tensorflow';
}

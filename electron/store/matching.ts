// Which video a file belongs to, by name alone.
// Role: pure matching of path tails. Limits: no digits are compared as numbers and no substrings searched, because
// published data sets hold names such as Normal_Videos058 and Normal_Videos_058 for different videos.

export interface Named {
  id: number;
  /** Path without extension, with `/`. */
  stem: string;
}

/** A path without the extension of its last part; `.npy` files and media alike. */
export function stemOf(path: string): string {
  const slash = path.lastIndexOf('/');
  const dot = path.lastIndexOf('.');
  return dot > slash + 1 ? path.slice(0, dot) : path;
}

/** Number of equal path parts, counted from the end. */
function commonTail(a: string[], b: string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n;
}

/**
 * The candidates whose last path part equals that of `stem`, reduced to those that share the longest path tail with it.
 * One entry: a match. Several: nobody can tell. None: no match.
 */
export function bestMatches<T extends Named>(stem: string, candidates: readonly T[]): T[] {
  const parts = stem.split('/');
  const scored = candidates.map((candidate) => ({
    candidate,
    tail: commonTail(parts, candidate.stem.split('/')),
  }));
  const longest = Math.max(0, ...scored.map((s) => s.tail));
  return longest === 0 ? [] : scored.filter((s) => s.tail === longest).map((s) => s.candidate);
}

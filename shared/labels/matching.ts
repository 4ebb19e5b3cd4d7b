// Which video a file, or a name inside a file, belongs to, by name alone.
// Role: pure matching of path tails, for features and labels alike. Limits: no digits are compared as numbers and no substrings searched, because
// published data sets hold names such as Normal_Videos058 and Normal_Videos_058 for different videos.

export interface Named {
  id: number;
  /** Path without extension, with `/`. */
  stem: string;
}

/** Which video a file means: an id, null for none (yet), or why nobody can tell. */
export type Meaning = { videoId: number | null; problem: null } | { videoId: null; problem: string };

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
 * How much of two paths must agree: `any` tail, as for features, whose folders are their own; the `whole` candidate, as
 * for names in lists; or either one whole (`either`), as for label files in folders of their own.
 */
export type Agreement = 'any' | 'whole' | 'either';

function agrees(tail: number, stem: number, candidate: number, how: Agreement): boolean {
  if (tail === 0) return false;
  if (how === 'any') return true;
  return tail === candidate || (how === 'either' && tail === stem);
}

/**
 * The candidates whose last path part equals that of `stem`, reduced to those that share the longest path tail with it.
 * One entry: a match. Several: nobody can tell. None: no match.
 */
export function bestMatches<T extends { stem: string }>(
  stem: string,
  candidates: readonly T[],
  how: Agreement = 'any',
): T[] {
  const parts = stem.split('/');
  const scored = candidates.flatMap((candidate) => {
    const own = candidate.stem.split('/');
    const tail = commonTail(parts, own);
    return agrees(tail, parts.length, own.length, how) ? [{ candidate, tail }] : [];
  });
  const longest = scored.reduce((max, { tail }) => Math.max(max, tail), 0);
  return scored.filter(({ tail }) => tail === longest).map(({ candidate }) => candidate);
}

/** Candidates by the last part of their names, so that looking one up among many does not read them all. */
export function byLastPart<T extends { stem: string }>(candidates: readonly T[]): Map<string, T[]> {
  return Map.groupBy(candidates, ({ stem }) => stem.slice(stem.lastIndexOf('/') + 1));
}

/**
 * Names a video can be called by: its path without extension and with it, absolute first and then below the import
 * folder. With `/` throughout.
 */
export function namesOf({ path, relPath }: { path: string | null; relPath: string }): string[] {
  const forms = (name: string): string[] => {
    const parts = name.split(/[\\/]/).filter((part) => part !== '');
    const whole = parts.join('/');
    return [stemOf(whole), whole];
  };
  return [...new Set([...(path === null ? [] : forms(path)), ...forms(relPath)])];
}

/**
 * Matches the files of one import together, so that no video is given to two of them: of several files that mean the same
 * video, the one with the longest common tail has it, and the others stand for videos of their own.
 * @param stems of the files @returns one meaning per stem
 */
export function matchTogether(stems: readonly string[], candidates: readonly Named[]): Meaning[] {
  const best = stems.map((stem) => bestMatches(stem, candidates));
  const tails = stems.map((stem, i) =>
    best[i].length === 0 ? 0 : commonTail(stem.split('/'), best[i][0].stem.split('/')),
  );
  return stems.map((stem, i): Meaning => {
    if (stems.indexOf(stem) < i) return refused(`another file of this import has the same name`);
    if (best[i].length === 0) return { videoId: null, problem: null };
    if (best[i].length > 1)
      return refused(`it fits several videos equally well (${best[i].map((c) => c.stem).join(', ')})`);
    const [{ id, stem: video }] = best[i];
    const rivals = stems.filter((other, k) => other !== stem && best[k].length === 1 && best[k][0].id === id);
    const longest = Math.max(...rivals.map((rival) => tails[stems.indexOf(rival)]), 0);
    if (longest > tails[i]) return { videoId: null, problem: null };
    if (longest === tails[i]) return refused(`it fits ${video} no better than ${rivals.join(', ')}`);
    return { videoId: id, problem: null };
  });
}

/**
 * Matches the videos that one file names together. Where a name fits several videos, those in folders that the path of the
 * file names too are meant: `01` in `boxes_test.csv` is `test/01`.
 * @param file path of the file below the picked folder @param below only videos in this folder of the project; null: all
 */
export function matchInFile(
  names: readonly string[],
  file: string,
  candidates: readonly Named[],
  below: string | null,
): Meaning[] {
  const folder = below?.replace(/\/+$/, '') ?? '';
  const inside = folder === '' ? candidates : candidates.filter(({ stem }) => stem.startsWith(`${folder}/`));
  const words = new Set(file.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  const hinted = inside.filter(({ stem }) =>
    stem
      .toLowerCase()
      .split('/')
      .slice(0, -1)
      .some((part) => words.has(part)),
  );
  const first = matchTogether(names, inside);
  const second = matchTogether(names, hinted);
  return first.map((meaning, i) =>
    meaning.problem !== null && second[i].videoId !== null ? second[i] : meaning,
  );
}

const refused = (why: string): Meaning => ({
  videoId: null,
  problem: `${why}. Put the files into folders named like those of the videos.`,
});

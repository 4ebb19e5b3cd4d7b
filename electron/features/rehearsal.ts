// How long a run will take, found by making a little of it: every loop of a training is begun with its real shapes and left
// after a few turns, and what is left of it is reckoned from those.
// Role: when a loop may be left, and the arithmetic of what is left. Limits: loops say themselves how many turns they have,
// so that there is one count of steps, that of the training; the clock comes from outside.

/** What a loop says before each of its turns. Loops may lie inside a turn of another one. */
export interface Loop {
  /** Loops of one kind have turns of one length; the second of a kind is left at once. An object: like no other loop. */
  kind: string | object;
  /** Turns made. */
  done: number;
  total: number;
  /** Where data decide how many turns there are: the fewest, `total` then being the most. */
  least?: number;
  /** And how many there are usually. */
  usual?: number;
  /** The loop ends here by itself, because of what a few turns have made of the data; a real one may go on. */
  ends?: boolean;
  /** Whether a turn is a training step. */
  steps?: boolean;
}

export interface Range {
  low: number;
  likely: number;
  high: number;
}

export interface Rehearsal {
  /** Whether the loop is to be left now: how long its other turns take is known well enough. */
  enough(loop: Loop): boolean;
  /** The training begins anew, with smaller batches: steps announced so far do not count. */
  again(): void;
}

export interface Rehearsed {
  /** Of the whole run. */
  seconds: Range;
  /** Training steps of the whole run. */
  steps: { least: number; most: number };
  /** Whether data decide how long some loop goes on. */
  openEnded: boolean;
}

interface Options {
  /** Seconds since the process began. */
  now(): number;
  /** From here on a loop is left after its first turn. Seconds since the process began. */
  until: number;
  /** Seconds for one loop. */
  perLoop: number;
}

/** What is left of a loop is not worth a guess when it takes less. Seconds. */
const LITTLE = 0.05;
/** Turns that are measured after the first, which often has more to do than the others. */
const FEW = 3;

/** What was done in full takes as long again, more or less. */
const FIXED = { low: 0.85, high: 1.25 };

/**
 * How far the mean of a few turns may lie from that of all: measured on real runs (docs/performance.md), wider above because a
 * machine can become slower but hardly faster. The only turn that was made has more to do than the others.
 * @param turns after the first.
 */
function slack(turns: number): Range {
  if (turns === 0) return { low: 0.4, likely: 0.9, high: 1.4 };
  return turns <= FEW ? { low: 0.7, likely: 1, high: 1.6 } : { low: 0.8, likely: 1, high: 1.45 };
}

interface Amount extends Range {
  least: number;
  most: number;
}
const NOTHING: Amount = { low: 0, likely: 0, high: 0, least: 0, most: 0 };
const NAMES = ['low', 'likely', 'high', 'least', 'most'] as const;
const combine = (a: Amount, b: Amount, of: (x: number, y: number) => number): Amount =>
  Object.fromEntries(NAMES.map((name) => [name, of(a[name], b[name])])) as unknown as Amount;

/** Mean of turns without the slowest and the fastest quarter: first ones warm up, and a machine has other things to do. */
function middle(turns: readonly Amount[]): Amount {
  const cut = Math.floor(turns.length / 4);
  const kept = [...turns].sort((a, b) => a.likely - b.likely).slice(cut, turns.length - cut);
  const sum = kept.reduce((all, turn) => combine(all, turn, (a, b) => a + b), NOTHING);
  return combine(sum, NOTHING, (a) => a / kept.length);
}

interface Known {
  /** What turns took that were measured after the first. */
  turns: Amount[];
  /** The turn that is going on in this loop; null between two loops of the kind. */
  open: { done: number; at: Amount; begun: number; first: boolean } | null;
  /** The first turn of the first loop, until there are others. */
  first: Amount | null;
}

/** A rehearsal and what it has found once the run is over. */
export function createRehearsal({ now, until, perLoop }: Options): Rehearsal & { result(): Rehearsed } {
  const kinds = new Map<string | object, Known>();
  let left = { ...NOTHING };
  let openEnded = false;
  const at = (): Amount => {
    const time = now();
    return combine({ low: time, likely: time, high: time, least: 0, most: 0 }, left, (a, b) => a + b);
  };
  /** What one turn takes, and from how many after the first that is known. */
  const perTurn = (known: Known): { amount: Amount; turns: number } | null => {
    if (known.turns.length > 0) return { amount: middle(known.turns), turns: known.turns.length };
    return known.first && { amount: known.first, turns: 0 };
  };

  return {
    enough({ kind, done, total, least = total, usual = total, ends = false, steps = false }) {
      let known = kinds.get(kind);
      if (!known) {
        known = { turns: [], open: null, first: null };
        kinds.set(kind, known);
      }
      const { open } = known;
      if (open && done > open.done) {
        const turns = done - open.done;
        const made = combine(at(), open.at, (a, b) => (a - b) / turns);
        // Of a later loop too the first turn may have more to do; it counts only while nothing else is known.
        if (open.first) known.first ??= made;
        else known.turns.push(made);
        known.open = { ...open, done, at: at(), first: false };
      } else {
        if (least < total) openEnded = true;
        if (steps) left = { ...left, least: left.least + least - done, most: left.most + total - done };
        known.open = { done, at: at(), begun: now(), first: true };
      }
      if (done >= total) {
        known.open = null;
        return ends;
      }
      const turn = perTurn(known);
      const begun = known.open?.begun ?? now();
      const late = now() >= until || now() - begun > perLoop;
      const { length } = known.turns;
      const sure = turn !== null && (now() >= until || length >= FEW || (length > 0 && late));
      const worth = turn !== null && (total - done) * turn.amount.likely > LITTLE;
      const timeUp = late || known.open?.first === true;
      if (!ends && !(sure && worth && timeUp)) return false;
      known.open = null;
      if (turn === null) return true;
      const rest = { low: Math.max(0, least - done), likely: Math.max(0, usual - done), high: total - done };
      const { low, likely, high } = slack(turn.turns);
      left = {
        low: left.low + rest.low * turn.amount.low * low,
        likely: left.likely + rest.likely * turn.amount.likely * likely,
        high: left.high + rest.high * turn.amount.high * high,
        least: left.least + rest.low * turn.amount.least,
        most: left.most + rest.high * turn.amount.most,
      };
      return true;
    },
    again() {
      left = { ...left, least: 0, most: 0 };
      kinds.clear();
    },
    result() {
      const { likely, least, most } = at();
      return {
        seconds: { low: FIXED.low * now() + left.low, likely, high: FIXED.high * now() + left.high },
        steps: { least: Math.round(least), most: Math.round(most) },
        openEnded,
      };
    },
  };
}

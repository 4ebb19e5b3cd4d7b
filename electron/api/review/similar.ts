// Events compared by what they look like. Role: novelty for the queue, "looks like these" for one event.
// Limits: vectors and distances are descriptors.ts; they are kept while the project is open.
import type { HumanEvent, Output, ParsedInput } from '../../../shared/contract/index.ts';
import { eventsOf } from '../../../shared/labels/events.ts';
import { overlap } from '../../../shared/labels/intervals.ts';
import { decisionOn, ruleOn } from '../../../shared/labels/layers.ts';
import { type EventRules, ruleOf } from '../../../shared/labels/rules.ts';
import type { VideoScores } from '../../store/labels.ts';
import type { Store } from '../../store/store.ts';
import type { OpenProject } from '../context.ts';
import { describe, distances, noveltyAmong, type Place, type Vectors } from './descriptors.ts';
import { grouped, rulesAsked } from './open-queue.ts';

/** Vectors of events per open project and feature set; they are gone with the project. */
const described = new WeakMap<Store, Map<number, Vectors>>();

/** What is known of events of a feature set by now; filled by `describe`. */
export function vectorsOf(store: Store, setId: number): Vectors {
  const sets = described.get(store) ?? new Map<number, Vectors>();
  described.set(store, sets);
  const known = sets.get(setId) ?? new Map<string, Float32Array>();
  sets.set(setId, known);
  return known;
}

/** The events that scores gave last, with the rules that made them: they are asked for at every event one looks at. */
const made = new WeakMap<readonly VideoScores[], { rules: string; events: Place[] }>();

function eventsUnder(scores: readonly VideoScores[], { rule, ownRules }: EventRules): readonly Place[] {
  const key = JSON.stringify([rule, ownRules]);
  const last = made.get(scores);
  if (last?.rules === key) return last.events;
  const of = ruleOf({ rule, ownRules });
  const events = scores.flatMap((video) =>
    eventsOf(video.scores, video.frames, of(video)).map(({ start, end }) => ({
      videoId: video.videoId,
      start,
      end,
    })),
  );
  made.set(scores, { rules: key, events });
  return events;
}

const placesOf = (rows: readonly HumanEvent[]): (Place & { row: HumanEvent })[] =>
  rows
    .filter((row) => row.kind === 'event' && row.verdict !== null)
    .map((row) => ({ videoId: row.videoId, start: row.start, end: row.end, row }));

/** How far events lie from those that were reviewed; what is needed is read from feature files first. */
export async function noveltyOf(
  { store, scores }: OpenProject,
  { runId, settings, pass, ...asked }: ParsedInput<'review.queue'>,
): Promise<(place: Place) => number | null> {
  const run = store.runs.get(runId);
  const events = eventsUnder(scores.of(runId, settings.perCamera), rulesAsked(run, asked));
  const reviewed = placesOf(store.review.all(pass));
  const known = vectorsOf(store, run.featureSetId);
  await describe(store, run.featureSetId, [...events, ...reviewed], known);
  return noveltyAmong(distances([...events, ...reviewed], known), reviewed);
}

/** Reviewed events that look like a stretch, nearest first, and how far the open ones lie from it. */
export async function similarTo(
  { store, scores }: OpenProject,
  { runId, videoId, range, pass, count }: ParsedInput<'review.similar'>,
): Promise<Output<'review.similar'>> {
  const run = store.runs.get(runId);
  const { featureSetId } = run;
  const said = store.review.all(pass);
  const rows = placesOf(said);
  const items = eventsUnder(scores.of(runId, false), run);
  const here = { videoId, start: range.start, end: range.end };
  const known = vectorsOf(store, featureSetId);
  const places = [here, ...items, ...rows];
  await describe(store, featureSetId, places, known);
  const distance = distances(places, known);
  const human = grouped(said);
  const byRule = grouped(pass === 2 ? [] : store.review.ruleEvents(runId));
  const isOpen = (item: Place): boolean =>
    !decisionOn(item, human.get(item.videoId) ?? []) && !ruleOn(item, byRule.get(item.videoId) ?? []);
  return {
    reviewed: rows
      .flatMap((place) => {
        const d = overlap(place, here) > 0 && place.videoId === videoId ? null : distance(here, place);
        const { row } = place;
        return d === null || row.verdict === null
          ? []
          : [
              {
                videoId: row.videoId,
                start: row.start,
                end: row.end,
                distance: d,
                verdict: row.verdict,
                class: row.class,
              },
            ];
      })
      .sort((a, b) => a.distance - b.distance)
      .slice(0, count),
    open: items
      .filter(isOpen)
      .flatMap((item) => distance(here, item) ?? [])
      .sort((a, b) => a - b)
      .slice(0, 1000),
  };
}

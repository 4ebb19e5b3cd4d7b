// A bulk verdict on the open project. Role: looks before, then stores rule, events and step in one transaction.
// Limits: which events a rule takes and its words are bulk.ts.
import type { Output, ParsedInput, QueueItem } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import type { OpenProject } from '../context.ts';
import { affected, ruleText, sampleOf } from './bulk.ts';
import { describe, distances } from './descriptors.ts';
import { fullQueue } from './open-queue.ts';
import { reviewerOf } from './reviewer.ts';
import { vectorsOf } from './similar.ts';

const number = (n: number): string => n.toLocaleString('en-US');

/** @throws AppError `conflict` when no event fits a rule that is to be applied */
export async function applyRule(
  project: OpenProject,
  input: ParsedInput<'review.bulk'>,
): Promise<Output<'review.bulk'>> {
  const { store } = project;
  const { runId, filter, like, verdict, dryRun } = input;
  const { items } = fullQueue(project, runId, { ...filter, said: ['open'] }, 1);
  let near: ((item: QueueItem) => boolean) | null = null;
  if (like) {
    const { featureSetId } = store.runs.get(runId);
    const known = vectorsOf(store, featureSetId);
    await describe(store, featureSetId, [like, ...items], known);
    const distance = distances([like, ...items], known);
    near = (item) => (distance(like, item) ?? Number.POSITIVE_INFINITY) <= like.radius;
  }
  const taken = affected(items, near);
  const likeName = like
    ? `${number(like.start)} to ${number(like.end)} of ${store.videos.get(like.videoId).relPath}`
    : '';
  const text = ruleText(input, likeName);
  const found = {
    text,
    affected: taken.length,
    seconds: taken.reduce((sum, item) => sum + item.seconds, 0),
    sample: sampleOf(taken, 1),
  };
  if (dryRun) return { ...found, change: null };
  if (taken.length === 0) throw new AppError('conflict', `${text}: no event fits. Nothing was changed.`);
  const reviewer = reviewerOf(store, input.by);
  const change = store.transaction(() => {
    const { rule, ownRules } = store.runs.get(runId);
    const ruleId = store.review.addRule(
      {
        runId,
        text,
        // What held when the events were taken.
        parameters: { filter, like, rule, ...(ownRules.length > 0 && { ownRules }) },
        verdict,
        class: input.class,
        reviewer,
      },
      taken,
    );
    return store.review.commit({
      name: `By rule: ${text} (${number(taken.length)})`,
      reviewer,
      pass: 1,
      action: 'review.bulk',
      changes: [{ what: 'rule', ruleId, before: false, after: true }],
    });
  });
  return { ...found, change };
}

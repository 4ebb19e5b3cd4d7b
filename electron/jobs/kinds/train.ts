// One run of one method over one feature set.
import { join } from 'node:path';
import { z } from 'zod';
import { methodName } from '../../../shared/contract/entities.ts';
import { defineKind } from '../kind.ts';
import { trainTaskOf } from '../train-task.ts';
import { givenLabelsSchema } from '../video-labels.ts';

export const trainKind = defineKind({
  kind: 'train',
  lane: 'work',
  payload: z.object({
    runId: z.int(),
    given: givenLabelsSchema.nullable().default(null),
    mixedPrecision: z.boolean().default(false),
    memoryMiB: z.int().positive().nullable().default(null),
    weights: z.string().nullable().default(null),
  }),
  resumes: 'checkpoint',
  plan: (store, { runId, ...rest }) => {
    const { method, config, seed, device, featureSetId } = store.runs.get(runId);
    return trainTaskOf(
      store,
      { method: methodName.parse(method), config, seed, device, featureSetId, ...rest },
      join(store.folder, 'checkpoints', String(runId)),
    );
  },
  received: (store, { runId }, message) => {
    if (message.type === 'points') store.runs.appendPoints(runId, message.points);
    if (message.type === 'maps') {
      store.runs.putMaps(runId, message.maps);
      return ['maps.changed'];
    }
    return [];
  },
  finished: (store, { runId }, result) => {
    if (result.kind === 'train') store.runs.finish(runId, result);
    return [];
  },
});

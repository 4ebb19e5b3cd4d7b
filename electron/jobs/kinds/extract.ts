// Features of all ready videos that do not have them yet, by an extractor of ours.
import { z } from 'zod';
import { extractorName } from '../../../shared/contract/entities.ts';
import { defineKind } from '../kind.ts';

export const extractKind = defineKind({
  kind: 'extract',
  lane: 'work',
  payload: z.object({ extractor: extractorName, setId: z.int(), threads: z.int().optional() }),
  resumes: 'always',
  plan: (store, { extractor, setId, threads }) => {
    const videos = store.features.videosMissing(setId).flatMap((video) =>
      video.path === null
        ? []
        : [
            {
              videoId: video.id,
              path: video.path,
              frames: video.frames,
              fps: video.fpsNum / video.fpsDen,
              fingerprint: video.fingerprint,
            },
          ],
    );
    return videos.length === 0
      ? null
      : { kind: 'extract', artifacts: store.artifactsFolder, extractor, threads, videos };
  },
  received: (store, { setId }, message) => {
    if (message.type !== 'extracted' || message.item.videoId === null) return [];
    const { item } = message;
    if (item.problem === null) {
      store.features.put({ ...item, setId, videoId: message.item.videoId });
      store.videos.solved(message.item.videoId);
    } else store.videos.setProblem(message.item.videoId, item.problem);
    return ['features.changed', 'videos.changed'];
  },
});

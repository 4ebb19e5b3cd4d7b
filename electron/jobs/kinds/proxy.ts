// A playable copy of a video that Chromium cannot play.
import { z } from 'zod';
import { defineKind } from '../kind.ts';

export const proxyKind = defineKind({
  kind: 'proxy',
  lane: 'media',
  payload: z.object({ videoId: z.int() }),
  resumes: 'always',
  plan: (store, { videoId }) => {
    const video = store.videos.get(videoId);
    if (video.path === null || video.playable !== 'needs_proxy') return null;
    return {
      kind: 'proxy',
      artifacts: store.artifactsFolder,
      videoId,
      path: video.path,
      frames: video.frames,
    };
  },
  finished: (store, { videoId }, result) => {
    if (result.kind === 'proxy') store.videos.setProxy(videoId, result.file);
    return [];
  },
});

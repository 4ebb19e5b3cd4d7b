// Videos whose files were moved: found again by their content, below the places a person named.
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { defineKind } from '../kind.ts';

export const relinkKind = defineKind({
  kind: 'relink',
  lane: 'work',
  payload: z.object({ places: z.array(z.string()) }),
  resumes: 'always',
  plan: (store, { places }) => ({
    kind: 'relink',
    places,
    videos: store.videos
      .sources()
      .flatMap((video) => (video.fingerprint === null ? [] : [{ ...video, fingerprint: video.fingerprint }])),
  }),
  received: (store, _payload, message) => {
    if (message.type !== 'relinked') return [];
    const { videoId, path, fingerprint } = message.item;
    return store.videos.relink(videoId, path, fingerprint) ? ['videos.changed'] : [];
  },
  finished: (_store, { places }, result) => {
    if (result.kind !== 'relink' || result.found === result.missing) return [];
    const { found, missing } = result;
    throw new AppError(
      'not_found',
      `${found === 0 ? 'None' : `Only ${found}`} of the ${missing} missing files ${found === 1 || found === 0 ? 'is' : 'are'} in ${places.join(', ')}. Names may differ, contents may not: a file that was cut or encoded again has to be imported.`,
      { found, missing },
    );
  },
});

// When the player is at rest. Role: tells those who load what is only nice to have (pictures of the strip) that nobody is
// waiting for the player's own picture, nor for that of the next event, which is made ready right after it.
import type { StoreApi } from 'zustand/vanilla';
import type { PlayerState } from './player.ts';

/** The picture has been there for so long. */
const RESTS_MS = 300;

const isThere = ({ speed, settled, identity }: PlayerState): boolean =>
  speed === 0 && settled && identity !== 'none';

/** @param onChange told when it comes to rest and when it leaves it; it begins without. @returns a function that ends it */
export function watchRest(
  store: Pick<StoreApi<PlayerState>, 'getState' | 'subscribe'>,
  onChange: (rests: boolean) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rests = false;
  const look = (state: PlayerState) => {
    clearTimeout(timer);
    if (isThere(state)) {
      timer = setTimeout(() => {
        if (!rests) onChange(true);
        rests = true;
      }, RESTS_MS);
    } else if (rests) {
      rests = false;
      onChange(false);
    }
  };
  const stop = store.subscribe(look);
  look(store.getState());
  return () => {
    stop();
    clearTimeout(timer);
  };
}

// The pictures that a video element puts on the screen. Role: tells the timestamp of each, and sees to it that the last
// one is really there. Limits: what the timestamps mean is the player's to know.
//
// Chromium passes a picture over that comes before the one before it has been put on the screen (two seeks within a
// frame or two of the display, seen in one of 50 quick bursts of steps): it is reported, and an older one stays
// visible for a second. Each new request to be told of pictures makes it look again whether there is one to show.

/** What is needed of an HTMLVideoElement. */
export type Pictured = Pick<
  HTMLVideoElement,
  'paused' | 'requestVideoFrameCallback' | 'cancelVideoFrameCallback'
>;

/** Frames of the display during which it is asked again; a loaded machine needs several to show one. */
const ASKED_AGAIN = 12;

/** @param onPicture told the media time of each picture, in seconds. @returns a function that ends it */
export function watchPictures(video: Pictured, onPicture: (mediaTime: number) => void): () => void {
  let left = 0;
  let again: number | undefined;
  let handle = video.requestVideoFrameCallback(told);

  function told(_now: number, { mediaTime }: { mediaTime: number }): void {
    handle = video.requestVideoFrameCallback(told);
    left = ASKED_AGAIN;
    again ??= requestAnimationFrame(ask);
    onPicture(mediaTime);
  }

  function ask(): void {
    again = undefined;
    // While it plays, the next picture is never far.
    if (video.paused) {
      video.cancelVideoFrameCallback(handle);
      handle = video.requestVideoFrameCallback(told);
      left--;
    }
    if (left > 0) again = requestAnimationFrame(ask);
  }

  return () => {
    video.cancelVideoFrameCallback(handle);
    if (again !== undefined) cancelAnimationFrame(again);
  };
}

// Every URL that the page may ask for is one that the server hands to the engine.
import { expect, it } from 'vitest';
import { isResourcePath, resourceUrl } from '../../../shared/contract/index.ts';

it('knows all resources, and takes no file of the page for one', () => {
  const urls = [
    resourceUrl.media(1),
    resourceUrl.picture('0123456789abcdef'),
    resourceUrl.thumbnail(1, 2),
    resourceUrl.frames(1),
    resourceUrl.scores(1, 2),
    resourceUrl.cameraScores(1, 2),
    resourceUrl.labels(1, 2),
    resourceUrl.detections(1, 'boxes', 0, 9),
  ];
  expect(new Set(urls.map((url) => url.split('/')[1])).size).toBe(Object.keys(resourceUrl).length);
  for (const url of urls) expect(isResourcePath(url), url).toBe(true);
  for (const url of ['/index.html', '/media', '/assets/media/1', '/'])
    expect(isResourcePath(url)).toBe(false);
});

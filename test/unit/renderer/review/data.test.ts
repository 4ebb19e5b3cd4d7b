import { afterEach, expect, it, vi } from 'vitest';
import { prefetchVideo } from '../../../../renderer/features/review/data.ts';
import { createQueries } from '../../../../renderer/state/queries.ts';
import { encodeFrameTable, type FrameTable } from '../../../../shared/labels/frame-table.ts';

afterEach(() => void vi.unstubAllGlobals());

const bytesOf = (...pts: number[]) =>
  encodeFrameTable({
    pts: Float64Array.from(pts),
    timeBaseNum: 1,
    timeBaseDen: 25,
    endPts: 9,
    key: new Uint8Array(pts.length),
  });

it('a frame table that is read again and says the same is the one that is there: what is open stays open', async () => {
  const queries = createQueries();
  const answers = [bytesOf(0, 1, 2), bytesOf(0, 1, 2), bytesOf(0, 1, 3)];
  vi.stubGlobal('fetch', async () => new Response(answers.shift()));
  const read = async () => {
    await queries.invalidateQueries();
    await prefetchVideo(queries, [], { id: 1, frames: 3 }, false);
    return queries.getQueryData<FrameTable>(['frames', 1]);
  };
  const first = await read();
  expect(first?.pts).toEqual(Float64Array.of(0, 1, 2));
  expect(await read()).toBe(first);
  expect((await read())?.pts).toEqual(Float64Array.of(0, 1, 3));
  queries.clear();
});

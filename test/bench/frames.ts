// What a frame of the page costs. Role: from a trace of Chromium to milliseconds of the page's main thread per frame: script,
// style, layout, paint. Limits: time of the thread itself, so that what else the machine does does not count; the picture is
// put together in another process, which is not counted.
import type { Page } from 'playwright/test';
import { z } from 'zod';

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'cc'];

const traceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number().default(0),
  /** Microseconds of the thread, then of the clock. */
  tdur: z.number().optional(),
  dur: z.number().optional(),
  args: z.looseObject({ name: z.string().optional() }).optional(),
});
const trace = z.object({ traceEvents: z.array(traceEvent) });

/** Frames in which an interaction drew something: milliseconds of the main thread, and of the clock around them. */
export interface Frames {
  thread: number[];
  clock: number[];
}

/** A frame that cost less than this had nothing to draw, and is left out. */
const EMPTY_MS = 0.5;

/** Traces `act`, and adds up the main thread's tasks from one frame to the next. */
export async function framesOf(page: Page, act: () => Promise<void>): Promise<Frames> {
  const browser = page.context().browser();
  if (!browser) throw new Error('Only a browser can be traced.');
  await browser.startTracing(page, { categories: CATEGORIES });
  await act();
  const { traceEvents } = trace.parse(JSON.parse((await browser.stopTracing()).toString()));
  const threads = Map.groupBy(traceEvents, ({ pid, tid }) => `${pid}:${tid}`);
  const mains = [...threads.values()].filter((events) =>
    events.some(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain'),
  );
  const starts = (events: z.infer<typeof traceEvent>[]) =>
    events.filter(({ name, ph }) => name === 'ProxyMain::BeginMainFrame' && ph === 'X').map(({ ts }) => ts);
  const main = mains.sort((a, b) => starts(b).length - starts(a).length)[0] ?? [];
  const tasks = main
    .filter(({ name, ph }) => name === 'RunTask' && ph === 'X')
    .sort((a, b) => a.ts - b.ts)
    .map(({ ts, dur = 0, tdur = dur }) => ({ ts, end: ts + dur, thread: tdur / 1000 }));
  // A frame is what lies between the ends of two tasks that began one: input, timers, script, style, layout and paint.
  const frames: Frames = { thread: [], clock: [] };
  const begins = starts(main).sort((a, b) => a - b);
  let [at, began, sum] = [0, tasks[0]?.ts ?? 0, 0];
  for (const begin of begins) {
    for (; at < tasks.length && tasks[at].ts <= begin; at++) sum += tasks[at].thread;
    const end = tasks[at - 1]?.end ?? begin;
    if (sum >= EMPTY_MS) {
      frames.thread.push(sum);
      frames.clock.push((end - began) / 1000);
    }
    [began, sum] = [end, 0];
  }
  return frames;
}

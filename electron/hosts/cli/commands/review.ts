// `review`: what people say, from a terminal. Role: the calls of the review as tables and sentences.
// Limits: one call each; the page is the place to look at video.
import type { Editor, QueueOrder, SettledAs, Verdict } from '../../../../shared/contract/index.ts';
import type { FrameRange } from '../../../../shared/labels/types.ts';
import { type Io, usageError } from '../io.ts';
import { findRun, findVideo } from '../select.ts';
import { type ProjectOptions, withProject } from '../session.ts';
import { count, counted, duration, ratio, table } from '../text.ts';

interface Who {
  reviewer?: string;
  second?: boolean;
}
const editor = ({ reviewer, second }: Who): Editor => ({ reviewer: reviewer ?? null, pass: second ? 2 : 1 });

const frames = ({ start, end }: FrameRange): string => `${start}-${end}`;
const score = (value: number): string => value.toFixed(3);

export function list(
  io: Io,
  options: ProjectOptions & {
    run?: string;
    order?: QueueOrder;
    seed: number;
    probes: number;
    sample: number;
    minutes?: number;
    open: boolean;
    path: string;
    camera?: string[];
    tag?: string[];
    against?: string;
    people: boolean;
    limit: number;
    second?: boolean;
  },
): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const run = await findRun(engine, options.run);
    const against = options.against === undefined ? null : (await findRun(engine, options.against)).id;
    const order = options.order ?? (options.minutes === undefined ? 'uncertain' : 'gain');
    const queue = await engine.call('review.queue', {
      runId: run.id,
      pass: options.second ? 2 : 1,
      people: options.people,
      settings: {
        order,
        seed: options.seed,
        probeShare: options.probes,
        sample: options.sample,
        budgetMinutes: options.minutes ?? null,
        filter: {
          said: options.open ? ['open'] : [],
          path: options.path,
          cameras: options.camera ?? [],
          tags: options.tag ?? [],
          against,
        },
      },
    });
    const names = new Map((await engine.call('videos.list', {})).map((video) => [video.id, video.relPath]));
    const items = queue.items
      .slice(0, options.limit)
      .map((item) => ({ ...item, video: names.get(item.videoId) ?? '' }));
    const rows = items.map((item, i) => [
      String(i + 1),
      item.video,
      frames(item),
      item.kind === 'probe' && item.by !== 'human' ? 'probe' : score(item.max),
      item.kind === 'ignored'
        ? 'ignored'
        : item.verdict === null
          ? ''
          : `${item.verdict}${item.by === 'rule' ? ' (rule)' : ''}`,
      [item.class, item.why].filter(Boolean).join(' '),
    ]);
    const { before, after } = queue.outlook;
    io.result(
      { run: { id: run.id, name: run.name }, ...queue, items },
      [
        ...(queue.needs === null ? [] : [`The order ${order} needs ${queue.needs} first.`]),
        rows.length === 0
          ? 'No event fits.'
          : table([['', 'video', 'frames', 'score', 'verdict', ''], ...rows], [0, 3]),
        `${counted(queue.items.length, 'item')}, ${duration(queue.seconds)} to go. Of all events ${count(queue.human)} decided by people, ${count(queue.rule)} by rule, ${count(queue.open)} open${queue.ignored > 0 ? `; ${count(queue.ignored)} ignored` : ''}.`,
        ...(before && after
          ? [`Expected precision ${before.value.toFixed(2)} now, ${after.value.toFixed(2)} after this queue.`]
          : []),
      ].join('\n'),
    );
  });
}

export function decide(
  io: Io,
  options: ProjectOptions & Who & { run?: string; class?: string; note?: string; to?: FrameRange },
  wanted: string,
  range: FrameRange,
  verdict: Verdict,
): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const run = await findRun(engine, options.run);
    const video = await findVideo(engine, wanted);
    const change = await engine.call('review.edit', {
      by: editor(options),
      edit: {
        type: 'change',
        target: { runId: run.id, videoId: video.id, range },
        set: {
          verdict,
          ...(options.class !== undefined && { class: options.class }),
          ...(options.note !== undefined && { note: options.note }),
          ...(options.to && { range: options.to }),
        },
      },
    });
    io.result({ ...change }, `${change.name}. ${counted(change.state.undo, 'step')} to undo.`);
  });
}

/** Which runs fired on a stretch, when, and how much each of them counts. */
export function explain(io: Io, options: ProjectOptions, wanted: string, range: FrameRange): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const video = await findVideo(engine, wanted);
    const found = await engine.call('quality.explain', { videoId: video.id, ...range });
    const { voices, samples, needed } = found;
    const fired = voices.filter((voice) => voice.fired.length > 0);
    const rows = voices.map((voice) => [
      voice.name,
      voice.fired.length > 0 ? voice.fired.map(frames).join(' ') : '-',
      score(voice.max),
      score(voice.on),
      voice.weight === null ? '-' : score(voice.weight),
    ]);
    io.result(
      { ...found, path: video.relPath },
      [
        `${fired.length} of ${counted(voices.length, 'run')} fired in frames ${frames(range)} of ${video.relPath}.`,
        table([['run', 'fired in frames', 'highest', 'threshold', 'weight'], ...rows], [2, 3, 4]),
        ...(voices.some((voice) => voice.weight === null)
          ? [`Weights come from at least ${needed} reviewed random samples; there are ${samples}.`]
          : []),
      ].join('\n'),
    );
  });
}

export function add(
  io: Io,
  options: ProjectOptions &
    Who & { kind: 'event' | 'ignore' | 'note' | 'watched'; class?: string; note?: string },
  wanted: string,
  range: FrameRange,
): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const video = await findVideo(engine, wanted);
    const change = await engine.call('review.edit', {
      by: editor(options),
      edit: {
        type: 'create',
        videoId: video.id,
        range,
        kind: options.kind,
        class: options.class ?? null,
        note: options.note ?? '',
      },
    });
    io.result({ ...change }, `${change.name}. ${counted(change.state.undo, 'step')} to undo.`);
  });
}

export function bulk(
  io: Io,
  options: ProjectOptions &
    Who & {
      run?: string;
      class?: string;
      minScore?: number;
      maxScore?: number;
      minFrames?: number;
      maxFrames?: number;
      path: string;
      camera?: string[];
      tag?: string[];
      dryRun: boolean;
    },
  verdict: Verdict,
): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    if (options.second) throw usageError('A rule belongs to the first review; leave out --second.');
    const run = await findRun(engine, options.run);
    const done = await engine.call('review.bulk', {
      runId: run.id,
      by: editor(options),
      verdict,
      class: options.class ?? null,
      filter: {
        minScore: options.minScore ?? null,
        maxScore: options.maxScore ?? null,
        minFrames: options.minFrames ?? null,
        maxFrames: options.maxFrames ?? null,
        path: options.path,
        cameras: options.camera ?? [],
        tags: options.tag ?? [],
      },
      dryRun: options.dryRun,
    });
    const names = new Map((await engine.call('videos.list', {})).map((video) => [video.id, video.relPath]));
    const sample = done.sample.map((item) => [names.get(item.videoId) ?? '', frames(item), score(item.max)]);
    io.result(
      { ...done },
      [
        `${done.text}: ${counted(done.affected, 'event')}, ${duration(done.seconds)} of looking saved.`,
        ...(sample.length > 0 ? [table([['for example', 'frames', 'score'], ...sample], [2])] : []),
        options.dryRun
          ? 'Nothing was changed. Without --dry-run it is done, and can be undone.'
          : 'Done, as a rule: none of these events counts as reviewed.',
      ].join('\n'),
    );
  });
}

export function step(
  io: Io,
  options: ProjectOptions & Who & { steps: number },
  which: 'undo' | 'redo',
): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const names: string[] = [];
    for (let n = 0; n < options.steps; n++) {
      const { name } = await engine.call(`review.${which}`, { by: editor(options) });
      names.push(name);
    }
    const state = await engine.call('review.state', { pass: editor(options).pass });
    io.result(
      { names, state },
      [...names, `${counted(state.undo, 'step')} to undo, ${count(state.redo)} to do again.`].join('\n'),
    );
  });
}

export function restore(
  io: Io,
  options: ProjectOptions & Who & { dryRun: boolean },
  at: number,
): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const by = editor(options);
    const since = await engine.call('review.since', { at, pass: by.pass });
    const what = [
      `${counted(since.back, 'row')} of people come back, ${count(since.changed)} become what they were, ${count(since.gone)} go, in ${counted(since.videos, 'video')}`,
      ...(since.rules > 0 ? [`${counted(since.rules, 'bulk verdict')} on or off`] : []),
      ...(since.classes ? ['the list of classes'] : []),
    ].join('; ');
    if (options.dryRun) {
      io.result(
        { ...since },
        `${what}. Nothing was changed. Without --dry-run it is done, and can be undone.`,
      );
      return;
    }
    const change = await engine.call('review.edit', { by, edit: { type: 'restore', at } });
    io.result(
      { ...since, ...change },
      `${change.name}: ${what}. ${counted(change.state.undo, 'step')} to undo.`,
    );
  });
}

export function log(io: Io, options: ProjectOptions & { limit: number; before?: number }): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const entries = await engine.call('review.log', {
      limit: Math.min(1000, Math.max(1, options.limit)),
      before: options.before ?? null,
    });
    const rows = entries.map((entry) => [
      String(entry.id),
      new Date(entry.at).toISOString().replace('T', ' ').slice(0, 19),
      entry.actor,
      entry.name,
    ]);
    io.result(
      { entries },
      rows.length === 0
        ? 'Nobody has said anything yet.'
        : table([['row', 'when (UTC)', 'who', 'what'], ...rows], [0]),
    );
  });
}

export function labels(io: Io, options: ProjectOptions & { run?: string; at?: number }): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const run = await findRun(engine, options.run);
    const videos = (await engine.call('videos.list', { runId: run.id })).filter(
      (video) => video.score !== null,
    );
    const all = [];
    for (const { id, relPath } of videos) {
      const found = await engine.call('review.labels', {
        runId: run.id,
        videoId: id,
        at: options.at ?? null,
      });
      all.push({ video: relPath, ...found });
    }
    const rows = all.flatMap(({ video, events }) =>
      events.map((event) => [video, frames(event), event.layer, event.class ?? '', event.reviewer ?? '']),
    );
    io.result(
      { run: { id: run.id, name: run.name }, at: options.at ?? null, videos: all },
      rows.length === 0 ? 'No event counts.' : table([['video', 'frames', 'layer', 'class', 'by'], ...rows]),
    );
  });
}

export function agreement(io: Io, options: ProjectOptions): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const found = await engine.call('review.agreement', {});
    const names = new Map((await engine.call('videos.list', {})).map((video) => [video.id, video.relPath]));
    const words = { only_first: 'only the first', only_second: 'only the second', edges: 'other edges' };
    const rows = found.differences.map((one) => [
      names.get(one.videoId) ?? '',
      frames(one),
      words[one.what],
      one.settled ?? '',
    ]);
    io.result(
      { ...found },
      found.videos === 0
        ? 'No video was reviewed twice yet. The second review is that with --second, or in the page.'
        : [
            `${found.first.join(', ')} and ${found.second.join(', ')} over ${counted(found.videos, 'video')}, ${counted(found.segments, 'segment')}: kappa ${ratio(found.kappa)}, temporal IoU ${ratio(found.iou)}.`,
            ...(found.settled > 0
              ? [
                  `${counted(found.settled, 'difference')} settled: where the second was followed both say the same now, so these are no longer the numbers of two independent people.`,
                ]
              : []),
            ...(rows.length > 0
              ? [table([['video', 'frames', 'accepted by', 'settled for'], ...rows])]
              : ['They agree everywhere.']),
          ].join('\n'),
    );
  });
}

export function settle(
  io: Io,
  options: ProjectOptions & { reviewer?: string },
  wanted: string,
  range: FrameRange,
  as: SettledAs,
): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const video = await findVideo(engine, wanted);
    const change = await engine.call('review.edit', {
      by: editor({ reviewer: options.reviewer }),
      edit: { type: 'settle', of: { ...range, videoId: video.id }, as },
    });
    io.result({ ...change }, `${change.name}. ${counted(change.state.undo, 'step')} to undo.`);
  });
}

export function diff(
  io: Io,
  options: ProjectOptions & { second?: boolean },
  newer: string,
  earlier: string,
): Promise<void> {
  return withProject(io, options, async ({ engine }) => {
    const run = await findRun(engine, newer);
    const against = await findRun(engine, earlier);
    const found = await engine.call('review.diff', {
      runId: run.id,
      against: against.id,
      pass: options.second ? 2 : 1,
    });
    io.result(
      { run: { id: run.id, name: run.name }, against: { id: against.id, name: against.name }, ...found },
      `${run.name} against ${against.name}: ${count(found.new)} new, ${count(found.moved)} moved, ${count(found.gone)} gone, ${count(found.same)} the same. It contradicts ${counted(found.contradictions, 'verdict')}.`,
    );
  });
}

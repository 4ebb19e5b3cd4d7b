// `review` and its commands, as they can be typed. Role: arguments and options. Limits: the work is in commands/review.ts.
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { queueOrder, settledAs, verdict } from '../../../shared/contract/index.ts';
import type { Io } from './io.ts';

type Given = <Options>(command: Command) => Options & { project?: string; io: Io };

/** `96-128`: frames from, and up to but not including. */
function range(text: string): { start: number; end: number } {
  const found = /^(\d+)[-:](\d+)$/.exec(text);
  const [start, end] = [Number(found?.[1]), Number(found?.[2])];
  if (!found || start >= end)
    throw new InvalidArgumentError('It takes frames as FROM-TO, for example 96-128; TO is not included.');
  return { start, end };
}

function whole(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('It takes a number from 0 to 1.');
  return value;
}

export function addReview(program: Command, given: Given): void {
  const review = program
    .command('review')
    .description('what people say about events: queue, verdicts, bulk verdicts, undo, log');
  const who = (command: Command): Command =>
    command
      .option('--reviewer <name>', 'who decides (default: the reviewer of the project)')
      .option('--second', 'the blind second review');

  review
    .command('list')
    .description('events in the order in which to look at them')
    .option('--run <name>', 'run, by name or number (default: the newest)')
    .addOption(
      new Option('--order <name>', 'order (default: uncertain, or gain with --minutes)').choices(
        queueOrder.options,
      ),
    )
    .option('--seed <n>', 'seed of draws and ties', whole, 1)
    .option('--probes <share>', 'share drawn from below the threshold', share, 0.1)
    .option('--sample <n>', 'size of the random sample', whole, 200)
    .option('--minutes <n>', 'time there is; cuts the queue to what fits', whole)
    .option('--open', 'only what nobody decided on', false)
    .option('--path <text>', 'only videos with this in their path, or of a pattern such as day1/*.mp4', '')
    .option('--camera <name...>', 'only videos of these cameras')
    .option('--tag <name...>', 'only videos with one of these tags')
    .option('--against <run>', 'only what changed against an earlier run, and what contradicts verdicts')
    .option('--people', 'also what people drew, ignored, or decided on where the run sees nothing', false)
    .option('--limit <n>', 'lines to print', whole, 50)
    .option('--second', 'the blind second review')
    .action(async (_options, command: Command) => {
      const { list } = await import('./commands/review.ts');
      const { io, ...options } = given<Parameters<typeof list>[1]>(command);
      await list(io, options);
    });

  who(
    review
      .command('verdict')
      .description('accept, reject or be unsure about an event')
      .argument('<video>', 'path of the video in the project, or its number')
      .argument('<frames>', 'frames of the event, FROM-TO, TO not included', range)
      .addArgument(new Argument('<verdict>', 'what it is').choices(verdict.options))
      .option('--run <name>', 'run whose event it is (default: the newest)')
      .option('--class <name>', 'what is seen')
      .option('--note <text>', 'a note')
      .option('--to <frames>', 'other edges for it, FROM-TO', range),
  ).action(
    async (video: string, frames: { start: number; end: number }, word: string, _o, command: Command) => {
      const { decide } = await import('./commands/review.ts');
      const { io, ...options } = given<Parameters<typeof decide>[1]>(command);
      await decide(io, options, video, frames, verdict.parse(word));
    },
  );

  who(
    review
      .command('add')
      .description('draw an event, a range to ignore, or say that a stretch was watched in full')
      .argument('<video>', 'path of the video in the project, or its number')
      .argument('<frames>', 'frames, FROM-TO, TO not included', range)
      .addOption(
        new Option('--kind <kind>', 'what it is')
          .choices(['event', 'ignore', 'note', 'watched'])
          .default('event'),
      )
      .option('--class <name>', 'what is seen')
      .option('--note <text>', 'a note'),
  ).action(async (video: string, frames: { start: number; end: number }, _o, command: Command) => {
    const { add } = await import('./commands/review.ts');
    const { io, ...options } = given<Parameters<typeof add>[1]>(command);
    await add(io, options, video, frames);
  });

  who(
    review
      .command('bulk')
      .description('a verdict by rule on all open events that fit; they never count as reviewed')
      .addArgument(new Argument('<verdict>', 'what they are').choices(verdict.options))
      .option('--run <name>', 'run (default: the newest)')
      .option('--class <name>', 'what is seen')
      .option('--min-score <score>', 'at least this score', share)
      .option('--max-score <score>', 'at most this score', share)
      .option('--min-frames <n>', 'at least so long', whole)
      .option('--max-frames <n>', 'at most so long', whole)
      .option('--path <text>', 'only videos with this in their path, or of a pattern such as day1/*.mp4', '')
      .option('--camera <name...>', 'only videos of these cameras')
      .option('--tag <name...>', 'only videos with one of these tags')
      .option('--dry-run', 'only say what it would take', false),
  ).action(async (word: string, _options, command: Command) => {
    const { bulk } = await import('./commands/review.ts');
    const { io, ...options } = given<Parameters<typeof bulk>[1]>(command);
    await bulk(io, options, verdict.parse(word));
  });

  for (const name of ['undo', 'redo'] as const) {
    who(
      review
        .command(name)
        .description(name === 'undo' ? 'undo steps, also those of earlier days' : 'do undone steps again')
        .option('--steps <n>', 'how many', whole, 1),
    ).action(async (_options, command: Command) => {
      const { step } = await import('./commands/review.ts');
      const { io, ...options } = given<Parameters<typeof step>[1]>(command);
      await step(io, options, name);
    });
  }

  who(
    review
      .command('restore')
      .description('the review as it was right after a row of the log, as one step that can be undone')
      .argument('<row>', 'number of a row of the log; 0 is before everything', whole)
      .option('--dry-run', 'only say what it would change', false),
  ).action(async (at: number, _options, command: Command) => {
    const { restore } = await import('./commands/review.ts');
    const { io, ...options } = given<Parameters<typeof restore>[1]>(command);
    await restore(io, options, at);
  });

  review
    .command('log')
    .description('who said what and when, newest first')
    .option('--limit <n>', 'lines to print, at most 1,000', whole, 50)
    .option('--before <row>', 'go on before this row: the last of the page before', whole)
    .action(async (_options, command: Command) => {
      const { log } = await import('./commands/review.ts');
      const { io, ...options } = given<Parameters<typeof log>[1]>(command);
      await log(io, options);
    });

  review
    .command('labels')
    .description('the labels that count, now or right after a row of the log')
    .option('--run <name>', 'run (default: the newest)')
    .option('--at <row>', 'number of a row of the log; 0 is before everything', whole)
    .action(async (_options, command: Command) => {
      const { labels } = await import('./commands/review.ts');
      const { io, ...options } = given<Parameters<typeof labels>[1]>(command);
      await labels(io, options);
    });

  review
    .command('explain')
    .description('which runs fired on frames of a video, when, at which score, and how much each counts')
    .argument('<video>', 'path of the video in the project, or its number')
    .argument('<frames>', 'frames FROM-TO, the end excluded', range)
    .action(async (video: string, frames: { start: number; end: number }, _o, command: Command) => {
      const { explain } = await import('./commands/review.ts');
      const { io, ...options } = given(command);
      await explain(io, options, video, frames);
    });

  review
    .command('agreement')
    .description('how far the two reviews agree: kappa over segments, temporal IoU, differences')
    .action(async (_options, command: Command) => {
      const { agreement } = await import('./commands/review.ts');
      const { io, ...options } = given(command);
      await agreement(io, options);
    });

  review
    .command('settle')
    .description('settle a difference between the two reviews: for one of them, or as unsure')
    .argument('<video>', 'path of the video in the project, or its number')
    .argument('<frames>', 'frames of the difference as "review agreement" lists them, FROM-TO', range)
    .addArgument(new Argument('<for>', 'who is right').choices(settledAs.options))
    .option('--reviewer <name>', 'who decides (default: the reviewer of the project)')
    .action(
      async (video: string, frames: { start: number; end: number }, word: string, _o, command: Command) => {
        const { settle } = await import('./commands/review.ts');
        const { io, ...options } = given<Parameters<typeof settle>[1]>(command);
        await settle(io, options, video, frames, settledAs.parse(word));
      },
    );

  review
    .command('diff')
    .description('what a run sees otherwise than an earlier one, and which verdicts it contradicts')
    .argument('<run>', 'the newer run')
    .argument('<against>', 'the earlier one')
    .option('--second', 'beside the verdicts of the blind second review')
    .action(async (run: string, against: string, _options, command: Command) => {
      const { diff } = await import('./commands/review.ts');
      const { io, ...options } = given<Parameters<typeof diff>[1]>(command);
      await diff(io, options, run, against);
    });
}

// The commands and their options. Role: what can be typed, and `--help`. Limits: a command's work is in commands/*.ts,
// loaded when it is typed.
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import {
  type ExtractorName,
  exportFormat,
  exportOptions,
  extractorName,
  importFormat,
  importOptions,
  methodName,
  ucfBase,
} from '../../../shared/contract/index.ts';
import { TAILS } from '../../../shared/labels/evaluate.ts';
import { CONSENSUS_RULES } from '../../../shared/quality/consensus.ts';
import type { Io } from './io.ts';
import { addReview } from './review-program.ts';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 the command line makes no sense, 130 cancelled with Ctrl-C.
With --json, standard output holds exactly one JSON object: {"ok": true, ...} or {"ok": false, "error": {...}}.
Progress goes to standard error.`;

const VIDEO_ORDERS = ['name', 'events', 'left', 'highest', 'mean', 'disagree', 'length'] as const;
const DEVICES = ['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml', 'tensorflow'] as const;

function whole(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It takes a whole number.');
  return value;
}

function threadCount(text: string): number {
  const value = whole(text);
  if (value < 0 || value > 256) throw new InvalidArgumentError('It takes a whole number from 0 to 256.');
  return value;
}

function real(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It takes a number.');
  return value;
}

function notNegative(text: string): number {
  const value = real(text);
  if (value < 0) throw new InvalidArgumentError('It takes a number of at least 0.');
  return value;
}

function share(text: string): number {
  const value = real(text);
  if (value <= 0 || value >= 1) throw new InvalidArgumentError('It takes a number between 0 and 1.');
  return value;
}

function port(text: string): number {
  const value = whole(text);
  if (value > 65_535) throw new InvalidArgumentError('Ports go up to 65535.');
  return value;
}

const UNITS: Record<string, number> = { m: 1, g: 1024, t: 1024 ** 2 };

/** `512M`, `8G` or `1.5GiB` as MiB. */
function memorySize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([mgt])(?:i?b)?$/i.exec(text.trim()) ?? [];
  const size = unit ? Math.floor(Number(number) * UNITS[unit.toLowerCase()]) : 0;
  if (size < 1) throw new InvalidArgumentError('It takes a size such as 512M or 8G.');
  return size;
}

function seedList(text: string): number[] {
  const seeds = text.split(',').map(whole);
  if (new Set(seeds).size < seeds.length)
    throw new InvalidArgumentError('The same seed twice would give the same run twice.');
  return seeds;
}
/** An option whose choices and default are those of the contract. */
function choice(
  flags: string,
  description: string,
  schema: { unwrap(): { options: readonly string[] }; parse(value: undefined): string },
): Option {
  return new Option(flags, description).choices(schema.unwrap().options).default(schema.parse(undefined));
}

const collect = (text: string, before: string[] = []): string[] => [...before, text];

function formatList(text: string) {
  return text.split(',').map((part) => {
    const parsed = exportFormat.safeParse(part);
    if (!parsed.success) throw new InvalidArgumentError(`Formats are: ${exportFormat.options.join(', ')}.`);
    return parsed.data;
  });
}

/**
 * The whole command line. `ioFor` is asked once the options are known.
 * @param version shown by --version
 */
export function createProgram(
  version: string,
  ioFor: (json: boolean, privacyReport: string | null) => Io,
): Command {
  const program = new Command('zerolabel')
    .description('Labels anomalies in private video without annotation. Nothing leaves this machine.')
    .version(version)
    .option('-p, --project <dir>', 'folder of the project (default: the current folder)')
    .option('--json', 'print one JSON object instead of text', false)
    .option(
      '--privacy-report <file>',
      'write which files this command opened and which sockets its processes had, as JSON',
    )
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('afterAll', EXIT_CODES);

  /** Options of the command and the global ones, with the way to speak. */
  const given = <Options>(command: Command): Options & { project?: string; io: Io } => {
    const options = command.optsWithGlobals<
      Options & { json: boolean; project?: string; privacyReport?: string }
    >();
    return { ...options, io: ioFor(options.json, options.privacyReport ?? null) };
  };

  program
    .command('import')
    .description('import videos, or folders of them; makes the project when there is none')
    .argument('<paths...>', 'video files and folders')
    .option('--accept-damaged', 'use damaged videos as far as they can be read')
    .action(async (paths: string[], _options, command: Command) => {
      const { importVideos } = await import('./commands/import.ts');
      const { io, ...options } = given<{ acceptDamaged?: boolean }>(command);
      await importVideos(io, options, paths);
    });

  program
    .command('videos')
    .description('list videos with their state, camera, tags, scores and review; group and tag them')
    .argument('[patterns...]', 'only these: a prefix of the path or a pattern such as "north/*.mp4"')
    .option('--run <name>', 'show scores and review of this run, by name or number')
    .option('--per-camera', 'scores beside the usual level of their own camera', false)
    .addOption(new Option('--sort <by>', 'order of the list').choices(VIDEO_ORDERS).default('name'))
    .addOption(
      new Option(
        '--reviewed <state>',
        'only videos of whose events people decided on none, some, or all',
      ).choices(['no', 'partly', 'yes']),
    )
    .option('--camera <name>', 'say which camera these videos are from')
    .option('--no-camera', 'forget the camera of these videos')
    .option('--camera-from-folder', 'take the name of the folder of each video as its camera', false)
    .option('--tag <word>', 'tag these videos; may be repeated', collect)
    .option('--untag <word>', 'take a tag away; may be repeated', collect)
    .action(async (patterns: string[], _options, command: Command) => {
      const { listVideos } = await import('./commands/videos.ts');
      const { io, ...options } = given<Parameters<typeof listVideos>[1]>(command);
      await listVideos(io, options, patterns);
    });

  program
    .command('relink')
    .description('find the files of videos that were moved or renamed, by their content')
    .argument('<paths...>', 'files and folders to look in')
    .action(async (paths: string[], _options, command: Command) => {
      const { relinkVideos } = await import('./commands/videos.ts');
      const { io, ...options } = given(command);
      await relinkVideos(io, options, paths);
    });

  program
    .command('extract')
    .description('compute features of all videos that do not have them yet')
    .addOption(
      new Option(
        '--extractor <name>',
        'which features; v1 suits any footage of fixed cameras, v2 one fixed camera with several clips',
      )
        .choices(extractorName.options)
        .default('cellmotion-v1'),
    )
    .addOption(
      new Option(
        '--threads <n>',
        'threads that look at frames beside those that decode; one for each core if left out, the features are the same',
      ).argParser(threadCount),
    )
    .action(async (_options, command: Command) => {
      const { extractFeatures } = await import('./commands/import.ts');
      const { io, ...options } = given<{ extractor: ExtractorName; threads?: number }>(command);
      await extractFeatures(io, options);
    });

  program
    .command('features')
    .description('import features computed elsewhere (.npy, .txt); without paths, list the feature sets')
    .argument('[paths...]', 'feature files and folders')
    .option('--name <name>', 'name of the feature set', 'imported')
    .option(
      '--beside <name>',
      'feature set to put these beside, video by video, as a second kind (sound beside pictures); --name is for both together',
    )
    .option(
      '--shares',
      'each file has as many vectors for a short video as for a long one, as the 32 of UCF-Crime C3D: equal shares of the video instead of 16 frames',
    )
    .option('--float16', 'store half floats: half the space, about three digits', false)
    .action(async (paths: string[], _options, command: Command) => {
      const { importFeatures } = await import('./commands/import.ts');
      const { io, ...options } = given<{ name: string; shares?: boolean; beside?: string; float16: boolean }>(
        command,
      );
      await importFeatures(io, options, paths);
    });

  program
    .command('detections')
    .description(
      'import boxes of objects and poses of persons, found by a detector elsewhere; without paths, say what is there',
    )
    .argument('[paths...]', 'tables of boxes (.csv, .txt), COCO, AlphaPose or STG-NF JSON, folders of them')
    .option('--below <folder>', 'only videos in this folder of the project are meant, for example test')
    .addOption(
      new Option(
        '--first-frame <n>',
        'number of the first frame in the files (default: 0, in MOT tables 1)',
      ).choices(['0', '1']),
    )
    .action(async (paths: string[], _options, command: Command) => {
      const { importDetections } = await import('./commands/detections.ts');
      const { io, ...options } = given<Parameters<typeof importDetections>[1]>(command);
      await importDetections(io, options, paths);
    });

  program
    .command('train')
    .description('train a method and store its scores and segment pseudo-labels')
    .addArgument(new Argument('<method>', 'what to train').choices(methodName.options))
    .option('--features <name>', 'feature set (default: the only one)')
    .option(
      '--video-labels <source>',
      'where known labels of whole videos come from, for methods that want them: truth, reviewed, or the path of a list (name and 0 or 1 per line, lists of UCF-Crime and XD-Violence, ground-truth .json)',
    )
    .option('--preset <name>', 'preset of the method, for example default or paper')
    .option('--set <key=value>', 'an option of the method; may be repeated', collect)
    .addOption(
      new Option('--mode <mode>', 'C2FPL: how videos and segments are chosen (cplMode and fplMode)').choices([
        'directed',
        'paper',
        'notebook',
      ]),
    )
    .option('--beta <share>', 'C2FPL: share of an anomalous video that the window covers')
    .option('--epochs <n>', 'passes over all segments; 0 chooses')
    .option('--seed <n>', 'seed of all random numbers (default: 1)', whole)
    .option('--seeds <list>', 'several runs, one per seed, for example 1,2,3', seedList)
    .addOption(new Option('--device <name>', 'where to compute').choices(DEVICES).default('auto'))
    .option(
      '--mixed-precision',
      'matrix products of training in float16, weights and sums in float32; for webgpu, cuda, directml and coreml',
    )
    .option(
      '--memory <size>',
      'memory for features, for example 512M or 8G; larger sets are read from their files while training, with the same result (default: half of what is free)',
      memorySize,
    )
    .option(
      '--weights <folder>',
      'score with weights trained elsewhere instead of training: a state dictionary, one .npy per tensor named like it; for rtfm, and wocc-ws with oneClass=stgnf',
    )
    .option('--name <name>', 'name of the run')
    .option('--estimate', 'only say how long it will take and how much memory, from a few of its steps')
    .action(async (method: string, _options, command: Command) => {
      const { train } = await import('./commands/train.ts');
      const { io, ...options } = given<Parameters<typeof train>[1]>(command);
      await train(io, options, methodName.parse(method));
    });

  program
    .command('resume')
    .description('go on with a stopped import, extraction or training')
    .argument('[job]', 'number of the job (default: the newest that can go on)', whole)
    .action(async (job: number | undefined, _options, command: Command) => {
      const { resume } = await import('./commands/train.ts');
      const { io, ...options } = given(command);
      await resume(io, options, job);
    });

  program
    .command('runs')
    .description('list the runs; with names, show them whole: options, notes, curves, and how labels evolved')
    .argument('[runs...]', 'names or numbers of runs')
    .action(async (wanted: string[], _options, command: Command) => {
      const { runs } = await import('./commands/runs.ts');
      const { io, ...options } = given(command);
      await runs(io, options, wanted);
    });

  program
    .command('label')
    .description(
      'set the rule by which the scores of a run become events, for all videos, a camera or a video, and count them',
    )
    .option('--run <name>', 'run, by name or number (default: the newest)')
    .option('--on <score>', 'an event starts at a segment with at least this score', real)
    .option('--off <score>', 'and goes on while segments have at least this one (default: the same)', real)
    .option('--min-frames <n>', 'shorter events are dropped', whole)
    .option('--gap-frames <n>', 'events closer than this are merged', whole)
    .option(
      '--smooth <window>',
      'even scores out first: median:5, gaussian:9 (odd number of segments), or none',
    )
    .addOption(
      new Option('--camera <name>', 'the rule of this camera, which comes before that of the run').conflicts(
        'video',
      ),
    )
    .option('--video <path>', 'the rule of this video, which comes before that of its camera')
    .option('--reset', 'take the rule of the camera or video away, so that the wider one holds again')
    .action(async (_options, command: Command) => {
      const { label } = await import('./commands/label.ts');
      const { io, ...options } = given<Parameters<typeof label>[1]>(command);
      await label(io, options);
    });

  program
    .command('evaluate')
    .description('frame-level metrics of finished runs against ground truth')
    .option('--run <name>', 'run, by name or number; may be repeated (default: all)', collect)
    .option('--gt <file>', 'ground truth to import first (.json, .npy, or .txt and .csv of data sets)')
    .option(
      '--gt-key <name>',
      'which ground truth of the file, when it holds several; how a UCF-Crime .txt counts frames',
    )
    .option(
      '--only <path>',
      'also over a part of the videos: a prefix of the path or a pattern; may be repeated',
      collect,
    )
    .addOption(
      new Option('--protocol <name>', 'which frames count')
        .choices(['trimmed', 'official'])
        .default('trimmed'),
    )
    .option(
      '--smooth <sigma>',
      'smooth the frame scores of each video by a Gaussian of so many frames first',
      notNegative,
      0,
    )
    .addOption(
      new Option('--tail <policy>', 'official protocol: labels behind the end of a video')
        .choices(TAILS)
        .default('pad_last'),
    )
    .addOption(
      new Option(
        '--by <what...>',
        'also one line per class, camera, folder or video, and per overlap for events',
      ).choices(['class', 'camera', 'folder', 'video', 'event']),
    )
    .option('--csv <file>', 'also write the table as CSV')
    .option(
      '--tables <dir>',
      'also write all tables and curves as CSV and LaTeX into a new folder in this one',
    )
    .action(async (_options, command: Command) => {
      const { evaluate } = await import('./commands/evaluate.ts');
      const { io, ...options } = given<Parameters<typeof evaluate>[1]>(command);
      await evaluate(io, options);
    });

  program
    .command('consensus')
    .description('make one run out of several, with their agreement as uncertainty')
    .argument('[runs...]', 'runs, by name or number (default: all that are finished)')
    .addOption(new Option('--rule <name>', 'how scores become one').choices(CONSENSUS_RULES).default('mean'))
    .option('--k <n>', 'votes: labelled by at least so many runs (default: more than half)', whole)
    .option('--name <name>', 'name of the new run')
    .action(async (runs: string[], _options, command: Command) => {
      const { consensus } = await import('./commands/consensus.ts');
      const { io, ...options } = given<Parameters<typeof consensus>[1]>(command);
      await consensus(io, options, runs);
    });

  program
    .command('quality')
    .description(
      'precision and recall of the labels in use without ground truth, from reviewed random samples',
    )
    .option('--run <name>', 'run, by name or number (default: the newest)')
    .option('--on <score>', 'at another threshold than the one of the run', real)
    .option('--width <share>', 'count the reviews missing for intervals of this width', share, 0.1)
    .option('--curve', 'also for thresholds from 0 to 1', false)
    .addOption(
      new Option(
        '--calibrate <how>',
        'also turn scores into probabilities, and say how well they hold',
      ).choices(['isotonic', 'platt']),
    )
    .option('--probabilities <dir>', 'with --calibrate: write them into a new folder in this one')
    .action(async (_options, command: Command) => {
      const { quality } = await import('./commands/quality.ts');
      const { io, ...options } = given<Parameters<typeof quality>[1]>(command);
      await quality(io, options);
    });

  program
    .command('export')
    .description('write labels as files: of a run, as reviewed, from ground truth or from elsewhere')
    .option('--run <name>', 'run, by name or number (default: the newest)')
    .addOption(
      new Option(
        '--labels <which>',
        "which labels: the run's own, those in use after review, ground truth, or an imported layer",
      )
        .choices(['run', 'in-use', 'truth', 'layer'])
        .default('run'),
    )
    .option('--layer <name>', 'imported labels, by name or number')
    .option('--at <row>', 'labels in use as they were after this row of "review log"', whole)
    .option('--formats <list>', `of ${exportFormat.options.join(', ')}`, formatList, ['csv', 'jsonl'])
    .option('--out <dir>', 'existing folder to write into (default: exports in the project)')
    .option('--dry-run', 'write nothing; show the first lines and how known readers would take them')
    .addOption(choice('--base <name>', 'UCF-Crime: how frames are counted', exportOptions.shape.ucfBase))
    .addOption(
      new Option('--extension <name>', 'UCF-Crime: names end in .mp4, or in nothing')
        .choices(['mp4', 'none'])
        .default('mp4'),
    )
    .addOption(
      choice(
        '--overflow <how>',
        'UCF-Crime, MSAD: more events in a video than a row holds',
        exportOptions.shape.overflow,
      ),
    )
    .addOption(choice('--part <name>', 'UCF-Crime list: which of the lists', exportOptions.shape.part))
    .addOption(choice('--tail <policy>', 'gt.npy: frames after the last segment', exportOptions.shape.tail))
    .addOption(
      choice(
        '--probabilities <kind>',
        'tables: how scores become probabilities',
        exportOptions.shape.probabilities,
      ),
    )
    .addOption(choice('--gt-type <type>', 'gt.npy: type of its numbers', exportOptions.shape.gtType))
    .option('--xd-classes', 'XD-Violence: a class before each pair')
    .addOption(
      choice('--ubnormal-style <style>', 'UBnormal: how 0 and 1 look', exportOptions.shape.ubnormalStyle),
    )
    .option('--codes', 'codes instead of the names of videos; the key stays in the project')
    .action(async (_options, command: Command) => {
      const { exportLabels } = await import('./commands/export.ts');
      const { io, ...options } = given<Parameters<typeof exportLabels>[1]>(command);
      await exportLabels(io, options);
    });

  program
    .command('labels')
    .description(
      'import labels made elsewhere, as a layer or as ground truth; without paths, list the layers',
    )
    .argument('[paths...]', 'files, or a folder of them')
    .addOption(
      new Option('--format <name>', 'format (default: recognised from the files)').choices(
        importFormat.options,
      ),
    )
    .addOption(
      new Option('--as <what>', 'a layer of its own, or what runs are evaluated against')
        .choices(['layer', 'truth'])
        .default('layer'),
    )
    .option('--name <name>', 'name of the layer (default: that of the file or folder)')
    .addOption(new Option('--base <name>', 'UCF-Crime: how frames are counted').choices(ucfBase.options))
    .option('--list <name>', 'gt_frames.json: which of its lists')
    .addOption(
      choice(
        '--label-studio-base <how>',
        'Label Studio: ui counts from 1 with both ends, ml_backend from 0 without the end',
        importOptions.shape.labelStudioBase,
      ),
    )
    .option('--xd-classes', 'XD-Violence: a class stands before each pair')
    .option('--dry-run', 'store nothing; only say what would match')
    .option('--remove <name>', 'remove a layer')
    .action(async (paths: string[], _options, command: Command) => {
      const { labels, removeLayer } = await import('./commands/layers.ts');
      const { io, remove, ...options } = given<Parameters<typeof labels>[1] & { remove?: string }>(command);
      await (remove === undefined ? labels(io, options, paths) : removeLayer(io, options, remove));
    });

  addReview(program, given);

  for (const name of ['serve', 'start'] as const) {
    program
      .command(name)
      .description(
        name === 'serve'
          ? 'open the app in a browser on this machine'
          : 'open the desktop app; without Electron, serve it for a browser',
      )
      .argument('[project]', 'folder of a project to open')
      .option(
        '--port <n>',
        'port on 127.0.0.1; 0 takes a free one, a fixed one keeps its address over restarts',
        port,
        0,
      )
      .option(
        '--root <dir>',
        'folder the file picker may show; may be repeated (default: home and the current folder)',
        collect,
      )
      .action(async (folder: string | undefined, _options, command: Command) => {
        const { serve, start } = await import('./commands/serve.ts');
        const { io, project, ...options } = given<Parameters<typeof serve>[1]>(command);
        await (name === 'serve' ? serve : start)(io, options, folder ?? project);
      });
  }

  program
    .command('backups')
    .description('list the copies of the database that were made by themselves, or go back to one of them')
    .option('--restore <when>', '"newest", or the time of a listed copy; the replaced database is kept')
    .action(async (_options, command: Command) => {
      const { backups } = await import('./commands/backups.ts');
      const { io, ...options } = given<{ restore?: string }>(command);
      await backups(io, options);
    });

  program
    .command('privacy')
    .description(
      'where data lies and how much, and what the sessions of this project connected to; also while the app has it open',
    )
    .option('--clear-cache', 'delete what is made again when it is needed')
    .action(async (_options, command: Command) => {
      const { privacy } = await import('./commands/privacy.ts');
      const { io, ...options } = given<{ clearCache?: boolean }>(command);
      await privacy(io, options);
    });

  program
    .command('doctor')
    .description('test the devices of this machine and say what is there')
    .option('--again', 'test again instead of using what is remembered', false)
    .action(async (_options, command: Command) => {
      const { doctor } = await import('./commands/doctor.ts');
      const { io, ...options } = given<{ again: boolean }>(command);
      await doctor(io, options);
    });

  program
    .command('demo')
    .description(
      'from video to labels in one go, in a new project (default: ./demo, or the next free number)',
    )
    .option('--videos <dir>', 'own videos instead of drawn scenes')
    .option('--gt <file>', 'ground truth of the own videos')
    .option(
      '--gt-key <name>',
      'which ground truth of the file, when it holds several; how a UCF-Crime .txt counts frames',
    )
    .option('--seed <n>', 'seed of the trainings over own videos', whole, 1)
    .action(async (_options, command: Command) => {
      const { demo } = await import('./commands/demo.ts');
      const { io, ...options } = given<Parameters<typeof demo>[1]>(command);
      await demo(io, options);
    });

  return program;
}

// Events as CVAT annotations 1.1, out and in (formats.md 3.10).
// Role: for video, each event is a track with a box over the whole picture, from its first frame to the frame after its
// last; for images, each anomalous frame has a tag. Limits: no tags in files for video, because CVAT neither reads nor
// writes them there.
import {
  ANOMALY,
  classOf,
  type ExportData,
  type ExportEvent,
  type ExportedFile,
  layerOf,
  textFile,
} from './data.ts';
import { decodeText, rowError } from './lines.ts';
import {
  decimal,
  frameEvent,
  keyOfFile,
  type ReadEvent,
  type ReadLabels,
  requireRange,
  requireWhole,
  type SourceFile,
} from './read.ts';
import { nine } from './tables.ts';
import { classesOf, type ShownVideo, shownVideos, withNotes } from './tools.ts';
import { childAt, childrenOf, parseXml, type XmlElement, xmlNotes, xmlText } from './xml.ts';

/** What CVAT calls the maker of an annotation. */
const sourceOf = (event: ExportEvent): 'auto' | 'manual' =>
  layerOf(event) === 'human' || layerOf(event) === 'truth' ? 'manual' : 'auto';

function attributes(event: ExportEvent): string {
  const score = event.max === null ? '' : `      <attribute name="score">${nine(event.max)}</attribute>\n`;
  const layer =
    layerOf(event) === 'model' ? '' : `      <attribute name="layer">${layerOf(event)}</attribute>\n`;
  const verdict = event.verdict ? `      <attribute name="verdict">${event.verdict}</attribute>\n` : '';
  return score + layer + verdict;
}

function box(video: ShownVideo, frame: number, outside: 0 | 1, event: ExportEvent): string {
  const { width, height } = video.size;
  return `    <box frame="${frame}" keyframe="1" outside="${outside}" occluded="0" xtl="0.00" ytl="0.00" xbr="${width.toFixed(2)}" ybr="${height.toFixed(2)}" z_order="0">
${attributes(event)}    </box>
`;
}

/** Text attributes a label of the task needs, in the order in which they are written. */
function attributeNames(video: ShownVideo): string[] {
  const has = (test: (event: ExportEvent) => boolean) => video.events.some(test);
  return [
    ...(video.events.length === 0 || has((event) => event.max !== null) ? ['score'] : []),
    ...(has((event) => layerOf(event) !== 'model') ? ['layer'] : []),
    ...(has((event) => event.verdict !== undefined) ? ['verdict'] : []),
  ];
}

function meta(video: ShownVideo, mode: 'interpolation' | 'annotation'): string {
  const attribute = (name: string) => `            <attribute>
              <name>${name}</name>
              <mutable>False</mutable>
              <input_type>text</input_type>
              <default_value></default_value>
              <values></values>
            </attribute>
`;
  const names = mode === 'interpolation' ? attributeNames(video) : [];
  const classes = classesOf([video]);
  const labels = (classes.length > 0 ? classes : [ANOMALY]).map(
    (name) => `        <label>
          <name>${xmlText(name)}</name>
          <attributes>
${names.map(attribute).join('')}          </attributes>
        </label>
`,
  );
  return `  <meta>
    <task>
      <name>${xmlText(video.relPath)}</name>
      <size>${video.frames}</size>
      <mode>${mode}</mode>
      <start_frame>0</start_frame>
      <stop_frame>${video.frames - 1}</stop_frame>
      <labels>
${labels.join('')}      </labels>
      <original_size>
        <width>${video.size.width}</width>
        <height>${video.size.height}</height>
      </original_size>
    </task>
  </meta>
`;
}

function documentOf(content: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
${content}</annotations>
`;
}

function tracks(video: ShownVideo): string {
  return video.events
    .map((event, id) => {
      // The box ends with the video where no frame is left to end it on.
      const closing = event.end < video.frames ? box(video, event.end, 1, event) : '';
      return `  <track id="${id}" label="${xmlText(classOf(event))}" source="${sourceOf(event)}">
${box(video, event.start, 0, event)}${closing}  </track>
`;
    })
    .join('');
}

const texts = (shown: readonly ShownVideo[]) => [
  ...new Set(shown.flatMap((video) => [video.relPath, ...video.events.map(classOf)])),
];

/** `cvat/<video>.xml`; a video without events has a file without tracks. */
export function writeCvat(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'CVAT');
  const files = shown.map((video) =>
    textFile(`cvat/${video.stem}.xml`, documentOf(meta(video, 'interpolation') + tracks(video))),
  );
  const labels = classesOf(shown);
  const names = (labels.length > 0 ? labels : [ANOMALY]).map((name) => `"${name}"`).join(', ');
  const convention = `Frames from 0; a box closes on the frame after the last of its event. The task needs the label${labels.length > 1 ? 's' : ''} ${names} with the text attribute "score".`;
  return withNotes(
    'cvat',
    files,
    convention,
    [...notes, ...xmlNotes(texts(shown), 'CVAT')],
    'CVAT: events are boxes over the whole picture; event ids and mean scores are not in it.',
  );
}

function taggedFrames(video: ShownVideo): string {
  const byFrame = new Map<number, ExportEvent[]>();
  for (const event of video.events) {
    for (let frame = event.start; frame < event.end; frame++)
      byFrame.set(frame, [...(byFrame.get(frame) ?? []), event]);
  }
  const { width, height } = video.size;
  return [...byFrame]
    .sort((a, b) => a[0] - b[0])
    .map(([frame, events]) => {
      const classes = [...new Map(events.map((event) => [classOf(event), event])).values()];
      const tags = classes.map(
        (event) => `    <tag label="${xmlText(classOf(event))}" source="${sourceOf(event)}">\n    </tag>\n`,
      );
      return `  <image id="${frame}" name="frame_${String(frame).padStart(6, '0')}" width="${width}" height="${height}">
${tags.join('')}  </image>
`;
    })
    .join('');
}

/** `cvat_images/<video>.xml`: one tag per anomalous frame and class; frames without events have no element. */
export function writeCvatImages(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'CVAT for images');
  const files = shown.map((video) =>
    textFile(`cvat_images/${video.stem}.xml`, documentOf(meta(video, 'annotation') + taggedFrames(video))),
  );
  const joined = shown
    .filter(({ events }) =>
      events.some((a, i) =>
        events.slice(0, i).some((b) => classOf(a) === classOf(b) && a.start <= b.end && b.start <= a.end),
      ),
    )
    .map((video) => video.relPath);
  return withNotes(
    'cvat_images',
    files,
    'Frames from 0, named frame_%06d as CVAT names those of a video.',
    [
      ...notes,
      ...xmlNotes(texts(shown), 'CVAT for images'),
      ...(joined.length > 0
        ? [
            `CVAT for images: tags of frames cannot tell events of one class apart that touch or overlap: ${joined.join(', ')}.`,
          ]
        : []),
    ],
    'CVAT for images: scores, event ids and layers are not in it.',
  );
}

function documentIn(name: string, bytes: Uint8Array): XmlElement {
  const root = parseXml(name, decodeText(name, bytes));
  if (root.name !== 'annotations')
    throw rowError(name, root.line, `this is a document of <${root.name}>, not annotations of CVAT.`);
  return root;
}

/** The task a file is about; absent in files of other programs, which CVAT accepts. */
function taskOf(root: XmlElement, file: string, folder: string) {
  const task = childAt(root, 'meta', 'task') ?? childAt(root, 'meta', 'job');
  const text = (name: string) => (task ? childAt(task, name)?.text.trim() : undefined);
  const whole = (name: string): number | null => {
    const value = text(name);
    return value === undefined || value === '' ? null : requireWhole(file, `<${name}>`, value);
  };
  const [, step] = /step\s*=\s*(\d+)/.exec(text('frame_filter') ?? '') ?? [];
  return {
    key: text('source') || text('name') || keyOfFile(file, folder),
    size: whole('size'),
    first: whole('start_frame') ?? 0,
    step: step === undefined ? 1 : Math.max(1, Number(step)),
  };
}

const attributeOf = (element: XmlElement, name: string): string | undefined =>
  childrenOf(element, 'attribute').find((a) => a.attributes.name === name)?.text;

function layerIn(first: XmlElement, source: string | undefined): ReadEvent['layer'] {
  const said = attributeOf(first, 'layer');
  if (said === 'rule' || said === 'human' || said === 'truth' || said === 'imported') return said;
  return source === 'manual' ? 'human' : source === 'auto' ? 'model' : null;
}

/**
 * Reads tracks as events: from a key frame inside the picture to the next one outside of it. Frames count through the
 * task's own start and step. Shapes and tags are left out and told.
 * @throws AppError naming file and line.
 */
export function readCvat({ name, bytes }: SourceFile): ReadLabels {
  const root = documentIn(name, bytes);
  const { key, size, first, step } = taskOf(root, name, 'cvat');
  const events = childrenOf(root, 'track').flatMap((track) => {
    const boxes = track.children
      .filter((child) => child.attributes.keyframe !== '0' && 'frame' in child.attributes)
      .map((child) => ({
        child,
        frame: requireWhole(`${name}, line ${child.line}`, 'frame', child.attributes.frame),
        outside: child.attributes.outside === '1',
      }))
      .sort((a, b) => a.frame - b.frame);
    const out: ReadEvent[] = [];
    for (const [i, { child, frame, outside }] of boxes.entries()) {
      if (outside || (i > 0 && !boxes[i - 1].outside)) continue;
      const closing = boxes.slice(i).find((other) => other.outside);
      const start = first + frame * step;
      const end = closing ? first + closing.frame * step : null;
      requireRange(`${name}, line ${child.line}`, start, end);
      const score = attributeOf(child, 'score');
      out.push(
        frameEvent(start, end, {
          class: track.attributes.label ?? null,
          score: score === undefined ? null : decimal(score),
          layer: layerIn(child, track.attributes.source),
        }),
      );
    }
    return out;
  });
  const others = childrenOf(root, 'image').length;
  const notes =
    others > 0
      ? [`${name}: left out ${others} images; import it as CVAT for images to read their tags.`]
      : [];
  const frames = size !== null && first === 0 && step === 1 ? size : null;
  return { videos: [{ key, frames, events, scores: null, file: name }], notes };
}

/** Reads the tags of frames: frames of one label that follow one another are one event. @throws AppError with the line. */
export function readCvatImages({ name, bytes }: SourceFile): ReadLabels {
  const root = documentIn(name, bytes);
  const { key, size, first, step } = taskOf(root, name, 'cvat_images');
  const open = new Map<string, ReadEvent>();
  const events: ReadEvent[] = [];
  const images = childrenOf(root, 'image')
    .map((image) => {
      const [, number] = /(\d+)(?:\.\w+)?$/.exec(image.attributes.name ?? '') ?? [];
      return {
        image,
        frame: first + step * requireWhole(`${name}, line ${image.line}`, 'the number in its name', number),
      };
    })
    .sort((a, b) => a.frame - b.frame);
  for (const { image, frame } of images) {
    for (const { attributes: tag } of childrenOf(image, 'tag')) {
      const label = tag.label ?? '';
      const before = open.get(label);
      if (before && before.end === frame) before.end = frame + step;
      else if (before?.end !== frame + step) {
        const event = frameEvent(frame, frame + step, {
          class: label === '' ? null : label,
          layer: tag.source === 'manual' ? 'human' : tag.source === 'auto' ? 'model' : null,
        });
        open.set(label, event);
        events.push(event);
      }
    }
  }
  const frames = size !== null && first === 0 && step === 1 ? size : null;
  return { videos: [{ key, frames, events, scores: null, file: name }], notes: [] };
}

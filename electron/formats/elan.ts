// Events as annotations of ELAN documents, EAF 3.0, one file per video, out and in (formats.md 3.13).
// Role: one tier per layer, and per class where events of a layer overlap, because annotations of a tier may not; frames
// are kept in the value. Limits: milliseconds; two equal events of one class and layer need tiers of their own.
import { classOf, type ExportData, type ExportEvent, type ExportedFile, layerOf, textFile } from './data.ts';
import { decodeText, rowError } from './lines.ts';
import {
  frameEvent,
  keyOfFile,
  type ReadEvent,
  type ReadLabels,
  requireRange,
  requireWhole,
  type SourceFile,
  secondsEvent,
  titleParts,
} from './read.ts';
import { milliseconds, type ShownVideo, shownVideos, title, withNotes } from './tools.ts';
import { childAt, childrenOf, parseXml, xmlNotes, xmlText } from './xml.ts';

const MIME_TYPES: Record<string, string> = {
  avi: 'video/x-msvideo',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  mpg: 'video/mpeg',
  webm: 'video/webm',
};

interface Tier {
  id: string;
  events: ExportEvent[];
}

/** Whether two events share time in milliseconds, which a tier may not hold. */
const overlap = (video: ShownVideo, a: ExportEvent, b: ExportEvent): boolean =>
  milliseconds(video, a)[0] < milliseconds(video, b)[1] &&
  milliseconds(video, b)[0] < milliseconds(video, a)[1];

/** Events in tiers without overlaps: by layer, then by class, then by number. */
function tiersOf(data: ExportData, video: ShownVideo): Tier[] {
  const layers = Map.groupBy(video.events, layerOf);
  if (layers.size === 0) layers.set(data.source === 'run' ? 'model' : 'human', []);
  return [...layers].flatMap(([layer, events]) => {
    const name = layer === 'model' && data.run ? `model: ${data.run.name}` : layer;
    const clash = (list: readonly ExportEvent[]) =>
      list.some((a, i) => list.slice(0, i).some((b) => overlap(video, a, b)));
    if (!clash(events)) return [{ id: name, events }];
    return [...Map.groupBy(events, classOf)].flatMap(([className, own]) => {
      const tiers: Tier[] = [];
      for (const event of own) {
        const free = tiers.find((tier) => !tier.events.some((other) => overlap(video, other, event)));
        if (free) free.events.push(event);
        else
          tiers.push({
            id: `${name} / ${className}${tiers.length > 0 ? ` (${tiers.length + 1})` : ''}`,
            events: [event],
          });
      }
      return tiers;
    });
  });
}

function document(data: ExportData, video: ShownVideo): string {
  const path = xmlText(video.relPath);
  const mime = MIME_TYPES[video.relPath.replace(/^.*\./, '').toLowerCase()] ?? 'video/*';
  const date = new Date(data.run?.finishedAt ?? data.run?.createdAt ?? 0)
    .toISOString()
    .replace('Z', '+00:00');
  let slots = '';
  let count = 0;
  const tiers = tiersOf(data, video).map(({ id, events }) => {
    const annotations = events.map((event) => {
      const [start, end] = milliseconds(video, event);
      count++;
      slots += `        <TIME_SLOT TIME_SLOT_ID="ts${2 * count - 1}" TIME_VALUE="${start}"/>\n`;
      slots += `        <TIME_SLOT TIME_SLOT_ID="ts${2 * count}" TIME_VALUE="${end}"/>\n`;
      return `        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a${count}" TIME_SLOT_REF1="ts${2 * count - 1}" TIME_SLOT_REF2="ts${2 * count}">
                <ANNOTATION_VALUE>${xmlText(title(event))} [${event.start}-${event.end}]</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
`;
    });
    return `    <TIER LINGUISTIC_TYPE_REF="event" TIER_ID="${xmlText(id)}">
${annotations.join('')}    </TIER>
`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="Zerolabel" DATE="${date}" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="${path}" MIME_TYPE="${mime}" RELATIVE_MEDIA_URL="./${path}"/>
        <PROPERTY NAME="lastUsedAnnotationId">${count}</PROPERTY>
    </HEADER>
    <TIME_ORDER>
${slots}    </TIME_ORDER>
${tiers.join('')}    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="event" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
`;
}

/** `elan/<video>.eaf`; a video without events has an empty tier. */
export function writeElan(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'ELAN');
  const files = shown.map((video) => textFile(`elan/${video.stem}.eaf`, document(data, video)));
  const convention =
    'Media time in milliseconds; the value holds the frames [start-end], from 0, end excluded. Media paths are those below the import folder.';
  const texts = shown.flatMap((video) => [video.relPath, ...video.events.map(classOf)]);
  return withNotes(
    'elan',
    files,
    convention,
    [...notes, ...xmlNotes([...new Set([...texts, data.title])], 'ELAN')],
    'ELAN: times are rounded to milliseconds and scores to two decimals; event ids and mean scores are not in it.',
  );
}

const LAYER = /^(model|rule|human|truth|imported)(?:$|: | \/ )/;

/**
 * Reads the aligned annotations of all tiers; frames in a value count more than its milliseconds. Annotations without
 * times of their own are left out and told.
 * @throws AppError naming file and line.
 */
export function readElan({ name, bytes }: SourceFile): ReadLabels {
  const root = parseXml(name, decodeText(name, bytes));
  if (root.name !== 'ANNOTATION_DOCUMENT')
    throw rowError(name, root.line, `this is a document of <${root.name}>, not one of ELAN.`);
  const slots = new Map<string, number | null>();
  for (const { attributes, line } of childAt(root, 'TIME_ORDER')?.children ?? []) {
    const value = attributes.TIME_VALUE;
    slots.set(
      attributes.TIME_SLOT_ID ?? '',
      value === undefined ? null : requireWhole(`${name}, line ${line}`, 'TIME_VALUE', value),
    );
  }
  let others = 0;
  const events = childrenOf(root, 'TIER').flatMap((tier) => {
    const layer = (LAYER.exec(tier.attributes.TIER_ID ?? '')?.[1] as ReadEvent['layer']) ?? null;
    return childrenOf(tier, 'ANNOTATION').flatMap((annotation) => {
      const aligned = childAt(annotation, 'ALIGNABLE_ANNOTATION');
      const edges = [aligned?.attributes.TIME_SLOT_REF1, aligned?.attributes.TIME_SLOT_REF2].map((id) =>
        id === undefined ? undefined : slots.get(id),
      );
      if (!aligned || edges.some((edge) => edge === null)) {
        others++;
        return [];
      }
      const where = `${name}, line ${aligned.line}`;
      const [start, end] = edges;
      if (start == null || end == null)
        throw rowError(name, aligned.line, 'an annotation refers to a time slot that is not there.');
      requireRange(where, start, end);
      const value = childAt(aligned, 'ANNOTATION_VALUE')?.text ?? '';
      const [, text = value, from, to] = /^(.*?) ?\[(\d+)-(\d+)\]$/s.exec(value) ?? [];
      const more = { ...titleParts(text), layer };
      if (from === undefined || to === undefined) return [secondsEvent(start / 1000, end / 1000, more)];
      requireRange(where, Number(from), Number(to));
      return [frameEvent(Number(from), Number(to), more)];
    });
  });
  const media = childAt(root, 'HEADER', 'MEDIA_DESCRIPTOR')?.attributes;
  const path = media?.RELATIVE_MEDIA_URL || media?.MEDIA_URL || keyOfFile(name, 'elan');
  const key = path.replace(/^file:\/+/, '/').replace(/^(\.\/)+/, '');
  const notes =
    others > 0 ? [`${name}: left out ${others} annotations that have no times of their own.`] : [];
  return { videos: [{ key, frames: null, events, scores: null, file: name }], notes };
}

// Events as annotations of ELAN documents, EAF 3.0, one file per video (formats.md 3.13).
// Role: one tier for the run, frames kept in the value. Limits: milliseconds; events of a run never overlap, so one tier
// is enough.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { milliseconds, type ShownVideo, shownVideos, title, withNotes } from './tools.ts';
import { xmlNotes, xmlText } from './xml.ts';

const MIME_TYPES: Record<string, string> = {
  avi: 'video/x-msvideo',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  mpg: 'video/mpeg',
  webm: 'video/webm',
};

function document({ run }: ExportData, video: ShownVideo): string {
  const path = xmlText(video.relPath);
  const mime = MIME_TYPES[video.relPath.replace(/^.*\./, '').toLowerCase()] ?? 'video/*';
  const date = new Date(run.finishedAt ?? run.createdAt).toISOString().replace('Z', '+00:00');
  const slots = video.events.flatMap((event, i) =>
    milliseconds(video, event).map(
      (ms, edge) => `        <TIME_SLOT TIME_SLOT_ID="ts${2 * i + edge + 1}" TIME_VALUE="${ms}"/>\n`,
    ),
  );
  const annotations = video.events.map(
    (event, i) => `        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a${i + 1}" TIME_SLOT_REF1="ts${2 * i + 1}" TIME_SLOT_REF2="ts${2 * i + 2}">
                <ANNOTATION_VALUE>${title(event)} [${event.start}-${event.end}]</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="Zerolabel" DATE="${date}" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="${path}" MIME_TYPE="${mime}" RELATIVE_MEDIA_URL="./${path}"/>
        <PROPERTY NAME="lastUsedAnnotationId">${video.events.length}</PROPERTY>
    </HEADER>
    <TIME_ORDER>
${slots.join('')}    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="event" TIER_ID="model: ${xmlText(run.name)}">
${annotations.join('')}    </TIER>
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="event" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
`;
}

/** `elan/<video>.eaf`; a video without events has an empty tier. */
export function writeElan(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'ELAN');
  const files = shown.map((video) => textFile(`elan/${video.stem}.eaf`, document(data, video)));
  const convention =
    'Media time in milliseconds; the value holds the frames [start-end], from 0, end excluded. Media paths are those below the import folder.';
  return withNotes(
    'elan',
    files,
    convention,
    [...notes, ...xmlNotes([...shown.map((video) => video.relPath), data.run.name], 'ELAN')],
    'ELAN: times are rounded to milliseconds and scores to two decimals; event ids and mean scores are not in it.',
  );
}

// Events as CVAT annotations, "CVAT for video 1.1", one file per video (formats.md 3.10).
// Role: each event is a track with a box over the whole picture, from its first frame to the frame after its last.
// Limits: no tags, because CVAT neither reads nor writes them in files for video.
import { type ExportData, type ExportedFile, textFile } from './data.ts';
import { ANOMALY } from './labelled.ts';
import { nine } from './tables.ts';
import { type ShownVideo, shownVideos, withNotes } from './tools.ts';
import { xmlNotes, xmlText } from './xml.ts';

function box(video: ShownVideo, frame: number, outside: 0 | 1, score: number): string {
  const { width, height } = video.size;
  return `    <box frame="${frame}" keyframe="1" outside="${outside}" occluded="0" xtl="0.00" ytl="0.00" xbr="${width.toFixed(2)}" ybr="${height.toFixed(2)}" z_order="0">
      <attribute name="score">${nine(score)}</attribute>
    </box>
`;
}

function document(video: ShownVideo): string {
  const tracks = video.events.map((event, id) => {
    // The box ends with the video where no frame is left to end it on.
    const closing = event.end < video.frames ? box(video, event.end, 1, event.max) : '';
    return `  <track id="${id}" label="${ANOMALY}" source="auto">
${box(video, event.start, 0, event.max)}${closing}  </track>
`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <task>
      <name>${xmlText(video.relPath)}</name>
      <size>${video.frames}</size>
      <mode>interpolation</mode>
      <start_frame>0</start_frame>
      <stop_frame>${video.frames - 1}</stop_frame>
      <labels>
        <label>
          <name>${ANOMALY}</name>
          <attributes>
            <attribute>
              <name>score</name>
              <mutable>False</mutable>
              <input_type>text</input_type>
              <default_value></default_value>
              <values></values>
            </attribute>
          </attributes>
        </label>
      </labels>
      <original_size>
        <width>${video.size.width}</width>
        <height>${video.size.height}</height>
      </original_size>
    </task>
  </meta>
${tracks.join('')}</annotations>
`;
}

/** `cvat/<video>.xml`; a video without events has a file without tracks. */
export function writeCvat(data: ExportData): ExportedFile[] {
  const { shown, notes } = shownVideos(data, 'CVAT');
  const files = shown.map((video) => textFile(`cvat/${video.stem}.xml`, document(video)));
  const convention = `Frames from 0; a box closes on the frame after the last of its event. The task needs the label "${ANOMALY}" with the text attribute "score".`;
  return withNotes(
    'cvat',
    files,
    convention,
    [
      ...notes,
      ...xmlNotes(
        shown.map((video) => video.relPath),
        'CVAT',
      ),
    ],
    'CVAT: events are boxes over the whole picture; event ids and mean scores are not in it.',
  );
}

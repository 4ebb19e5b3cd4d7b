// Golden kinds of electron/formats: ground truth as the official evaluations build it, and label texts byte for byte.
import { z } from 'zod';
import { buildGt, type GtVideo, withEvents } from '../../../electron/formats/gt-build.ts';
import type { LabelledVideo } from '../../../electron/formats/labelled.ts';
import { writeMsad } from '../../../electron/formats/msad.ts';
import { readTracks, writeTracks } from '../../../electron/formats/ubnormal.ts';
import { readUcfAnnotation, writeUcfAnnotation } from '../../../electron/formats/ucf-annotation.ts';
import { readXd, writeXd } from '../../../electron/formats/xd.ts';
import { fromVector } from '../../../shared/labels/intervals.ts';
import type { GoldenCase } from '../case.ts';
import type { GoldenKind } from '../kind.ts';

const gtStyle = z.enum([
  'rtfm_ucf',
  'vadclip_ucf',
  'cunet_ucf',
  'pad_last',
  'xd',
  'ubnormal_joint',
  'ubnormal_stgnf',
]);
const gtVideos = z.array(
  z.object({
    name: z.string(),
    frames: z.int(),
    segments: z.int(),
    tracks: z.string().nullable().optional(),
  }),
);

function maskEvents(c: GoldenCase, v: number) {
  const offsets = c.input('maskOffsets').data;
  return fromVector(c.input('masks').data.subarray(offsets[v], offsets[v + 1]));
}

function withGroundTruth(c: GoldenCase, style: z.infer<typeof gtStyle>): GtVideo[] {
  const videos = gtVideos.parse(JSON.parse(c.inputText('videos')));
  const annotations = () => c.inputText('annotations');
  switch (style) {
    case 'rtfm_ucf':
      return withEvents(videos, readUcfAnnotation(c.name, annotations(), 'py_incl').rows, 'error');
    case 'vadclip_ucf':
    case 'cunet_ucf':
      return withEvents(videos, readUcfAnnotation(c.name, annotations(), 'py_half').rows, 'error');
    case 'xd':
      return withEvents(videos, readXd(c.name, annotations()), 'normal');
    case 'pad_last':
      return videos.map((video, v) => ({ ...video, events: maskEvents(c, v) }));
    default:
      return videos.map((video) => ({
        ...video,
        events: video.tracks == null ? [] : readTracks(c.name, video.tracks),
      }));
  }
}

function build(c: GoldenCase): void {
  const { style } = z.object({ style: gtStyle }).parse(c.params);
  const { values, offsets } = buildGt(style, withGroundTruth(c, style));
  c.check('gt', values);
  c.check('offsets', offsets);
  c.check(
    'positiveRuns',
    fromVector(values).flatMap(({ start, end }) => [start, end]),
  );
  c.checkValue('length', values.length);
  c.checkValue(
    'positives',
    values.reduce((sum, value) => sum + value, 0),
  );
}

const textParams = z.object({
  format: z.enum(['ucf', 'xd', 'ubnormal_tracks', 'msad']),
  base: z.enum(['matlab1', 'py_incl', 'py_half']).optional(),
  extension: z.enum(['.mp4', '']).optional(),
  extraEvents: z.enum(['append', 'longestTwo']).optional(),
});
const eventsFile = z.object({
  videos: z.array(
    z.object({
      name: z.string(),
      class: z.string().default('Anomaly'),
      frames: z.int(),
      scenario: z.string().default(''),
      events: z.array(z.tuple([z.int(), z.int()])),
    }),
  ),
});

function text(c: GoldenCase): void {
  const { format, ...options } = textParams.parse(c.params);
  const videos = eventsFile
    .parse(JSON.parse(c.inputText('events')))
    .videos.map((video): LabelledVideo & { scenario: string } => ({
      ...video,
      events: video.events.map(([start, end]) => ({ start, end })),
    }));
  const written = {
    ucf: () => writeUcfAnnotation(videos, options).text,
    xd: () => writeXd(videos).text,
    ubnormal_tracks: () => writeTracks(videos[0]),
    msad: () => writeMsad(videos).text,
  }[format]();
  c.checkText('text', written);
  c.checkValue('bytes', new TextEncoder().encode(written).length);
}

const byKind: Record<string, (c: GoldenCase) => void> = { 'gt.build': build, 'format.text': text };

export const formats: GoldenKind = { kinds: Object.keys(byKind), run: (c) => byKind[c.kind](c) };

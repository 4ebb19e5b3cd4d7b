// Every kind of golden case that has been built.
import type { GoldenKind } from '../kind.ts';
import { c2fplDetector } from './c2fpl-detector.ts';
import { c2fplLabels } from './c2fpl-labels.ts';
import { cuClips } from './cu-clips.ts';
import { cuNetworks } from './cu-networks.ts';
import { formats } from './formats.ts';
import { gcl } from './gcl.ts';
import { jigsaw } from './jigsaw.ts';
import { labels } from './labels.ts';
import { optim } from './optim.ts';
import { rtfm } from './rtfm.ts';
import { statistics } from './statistics.ts';
import { stgnfFlow } from './stgnf-flow.ts';
import { stgnfPose } from './stgnf-pose.ts';
import { sultani } from './sultani.ts';
import { wocc } from './wocc.ts';

export const kinds: readonly GoldenKind[] = [
  c2fplDetector,
  c2fplLabels,
  cuClips,
  cuNetworks,
  formats,
  gcl,
  jigsaw,
  labels,
  optim,
  rtfm,
  statistics,
  stgnfFlow,
  stgnfPose,
  wocc,
  sultani,
];

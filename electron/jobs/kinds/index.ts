// Every kind of job, by name.
import type { JobKind } from '../../../shared/contract/index.ts';
import { detectionsKind } from './detections.ts';
import { extractKind } from './extract.ts';
import { featuresKind } from './features.ts';
import { importKind } from './import.ts';
import { proxyKind } from './proxy.ts';
import { relinkKind } from './relink.ts';
import { sampleKind } from './sample.ts';
import { trainKind } from './train.ts';

export const kinds = {
  import: importKind,
  extract: extractKind,
  features: featuresKind,
  train: trainKind,
  proxy: proxyKind,
  relink: relinkKind,
  sample: sampleKind,
  detections: detectionsKind,
} as const satisfies Record<JobKind, unknown>;

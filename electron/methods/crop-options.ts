// What people read about the settings of crop-output.ts. Role: shared by the methods that use it. Limits: data only.
import type { MethodOption } from '../../shared/contract/entities.ts';

export const cropOptions: MethodOption[] = [
  {
    key: 'aggregation',
    label: 'Score of a segment',
    help: 'From the scores of its crops. The three highest find an object that fills a few cells; the mean suits crops that all show the whole picture.',
    source: 'Ours; default extractor 2, section 3',
    type: 'choice',
    choices: [
      { value: 'top3', label: 'Mean of the three highest' },
      { value: 'mean', label: 'Mean of all' },
    ],
    default: 'top3',
    advanced: true,
  },
  {
    key: 'balance',
    label: 'Activity balance',
    help: 'Brings videos in which much goes on closer to the level of the others. It moves levels between videos only, never the order inside one, and needs whole videos. Helped on one of two data sets and cost a little on the other.',
    source: 'Ours; default extractor 2, section 3.3',
    type: 'choice',
    choices: [
      { value: '0', label: 'Off' },
      { value: '0.5', label: 'Half (0.5)' },
      { value: '0.75', label: 'Strong (0.75)' },
    ],
    default: '0',
    advanced: false,
  },
  {
    key: 'deviations',
    label: 'Threshold',
    help: 'A segment is labelled anomalous when it lies this many robust standard deviations above the median segment.',
    source: 'Our choice: median and median absolute deviation, which a minority of anomalies hardly moves',
    type: 'number',
    min: 0.5,
    max: 20,
    default: 3,
    advanced: true,
  },
];

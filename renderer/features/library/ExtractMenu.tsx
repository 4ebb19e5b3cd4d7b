// Which features to make. Role: the two extractors with one plain sentence each, and how much of the machine they get.
// Limits: starts nothing itself.
import type { ExtractorName, FeatureSet, VideoRow } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { ChevronDown } from '../../components/icons.tsx';
import { Menu } from '../../components/Menu.tsx';
import { allCores } from './choices.ts';
import { missingFeatures } from './rows.ts';

export interface ExtractMenuProps {
  videos: readonly VideoRow[];
  sets: readonly FeatureSet[];
  isDisabled: boolean;
  onExtract(extractor: ExtractorName): void;
}

const EXTRACTORS: Record<ExtractorName, { label: string; help: string }> = {
  'cellmotion-v1': {
    label: 'Motion, version 1 (default)',
    help: 'For fixed cameras: fast and unusual motion makes long vectors.',
  },
  'cellmotion-v2': {
    label: 'Motion, version 2',
    help: 'For one fixed camera with several clips: kinds of motion, for methods that learn. Outside of that there is no evidence for it.',
  },
};

export function ExtractMenu({ videos, sets, isDisabled, onExtract }: ExtractMenuProps) {
  const onAllCores = allCores.use((state) => state.value);
  return (
    <Menu
      label="Features"
      placement="bottom end"
      trigger={
        <Button isDisabled={isDisabled}>
          Features
          <ChevronDown size={14} />
        </Button>
      }
      entries={[
        ...(Object.keys(EXTRACTORS) as ExtractorName[]).map((extractor) => {
          const missing = missingFeatures(videos, sets, extractor);
          const { label, help } = EXTRACTORS[extractor];
          return {
            id: extractor,
            label: missing === 0 ? `${label}: all videos have them` : label,
            help,
            disabled: missing === 0,
            onAction: () => onExtract(extractor),
          };
        }),
        'separator',
        {
          id: 'all-cores',
          label: 'Use all cores',
          help: 'Off, the machine stays free for other work. The features are the same.',
          checked: onAllCores,
          onAction: () => allCores.set(!onAllCores),
        },
      ]}
    />
  );
}

// Boxes or poses that the chosen options need. Role: what is there, what is missing and what that means, and the way to
// import it. Limits: shown only where options need them; the engine refuses a run without any.
import { useState } from 'react';
import type { DetectionSummary, MethodInfo } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Download } from '../../components/icons.tsx';
import { Facts, Section } from '../../components/Panel.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { count } from '../../format.ts';
import { useCall } from '../../state/queries.ts';
import { DetectionsDialog } from '../library/DetectionsDialog.tsx';
import type { Value } from './form.ts';
import styles from './NewRun.module.css';

type Kind = DetectionSummary['kind'];

const TITLE: Record<Kind, string> = { boxes: 'Boxes of objects', poses: 'Poses of persons' };
const WHY: Record<Kind, string> = {
  boxes: 'Objects are cut from the footage around these boxes. Videos without any count as normal.',
  poses: 'The model sees joints and no picture. Videos in which nobody is seen count as normal.',
};
const MISSING: Record<Kind, string> = {
  boxes: 'No video has boxes yet. Import what a detector found, or choose another one-class model.',
  poses: 'No video has poses yet. Import what a pose tracker found, or choose another one-class model.',
};

/** The kinds that a configuration needs. */
export const neededKinds = ({ detections }: MethodInfo, values: Readonly<Record<string, Value>>): Kind[] =>
  (detections ?? []).filter(({ option, value }) => values[option] === value).map(({ kind }) => kind);

/** Which of the kinds no video has; none while that is not known. */
export function useMissing(kinds: readonly Kind[]): Kind[] {
  const there = useCall('detections.list', {}, { enabled: kinds.length > 0 }).data;
  return kinds.filter((kind) => there?.find((one) => one.kind === kind)?.objects === 0);
}

export function NeededDetections({ kind }: { kind: Kind }) {
  const [importing, setImporting] = useState(false);
  const there = useCall('detections.list', {}).data?.find((one) => one.kind === kind);
  return (
    <Section title={TITLE[kind]} aux="for these options">
      <div className={styles.stack}>
        {there?.objects === 0 ? (
          <ErrorLine error={{ message: MISSING[kind] }} />
        ) : (
          <>
            {there && (
              <Facts
                facts={[
                  ['Videos with them', count(there.videos - there.empty)],
                  ['Nobody seen in', there.empty > 0 ? count(there.empty) : null],
                  ['Videos without', there.without > 0 ? count(there.without) : null],
                  [kind === 'boxes' ? 'Boxes' : 'Poses', count(there.objects)],
                ]}
              />
            )}
            <p className={styles.quiet}>{WHY[kind]}</p>
          </>
        )}
        <Button small icon={<Download size={14} />} onPress={() => setImporting(true)}>
          Import boxes and poses…
        </Button>
      </div>
      <DetectionsDialog isOpen={importing} onClose={() => setImporting(false)} />
    </Section>
  );
}

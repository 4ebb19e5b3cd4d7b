// The second review. Role: turning it on for this page, and how far the two reviews agree. Limits: while it is on, nothing
// of the first review is shown; numbers and differences are, because they are what one comes here for afterwards.
import { useState } from 'react';
import type { ReviewAgreement, VideoRow } from '../../../../shared/contract/index.ts';
import { Button } from '../../../components/Button.tsx';
import { Dialog } from '../../../components/Dialog.tsx';
import { Facts } from '../../../components/Panel.tsx';
import { ErrorLine } from '../../../components/State.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { count, measure } from '../../../format.ts';
import { useAction, useCall } from '../../../state/queries.ts';
import { editorNow, reviewing } from '../verdicts/reviewer.ts';
import { Differences } from './Differences.tsx';
import styles from './SecondDialog.module.css';

/** What kappa and IoU mean here, and what settling does to them. */
function kappaWords({ kappa, settled }: ReviewAgreement): string {
  const meaning =
    kappa === null
      ? 'Kappa is agreement beyond chance; where both say the same of all, chance alone explains it.'
      : 'Kappa is agreement beyond chance, segment by segment: 1 is full agreement, 0 what chance alone would give.';
  return settled > 0
    ? `${meaning} Differences were settled: where the second was followed, the first review now says the same, so both numbers are higher than those of two independent people. They now say how far the labels as they stand agree with the second review.`
    : `${meaning} Both numbers are of two independent reviews as long as nothing is settled: to report them, note them down before.`;
}

export interface SecondDialogProps {
  isOpen: boolean;
  onClose(): void;
  videos: ReadonlyMap<number, VideoRow>;
  onGo(place: { videoId: number; start: number; end: number }): void;
}

export function SecondDialog(props: SecondDialogProps) {
  return (
    <Dialog title="Second review" isOpen={props.isOpen} onClose={props.onClose} width={780}>
      {props.isOpen && <Second {...props} />}
    </Dialog>
  );
}

function Second({ onClose, videos, onGo }: SecondDialogProps) {
  const { pass, second } = reviewing.use((state) => state.value);
  const [name, setName] = useState(second);
  const found = useCall('review.agreement', {});
  const edit = useAction('review.edit', () => void found.refetch());
  const data = found.data;
  if (pass === 2) {
    return (
      <div className={styles.all}>
        <p>
          {second} reviews blind: verdicts, classes, notes and rules of the first review are hidden, and what
          is said now is kept apart from them.
        </p>
        <div className={styles.foot}>
          <Button
            variant="primary"
            onPress={() => {
              reviewing.set({ pass: 1, second });
              onClose();
            }}
          >
            Back to the first review
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.all}>
      <div className={styles.start}>
        <TextField label="Name of the second reviewer" value={name} onChange={setName} />
        <Button
          isDisabled={name.trim() === ''}
          onPress={() => {
            reviewing.set({ pass: 2, second: name.trim() });
            onClose();
          }}
        >
          Review blind
        </Button>
      </div>
      {found.error && <ErrorLine error={found.error} />}
      {data && data.videos === 0 && (
        <p className={styles.hint}>
          No video was reviewed twice yet. The second reviewer sees no verdicts; afterwards agreement and
          differences stand here.
        </p>
      )}
      {data && data.videos > 0 && (
        <>
          <Facts
            facts={[
              ['First', data.first.join(', ')],
              ['Second', data.second.join(', ')],
              ['Compared', `${count(data.videos)} videos, ${count(data.segments)} segments`],
              [
                'Kappa over segments',
                data.kappa === null ? 'none: both say the same of all' : measure(data.kappa),
              ],
              ['Temporal IoU', data.iou === null ? 'none: nothing was accepted' : measure(data.iou)],
            ]}
          />
          <p className={styles.hint} data-testid="kappa-meaning">
            {kappaWords(data)}
          </p>
          <Differences
            differences={data.differences}
            videos={videos}
            onLook={(one) => {
              onGo(one);
              onClose();
            }}
            onSettle={({ videoId, start, end }, as) =>
              edit.run({ by: editorNow(), edit: { type: 'settle', of: { videoId, start, end }, as } })
            }
          />
          {edit.error && <ErrorLine error={edit.error} />}
        </>
      )}
    </div>
  );
}

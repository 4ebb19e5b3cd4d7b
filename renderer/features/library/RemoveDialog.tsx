// Taking videos out of a project. Role: says what goes and what stays. Limits: files are never touched.
import type { VideoRow } from '../../../shared/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { ErrorLine } from '../../components/State.tsx';
import { plural } from '../../format.ts';
import { useAction } from '../../state/queries.ts';

export interface RemoveDialogProps {
  /** Empty while the dialog is closed. */
  videos: readonly VideoRow[];
  onClose(): void;
  onRemoved(ids: readonly number[]): void;
}

/** Asked because it cannot be undone: features and scores of these videos go with them. */
export function RemoveDialog({ videos, onClose, onRemoved }: RemoveDialogProps) {
  const remove = useAction('videos.remove', (_, { ids }) => {
    onRemoved(ids);
    onClose();
  });
  return (
    <Dialog
      title={
        videos.length === 1 ? `Remove ${videos[0].relPath}?` : `Remove ${plural(videos.length, 'video')}?`
      }
      isOpen={videos.length > 0}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Keep</Button>
          <Button
            variant="danger"
            isDisabled={remove.pending}
            onPress={() => remove.run({ ids: videos.map((video) => video.id) })}
          >
            Remove from the project
          </Button>
        </>
      }
    >
      <p>
        Their features, scores and pictures leave this project. This cannot be undone. The video files
        themselves stay where they are, untouched.
      </p>
      <ErrorLine error={remove.error} />
    </Dialog>
  );
}

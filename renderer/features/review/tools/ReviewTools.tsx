// What is done now and then in a review, behind one button. Role: the menu and its dialogs. Limits: each dialog is a file
// of its own.
import { useMemo } from 'react';
import type { QueueItem, Run, VideoRow } from '../../../../shared/contract/index.ts';
import { IconButton } from '../../../components/Button.tsx';
import { Copy, History, More, People, Sliders, Table } from '../../../components/icons.tsx';
import { Menu } from '../../../components/Menu.tsx';
import { HistoryDialog } from '../history/HistoryDialog.tsx';
import { keyOf } from '../keymap.ts';
import type { QueueView } from '../queue/use-queue.ts';
import { usePass } from '../verdicts/reviewer.ts';
import { BulkDialog } from './BulkDialog.tsx';
import { DiffDialog } from './DiffDialog.tsx';
import { EventTable } from './EventTable.tsx';
import type { Like } from './LooksLike.tsx';
import { SecondDialog } from './SecondDialog.tsx';
import type { Tool, ToolAction } from './tool-actions.ts';

export interface ReviewToolsProps {
  run: Run;
  runs: readonly Run[];
  videos: readonly VideoRow[];
  runNames: ReadonlyMap<number, string>;
  queue: QueueView;
  /** The tool that is open. */
  tool: Tool | null;
  onClose(): void;
  actions: Record<ToolAction, () => void>;
  /** Opens the dialog for bulk verdicts around an event; null closes it. */
  like: Like | null;
  onLike(like: Like | null): void;
  onGo(place: { videoId: number; start: number; end: number }): void;
  onOpen(item: QueueItem): void;
  /** Shows the timeline as of a row of the log. */
  onPast(at: number): void;
}

export function ReviewTools(props: ReviewToolsProps) {
  const { run, runs, videos, runNames, queue, like, onLike, onGo, onOpen, onPast, tool, onClose, actions } =
    props;
  const pass = usePass();
  const byId = useMemo(() => new Map(videos.map((video) => [video.id, video])), [videos]);
  return (
    <>
      <Menu
        label="Review"
        trigger={<IconButton small label="More" icon={<More size={14} />} />}
        entries={[
          {
            id: 'table',
            label: 'All events as a table',
            icon: <Table size={14} />,
            kbd: keyOf('table'),
            onAction: actions.table,
          },
          {
            id: 'bulk',
            label: 'Decide by rule…',
            help: 'Many events at once; never counted as reviewed',
            icon: <Sliders size={14} />,
            disabled: pass === 2,
            kbd: keyOf('bulk'),
            onAction: actions.bulk,
          },
          {
            id: 'diff',
            label: 'What this run changes…',
            help: 'Against an earlier run and against verdicts',
            icon: <Copy size={14} />,
            disabled: runs.length < 2,
            kbd: keyOf('diff'),
            onAction: actions.diff,
          },
          'separator',
          {
            id: 'history',
            label: 'History',
            help: 'Who said what, and the labels as they were',
            icon: <History size={14} />,
            disabled: pass === 2,
            kbd: keyOf('history'),
            onAction: actions.history,
          },
          {
            id: 'second',
            label: 'Second review…',
            help: 'Blind, with agreement and differences',
            icon: <People size={14} />,
            kbd: keyOf('second'),
            onAction: actions.second,
          },
        ]}
      />
      <BulkDialog
        isOpen={tool === 'bulk' || like !== null}
        onClose={() => {
          onClose();
          onLike(null);
        }}
        run={run}
        videos={byId}
        like={like}
      />
      <HistoryDialog isOpen={tool === 'history'} onClose={onClose} run={run} videos={byId} onShow={onPast} />
      <SecondDialog isOpen={tool === 'second'} onClose={onClose} videos={byId} onGo={onGo} />
      <DiffDialog
        isOpen={tool === 'diff'}
        onClose={onClose}
        run={run}
        runs={runs}
        onQueue={(against) =>
          queue.change({ filter: { ...queue.settings.filter, against }, budgetMinutes: null })
        }
      />
      <EventTable
        isOpen={tool === 'table'}
        onClose={onClose}
        run={run}
        videos={byId}
        runNames={runNames}
        onGo={onOpen}
        perCamera={queue.settings.perCamera}
      />
    </>
  );
}

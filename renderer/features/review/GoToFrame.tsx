// To a frame or a time, on G.
import { useState } from 'react';
import { frameAt, timeOfFrame } from '../../../shared/labels/frame-table.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { TextField } from '../../components/TextField.tsx';
import { count } from '../../format.ts';
import type { Session } from './session.ts';
import { type Clock, secondsTo, timeText } from './time.ts';

/** A frame number (`1382`, `1,382`), or seconds as `{seconds}` for `2:18.2`, `1:02:03`, `40s`; null for anything else. */
export function parsePosition(text: string): { frame: number } | { seconds: number } | null {
  const bare = text.trim();
  if (/^\d{1,3}(,\d{3})+$|^\d+$/.test(bare)) return { frame: Number(bare.replaceAll(',', '')) };
  const clock = /^(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d*)?)$/.exec(bare);
  if (clock) return { seconds: Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]) };
  const seconds = /^(\d+(?:\.\d*)?) ?s$/.exec(bare);
  return seconds && { seconds: Number(seconds[1]) };
}

/** The frame that a text means in a video, null when it means none or lies outside. */
export function frameOf(text: string, session: Clock): number | null {
  const position = parsePosition(text);
  if (!position) return null;
  if ('frame' in position) return position.frame < session.frames ? position.frame : null;
  if (!session.timed || position.seconds > secondsTo(session.table, session.frames)) return null;
  return frameAt(session.table, position.seconds + timeOfFrame(session.table, 0));
}

export function GoToFrame({
  session,
  isOpen,
  onClose,
}: {
  session: Session;
  isOpen: boolean;
  onClose(): void;
}) {
  return (
    <Dialog title="Go to a frame or time" isOpen={isOpen} onClose={onClose} width={360}>
      <GoToField session={session} onClose={onClose} />
    </Dialog>
  );
}

function GoToField({ session, onClose }: { session: Session; onClose(): void }) {
  const [text, setText] = useState('');
  const frame = frameOf(text, session);
  const end = [`frame ${count(session.frames - 1)}`, timeText(session, session.frames, 1)]
    .filter(Boolean)
    .join(' or ');
  const go = (): void => {
    if (frame === null) return;
    session.player.shuttle(0);
    session.player.seek(frame);
    onClose();
  };
  return (
    <form
      style={{ display: 'grid', gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <TextField
        label="Frame or time"
        autoFocus
        value={text}
        onChange={setText}
        placeholder="1382 or 2:18.2"
        error={text !== '' && frame === null ? `Write a frame number or a time up to ${end}.` : null}
        hint={
          frame === null
            ? `Up to ${end}`
            : [`Frame ${count(frame)}`, timeText(session, frame)].filter(Boolean).join(' at ')
        }
      />
      <Button variant="primary" type="submit" isDisabled={frame === null}>
        Go
      </Button>
    </form>
  );
}

// Edits on their way to the engine. Role: one after another, what is on its way, what failed and how to go on.
// Limits: nothing is shown as saved before the engine has it; an edit that failed stays until it is tried again or left.
import { useMemo } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Input, ReviewChange } from '../../../../shared/contract/index.ts';
import { type ErrorData, toErrorData } from '../../../../shared/errors.ts';
import type { PageClient } from '../../../platform/client.ts';
import { useClient } from '../../../platform/context.tsx';
import { editorNow } from './reviewer.ts';

type Edit = Input<'review.edit'>['edit'];

export interface EditsState {
  /** Edits the engine has not confirmed yet. */
  pending: number;
  /** The edits that failed first and those that waited behind it, in order. */
  failed: { error: ErrorData; waiting: number } | null;
}

export interface Edits {
  readonly store: StoreApi<EditsState>;
  /** Sends an edit; resolves with what changed, or null when it (or one before it) failed. */
  send(edit: Edit): Promise<ReviewChange | null>;
  undo(): Promise<ReviewChange | null>;
  redo(): Promise<ReviewChange | null>;
  /** Sends what failed, and what waits behind it, again. */
  again(): void;
  /** Gives up what failed and what waits behind it. */
  leave(): void;
}

type Send = () => Promise<ReviewChange>;
interface Waiting {
  send: Send;
  done(change: ReviewChange | null): void;
}

/** Who it was when it was done, and a key with which the engine does it once however often it is sent. */
const marked = () => ({ by: editorNow(), key: crypto.randomUUID() });

export function createEdits(client: Pick<PageClient, 'call'>): Edits {
  const store = createStore<EditsState>(() => ({ pending: 0, failed: null }));
  let line: Waiting[] = [];
  let busy = false;

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    while (line.length > 0 && !store.getState().failed) {
      const [first] = line;
      try {
        const change = await first.send();
        line = line.slice(1);
        store.setState({ pending: line.length });
        first.done(change);
      } catch (thrown) {
        store.setState({ failed: { error: toErrorData(thrown), waiting: line.length } });
      }
    }
    busy = false;
  }

  function add(send: Send): Promise<ReviewChange | null> {
    return new Promise((done) => {
      line = [...line, { send, done }];
      const { failed } = store.getState();
      store.setState({
        pending: line.length,
        ...(failed && { failed: { ...failed, waiting: line.length } }),
      });
      void work();
    });
  }

  return {
    store,
    send: (edit) => {
      const mark = marked();
      return add(() => client.call('review.edit', { ...mark, edit }));
    },
    undo() {
      const mark = marked();
      return add(() => client.call('review.undo', mark));
    },
    redo() {
      const mark = marked();
      return add(() => client.call('review.redo', mark));
    },
    again() {
      store.setState({ failed: null });
      void work();
    },
    leave() {
      const left = line;
      line = [];
      store.setState({ failed: null, pending: 0 });
      for (const waiting of left) waiting.done(null);
    },
  };
}

export function useEdits(): Edits {
  const client = useClient();
  return useMemo(() => createEdits(client), [client]);
}

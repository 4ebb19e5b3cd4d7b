// What can be done where one is, by name. Role: screens put their actions here while they are shown; Ctrl+K finds them.
// Limits: no keys, no texts of its own.
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

export interface Command {
  id: string;
  text: string;
  /** Its key as people read it; '' for none. */
  kbd: string;
  run(): void;
}

export const useCommandList = create<{ sets: ReadonlyMap<string, readonly Command[]> }>()(() => ({
  sets: new Map(),
}));

/** All commands that can be given now. */
export const commandsOf = (sets: ReadonlyMap<string, readonly Command[]>): Command[] =>
  [...sets.values()].flat();

/** Offers commands while the component is mounted. `run` may be another function each time; the list may not change. */
export function useCommands(name: string, commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const listed = commands.map(({ id, text, kbd }) => `${id}\t${text}\t${kbd}`).join('\n');
  useEffect(() => {
    const offered = listed.split('\n').flatMap((line) => {
      const [id, text, kbd] = line.split('\t');
      if (!text) return [];
      return [{ id, text, kbd, run: () => latest.current.find((command) => command.id === id)?.run() }];
    });
    useCommandList.setState(({ sets }) => ({ sets: new Map(sets).set(name, offered) }));
    return () =>
      useCommandList.setState(({ sets }) => {
        const left = new Map(sets);
        left.delete(name);
        return { sets: left };
      });
  }, [name, listed]);
}

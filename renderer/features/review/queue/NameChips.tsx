// Some of many names. Role: chips for those that are chosen and for those that fit what is typed. Limits: so many are shown
// that a panel stays quick; all others are found by typing.
import { useState } from 'react';
import { Chip } from '../../../components/Badge.tsx';
import { Search } from '../../../components/icons.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { count } from '../../../format.ts';
import styles from './NameChips.module.css';

/** Up to so many names need no search. */
const FEW = 12;
/** Shown at once; a site with more cameras is searched. */
const MOST = 60;

export interface NameChipsProps {
  /** What they are names of, in the plural: `cameras`. */
  what: string;
  /** All of them, ascending. */
  names: readonly string[];
  chosen: readonly string[];
  onChange(chosen: string[]): void;
}

/** A list with `item` in it, or without. */
export const toggled = <T,>(list: readonly T[], item: T, on: boolean): T[] =>
  on ? [...list, item] : list.filter((other) => other !== item);

/** What is shown of many names: the chosen ones first, then those that hold the text; and how many more would fit. */
export function namesShown(
  names: readonly string[],
  chosen: readonly string[],
  text: string,
): { shown: string[]; more: number } {
  const wanted = text.trim().toLowerCase();
  const rest = names.filter((name) => !chosen.includes(name) && name.toLowerCase().includes(wanted));
  return { shown: [...chosen, ...rest.slice(0, MOST)], more: Math.max(0, rest.length - MOST) };
}

export function NameChips({ what, names, chosen, onChange }: NameChipsProps) {
  const [text, setText] = useState('');
  const { shown, more } = namesShown(names, chosen, text);
  return (
    <div className={styles.names}>
      {names.length > FEW && (
        <TextField
          label={`Find ${what}`}
          hideLabel
          icon={<Search size={14} />}
          value={text}
          placeholder={`Find among ${count(names.length)} ${what}`}
          onChange={setText}
        />
      )}
      <div className={styles.chips}>
        {shown.map((name) => (
          <Chip
            key={name}
            selected={chosen.includes(name)}
            onChange={(on) => onChange(toggled(chosen, name, on))}
          >
            {name}
          </Chip>
        ))}
      </div>
      {(more > 0 || shown.length === chosen.length) && (
        <small className={styles.more}>
          {more > 0 ? `${count(more)} more: type part of a name` : text !== '' && 'None has this name'}
        </small>
      )}
    </div>
  );
}

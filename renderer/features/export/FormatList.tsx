// The formats to choose from. Role: search, groups, check boxes, and which one is looked at. Limits: knows no labels.
import { useState } from 'react';
import type { ExportFormat, ExportOptions, LabelSource } from '../../../shared/contract/index.ts';
import { cx } from '../../components/cx.ts';
import { Search } from '../../components/icons.tsx';
import { TextField } from '../../components/TextField.tsx';
import { Checkbox } from '../../components/Toggle.tsx';
import { plural } from '../../format.ts';
import styles from './Export.module.css';
import { found, GROUPS } from './formats.ts';
import { NotesBadge } from './NotesBadge.tsx';

export interface FormatListProps {
  chosen: readonly ExportFormat[];
  shown: ExportFormat;
  source: LabelSource;
  options: ExportOptions;
  /** Chosen formats, and the one that is looked at. */
  onChange(chosen: ExportFormat[], shown: ExportFormat): void;
}

export function FormatList({ chosen, shown, source, options, onChange }: FormatListProps) {
  const [text, setText] = useState('');
  const entries = found(text);
  return (
    <aside className={styles.formats} data-region="formats" aria-label="Formats">
      <header className={styles.formatsHead}>
        <h1>Export</h1>
        <small>{plural(chosen.length, 'format')} chosen</small>
      </header>
      <div className={styles.search}>
        <TextField
          label="Find a format"
          hideLabel
          soft
          type="search"
          placeholder="Find a format"
          icon={<Search size={14} />}
          value={text}
          onChange={setText}
        />
      </div>
      <div className={styles.scroll}>
        {GROUPS.map((group) => {
          const own = entries.filter((entry) => entry.group === group);
          if (own.length === 0) return null;
          return (
            <section key={group} aria-label={group}>
              <h2 className={styles.group}>{group}</h2>
              {own.map(({ format, label, note }) => (
                <div key={format} className={cx(styles.format, format === shown && styles.current)}>
                  <Checkbox
                    label={`Export ${label}`}
                    isSelected={chosen.includes(format)}
                    onChange={(on) =>
                      onChange(on ? [...chosen, format] : chosen.filter((other) => other !== format), format)
                    }
                  />
                  <button
                    type="button"
                    aria-current={format === shown ? 'true' : undefined}
                    onClick={() => onChange([...chosen], format)}
                  >
                    <b>{label}</b>
                    <small>{note}</small>
                  </button>
                  {(chosen.includes(format) || format === shown) && (
                    <NotesBadge format={format} source={source} options={options} />
                  )}
                </div>
              ))}
            </section>
          );
        })}
        {entries.length === 0 && <p className={styles.nothing}>No format is called that.</p>}
      </div>
    </aside>
  );
}

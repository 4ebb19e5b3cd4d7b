// Shows the word to the person over the foot of the picture. Role: one plate, read out as well. Limits: see word.ts.
import { useEffect } from 'react';
import { Info, Warning } from '../../components/icons.tsx';
import styles from './Word.module.css';
import { hush, useWord } from './word.ts';

export function Word() {
  const { text, tone } = useWord();
  useEffect(() => hush, []);
  return (
    <div className={styles.place} role="status" data-testid="word">
      {text !== null && (
        <p className={styles.word} data-tone={tone}>
          {tone === 'refused' ? <Warning size={14} /> : <Info size={14} />}
          {text}
        </p>
      )}
    </div>
  );
}

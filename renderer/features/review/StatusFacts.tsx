// What the status bar says of a review. Role: footage covered, and whether the rule is saved. Limits: edits are
// verdicts/EditFacts.tsx.
import { Check, Clock, Eye, Warning } from '../../components/icons.tsx';
import styles from './OpenReview.module.css';
import { watchedStore, watchedText } from './player/watched.ts';
import type { RuleEditor } from './rule.ts';
import { useSlow } from './use-slow.ts';

/** How much footage playback covered in how much time, once there is something to say. */
export function Covered() {
  const text = useSlow(watchedStore, watchedText);
  return (
    text && (
      <span
        className={styles.fact}
        data-testid="watched"
        title="Footage that was played, and how long that took"
      >
        <Eye size={12} />
        {text}
      </span>
    )
  );
}

export function RuleFact({ rules }: { rules: RuleEditor }) {
  const saved = useSlow(rules.store, (state) => state.saved);
  const Icon = saved === 'saved' ? Check : saved === 'pending' ? Clock : Warning;
  return (
    <span className={styles.fact} data-state={saved} data-testid="rule-saved">
      <Icon size={12} />
      {saved === 'saved' ? 'Rule saved' : saved === 'pending' ? 'Saving the rule' : 'The rule is not saved'}
    </span>
  );
}

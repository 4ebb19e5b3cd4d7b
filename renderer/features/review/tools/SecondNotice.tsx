// The page reviews blind. Role: says so and by whom, and leads back. Limits: none in the first review.
import { Button } from '../../../components/Button.tsx';
import { People } from '../../../components/icons.tsx';
import styles from '../history/PastNotice.module.css';
import { reviewing } from '../verdicts/reviewer.ts';

export function SecondNotice() {
  const { pass, second } = reviewing.use((state) => state.value);
  if (pass === 1) return null;
  return (
    <div className={styles.notice} role="status">
      <People size={14} />
      <span>{second} reviews blind</span>
      <Button small onPress={() => reviewing.set({ pass: 1, second })}>
        End
      </Button>
    </div>
  );
}

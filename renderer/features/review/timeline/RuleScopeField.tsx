// What the rule on the screen is of, and what a change of it is kept for. Role: all videos, the camera or this video; the
// way back to the wider rule. Limits: a rule that is hidden by a narrower one is changed where it holds.
import { useStore } from 'zustand';
import { RUN_SCOPE, type RuleScope, SCOPES, scopeOf, widerScope } from '../../../../shared/labels/rules.ts';
import { Button } from '../../../components/Button.tsx';
import { Segments } from '../../../components/Toggle.tsx';
import { ownRulesText } from '../../runs/runs.ts';
import type { OpenRule } from '../open-video.ts';
import styles from './ThresholdButton.module.css';

export interface RuleScopeFieldProps {
  open: OpenRule;
  video: { id: number; camera: string | null };
}

const SHORT = { run: 'All videos', camera: 'This camera', video: 'This video' } as const;

/** Whose rule that is, in a sentence about the open video. */
function wordsOf(scope: RuleScope): string {
  if (scope.kind === 'run') return 'the rule of all videos';
  return scope.kind === 'camera' ? `the rule of the camera ${scope.camera}` : 'a rule of its own';
}

export function RuleScopeField({ open, video: { id, camera } }: RuleScopeFieldProps) {
  const { editor, rules, holds } = open;
  const scope = useStore(editor.store, (now) => now.scope);
  const video = { videoId: id, camera };
  const scopes: Record<RuleScope['kind'], RuleScope | null> = {
    run: RUN_SCOPE,
    camera: camera === null ? null : { kind: 'camera', camera },
    video: { kind: 'video', videoId: id },
  };
  const held = SCOPES.indexOf(scopeOf(rules, video).kind);
  const alone = holds.kind !== 'run' && rules.ownRules.length === 1;
  const own = alone ? '' : ownRulesText(rules.ownRules);
  return (
    <div className={styles.scope}>
      <span aria-hidden="true">A change is for</span>
      <Segments
        label="A change is for"
        value={scope.kind}
        onChange={(kind) => {
          const next = scopes[kind];
          if (next) editor.keepFor(next);
        }}
        options={SCOPES.flatMap((kind, i) =>
          scopes[kind] ? [{ value: kind, label: SHORT[kind], disabled: i < held }] : [],
        )}
      />
      <div className={styles.holds}>
        <p data-testid="rule-scope">
          This video goes by {wordsOf(holds)}. {own}
        </p>
        {holds.kind !== 'run' && (
          <Button small onPress={open.reset}>
            Back to {wordsOf(widerScope(rules, holds, video))}
          </Button>
        )}
      </div>
    </div>
  );
}

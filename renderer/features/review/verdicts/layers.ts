// What people and rules say, as lanes of the timeline. Role: filled accepted, outlined rejected, dotted unsure, hatched
// by rule; a moved edge shows by how much. Limits: data only.
import type {
  HumanEvent,
  ReviewClass,
  ReviewRule,
  RuleEvent,
  Verdict,
} from '../../../../shared/contract/index.ts';
import type { Layer, LayerItem } from '../timeline/layers.ts';
import { movedBy, signed } from './subject.ts';

export const SIGN: Record<Verdict, string> = { accepted: '✓', rejected: '✕', unsure: '?' };
export const VERDICT: Record<Verdict, string> = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  unsure: 'Unsure',
};
const FORM = { accepted: 'filled', rejected: 'outline', unsure: 'dotted' } as const;

/** Colours of classes by name. */
export type ClassColours = ReadonlyMap<string, number>;
export const coloursOf = (classes: readonly ReviewClass[]): ClassColours =>
  new Map(classes.map(({ name, colour }) => [name, colour]));

function itemOf(row: HumanEvent, colours: ClassColours): LayerItem {
  const { start, end } = row;
  if (row.kind === 'ignore')
    return { start, end, form: 'hatched', tone: 'neutral', text: 'Ignore', name: 'Ignored' };
  if (row.kind === 'watched')
    return { start, end, form: 'outline', tone: 'neutral', text: 'Watched', name: 'Watched in full' };
  if (row.kind === 'note')
    return { start, end, form: 'dotted', tone: 'neutral', text: row.note, name: `Note: ${row.note}` };
  const moved = movedBy(row);
  const shift = moved
    ? [moved.start, moved.end]
        .filter((by) => by !== 0)
        .map(signed)
        .join(' ')
    : '';
  const said = row.verdict === null ? 'Changed' : VERDICT[row.verdict];
  const sign = row.verdict === null ? '' : SIGN[row.verdict];
  return {
    start,
    end,
    form: row.verdict === null ? 'dashed' : FORM[row.verdict],
    ...(row.verdict === null && { tone: 'accent' as const }),
    text: [sign, row.class ?? said, shift].filter(Boolean).join(' '),
    name: [said, row.class, row.note && `note: ${row.note}`].filter(Boolean).join(', '),
    mark: row.class === null ? undefined : colours.get(row.class),
  };
}

/** Two lanes: bulk verdicts where there are any, and people. */
export function reviewLayers(
  rows: readonly HumanEvent[],
  ruleEvents: readonly RuleEvent[],
  rules: readonly ReviewRule[],
  classes: readonly ReviewClass[],
): Layer[] {
  const colours = coloursOf(classes);
  // A watched stretch is long and lies under everything else.
  const order = (row: HumanEvent) => (row.kind === 'watched' ? 0 : 1);
  const human: Layer = {
    id: 'human',
    label: 'Human',
    tone: 'human',
    note: rows.length === 0 ? undefined : String(rows.length),
    items: [...rows]
      .sort((a, b) => order(a) - order(b) || a.start - b.start)
      .map((row) => ({ ...itemOf(row, colours), rowId: row.id })),
  };
  if (ruleEvents.length === 0) return [human];
  const text = new Map(rules.map((rule) => [rule.id, rule.text]));
  return [
    {
      id: 'rule',
      label: 'Rule',
      tone: 'rule',
      note: 'bulk',
      items: ruleEvents.map((row) => ({
        start: row.start,
        end: row.end,
        form: 'hatched',
        text: `${SIGN[row.verdict]} ${text.get(row.ruleId) ?? VERDICT[row.verdict]}`,
        name: `${VERDICT[row.verdict]} by rule: ${text.get(row.ruleId) ?? ''}`,
        mark: row.class === null ? undefined : colours.get(row.class),
      })),
    },
    human,
  ];
}

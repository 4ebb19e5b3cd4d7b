import { describe, expect, it } from 'vitest';
import { namesShown, toggled } from '../../../../renderer/features/review/queue/NameChips.tsx';
import { budgetChange } from '../../../../renderer/features/review/queue/orders.ts';

describe('names to filter by', () => {
  const names = Array.from({ length: 300 }, (_, i) => `camera-${i + 1}`);

  it('are found by what is typed, however many there are', () => {
    const { shown, more } = namesShown(names, [], '');
    expect(shown.length + more).toBe(300);
    expect(more).toBeGreaterThan(0);
    expect(namesShown(names, [], ' RA-297')).toEqual({ shown: ['camera-297'], more: 0 });
    expect(namesShown(names, [], 'nothing')).toEqual({ shown: [], more: 0 });
  });

  it('stay in sight once they are chosen', () => {
    const chosen = toggled(toggled([], 'camera-297', true), 'camera-3', true);
    expect(namesShown(names, chosen, '12').shown.slice(0, 3)).toEqual([
      'camera-297',
      'camera-3',
      'camera-12',
    ]);
    expect(namesShown(names, chosen, '').shown.filter((name) => name === 'camera-3')).toHaveLength(1);
    expect(toggled(chosen, 'camera-3', false)).toEqual(['camera-297']);
  });
});

describe('a budget', () => {
  it('puts first what is gained per minute, once, and never breaks up a random sample', () => {
    const change = (
      budgetMinutes: number | null,
      order: Parameters<typeof budgetChange>[0]['order'],
      minutes: number,
    ) => budgetChange({ budgetMinutes, order }, minutes);
    expect(change(null, 'uncertain', 40)).toEqual({ budgetMinutes: 40, order: 'gain' });
    expect(change(40, 'score', 20)).toEqual({ budgetMinutes: 20 });
    expect(change(null, 'random', 40)).toEqual({ budgetMinutes: 40 });
    expect(change(40, 'gain', 0)).toEqual({ budgetMinutes: null });
  });
});

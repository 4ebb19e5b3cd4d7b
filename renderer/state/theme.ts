// Light, dark or as the system says. Role: the choice, remembered by the engine and, so that the first paint is right,
// by the page; the resolved theme on the root element. Limits: canvases learn of a change through `useResolvedTheme`.
import { create } from 'zustand';
import { THEMES, type ThemeChoice } from '../../shared/bridge.ts';
import { bridge } from '../platform/bridge.ts';
import type { PageClient } from '../platform/client.ts';

export type Theme = 'light' | 'dark';

const KEY = 'theme';
const isChoice = (value: unknown): value is ThemeChoice => THEMES.some((theme) => theme === value);
const system = matchMedia('(prefers-color-scheme: light)');

interface ThemeState {
  choice: ThemeChoice;
  theme: Theme;
}

export const useTheme = create<ThemeState>()(() => ({ choice: 'system', theme: 'dark' }));
export const useResolvedTheme = (): Theme => useTheme((state) => state.theme);

function apply(choice: ThemeChoice): void {
  const theme: Theme = choice === 'system' ? (system.matches ? 'light' : 'dark') : choice;
  document.documentElement.dataset.theme = theme;
  bridge()?.setTheme(choice);
  useTheme.setState({ choice, theme });
}

/** Applies the remembered choice at once and the engine's as soon as it answers. */
export function startTheme(client: PageClient): void {
  const remembered = localStorage.getItem(KEY);
  apply(isChoice(remembered) ? remembered : 'system');
  system.addEventListener('change', () => apply(useTheme.getState().choice));
  client.call('settings.get', { key: KEY }).then(
    (value) => {
      if (isChoice(value) && value !== useTheme.getState().choice) apply(value);
    },
    () => {}, // without an answer the page keeps its own memory
  );
}

/** Switches the theme and remembers it. */
export function chooseTheme(client: PageClient, choice: ThemeChoice): void {
  apply(choice);
  localStorage.setItem(KEY, choice);
  client.call('settings.set', { key: KEY, value: choice }).catch(() => {}); // a lost preference is not worth a message
}

import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const storageKey = 'cairn.theme';
const darkQuery = '(prefers-color-scheme: dark)';

export interface ThemeState {
  readonly choice: ThemeChoice;
  readonly choose: (choice: ThemeChoice) => void;
  readonly effective: 'light' | 'dark';
}

export const ThemeContext = createContext<ThemeState | null>(null);

export function useTheme(): ThemeState {
  const theme = useContext(ThemeContext);
  if (theme === null) throw new Error('useTheme is used outside of ThemeContext');
  return theme;
}

/** The operator's choice, kept in this browser, and what it means now. */
export function useThemeChoice(): ThemeState {
  const [choice, setChoice] = useState<ThemeChoice>(readChoice);
  const systemIsDark = useSyncExternalStore(watchSystem, () => window.matchMedia(darkQuery).matches);
  const effective = choice === 'system' ? (systemIsDark ? 'dark' : 'light') : choice;
  useEffect(() => {
    document.documentElement.dataset['theme'] = effective;
  }, [effective]);
  const choose = (next: ThemeChoice) => {
    window.localStorage.setItem(storageKey, next);
    setChoice(next);
  };
  return { choice, choose, effective };
}

function readChoice(): ThemeChoice {
  const kept = window.localStorage.getItem(storageKey);
  return themeChoices.find((choice) => choice === kept) ?? 'system';
}

function watchSystem(onChange: () => void): () => void {
  const query = window.matchMedia(darkQuery);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}

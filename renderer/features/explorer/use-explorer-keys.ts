import { useEffect, useEffectEvent } from 'react';
import type { ExplorerNavigation } from './use-explorer-navigation.ts';

type Ways = Pick<ExplorerNavigation, 'goUp' | 'goBack' | 'goForward'>;

interface Fields {
  readonly edit: () => void;
  readonly search: () => void;
}

/** Keys that work wherever the focus is while the explorer is open, except in a dialog or a menu on top of it. */
export function useExplorerKeys(ways: Ways, fields: Fields): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    const over = event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"]');
    if (event.defaultPrevented || over || !pressedKey(event, ways, fields)) return;
    event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

function pressedKey(event: KeyboardEvent, ways: Ways, fields: Fields): boolean {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  const command = (ctrlKey || metaKey) && !altKey && !shiftKey;
  if (command && key.toLowerCase() === 'l') fields.edit();
  else if (command && key.toLowerCase() === 'f') fields.search();
  else if (altKey && key === 'ArrowUp') ways.goUp();
  else if (altKey && key === 'ArrowLeft') ways.goBack();
  else if (altKey && key === 'ArrowRight') ways.goForward();
  else return false;
  return true;
}

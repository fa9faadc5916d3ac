import { useEffect, useRef, useState } from 'react';

/** A text that is typed now and used a moment later, so that not every sign asks a question. */
export function useLateText(used: string, onUse: (text: string) => void, milliseconds = 200) {
  const [typed, setTyped] = useState(used);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(timer.current);
    setTyped(used);
  }, [used]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onUse(text), milliseconds);
  };
  return { typed, type };
}

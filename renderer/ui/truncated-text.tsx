import { Tooltip } from '@fluentui/react-components';
import { type PointerEvent, useState } from 'react';

export interface TruncatedTextProps {
  readonly text: string;
  /** Paths and ids differ at their end: cut them in front. */
  readonly cut?: 'end' | 'start';
}

/** One line of text that gives way to the room it has; the whole of it in a tooltip, only when it was cut. */
export function TruncatedText({ text, cut = 'end' }: TruncatedTextProps) {
  const [isCut, setIsCut] = useState(false);
  const measure = (event: PointerEvent<HTMLElement>) =>
    setIsCut(event.currentTarget.scrollWidth > event.currentTarget.clientWidth);
  const span = (
    <span className={cut === 'start' ? 'truncated truncated-start' : 'truncated'} onPointerEnter={measure}>
      {cut === 'start' ? <bdi>{text}</bdi> : text}
    </span>
  );
  if (!isCut) return span;
  return (
    <Tooltip content={{ children: text, className: 'breaking' }} relationship="description" withArrow>
      {span}
    </Tooltip>
  );
}

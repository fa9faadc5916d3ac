import { Tooltip } from '@fluentui/react-components';
import { type PointerEvent, useState } from 'react';

export interface TruncatedTextProps {
  readonly text: string;
  /** Paths and ids differ at their end: cut them in front. File names tell most by both ends: cut the middle. */
  readonly cut?: 'end' | 'start' | 'middle';
}

/** One line of text that gives way to the room it has; the whole of it in a tooltip, only when it was cut. */
export function TruncatedText({ text, cut = 'end' }: TruncatedTextProps) {
  const [isCut, setIsCut] = useState(false);
  const measure = (event: PointerEvent<HTMLElement>) => {
    const cutPart = event.currentTarget.querySelector('.truncated') ?? event.currentTarget;
    setIsCut(cutPart.scrollWidth > cutPart.clientWidth);
  };
  const span = <Line text={text} cut={cut} onPointerEnter={measure} />;
  if (!isCut) return span;
  return (
    <Tooltip content={{ children: text, className: 'breaking' }} relationship="description" withArrow>
      {span}
    </Tooltip>
  );
}

interface LineProps extends Required<TruncatedTextProps> {
  readonly onPointerEnter: (event: PointerEvent<HTMLElement>) => void;
}

/** What a tooltip adds to its trigger comes in the rest. */
function Line({ text, cut, ...rest }: LineProps) {
  if (cut === 'start')
    return (
      <span {...rest} className="truncated truncated-start">
        <bdi>{text}</bdi>
      </span>
    );
  const end = cut === 'middle' ? endOf(text) : '';
  if (end === '')
    return (
      <span {...rest} className="truncated">
        {text}
      </span>
    );
  return (
    <span {...rest} className="truncated-middle">
      <span className="truncated">{text.slice(0, -end.length)}</span>
      <span>{end}</span>
    </span>
  );
}

const shownOfEnd = 9;
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u;

/** What is always shown of a long name: its last signs. Nothing of scripts that a cut would disorder. */
function endOf(text: string): string {
  const signs = [...text];
  return signs.length < 2 * shownOfEnd || rightToLeft.test(text) ? '' : signs.slice(-shownOfEnd).join('');
}

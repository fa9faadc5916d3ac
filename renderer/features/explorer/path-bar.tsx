import { Input } from '@fluentui/react-components';
import { ChevronRight12Regular } from '@fluentui/react-icons';
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { FilePlace, FileVolume } from '../../../core/contract/index.ts';
import { guestPath, nameOf, visibleName, wayTo } from '../files/index.ts';
import styles from './path-bar.module.css';

/** Parts shown of a deep path: its root and the last ones. */
const shownParts = 5;

export interface PathBarProps {
  readonly volume: FileVolume;
  readonly place: FilePlace;
  readonly editing: boolean;
  readonly onEditing: (editing: boolean) => void;
  readonly onGo: (path: string) => void;
  /** Goes where a typed path leads; answers why it does not. */
  readonly onTyped: (text: string) => Promise<string | null>;
}

/** The way from the volume's root to the open folder, or the same as a text to edit. */
export function PathBar(props: PathBarProps) {
  return props.editing ? <PathField {...props} /> : <Crumbs {...props} />;
}

function Crumbs({ volume, place, onEditing, onGo }: PathBarProps) {
  const way = wayTo(place.path);
  const hidden = way.length > shownParts ? way.slice(1, way.length - shownParts + 1) : [];
  const shown = way.filter((path) => !hidden.includes(path));
  return (
    <nav className={styles.bar} aria-label="Path">
      <ol className={styles.crumbs}>
        {shown.map((path, index) => (
          <li key={path} className={styles.crumb} data-first={index === 0}>
            {index > 0 && <ChevronRight12Regular aria-hidden="true" className={styles.arrow} />}
            {index === 1 && hidden.length > 0 && (
              <>
                <button
                  type="button"
                  className={styles.part}
                  title={visibleName(hidden.map(nameOf).join(' / '))}
                  aria-label={`${hidden.length} folders in between: go to ${nameOf(hidden.at(-1) ?? '/')}`}
                  onClick={() => onGo(hidden.at(-1) ?? '/')}
                >
                  …
                </button>
                <ChevronRight12Regular aria-hidden="true" className={styles.arrow} />
              </>
            )}
            <button
              type="button"
              className={styles.part}
              title={visibleName(guestPath(volume, path))}
              aria-current={path === place.path ? 'location' : undefined}
              onClick={() => onGo(path)}
            >
              {visibleName(path === '/' ? volume.name : nameOf(path))}
            </button>
          </li>
        ))}
      </ol>
      <button
        type="button"
        className={styles.rest}
        aria-label="Edit the path"
        title="Edit the path (Ctrl+L)"
        onClick={() => onEditing(true)}
      />
    </nav>
  );
}

function PathField({ volume, place, onEditing, onTyped }: PathBarProps) {
  const [text, setText] = useState(() => guestPath(volume, place.path));
  const [problem, setProblem] = useState<string | null>(null);
  const [input, setInput] = useState<HTMLInputElement | null>(null);
  useEffect(() => input?.select(), [input]);
  const go = async () => {
    const refused = await onTyped(text);
    if (refused === null) onEditing(false);
    setProblem(refused);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') void go();
    if (event.key === 'Escape') onEditing(false);
    event.stopPropagation();
  };
  return (
    <div className={styles.bar}>
      <Input
        className={styles.field}
        ref={setInput}
        value={text}
        spellCheck={false}
        autoComplete="off"
        aria-label="Path"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : 'path-problem'}
        onChange={(_, { value }) => {
          setText(value);
          setProblem(null);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => onEditing(false)}
      />
      {problem !== null && (
        <div id="path-problem" role="alert" className={styles.problem}>
          {problem}
        </div>
      )}
    </div>
  );
}

import { Button, Tooltip } from '@fluentui/react-components';
import {
  ArrowLeftRegular,
  ArrowRightRegular,
  ArrowUpRegular,
  FilterRegular,
  SearchRegular,
} from '@fluentui/react-icons';
import type { RefObject } from 'react';
import type { FilePlace, FileVolume } from '../../../core/contract/index.ts';
import styles from './explorer.module.css';
import { NarrowingField } from './narrowing-field.tsx';
import { PathBar } from './path-bar.tsx';
import type { ExplorerNavigation } from './use-explorer-navigation.ts';

export interface NavigationBarProps {
  readonly navigation: ExplorerNavigation;
  readonly place: FilePlace;
  readonly volume: FileVolume;
  readonly editing: boolean;
  readonly onEditing: (editing: boolean) => void;
  /** On to the list. */
  readonly onDone: () => void;
  readonly filterRef: RefObject<HTMLInputElement | null>;
  readonly searchRef: RefObject<HTMLInputElement | null>;
}

/** Back, forward, up, where we are, and what narrows it. */
export function NavigationBar({
  navigation,
  place,
  volume,
  editing,
  onEditing,
  onDone,
  filterRef,
  searchRef,
}: NavigationBarProps) {
  const { location } = navigation;
  return (
    <div className={styles.bar}>
      <div className={styles.steps}>
        <Tooltip content="Back (Alt+Left)" relationship="description">
          <Button
            appearance="subtle"
            icon={<ArrowLeftRegular />}
            aria-label="Back"
            onClick={navigation.goBack}
          />
        </Tooltip>
        <Tooltip content="Forward (Alt+Right)" relationship="description">
          <Button
            appearance="subtle"
            icon={<ArrowRightRegular />}
            aria-label="Forward"
            onClick={navigation.goForward}
          />
        </Tooltip>
        <Tooltip content="Up (Alt+Up)" relationship="description">
          <Button
            appearance="subtle"
            icon={<ArrowUpRegular />}
            aria-label="Up"
            disabledFocusable={place.path === '/'}
            onClick={navigation.goUp}
          />
        </Tooltip>
      </div>
      <PathBar
        volume={volume}
        place={place}
        editing={editing}
        onEditing={(now) => {
          onEditing(now);
          if (!now) onDone();
        }}
        onGo={(path) => navigation.goTo({ ...place, path })}
        onTyped={navigation.goToTyped}
      />
      {location.find === undefined && (
        <NarrowingField
          className={styles.filter}
          ref={filterRef}
          label="Filter this folder"
          icon={<FilterRegular />}
          value={location.filter ?? ''}
          onChange={(filter) => navigation.narrow({ filter: filter || undefined })}
          onDone={onDone}
        />
      )}
      <NarrowingField
        className={styles.search}
        ref={searchRef}
        label="Search (Ctrl+F)"
        icon={<SearchRegular />}
        value={location.find ?? ''}
        onChange={(find) => {
          if (find !== '' || location.find !== undefined)
            navigation.narrow(find === '' ? endOfSearch : { find });
        }}
        onDone={onDone}
      />
    </div>
  );
}

const endOfSearch = {
  find: undefined,
  within: undefined,
  kind: undefined,
  size: undefined,
  from: undefined,
  to: undefined,
};

import { Button, Tab, TabList } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import type { FilePlace, FileVolume } from '../../../core/contract/index.ts';
import { EmptyState, TruncatedText, useSettled } from '../../ui/index.ts';
import { nameOf, placeKey, visibleName } from '../files/index.ts';
import styles from './file-panel.module.css';
import { PreviewView } from './preview-view.tsx';
import { PropertiesView } from './properties-view.tsx';
import { type VersionActions, VersionsView } from './versions-view.tsx';

type Tabs = 'preview' | 'properties' | 'versions';

/** Versions open other restore points: they wait longer. */
const restMilliseconds: Record<Tabs, number> = { preview: 250, properties: 150, versions: 700 };

export interface FilePanelProps extends VersionActions {
  readonly sessionId: string;
  /** The point that is open; its version is marked. */
  readonly pointId: string;
  readonly volume: FileVolume;
  /** What the panel is about; null while nothing is marked. */
  readonly place: FilePlace | null;
  readonly tab: Tabs;
  readonly onTab: (tab: Tabs) => void;
  readonly onClose: () => void;
}

export function FilePanel(props: FilePanelProps) {
  const { place, tab, onTab, onClose } = props;
  // Walking through a list must not read every file on the way.
  const key = place === null ? '' : placeKey(place);
  const rested = useSettled(key, restMilliseconds[tab]) === key ? place : undefined;
  const name =
    place === null ? null : visibleName(place.path === '/' ? props.volume.name : nameOf(place.path));
  return (
    <aside className={styles.panel} aria-label="Details">
      <header className={styles.header}>
        <TabList
          size="small"
          selectedValue={tab}
          onTabSelect={(_, { value }) => {
            if (value === 'preview' || value === 'properties' || value === 'versions') onTab(value);
          }}
        >
          <Tab value="preview">Preview</Tab>
          <Tab value="properties">Properties</Tab>
          <Tab value="versions">Versions</Tab>
        </TabList>
        <Button
          size="small"
          appearance="subtle"
          icon={<DismissRegular />}
          aria-label="Close details"
          onClick={onClose}
        />
      </header>
      {name !== null && (
        <h2 className={styles.name}>
          <TruncatedText text={name} cut="middle" />
        </h2>
      )}
      <div className={styles.body}>
        {rested === undefined ? null : rested === null ? (
          <EmptyState
            size="small"
            title="Nothing is marked"
            text="Mark a file or a folder to see more of it here."
          />
        ) : (
          <View {...props} place={rested} />
        )}
      </div>
    </aside>
  );
}

function View({ place, tab, ...props }: FilePanelProps & { place: FilePlace }) {
  switch (tab) {
    case 'preview':
      return <PreviewView sessionId={props.sessionId} place={place} />;
    case 'properties':
      return <PropertiesView sessionId={props.sessionId} place={place} volume={props.volume} />;
    case 'versions':
      return <VersionsView {...props} place={place} />;
  }
}

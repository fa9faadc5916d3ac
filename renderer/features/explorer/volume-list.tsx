import { Switch } from '@fluentui/react-components';
import { HardDriveRegular, LockClosedRegular, WarningRegular } from '@fluentui/react-icons';
import type { FileVolume } from '../../../core/contract/index.ts';
import { formatBytes, StateMark } from '../../ui/index.ts';
import { visibleName, volumeStates } from '../files/index.ts';
import styles from './volume-list.module.css';

export interface VolumeListProps {
  readonly volumes: readonly FileVolume[];
  /** Names of the disks as Azure has them, by index. */
  readonly diskNames: ReadonlyMap<number, string>;
  readonly openId: string | null;
  readonly showAll: boolean;
  readonly onShowAll: (all: boolean) => void;
  readonly onOpen: (volume: FileVolume) => void;
}

/** The disks and volumes as the guest saw them, with what there is to know about each. */
export function VolumeList({ volumes, diskNames, openId, showAll, onShowAll, onOpen }: VolumeListProps) {
  const shown = volumes.filter(({ incidental, id }) => showAll || !incidental || id === openId);
  const disks = [...new Set(shown.map(({ disk }) => disk))].sort((one, other) => one - other);
  const incidental = volumes.filter((volume) => volume.incidental).length;
  return (
    <nav className={styles.list} aria-label="Volumes">
      {disks.map((disk) => (
        <section key={disk} aria-label={`Disk ${disk}`}>
          <h2 className={styles.disk} title={diskNames.get(disk)}>
            Disk {disk}
            {diskNames.has(disk) && <span className={styles.diskName}>{diskNames.get(disk)}</span>}
          </h2>
          <ul className={styles.volumes}>
            {shown
              .filter((volume) => volume.disk === disk)
              .map((volume) => (
                <li key={volume.id}>
                  <Volume volume={volume} open={volume.id === openId} onOpen={onOpen} />
                </li>
              ))}
          </ul>
        </section>
      ))}
      {incidental > 0 && (
        <div className={styles.all}>
          <Switch
            label={`Show all (${incidental} without files)`}
            checked={showAll}
            onChange={(_, { checked }) => onShowAll(checked)}
          />
        </div>
      )}
    </nav>
  );
}

interface VolumeProps {
  readonly volume: FileVolume;
  readonly open: boolean;
  readonly onOpen: (volume: FileVolume) => void;
}

/** What cannot be read is no button: it says why instead. */
function Volume({ volume, open, onOpen }: VolumeProps) {
  if (!volume.readable)
    return (
      <div className={styles.volume} data-readable="false">
        <VolumeText volume={volume} />
      </div>
    );
  return (
    <button
      type="button"
      className={styles.volume}
      aria-current={open ? 'true' : undefined}
      onClick={() => onOpen(volume)}
    >
      <VolumeText volume={volume} />
    </button>
  );
}

function VolumeText({ volume }: { volume: FileVolume }) {
  const { text, tone } = volumeStates[volume.state];
  const places = volume.guestPlaces.length > 1 ? volume.guestPlaces.join(', ') : volume.name;
  // What the name says already is not said again.
  const about = new Set(
    [volume.label, volume.placeName].filter((text) => text !== '' && text !== volume.name),
  );
  return (
    <>
      <span className={styles.icon} aria-hidden="true">
        {volume.readable ? (
          <HardDriveRegular />
        ) : volume.state === 'damaged' ? (
          <WarningRegular />
        ) : (
          <LockClosedRegular />
        )}
      </span>
      <span className={styles.text}>
        <span className={styles.name}>{visibleName(places)}</span>
        <span className={styles.about}>
          {[volume.kindName, formatBytes(volume.sizeBytes), ...about].join(' · ')}
        </span>
        {volume.state !== 'clean' && !volume.incidental && <StateMark tone={tone} text={text} />}
        {volume.note !== '' && <span className={styles.note}>{volume.note}</span>}
      </span>
    </>
  );
}

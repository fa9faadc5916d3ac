import {
  DocumentRegular,
  DocumentTextRegular,
  FolderFilled,
  FolderZipRegular,
  HardDriveRegular,
  ImageRegular,
  LinkRegular,
  PlugConnectedRegular,
} from '@fluentui/react-icons';
import type { FileKind } from '../../../core/contract/index.ts';
import styles from './file-name.module.css';

const pictures = /\.(png|jpe?g|gif|webp|bmp|svg|tiff?|heic)$/i;
const texts = /\.(txt|md|log|conf|cfg|ini|ya?ml|json|xml|csv|sh|ps1|py|ts|js|sql|html?|css)$/i;
const archives = /\.(zip|tar|gz|tgz|bz2|xz|zst|7z|rar)$/i;

/** What a file looks like, from its kind and its name alone. Decoration: the kind is a column of its own. */
export function FileIcon({ kind, name }: { kind: FileKind; name: string }) {
  return (
    <span className={styles.icon} data-kind={kind} aria-hidden="true">
      <Picture kind={kind} name={name} />
    </span>
  );
}

function Picture({ kind, name }: { kind: FileKind; name: string }) {
  switch (kind) {
    case 'directory':
      return <FolderFilled />;
    case 'symlink':
      return <LinkRegular />;
    case 'block-device':
    case 'character-device':
      return <HardDriveRegular />;
    case 'fifo':
    case 'socket':
      return <PlugConnectedRegular />;
    default:
      if (pictures.test(name)) return <ImageRegular />;
      if (archives.test(name)) return <FolderZipRegular />;
      return texts.test(name) ? <DocumentTextRegular /> : <DocumentRegular />;
  }
}

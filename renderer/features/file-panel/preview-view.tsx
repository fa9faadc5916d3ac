import type { FilePlace, FilePreview } from '../../../core/contract/index.ts';
import { useProcedure } from '../../api/index.ts';
import { Answer, BlockSkeleton } from '../../ui/index.ts';
import { HexView } from './hex-view.tsx';
import styles from './preview-view.module.css';

/** The beginning of a file: as text, as a picture, or its bytes. Nothing of it is ever run or rendered as a page. */
export function PreviewView({ sessionId, place }: { sessionId: string; place: FilePlace }) {
  const query = useProcedure('files.preview', { sessionId, ...place });
  return (
    <Answer query={query} skeleton={<BlockSkeleton height={240} />} errorTitle="The file could not be read">
      {(preview) => <Preview preview={preview} />}
    </Answer>
  );
}

function Preview({ preview }: { preview: FilePreview }) {
  switch (preview.kind) {
    case 'text':
      return (
        <figure className={styles.figure}>
          <figcaption className={styles.caption}>
            {preview.encoding}
            {preview.truncated && ' · Only the beginning is shown'}
          </figcaption>
          {preview.text === '' ? (
            <p className="muted">The file is empty.</p>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
            <pre className={styles.text} tabIndex={0}>
              {preview.text}
            </pre>
          )}
        </figure>
      );
    case 'picture':
      return (
        <figure className={styles.figure}>
          <div className={styles.board}>
            <img alt="Content of the file" src={`data:${preview.mediaType};base64,${preview.base64}`} />
          </div>
        </figure>
      );
    case 'bytes':
      return <HexView base64={preview.base64} />;
    case 'none':
      return <p className="muted">{preview.reason}</p>;
  }
}

import { Dialog, DialogSurface } from '@fluentui/react-components';
import type { FilePlace } from '../../../core/contract/index.ts';
import type { NamedItem } from './download-form.ts';
import { DownloadQuestions } from './download-questions.tsx';
import { OpeningPoint } from './opening-point.tsx';

/** What is to be downloaded, and out of what. */
export interface DownloadSubject {
  /** An open session, or a point that is opened for it. */
  readonly source: { readonly sessionId: string } | { readonly pointId: string };
  readonly places: readonly FilePlace[];
  /** The one thing that is taken, if it is one. */
  readonly single: NamedItem | null;
  readonly resourceName: string;
  readonly takenAt: string;
}

/** Asks how and where to, and starts the download. */
export function DownloadDialog({ subject, onClose }: { subject: DownloadSubject; onClose: () => void }) {
  const { source } = subject;
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        {'sessionId' in source ? (
          <DownloadQuestions subject={subject} sessionId={source.sessionId} onClose={onClose} />
        ) : (
          <OpeningPoint pointId={source.pointId} onClose={onClose}>
            {(sessionId) => <DownloadQuestions subject={subject} sessionId={sessionId} onClose={onClose} />}
          </OpeningPoint>
        )}
      </DialogSurface>
    </Dialog>
  );
}

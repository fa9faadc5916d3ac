/** A `FileService` over HTTPS: the service on a worker, its certificate, and core's end that pins it. */
export { type FileServer, openFileServer } from './file-server.ts';
export { openRemoteFiles } from './remote-files.ts';
export { createServerCertificate } from './server-certificate.ts';
export type { TakenOverLink } from './shared-item.ts';

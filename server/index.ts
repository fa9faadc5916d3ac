/**
 * The headless shell: the console in a browser, the contract over HTTP on loopback, and the command line. The desktop
 * shell takes from here what shells have in common: the console's files with their policy, clouds, sealed secrets, the
 * lock on a data directory, and the door to a running server.
 */
export { type HttpDoor, type HttpDoorOptions, openHttpDoor } from './client/http-door.ts';
export type { CloudFile } from './host/cloud.ts';
export { lockDataDirectory } from './host/data-lock.ts';
export { defaultDataDirectory } from './host/default-data-directory.ts';
export { fileServiceFrom } from './host/file-service.ts';
export { createNodeHost } from './host/node-host.ts';
export { attachToRunningServer } from './host/running-server.ts';
export type { Sealer } from './host/sealed-secret-store.ts';
export { findWorkerPackage, workerPackageFileName } from './host/worker-package.ts';
export { type PageFile, readPageFile } from './pages/page-files.ts';
export { type RunningServer, serve } from './serve.ts';

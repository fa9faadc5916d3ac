/** Repositories: adding, opening, reading their restore points. */
export { addRepositoryProgram } from './add-program.ts';
export { openKnownRepository, reachRepository } from './open.ts';
export { pointLedger } from './point-ledger.ts';
export { createRepositoryService, type RepositoryService } from './repository-service.ts';

import { randomBytes, randomUUID } from 'node:crypto';
import {
  type ArmDeps,
  armRoutes,
  createArmService,
  createBodyCheck,
  createMetadataServices,
  createOperations,
  createResourceStore,
  createThrottle,
  emptyStore,
  openPorts,
  type ResourceStore,
  rememberEnded,
  restartMachines,
  seedStore,
  settleInterrupted,
  type Timing,
} from '../arm/index.ts';
import { createFaultBook, type FaultBook, withFaults } from '../faults/index.ts';
import { type FrontDoor, openFrontDoor, type Service } from '../front/index.ts';
import type { AccessControl, DiskPlane, EstateSeed, StoragePlane, VmPlane } from '../ports.ts';
import {
  createAccessControl,
  createDirectory,
  createPendingGrants,
  createSts,
  type Directory,
  isSignInPath,
  openInstanceMetadata,
  openSigningKey,
  type PendingGrants,
  type RoleBook,
  roleDefinitions,
  type SigningKey,
} from '../sts/index.ts';
import type { LabAuthority } from '../tls/index.ts';
import { openPublicFront, type PublicFront } from '../vm/index.ts';
import { createAdminService } from './admin-service.ts';
import { createStateWriter, readState, type StateWriter } from './state-file.ts';

export interface ControlPlaneOptions {
  readonly seed: EstateSeed;
  readonly authority: LabAuthority;
  /** Where everything is kept over a restart; without it nothing is. */
  readonly stateDirectory?: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Sign-in and Resource Manager; default any free port. */
  readonly port?: number;
  readonly adminPort?: number;
  /** Default: new random one. */
  readonly adminKey?: string;
  /** Default: 10 ms for every operation; polls wait for the end, up to a second. */
  readonly timing?: Timing;
  /** Resource Manager's rate limits; default off. */
  readonly throttling?: boolean;
  /** Life of access tokens in seconds; default 3,600. */
  readonly accessTokenSeconds?: number;
  /** Between two polls of a device sign-in; default 1. */
  readonly devicePollSeconds?: number;
  /** Milliseconds since the epoch; default the machine's clock. */
  readonly now?: () => number;
  /** Told about defects of the lab itself. */
  readonly onDefect: (error: unknown) => void;
}

export interface Planes {
  readonly disks: DiskPlane;
  readonly storage: StoragePlane;
  readonly vms: VmPlane;
}

/** What the data plane needs before Resource Manager can start. */
export interface PreparedControlPlane {
  readonly access: AccessControl;
  readonly faults: FaultBook;
  /** Seeds the estate at the first start, then opens the servers. */
  start(planes: Planes, signal: AbortSignal): Promise<ControlPlane>;
}

export interface ControlPlane {
  /** `https://localhost:PORT`: authority host and Resource Manager endpoint. */
  readonly origin: string;
  readonly adminOrigin: string;
  readonly adminKey: string;
  readonly faults: FaultBook;
  readonly pending: PendingGrants;
  readonly store: ResourceStore;
  close(): Promise<void>;
}

interface Parts {
  readonly options: ControlPlaneOptions;
  readonly now: () => number;
  readonly signingKey: SigningKey;
  readonly directory: Directory;
  readonly store: ResourceStore;
  readonly roles: RoleBook;
  readonly access: AccessControl;
  readonly faults: FaultBook;
  readonly pending: PendingGrants;
  readonly writer: StateWriter;
  /** Who is outside reaches machines through it. */
  readonly internet: PublicFront;
  readonly isNew: boolean;
}

const fastTiming: Timing = { operationMs: 10, retryAfterMs: 200, holdPollMs: 1000 };

/** Opens the control plane's state; its servers start when the data plane is there. */
export async function prepareControlPlane(options: ControlPlaneOptions): Promise<PreparedControlPlane> {
  const now = options.now ?? Date.now;
  const kept = options.stateDirectory === undefined ? undefined : await readState(options.stateDirectory);
  const signingKey = openSigningKey(kept?.signingKeyPem);
  const directory = createDirectory(options.seed, kept?.identities);
  const writer: StateWriter = createStateWriter(
    options.stateDirectory,
    () => ({
      version: 1,
      signingKeyPem: signingKey.privatePem,
      identities: directory.addedIdentities(),
      store: store.contents(),
    }),
    options.onDefect,
  );
  const store = createResourceStore(kept?.store ?? emptyStore, () => {
    writer.touch();
    internet.refresh();
  });
  const internet = openPublicFront({ ports: () => openPorts(store), onDefect: options.onDefect });
  const roles: RoleBook = {
    definitions: roleDefinitions(options.seed.roleDefinitions),
    assignments: () => store.roleAssignments(),
  };
  const access = createAccessControl({ directory, signingKey, roles, now });
  const faults = createFaultBook();
  const pending = createPendingGrants(now);
  const parts = {
    options,
    now,
    signingKey,
    directory,
    store,
    roles,
    access,
    faults,
    pending,
    writer,
    internet,
    isNew: !kept,
  };
  return { access, faults, start: (planes, signal) => start(parts, planes, signal) };
}

function issuerOf({ options, now, signingKey }: Parts) {
  return { signingKey, now, accessTokenSeconds: options.accessTokenSeconds ?? 3600 };
}

function armDeps(parts: Parts, planes: Planes): ArmDeps {
  const { options, now, store, directory, access, roles, faults } = parts;
  const timing = options.timing ?? fastTiming;
  const newId = (): string => randomUUID();
  const { onDefect } = options;
  return {
    ...planes,
    facts: options.seed,
    store,
    directory,
    access,
    roles,
    timing,
    now,
    newId,
    operations: createOperations({ now, newId, timing, onDefect }),
    metadata: createMetadataServices({
      store,
      principal: (objectId) => directory.principal(objectId),
      open: (source) => openInstanceMetadata({ ...source, issuer: issuerOf(parts), faults, onDefect }),
    }),
  };
}

function publicService(parts: Parts, deps: ArmDeps): Service {
  const { options, now, directory, pending, faults } = parts;
  const sts = createSts({
    ...issuerOf(parts),
    directory,
    pending,
    devicePollSeconds: options.devicePollSeconds ?? 1,
  });
  const throttle = options.throttling ? createThrottle(now) : undefined;
  const arm = createArmService({ deps, routes: armRoutes, throttle, checkBody: createBodyCheck() });
  const signIn = withFaults('sts', faults, sts);
  const manage = withFaults('arm', faults, arm);
  return (request) => (isSignInPath(request.path) ? signIn(request) : manage(request));
}

async function start(parts: Parts, planes: Planes, signal: AbortSignal): Promise<ControlPlane> {
  const { options, store, faults, pending, directory } = parts;
  const deps = armDeps(parts, planes);
  parts.internet.refresh();
  if (parts.isNew) await seedStore(options.seed, deps, signal);
  else {
    const ids = options.seed.subscriptions.map((each) => each.subscriptionId);
    settleInterrupted(store, ids);
    await restartMachines(deps, options.onDefect, signal);
  }
  const adminKey = options.adminKey ?? randomBytes(24).toString('base64url');
  const host = options.host ?? '127.0.0.1';
  const { onDefect } = options;
  const front = await openFrontDoor({
    host,
    port: options.port ?? 0,
    tls: options.authority.issue(['localhost', '127.0.0.1'], new Date(parts.now())),
    service: publicService(parts, deps),
    onDefect,
  });
  const admin = await openFrontDoor({
    host,
    port: options.adminPort ?? 0,
    service: createAdminService({ key: adminKey, faults, directory, pending, store }),
    onDefect,
  });
  return {
    origin: front.origin,
    adminOrigin: admin.origin,
    adminKey,
    faults,
    pending,
    store,
    close: () => close(parts, deps, [front, admin]),
  };
}

async function close(parts: Parts, deps: ArmDeps, doors: readonly FrontDoor[]): Promise<void> {
  await Promise.all([...doors, parts.internet].map((door) => door.close()));
  await deps.operations.close();
  rememberEnded(deps);
  await deps.metadata.close();
  await parts.writer.close();
}

import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ControlPlane, type ControlPlaneOptions, prepareControlPlane } from './control/index.ts';
import { diskSha256 } from './disk-sha256.ts';
import { type DiskImage, type LabDiskPlane, openDiskPlane } from './disks/index.ts';
import {
  type ActivityOptions,
  addVmFromImage,
  applyActivity,
  type DiskActivity,
  type EstateImage,
  type EstateSize,
  ensureImages,
  estateSeed,
  FILE_IMAGE,
  type LabServicePrincipal,
  type LabUser,
  labKeyVault,
  labOperator,
  labPublicClient,
  labReader,
  labSubscriptions,
  labTenant,
  labUser,
  managedDisks,
  runGuestCommand,
} from './estate/index.ts';
import { openFrontDoor } from './front/index.ts';
import { type LabKeyVault, openKeyVault } from './keyvault/index.ts';
import {
  anyPorts,
  type LabFolder,
  type LabPorts,
  openLabFolder,
  readPorts,
  writePorts,
} from './lab-folder.ts';
import { type LabHandle, writeHandle } from './lab-handle.ts';
import type { VmPlane } from './ports.ts';
import { type LabStoragePlane, openStoragePlane } from './storage/index.ts';
import { type LabAuthority, openLabAuthority } from './tls/index.ts';
import { createToolsService } from './tools-service.ts';
import { type LabVmPlane, openVmPlane } from './vm/index.ts';

export interface LabOptions {
  /** Folder in which everything survives a restart; without it the lab is gone when it closes. */
  readonly state?: string | undefined;
  /** Long-running operations end at once (default true); false takes seconds, as Azure does. */
  readonly fast?: boolean;
  /** Default: the ports of the last run in this state folder, else any free ones. */
  readonly ports?: Partial<LabPorts>;
  /** Only looked at the first time in a state folder. Default `full`. */
  readonly estate?: EstateSize;
  /** Where built disk images are kept between labs; default `.cache/lab` in the working directory. */
  readonly cacheFolder?: string;
  /** Further options of the control plane: rate limits, token life and so on. */
  readonly control?: Pick<
    ControlPlaneOptions,
    'throttling' | 'accessTokenSeconds' | 'devicePollSeconds' | 'timing' | 'adminKey'
  >;
  /** Told about defects of the lab itself; default prints them. */
  readonly onDefect?: (error: unknown) => void;
}

/** A resource that was not there when the lab was new. */
export interface Leftover {
  readonly id: string;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What only someone at the lab can do; a console knows nothing of it. */
export interface LabAdmin
  extends Pick<ControlPlane, 'faults' | 'pending' | 'store' | 'adminOrigin' | 'adminKey'> {
  readonly disks: LabDiskPlane;
  readonly storage: LabStoragePlane;
  readonly vms: LabVmPlane;
  /** Resources that someone has made since the lab was new, resource groups included. */
  leftovers(): readonly Leftover[];
  /** SHA-256 (hex) of a managed disk or snapshot as it is now, by resource id; without VHD footer. */
  diskSha256(resourceId: string, signal?: AbortSignal): Promise<string>;
  /** Lets the guest of a VM (resource id or name) change files on its disks. */
  applyActivity(
    vm: string,
    options?: ActivityOptions,
    signal?: AbortSignal,
  ): Promise<readonly DiskActivity[]>;
  /** Adds a VM whose OS disk has the bytes of a raw image file; gives its resource id. */
  addVmFromImage(file: string, name: string, signal?: AbortSignal): Promise<string>;
}

/** A running local Azure. */
export interface Lab {
  /** `https://localhost:PORT`: what stands for `login.microsoftonline.com`. */
  readonly authorityHost: string;
  /** `https://localhost:PORT`: what stands for `management.azure.com`. */
  readonly armEndpoint: string;
  /** The root certificate that clients must trust. */
  readonly caFile: string;
  readonly caPem: string;
  readonly tenantId: string;
  readonly subscriptionIds: readonly string[];
  readonly operator: LabServicePrincipal;
  readonly reader: LabServicePrincipal;
  readonly user: LabUser;
  /** Application id for device code and browser sign-in. */
  readonly publicClientId: string;
  /** `https://localhost:PORT`: what `https://contoso-backup-kv.vault.azure.net` would be in Azure. */
  readonly keyVaultUrl: string;
  readonly admin: LabAdmin;
  /** Defects of the lab that came up so far; empty in a good run. */
  readonly defects: readonly unknown[];
  /** Ends every server and child process; deletes temporary files. Idempotent. */
  close(): Promise<void>;
}

/** Starts a local Azure in this process; blob storage and VMs are child processes that end with it, however it ends. */
export async function startLab(
  options: LabOptions = {},
  signal = new AbortController().signal,
): Promise<Lab> {
  const folder = await openLabFolder(options.state);
  const closers: (() => Promise<void>)[] = [folder.close];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return await assemble({ options, folder, closers, closeAll }, signal);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

interface Assembly {
  readonly options: LabOptions;
  readonly folder: LabFolder;
  readonly closers: (() => Promise<void>)[];
  readonly closeAll: () => Promise<void>;
}

async function assemble({ options, folder, closers, closeAll }: Assembly, signal: AbortSignal): Promise<Lab> {
  const defects: unknown[] = [];
  const report = options.onDefect ?? ((error: unknown) => console.error('lab defect:', error));
  const onDefect = (error: unknown): void => {
    defects.push(error);
    report(error);
  };
  const seed = estateSeed(await estateSize(folder, options.estate));
  const images = await ensureImages(
    { cacheFolder: resolve(options.cacheFolder ?? '.cache/lab'), names: Object.values(seed.diskImages) },
    signal,
  );
  const authority = await openLabAuthority(folder.path, new Date());
  const ports = { ...anyPorts, ...(await readPorts(folder)), ...options.ports };
  const prepared = await prepareControlPlane({
    seed,
    authority,
    port: ports.arm,
    adminPort: ports.admin,
    onDefect,
    ...(folder.durable ? { stateDirectory: folder.path } : {}),
    ...(options.fast === false ? { timing: { operationMs: 2000, retryAfterMs: 1000 } } : {}),
    ...options.control,
  });
  let started: ControlPlane | undefined;
  const guestCommand: VmPlane['runCommand'] = (vmId, script, stop) => {
    if (started === undefined) throw new Error('The lab has not started yet.');
    const diskIds = uniqueIdsOf(started, vmId);
    const deps = { disks: planes.disks, authorityPem: authority.certificatePem };
    return runGuestCommand(deps, { diskIds, ...script }, stop);
  };
  const planes = await openPlanes({
    folder,
    authority,
    ports,
    prepared,
    images,
    guestCommand,
    onDefect,
    closers,
  });
  const control = await prepared.start(planes, signal);
  started = control;
  closers.push(() => control.close());
  const keyVault = await openVault({ folder, authority, ports, prepared, onDefect }, control.origin);
  closers.push(() => keyVault.close());
  const lab = labOver({
    folder,
    authority,
    control,
    planes,
    keyVault,
    defects,
    seedIds: seedIds(seed),
    close: closeAll,
  });
  const tools = await openFrontDoor({
    host: '127.0.0.1',
    port: 0,
    service: createToolsService(
      { ...lab.admin, bootLog: (vm) => planes.vms.bootLog(vmIdOf(control, vm)) },
      control.adminKey,
    ),
    onDefect,
  });
  closers.push(() => tools.close());
  closers.push(await writeHandle(folder.path, handleOf(lab, tools.origin)));
  await writePorts(folder, {
    arm: portOf(control.origin),
    admin: portOf(control.adminOrigin),
    disk: planes.disks.port,
    blob: planes.storage.blobPort,
    queue: planes.storage.queuePort,
    keyVault: keyVault.port,
  });
  return lab;
}

function handleOf(lab: Lab, toolsOrigin: string): LabHandle {
  const { authorityHost, armEndpoint, caFile, tenantId, admin } = lab;
  const { adminOrigin, adminKey } = admin;
  return {
    pid: process.pid,
    authorityHost,
    armEndpoint,
    caFile,
    tenantId,
    adminOrigin,
    toolsOrigin,
    adminKey,
  };
}

/** The `vmId` of a VM given by name or resource id. */
function vmIdOf(control: ControlPlane, vm: string): string {
  const found = control.store
    .list({ type: 'Microsoft.Compute/virtualMachines' })
    .find((each) => [each.id, each.name].some((name) => name.toLowerCase() === vm.toLowerCase()));
  return String(found?.properties['vmId'] ?? vm);
}

/** Unique ids of the disks of a VM, the OS disk first. */
function uniqueIdsOf(control: ControlPlane, vmId: string): string[] {
  const vm = control.store
    .list({ type: 'Microsoft.Compute/virtualMachines' })
    .find((each) => each.properties['vmId'] === vmId);
  const disks = managedDisks(control.store, vm?.id ?? vmId);
  return disks.map((id) => String(control.store.get(id)?.properties['uniqueId']));
}

/** The estate of a kept lab is the one it began with. */
async function estateSize(folder: LabFolder, wanted: EstateSize | undefined): Promise<EstateSize> {
  const file = join(folder.path, 'estate');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  const size = kept === 'small' || kept === 'full' ? kept : (wanted ?? 'full');
  await writeFile(file, size);
  return size;
}

interface Planes {
  readonly disks: LabDiskPlane;
  readonly storage: LabStoragePlane;
  readonly vms: LabVmPlane;
}

function openVault(
  deps: Pick<PlaneDeps, 'folder' | 'authority' | 'ports' | 'prepared' | 'onDefect'>,
  authorityHost: string,
): Promise<LabKeyVault> {
  const { folder, authority, ports, prepared, onDefect } = deps;
  return openKeyVault({
    vault: labKeyVault,
    port: ports.keyVault,
    tls: authority.issue(['localhost', '127.0.0.1'], new Date()),
    authorityHost,
    file: folder.durable ? join(folder.path, 'key-vault.json') : undefined,
    now: Date.now,
    ...{ faults: prepared.faults, access: prepared.access, onDefect },
  });
}

interface PlaneDeps {
  readonly folder: LabFolder;
  readonly authority: LabAuthority;
  readonly ports: LabPorts;
  readonly prepared: Awaited<ReturnType<typeof prepareControlPlane>>;
  readonly images: ReadonlyMap<string, EstateImage>;
  readonly guestCommand: VmPlane['runCommand'];
  readonly onDefect: (error: unknown) => void;
  readonly closers: (() => Promise<void>)[];
}

async function openPlanes(deps: PlaneDeps): Promise<Planes> {
  const { folder, authority, ports, prepared, onDefect, closers } = deps;
  const { faults, access } = prepared;
  const tls = authority.issue(['localhost', '127.0.0.1'], new Date());
  const { durable } = folder;
  const disks = await openDiskPlane({
    folder: join(folder.path, 'disks'),
    durable,
    port: ports.disk,
    images: (name) => findImage(deps.images, name),
    now: Date.now,
    newId: randomUUID,
    ...{ tls, faults, randomBytes, onDefect },
  });
  closers.push(() => disks.close());
  const storage = await openStoragePlane({
    folder: join(folder.path, 'storage'),
    blobPort: ports.blob,
    queuePort: ports.queue,
    ...{ durable, tls, faults, access, randomBytes, onDefect },
  });
  closers.push(() => storage.close());
  const vms = openVmPlane({
    folder: join(folder.path, 'vms'),
    authorityPem: authority.certificatePem,
    guestCommand: deps.guestCommand,
    onDefect,
  });
  closers.push(() => vms.close());
  return { disks, storage, vms };
}

async function findImage(
  images: ReadonlyMap<string, EstateImage>,
  name: string,
): Promise<DiskImage | undefined> {
  if (!name.startsWith(FILE_IMAGE)) return images.get(name);
  const path = name.slice(FILE_IMAGE.length);
  return { path, sizeBytes: (await stat(path)).size };
}

function seedIds(seed: ReturnType<typeof estateSeed>): ReadonlySet<string> {
  const groups = seed.resourceGroups.map((each) => groupId(each));
  return new Set([...groups, ...seed.resources.map((each) => each.id)].map((id) => id.toLowerCase()));
}

const groupId = (group: { readonly subscriptionId: string; readonly name: string }): string =>
  `/subscriptions/${group.subscriptionId}/resourceGroups/${group.name}`;

const portOf = (origin: string): number => Number(new URL(origin).port);

function labOver(parts: {
  readonly folder: LabFolder;
  readonly authority: LabAuthority;
  readonly control: ControlPlane;
  readonly planes: Planes;
  readonly keyVault: LabKeyVault;
  readonly defects: readonly unknown[];
  readonly seedIds: ReadonlySet<string>;
  readonly close: () => Promise<void>;
}): Lab {
  const { control, planes } = parts;
  const added = new Set<string>();
  return {
    authorityHost: control.origin,
    armEndpoint: control.origin,
    caFile: join(parts.folder.path, 'lab-ca.pem'),
    caPem: parts.authority.certificatePem,
    tenantId: labTenant.tenantId,
    subscriptionIds: labSubscriptions.map((each) => each.subscriptionId),
    operator: labOperator,
    reader: labReader,
    user: labUser,
    publicClientId: labPublicClient.clientId,
    keyVaultUrl: parts.keyVault.origin,
    defects: parts.defects,
    close: parts.close,
    admin: {
      ...planes,
      faults: control.faults,
      pending: control.pending,
      store: control.store,
      adminOrigin: control.adminOrigin,
      adminKey: control.adminKey,
      leftovers: () =>
        present(control).filter(({ id }) => !parts.seedIds.has(id.toLowerCase()) && !added.has(id)),
      diskSha256: (resourceId, signal) =>
        diskSha256({ store: control.store, disks: planes.disks }, resourceId, signal),
      applyActivity: (vm, activity = {}, signal = new AbortController().signal) =>
        applyActivity({ store: control.store, disks: planes.disks }, vm, activity, signal),
      async addVmFromImage(file, name, signal = new AbortController().signal) {
        const before = new Set(present(control).map(({ id }) => id));
        const vmId = await addVmFromImage(
          { store: control.store, disks: planes.disks },
          { file: resolve(file), name },
          signal,
        );
        for (const { id } of present(control)) if (!before.has(id)) added.add(id);
        return vmId;
      },
    },
  };
}

function present(control: ControlPlane): readonly Leftover[] {
  const groups = labSubscriptions.flatMap(({ subscriptionId }) =>
    control.store.groups(subscriptionId).map((group) => ({
      id: groupId(group),
      type: 'Microsoft.Resources/resourceGroups',
      tags: group.tags ?? {},
    })),
  );
  return [...groups, ...control.store.list({}).map(({ id, type, tags }) => ({ id, type, tags: tags ?? {} }))];
}

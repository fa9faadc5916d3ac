import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { DiskActivity } from '../lab/estate/index.ts';
import type { Lab, LabOptions, Leftover } from '../lab/start.ts';
import type { CloudFile } from '../server/index.ts';

/** What can be said to a lab as a start option over a process border. */
export type LabStartOptions = Pick<LabOptions, 'state' | 'estate' | 'cacheFolder'>;

export interface LabAddresses
  extends Pick<
    Lab,
    | 'authorityHost'
    | 'armEndpoint'
    | 'caFile'
    | 'tenantId'
    | 'subscriptionIds'
    | 'operator'
    | 'reader'
    | 'user'
    | 'keyVaultUrl'
  > {
  readonly admin: { readonly origin: string; readonly key: string };
}

/** What only someone at the lab can do. */
export interface LabMethods {
  leftovers(): Promise<readonly Leftover[]>;
  defects(): Promise<readonly string[]>;
  diskSha256(resourceId: string): Promise<string>;
  addVmFromImage(file: string, name: string): Promise<string>;
  /** Lets the guest of a VM change about this part of the data on its disks. */
  applyActivity(vm: string, amount: string, seed: string): Promise<readonly DiskActivity[]>;
  /** Ids of the resources of a type. */
  resources(type: string): Promise<readonly string[]>;
}

export interface LabRequest {
  readonly call: number;
  readonly method: keyof LabMethods;
  readonly args: readonly string[];
}

export type LabReply =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: string };

export interface LabProcess extends LabMethods {
  readonly addresses: LabAddresses;
  /** The cloud file with which a console talks to this lab. */
  readonly cloud: CloudFile;
  close(): Promise<void>;
}

/** Starts a lab in a process of its own; it ends with this one, however this one ends. */
export async function startLabProcess(options: LabStartOptions): Promise<LabProcess> {
  const child = fork(path.join(import.meta.dirname, 'lab-child.ts'), [JSON.stringify(options)]);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const addresses = await ready(child);
  const ask = questionsTo(child);
  return {
    addresses,
    cloud: cloudOf(addresses),
    leftovers: () => ask('leftovers') as Promise<readonly Leftover[]>,
    defects: () => ask('defects') as Promise<readonly string[]>,
    diskSha256: (resourceId) => ask('diskSha256', resourceId) as Promise<string>,
    addVmFromImage: (file, name) => ask('addVmFromImage', file, name) as Promise<string>,
    applyActivity: (vm, amount, seed) =>
      ask('applyActivity', vm, amount, seed) as Promise<readonly DiskActivity[]>,
    resources: (type) => ask('resources', type) as Promise<readonly string[]>,
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function cloudOf({ authorityHost, armEndpoint, caFile }: LabAddresses): CloudFile {
  return {
    name: 'Lab',
    authorityHost,
    resourceManager: armEndpoint,
    resourceManagerAudience: 'https://management.azure.com',
    storageAudience: 'https://storage.azure.com',
    keyVault: { audience: 'https://vault.azure.net', hostSuffix: 'localhost' },
    certificateAuthorityFile: caFile,
  };
}

function ready(child: ChildProcess): Promise<LabAddresses> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { ready: LabAddresses }) => resolve(message.ready));
    child.once('exit', (code) => reject(new Error(`The lab ended at its start, with ${code}.`)));
  });
}

function questionsTo(child: ChildProcess) {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let calls = 0;
  child.on('message', (reply: LabReply) => {
    const asker = waiting.get(reply.call);
    waiting.delete(reply.call);
    if ('error' in reply) asker?.reject(new Error(reply.error));
    else asker?.resolve(reply.value);
  });
  child.on('exit', () => {
    for (const asker of waiting.values()) asker.reject(new Error('The lab has ended.'));
    waiting.clear();
  });
  return (method: keyof LabMethods, ...args: readonly string[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const request: LabRequest = { call: calls++, method, args };
      waiting.set(request.call, { resolve, reject });
      child.send(request);
    });
}

import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import tls from 'node:tls';
import type { Lab } from '../../lab/start.ts';
import { buildWorkerPackage } from '../../scripts/build-worker.ts';
import {
  type CallProcedure,
  type CloudEndpoints,
  type Core,
  type CoreHost,
  type CoreTuning,
  createCore,
  type ProcedureInput,
  procedures,
  type RestorePlan,
  type RestorePoint,
  type Session,
  type VirtualMachine,
  type WorkerPackage,
} from '../index.ts';
import { testHost } from './core-host.ts';

/** Of repositories that tests make. */
export const labPassword = 'a long enough password';

/** Paces for tests: everything that waits in Azure waits short in the lab. */
export const labTuning: CoreTuning = {
  stepPauses: [100, 200],
  connection: { maxRetries: 2, retryDelayMs: 50, pollIntervalMs: 50 },
  workers: {
    heartbeatMs: 500,
    workerSilenceMs: 30_000,
    bootTimeoutMs: 120_000,
    coreSilenceMs: 60_000,
    pollMs: 100,
    replacements: 1,
  },
};

/** The lab's certificate is trusted by this process from now on. */
export function trustLab(lab: Lab): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), lab.caPem]);
}

export function labCloud(lab: Pick<Lab, 'authorityHost' | 'armEndpoint'>): CloudEndpoints {
  return {
    name: 'Lab',
    authorityHost: lab.authorityHost,
    resourceManager: lab.armEndpoint,
    resourceManagerAudience: 'https://management.azure.com',
    storageAudience: 'https://storage.azure.com',
    keyVault: { audience: 'https://vault.azure.net', hostSuffix: 'localhost' },
  };
}

export function labHost(lab: Lab, given: Partial<CoreHost> & Pick<CoreHost, 'dataDirectory'>): CoreHost {
  return testHost({
    cloud: labCloud(lab),
    random: (length) => new Uint8Array(randomBytes(length)),
    workerPackage: builtOnce(),
    ...given,
  });
}

/** Asked for with every worker; bundling it costs more than all else that launches one. */
function builtOnce(): () => Promise<WorkerPackage> {
  let built: Promise<WorkerPackage> | undefined;
  return () => {
    built ??= buildWorkerPackage();
    return built;
  };
}

/** Every answer of core is checked against the contract. */
function checked(call: CallProcedure): CallProcedure {
  return async (name, input, signal) => {
    const answer = await call(name, input, signal);
    procedures[name].output.parse(answer);
    return answer;
  };
}

export type OpenLabConsole = LabConsole & { readonly core: Core };

/** A core on the lab in this process. */
export function openLabConsole(lab: Lab, host: CoreHost, tuning: CoreTuning = labTuning): OpenLabConsole {
  const core = createCore(host, tuning);
  const desk = new LabConsole(lab, core);
  return Object.assign(desk, { core: { ...core, call: desk.core.call } });
}

/** What tests say to a core on the lab, wherever it runs. */
export class LabConsole {
  readonly core: Pick<Core, 'call'>;
  readonly lab: Lab;

  constructor(lab: Lab, core: Pick<Core, 'call'>) {
    this.lab = lab;
    this.core = { call: checked(core.call) };
  }

  /** Signs in as a service principal of the lab and waits for the first sync. */
  async signIn(principal = this.lab.operator): Promise<string> {
    const { account, sessionId } = await this.core.call('account.addServicePrincipal', {
      name: principal.displayName,
      tenantId: this.lab.tenantId,
      clientId: principal.clientId,
      credential: { kind: 'secret', secret: principal.clientSecret },
    });
    await this.succeeded(sessionId);
    return account.id;
  }

  async machine(name: string): Promise<VirtualMachine> {
    const { vms } = await this.core.call('vm.list', {});
    const found = vms.find((vm) => vm.name === name);
    if (found) return found;
    throw new Error(`no machine ${name} among ${vms.map((vm) => vm.name).join(', ')}`);
  }

  /** A new encrypted repository in a folder of the lab's backup account; answers its id. */
  async addRepository(
    folder: string,
    more: { readonly container?: string; readonly password?: string } = {},
  ) {
    const accounts = await this.core.call('repository.storageAccounts', {});
    const account = accounts.find(({ refusal }) => refusal === null);
    if (!account) throw new Error('no storage account can hold a repository');
    const { sessionId } = await this.core.call('repository.add', {
      name: `Repository ${folder}`,
      storageAccountId: account.resourceId,
      container: more.container ?? 'backups',
      folder,
      mode: 'create',
      createContainer: true,
      encryption: { kind: 'password', password: more.password ?? labPassword },
    });
    const { result } = await this.succeeded(sessionId);
    if (result?.kind !== 'repository') throw new Error('no repository');
    return result.repositoryId;
  }

  async backUp(machine: VirtualMachine, repositoryId: string): Promise<Session> {
    return this.succeeded(await this.startBackup(machine, repositoryId));
  }

  /** Waits until the session has ended. */
  async ended(sessionId: string, timeoutMilliseconds = 300_000): Promise<Session> {
    const until = Date.now() + timeoutMilliseconds;
    for (;;) {
      const session = await this.core.call('session.get', { sessionId });
      if (['succeeded', 'failed', 'cancelled'].includes(session.state)) return session;
      if (Date.now() > until) throw new Error(`${session.title} does not end:\n${await this.story(session)}`);
      await wait(50);
    }
  }

  /** Waits until a session's log has a line with this text. */
  async logged(sessionId: string, text: string): Promise<void> {
    const until = Date.now() + 60_000;
    for (;;) {
      const log = await this.core.call('session.log', { sessionId });
      if (log.some((entry) => entry.text.includes(text))) return;
      const session = await this.core.call('session.get', { sessionId });
      if (session.endedAt !== null || Date.now() > until)
        throw new Error(`"${text}" was not logged:\n${await this.story(session)}`);
      await wait(20);
    }
  }

  async startBackup(machine: VirtualMachine, repositoryId: string): Promise<string> {
    const { resourceId } = machine;
    return (await this.core.call('backup.start', { resourceId, repositoryId })).sessionId;
  }

  async sync(): Promise<void> {
    await this.succeeded((await this.core.call('account.sync', {})).sessionId);
  }

  async succeeded(sessionId: string): Promise<Session> {
    const session = await this.ended(sessionId);
    if (session.state === 'succeeded') return session;
    throw new Error(`${session.title} ${session.state}:\n${await this.story(session)}`);
  }

  async failed(sessionId: string): Promise<NonNullable<Session['error']>> {
    const session = await this.ended(sessionId);
    if (session.state === 'failed' && session.error) return session.error;
    throw new Error(`${session.title} ${session.state}:\n${await this.story(session)}`);
  }

  /** Adds a machine with one disk of 1 GiB, of which `usedMib` hold data. */
  async addSmallMachine(name: string, usedMib: number, directory: string): Promise<VirtualMachine> {
    const file = join(directory, `${name}.img`);
    writeFileSync(file, randomBytes(usedMib * 1024 * 1024));
    await this.lab.admin.addVmFromImage(file, name);
    await this.sync();
    return this.machine(name);
  }

  /** What the guest writes: `bytes` at `offset` of one of the machine's disks. */
  async writeToDisk(diskId: string, offset: number, bytes: Uint8Array): Promise<void> {
    const { disks, store } = this.lab.admin;
    const uniqueId = String(store.get(diskId)?.properties['uniqueId'] ?? '');
    const written = { start: offset, end: offset + bytes.length };
    const read = async (at: number, target: Buffer): Promise<void> => {
      await disks.readBytes(uniqueId, at, target);
      const from = Math.max(at, written.start);
      const to = Math.min(at + target.length, written.end);
      if (from < to) target.set(bytes.subarray(from - offset, to - offset), from - at);
    };
    await disks.importDifferences(uniqueId, { read, dataRanges: [written] }, AbortSignal.timeout(60_000));
  }

  /** A fingerprint of each disk of a machine, in the order of a restore point. */
  async fingerprints(machine: VirtualMachine): Promise<string[]> {
    const disks = [...machine.disks].sort(
      (a, b) => Number(b.os) - Number(a.os) || (a.lun ?? -1) - (b.lun ?? -1),
    );
    return Promise.all(disks.map(({ resourceId }) => this.fingerprint(resourceId ?? '')));
  }

  /** The same for two disks exactly if they have the same size and bytes; areas that are zero cost nothing. */
  async fingerprint(diskId: string): Promise<string> {
    const { disks, store } = this.lab.admin;
    const uniqueId = String(store.get(diskId)?.properties['uniqueId'] ?? '');
    const sizeBytes = disks.get(uniqueId)?.sizeBytes;
    if (sizeBytes === undefined) throw new Error(`no disk ${diskId}`);
    const hash = createHash('sha256').update(String(sizeBytes));
    const chunk = Buffer.alloc(64 * 1024);
    let done = 0;
    for (const { start, end } of disks.allocatedRanges(uniqueId)) {
      for (let at = Math.max(done, start - (start % chunk.length)); at < end; at += chunk.length) {
        const bytes = chunk.subarray(0, Math.min(chunk.length, sizeBytes - at));
        await disks.readBytes(uniqueId, at, bytes);
        if (bytes.some((byte) => byte !== 0)) hash.update(String(at)).update(bytes);
        done = at + chunk.length;
      }
    }
    return hash.digest('hex');
  }

  /** Names of what sessions have left in Azure, without what is meant to last; sorted. */
  leftovers(): string[] {
    const lasting = ['worker-storage', 'worker-network', 'worker-group'];
    return this.lab.admin
      .leftovers()
      .filter(({ tags }) => !lasting.includes(tags['cairn-kind'] ?? ''))
      .map(({ id }) => id.split('/').at(-1) ?? id)
      .sort();
  }

  async plan(
    pointId: string,
    target: ProcedureInput<'restore.plan'>['target'],
    verify = true,
  ): Promise<RestorePlan> {
    return this.core.call('restore.plan', { pointId, target, verify });
  }

  /** Plans and runs a restore of all disks of a point under new names. */
  async restoreDisks(point: RestorePoint, prefix: string): Promise<Session> {
    const plan = await this.plan(point.id, await this.disksTarget(point, prefix));
    const { sessionId } = await this.core.call('restore.start', { planId: plan.id });
    return this.succeeded(sessionId);
  }

  async disksTarget(point: RestorePoint, prefix: string): Promise<ProcedureInput<'restore.plan'>['target']> {
    const place = await this.place();
    const disks = point.disks.map(({ index }) => ({ index, name: `${prefix}-${index}` }));
    return { kind: 'disks', ...place, disks, sku: null };
  }

  /** Where tests restore to. */
  async place() {
    const [account] = await this.core.call('account.list', {});
    return {
      accountId: account?.id ?? '',
      subscriptionId: this.lab.subscriptionIds[0] ?? '',
      resourceGroup: 'rg-shop-prod',
      region: 'westeurope',
      zone: null,
    };
  }

  /** A session's steps and log, for a test's failure message. */
  async story(session: Session): Promise<string> {
    const log = await this.core.call('session.log', { sessionId: session.id });
    const steps = session.steps.map(({ key, state }) => `${key}=${state}`).join(' ');
    const lines = log.map(({ level, text, details }) => `${level}: ${text} ${JSON.stringify(details)}`);
    return [steps, ...lines].join('\n');
  }
}

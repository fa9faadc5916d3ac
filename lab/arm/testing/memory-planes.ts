import { randomBytes, randomUUID } from 'node:crypto';
import type { Planes } from '../../control/index.ts';
import type {
  ActiveAccess,
  DiskContent,
  StorageAccountData,
  VmDescription,
  VmPowerState,
} from '../../ports.ts';

/** What the planes were asked to do, for assertions. */
export interface MemoryPlanes extends Planes {
  readonly booted: VmDescription[];
  readonly contents: ReadonlyMap<string, DiskContent>;
}

/** The lab's ports with nothing behind them but their bookkeeping: for tests of Resource Manager alone. */
export function createMemoryPlanes(now: () => number): MemoryPlanes {
  const contents = new Map<string, DiskContent>();
  const grants = new Map<string, ActiveAccess>();
  const accounts = new Map<string, StorageAccountData>();
  const power = new Map<string, VmPowerState>();
  const booted: VmDescription[] = [];

  const add = (content: Omit<DiskContent, 'uniqueId'>): DiskContent => {
    const made = { ...content, uniqueId: randomUUID() };
    contents.set(made.uniqueId, made);
    return made;
  };
  const require = (uniqueId: string): DiskContent => {
    const found = contents.get(uniqueId);
    if (!found) throw new Error(`no such content: ${uniqueId}`);
    return found;
  };
  const active = (uniqueId: string): ActiveAccess | undefined => {
    const grant = grants.get(uniqueId);
    return grant && grant.expiresAt > now() ? grant : undefined;
  };
  const key = (): string => randomBytes(64).toString('base64');

  return {
    booted,
    contents,
    disks: {
      createDisk: async ({ sizeBytes, source }) => {
        if (source.kind === 'copy') require(source.sourceUniqueId);
        return add({ kind: 'disk', sizeBytes, familyId: undefined });
      },
      createSnapshot: async ({ sourceUniqueId, incremental }) => {
        const source = require(sourceUniqueId);
        const familyId = incremental ? (source.familyId ?? source.uniqueId) : undefined;
        return add({ kind: 'snapshot', sizeBytes: source.sizeBytes, familyId });
      },
      get: (uniqueId) => contents.get(uniqueId),
      resize: async (uniqueId, sizeBytes) => {
        const resized = { ...require(uniqueId), sizeBytes };
        contents.set(uniqueId, resized);
        return resized;
      },
      delete: async (uniqueId) => {
        contents.delete(uniqueId);
        grants.delete(uniqueId);
      },
      grantAccess: async (uniqueId, { access, durationInSeconds }) => {
        require(uniqueId);
        const expiresAt = now() + durationInSeconds * 1000;
        grants.set(uniqueId, { access, expiresAt });
        return { accessSas: `https://localhost:1/${uniqueId}/abcd?sig=x`, expiresAt };
      },
      revokeAccess: async (uniqueId) => {
        grants.delete(uniqueId);
      },
      activeAccess: active,
    },
    storage: {
      createAccount: async (name) => {
        const endpoint = `https://localhost:1/${name}/`;
        const made = { name, keys: [key(), key()] as const, blobEndpoint: endpoint, queueEndpoint: endpoint };
        const account = accounts.get(name) ?? made;
        accounts.set(name, account);
        return account;
      },
      bindAccount: () => {},
      get: (name) => accounts.get(name),
      deleteAccount: async (name) => {
        accounts.delete(name);
      },
      regenerateKey: async (name, keyName) => {
        const account = accounts.get(name);
        if (!account) throw new Error(`no such account: ${name}`);
        const [first, second] = account.keys;
        const keys = keyName === 'key1' ? ([key(), second] as const) : ([first, key()] as const);
        const changed = { ...account, keys };
        accounts.set(name, changed);
        return changed;
      },
    },
    vms: {
      boot: async (vm) => {
        booted.push(vm);
        power.set(vm.vmId, 'running');
      },
      stop: async (vmId, state) => {
        power.set(vmId, state);
      },
      remove: async (vmId) => {
        power.delete(vmId);
      },
      powerState: (vmId) => power.get(vmId),
      runCommand: async (_vmId, { script }) => ({ exitCode: 0, stdout: script.join('\n'), stderr: '' }),
    },
  };
}

import { type Lab, startLab } from '../lab/start.ts';
import type { LabAddresses, LabMethods, LabReply, LabRequest, LabStartOptions } from './lab-process.ts';

/** The child's side of lab-process.ts: the lab in a process of its own, driven over the IPC channel of its parent. */
const options = JSON.parse(process.argv[2] ?? '{}') as LabStartOptions;
const stop = new AbortController();
const lab = await startLab(options, stop.signal);
const methods = methodsOf(lab);

process.on('message', (message: LabRequest) => void answer(message));
// The parent has ended, however it ended. Its Ctrl-C also reaches this process, which ends when the parent says so.
process.on('disconnect', () => void lab.close().finally(() => process.exit()));
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);
process.send?.({ ready: addressesOf(lab) });

function addressesOf(running: Lab): LabAddresses {
  const {
    authorityHost,
    armEndpoint,
    caFile,
    tenantId,
    subscriptionIds,
    operator,
    reader,
    user,
    keyVaultUrl,
  } = running;
  const { adminOrigin, adminKey } = running.admin;
  const admin = { origin: adminOrigin, key: adminKey };
  return {
    authorityHost,
    armEndpoint,
    caFile,
    tenantId,
    subscriptionIds,
    operator,
    reader,
    user,
    keyVaultUrl,
    admin,
  };
}

function methodsOf({ admin, defects }: Lab): LabMethods {
  return {
    leftovers: async () => admin.leftovers(),
    defects: async () => defects.map(String),
    diskSha256: (resourceId) => admin.diskSha256(resourceId, stop.signal),
    addVmFromImage: (file, name) => admin.addVmFromImage(file, name, stop.signal),
    applyActivity: (vm, amount, seed) =>
      admin.applyActivity(vm, { amount: Number(amount), seed }, stop.signal),
    resources: async (type) => admin.store.list({ type }).map(({ id }) => id),
  };
}

async function answer({ call, method, args }: LabRequest): Promise<void> {
  const reply: LabReply = await (methods[method] as (...args: readonly string[]) => Promise<unknown>)(
    ...args,
  ).then(
    (value) => ({ call, value }),
    (error: unknown) => ({ call, error: error instanceof Error ? error.message : String(error) }),
  );
  process.send?.(reply);
}

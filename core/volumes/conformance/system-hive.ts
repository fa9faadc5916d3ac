import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyHive } from './empty-hive.ts';
import { runTool, withDirectory } from './run-tool.ts';

const PREFIX = 'HKEY_LOCAL_MACHINE\\SYSTEM';

/** How Windows writes down a partition of either kind of table. */
export function gptDevice(partitionId: string): Buffer {
  const [first = '', second = '', third = '', ...rest] = partitionId.split('-');
  const parts = [first, second, third].map((part) => Buffer.from(part, 'hex').reverse());
  return Buffer.concat([Buffer.from('DMIO:ID:'), ...parts, Buffer.from(rest.join(''), 'hex')]);
}

export function mbrDevice(signature: number, offset: number): Buffer {
  const device = Buffer.alloc(12);
  device.writeUInt32LE(signature, 0);
  device.writeBigUInt64LE(BigInt(offset), 4);
  return device;
}

/** A SYSTEM hive with the given mounted devices and a few other keys, written by hivexregedit. */
export async function writeSystemHive(
  path: string,
  devices: Readonly<Record<string, Buffer>>,
): Promise<void> {
  const others = ['ControlSet001', 'ControlSet001\\Control', 'Select', 'Setup', 'WPA'];
  const text = [
    'Windows Registry Editor Version 5.00',
    ...others.map((key) => `[${PREFIX}\\${key}]\n"Name"="of ${key.length} letters"\n"Number"=dword:00000007`),
    `[${PREFIX}\\MountedDevices]`,
    ...Object.entries(devices).map(
      ([name, data]) =>
        `"${name.replaceAll('\\', '\\\\')}"=hex:${data.toString('hex').replace(/..\B/g, '$&,')}`,
    ),
    '',
  ].join('\n');
  await writeFile(path, emptyHive());
  await withDirectory(async (directory) => {
    const changes = join(directory, 'changes.reg');
    await writeFile(changes, text.replaceAll('\n[', '\n\n['));
    await runTool('hivexregedit', '--merge', '--prefix', PREFIX, path, changes);
  });
}

/** The hive kept in `testdata/`. */
export const sampleDevices = {
  '\\DosDevices\\C:': gptDevice('8f2c1d3e-1111-4222-9333-0123456789ab'),
  '\\DosDevices\\D:': Buffer.from('\\??\\SCSI#CdRom&Ven_Msft', 'utf16le'),
  '\\DosDevices\\f:': mbrDevice(0x1234abcd, 1_048_576),
  '\\??\\Volume{5dca75dc-0000-0000-0000-100000000000}': mbrDevice(0x1234abcd, 1_048_576),
} as const;

import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { z } from 'zod';

/** One file that cloud-init would write. */
export interface BootFile {
  readonly path: string;
  readonly content: Buffer;
  /** Octal, for example `0644`. */
  readonly permissions: string;
  readonly owner: string;
  readonly append: boolean;
}

/** What the custom data asks cloud-init to do. */
export interface BootPlan {
  readonly files: readonly BootFile[];
  /** Shell text for every boot, before anything else. */
  readonly bootCommands: readonly string[];
  /** Shell text for the first boot, after the files are there. */
  readonly runCommands: readonly string[];
  /** Packages to be installed; the lab's VMs have no network at boot, so they are only noted. */
  readonly packages: readonly string[];
  /** Parts the lab knows nothing of. */
  readonly ignored: readonly string[];
}

/** Azure's limit for custom data, base64. */
const MAX_BASE64_LENGTH = 65_536 * (4 / 3) + 4;
const MAX_EXPANDED_BYTES = 1024 * 1024;

const commandSchema = z.union([z.string(), z.array(z.union([z.string(), z.number()]).transform(String))]);
const fileSchema = z.object({
  path: z.string().startsWith('/'),
  content: z.union([z.string(), z.number()]).default('').transform(String),
  encoding: z.string().optional(),
  permissions: z
    .union([z.string(), z.number()])
    .default('0644')
    .transform(String)
    .pipe(z.string().regex(/^0?[0-7]{3,4}$/)),
  owner: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]*(:[a-z_][a-z0-9_-]*)?$/)
    .default('root:root'),
  append: z.boolean().default(false),
});
const configSchema = z.looseObject({
  write_files: z.array(fileSchema).default([]),
  bootcmd: z.array(commandSchema).default([]),
  runcmd: z.array(commandSchema).default([]),
  packages: z.array(z.unknown()).default([]),
});

const known = new Set(['write_files', 'bootcmd', 'runcmd', 'packages']);

/** Nothing to do. */
export const emptyPlan: BootPlan = {
  files: [],
  bootCommands: [],
  runCommands: [],
  packages: [],
  ignored: [],
};

/**
 * Reads custom data as cloud-init does: `#cloud-config` YAML or a `#!` script, plain or gzip. Throws an Error that says
 * what is wrong with it.
 */
export function readCustomData(base64: string): BootPlan {
  if (base64.length > MAX_BASE64_LENGTH) throw new Error('custom data is longer than 64 KiB');
  const raw = Buffer.from(base64, 'base64');
  const text = expand(raw).toString('utf8');
  if (text.startsWith('#cloud-config')) return planOf(parse(text) ?? {});
  if (text.startsWith('#!')) {
    const path = '/var/lib/cloud/instance/scripts/part-001';
    const file = { path, content: Buffer.from(text), permissions: '0700', owner: 'root:root', append: false };
    return { ...emptyPlan, files: [file], runCommands: [quote([path])] };
  }
  return { ...emptyPlan, ignored: ['custom data that is neither #cloud-config nor a #! script'] };
}

function planOf(document: unknown): BootPlan {
  const config = configSchema.parse(document);
  return {
    files: config.write_files.map((file) => ({
      path: file.path,
      content: decode(file.content, file.encoding ?? 'text/plain'),
      permissions: file.permissions,
      owner: file.owner,
      append: file.append,
    })),
    bootCommands: config.bootcmd.map(shellText),
    runCommands: config.runcmd.map(shellText),
    packages: config.packages.map(String),
    ignored: Object.keys(config).filter((key) => !known.has(key)),
  };
}

function expand(bytes: Buffer): Buffer {
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return gzip ? gunzipSync(bytes, { maxOutputLength: MAX_EXPANDED_BYTES }) : bytes;
}

function decode(content: string, encoding: string): Buffer {
  switch (encoding.toLowerCase()) {
    case 'b64':
    case 'base64':
      return Buffer.from(content, 'base64');
    case 'gz+b64':
    case 'gz+base64':
    case 'gzip+b64':
    case 'gzip+base64':
      return expand(Buffer.from(content, 'base64'));
    case 'text/plain':
      return Buffer.from(content, 'utf8');
    default:
      throw new Error(`write_files has the unknown encoding ${encoding}`);
  }
}

const shellText = (command: string | readonly string[]): string =>
  typeof command === 'string' ? command : quote(command);

/** Words as one line of shell. */
export function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

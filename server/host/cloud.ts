import { readFile } from 'node:fs/promises';
import path from 'node:path';
import tls from 'node:tls';
import { z } from 'zod';
import { AppError } from '../../core/contract/index.ts';
import type { CloudEndpoints } from '../../core/host.ts';
import { readIfPresent } from './private-file.ts';

/** Azure's own clouds. Sources: Microsoft, "Azure national clouds" and the SDKs' cloud settings. */
export const knownClouds: Readonly<Record<string, CloudEndpoints>> = {
  AzureCloud: {
    name: 'AzureCloud',
    authorityHost: 'https://login.microsoftonline.com',
    resourceManager: 'https://management.azure.com',
    resourceManagerAudience: 'https://management.azure.com',
    storageAudience: 'https://storage.azure.com',
    keyVault: { audience: 'https://vault.azure.net', hostSuffix: 'vault.azure.net' },
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    authorityHost: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
    resourceManagerAudience: 'https://management.usgovcloudapi.net',
    storageAudience: 'https://storage.azure.com',
    keyVault: { audience: 'https://vault.usgovcloudapi.net', hostSuffix: 'vault.usgovcloudapi.net' },
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    authorityHost: 'https://login.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
    resourceManagerAudience: 'https://management.chinacloudapi.cn',
    storageAudience: 'https://storage.azure.com',
    keyVault: { audience: 'https://vault.azure.cn', hostSuffix: 'vault.azure.cn' },
  },
};

const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https address' });

/** A cloud described in a file: a private deployment, with its own certificate authority when it has one. */
export const cloudFileSchema = z.object({
  name: z.string().trim().min(1).max(60),
  authorityHost: httpsUrl,
  resourceManager: httpsUrl,
  resourceManagerAudience: z.url(),
  storageAudience: z.url(),
  /** Left out where there is no Key Vault. */
  keyVault: z
    .object({ audience: httpsUrl, hostSuffix: z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/) })
    .optional(),
  /** PEM file with the roots that sign this cloud's servers, relative to this file. */
  certificateAuthorityFile: z.string().optional(),
});
export type CloudFile = z.infer<typeof cloudFileSchema>;

export interface Cloud {
  readonly endpoints: CloudEndpoints;
  /** PEM of the cloud's own roots; null for the roots of this computer. */
  readonly certificateAuthority: string | null;
}

/**
 * The cloud by its name or by the file that describes it. Without either: `cloud.json` of the data directory when
 * there is one, else the public cloud. Throws `invalid-input` with the field's name.
 */
export async function loadCloud(nameOrFile: string | undefined, dataDirectory: string): Promise<Cloud> {
  const known = nameOrFile === undefined ? undefined : knownClouds[nameOrFile];
  if (known !== undefined) return { endpoints: known, certificateAuthority: null };
  const file = nameOrFile ?? path.join(dataDirectory, 'cloud.json');
  const text = await readIfPresent(file);
  if (text !== null) return parseCloud(file, text);
  if (nameOrFile === undefined && knownClouds['AzureCloud'] !== undefined)
    return { endpoints: knownClouds['AzureCloud'], certificateAuthority: null };
  throw new AppError('invalid-input', {
    message: `There is no cloud and no file named ${nameOrFile}.`,
    hint: `Use ${Object.keys(knownClouds).join(', ')} or the path of a cloud file.`,
    details: { field: 'cloud' },
  });
}

async function parseCloud(file: string, text: string): Promise<Cloud> {
  let described: CloudFile;
  try {
    described = cloudFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    throw new AppError('invalid-input', {
      message: `${file} does not describe a cloud: ${issue ? `${issue.path.join('.')} ${issue.message}` : 'it is not JSON'}.`,
      hint: 'See docs/security.md for the fields of a cloud file.',
      details: { field: 'cloud' },
      cause,
    });
  }
  const { certificateAuthorityFile, ...endpoints } = described;
  const certificateAuthority =
    certificateAuthorityFile === undefined
      ? null
      : await readFile(path.resolve(path.dirname(file), certificateAuthorityFile), 'utf8');
  return { endpoints, certificateAuthority };
}

/** The cloud that a command works with, its roots trusted from now on. */
export async function chosenCloud(choice: {
  readonly cloud?: string;
  readonly dataDirectory?: string;
}): Promise<CloudEndpoints> {
  const cloud = await loadCloud(choice.cloud, choice.dataDirectory ?? '.');
  trustCloud(cloud);
  return cloud.endpoints;
}

/** Makes this process trust the cloud's own roots, beside those it trusts anyway. */
export function trustCloud(cloud: Cloud): void {
  if (cloud.certificateAuthority === null) return;
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), cloud.certificateAuthority]);
}

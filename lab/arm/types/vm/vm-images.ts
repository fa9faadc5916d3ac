import { ArmError, missingParameter } from '../../arm-error.ts';
import { sameText, stringAt } from '../../json-path.ts';

/** A marketplace image the lab's regions have. */
export interface PlatformImage {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly version: string;
  readonly osType: 'Linux' | 'Windows';
  readonly generation: 'V1' | 'V2';
  readonly architecture: 'x64' | 'Arm64';
  readonly sizeGb: number;
}

type Row = readonly [publisher: string, offer: string, sku: string, version: string];

const linux = ([publisher, offer, sku, version]: Row): PlatformImage => ({
  publisher,
  offer,
  sku,
  version,
  osType: 'Linux',
  generation: /gen2|^server$|server-arm64|minimal$/.test(sku) ? 'V2' : 'V1',
  architecture: /arm64/.test(sku) ? 'Arm64' : 'x64',
  sizeGb: 30,
});

const windows = ([publisher, offer, sku, version]: Row): PlatformImage => ({
  ...linux([publisher, offer, sku, version]),
  osType: 'Windows',
  generation: 'V2',
  sizeGb: 127,
});

export const platformImages: readonly PlatformImage[] = [
  linux(['Canonical', '0001-com-ubuntu-server-jammy', '22_04-lts-gen2', '22.04.202611100']),
  linux(['Canonical', '0001-com-ubuntu-server-jammy', '22_04-lts', '22.04.202611100']),
  linux(['Canonical', '0001-com-ubuntu-server-jammy', '22_04-lts-arm64', '22.04.202611100']),
  linux(['Canonical', 'ubuntu-24_04-lts', 'server', '24.04.202611120']),
  linux(['Canonical', 'ubuntu-24_04-lts', 'minimal', '24.04.202611120']),
  linux(['Canonical', 'ubuntu-24_04-lts', 'server-arm64', '24.04.202611120']),
  linux(['Debian', 'debian-12', '12-gen2', '0.20261105.2000']),
  linux(['Debian', 'debian-12', '12', '0.20261105.2000']),
  windows(['MicrosoftWindowsServer', 'WindowsServer', '2022-datacenter-azure-edition', '20348.4405.261105']),
];

/** The image a request names, its version resolved; throws as compute does. */
export function requireImage(reference: unknown): PlatformImage {
  for (const name of ['publisher', 'offer', 'sku', 'version']) {
    if (stringAt(reference, name) === undefined) throw missingParameter(`imageReference.${name}`);
  }
  const found = platformImages.find(
    (each) =>
      sameText(each.publisher, stringAt(reference, 'publisher')) &&
      sameText(each.offer, stringAt(reference, 'offer')) &&
      sameText(each.sku, stringAt(reference, 'sku')),
  );
  const version = stringAt(reference, 'version') ?? '';
  if (found && (sameText(version, 'latest') || version === found.version)) return found;
  const urn = ['publisher', 'offer', 'sku', 'version'].map((name) => stringAt(reference, name)).join(':');
  throw new ArmError(
    404,
    'PlatformImageNotFound',
    `The platform image '${urn}' is not available. Verify that all fields in the storage profile are correct. For more details about storage profile information, please refer to https://aka.ms/storageprofile`,
    { target: 'imageReference' },
  );
}

import type { ResourceSeed } from '../ports.ts';
import { uuidOf } from './image-builder.ts';

export interface DiskSpec {
  /** Recipe name of the image in it; undefined for an empty disk. */
  readonly image: string | undefined;
  readonly sizeGb: number;
  readonly sku: 'Premium_LRS' | 'StandardSSD_LRS' | 'Standard_LRS' | 'Premium_ZRS';
}

export interface VmSpec {
  readonly name: string;
  readonly subscriptionId: string;
  readonly group: string;
  readonly location: string;
  readonly subnet: string;
  readonly privateIp: string;
  readonly size: string;
  readonly os: 'Linux' | 'Windows';
  readonly osDisk: DiskSpec;
  readonly dataDisks?: readonly DiskSpec[];
  readonly zone?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly publicIp?: boolean;
  readonly identity?: 'SystemAssigned' | 'UserAssigned';
  readonly powerState?: 'running' | 'stopped' | 'deallocated';
  readonly plan?: { readonly name: string; readonly publisher: string; readonly product: string };
  readonly marketplaceImage?: { readonly publisher: string; readonly offer: string; readonly sku: string };
  /** Page blobs in this storage account instead of managed disks. */
  readonly unmanagedIn?: string;
}

export interface VmResources {
  readonly resources: readonly ResourceSeed[];
  readonly diskImages: Readonly<Record<string, string>>;
}

const groupId = (spec: Pick<VmSpec, 'subscriptionId' | 'group'>): string =>
  `/subscriptions/${spec.subscriptionId}/resourceGroups/${spec.group}`;

/** A VM with everything Azure's portal makes along with it. */
export function vmResources(spec: VmSpec): VmResources {
  const base = groupId(spec);
  const vmId = `${base}/providers/Microsoft.Compute/virtualMachines/${spec.name}`;
  const nicId = `${base}/providers/Microsoft.Network/networkInterfaces/${shortName(spec.name)}-nic`;
  const disks = spec.unmanagedIn === undefined ? disksOf(spec, base) : [];
  const publicIp = spec.publicIp === true ? publicIpOf(spec, base) : undefined;
  const resources = [
    ...disks.map((disk) => disk.resource),
    ...(publicIp === undefined ? [] : [publicIp]),
    nicOf(spec, nicId, publicIp?.id),
    vmOf(spec, { vmId, nicId, disks }),
  ];
  const diskImages: Record<string, string> = {};
  for (const { resource, spec: disk } of disks)
    if (disk.image !== undefined) diskImages[resource.id] = disk.image;
  return { resources, diskImages };
}

const shortName = (name: string): string => name.slice(0, 36);
/** Azure appends a random tail to the disks it names. */
const tail = (text: string): string => uuidOf(text).replaceAll('-', '');

interface SeededDisk {
  readonly resource: ResourceSeed;
  readonly spec: DiskSpec;
  readonly name: string;
  readonly lun: number | undefined;
}

function disksOf(spec: VmSpec, base: string): SeededDisk[] {
  const seeded = (disk: DiskSpec, lun: number | undefined): SeededDisk => {
    const word = lun === undefined ? 'OsDisk_1' : `DataDisk_${lun}`;
    const name = `${shortName(spec.name)}_${word}_${tail(`${spec.name} ${word}`)}`;
    return {
      name,
      lun,
      spec: disk,
      resource: diskOf(spec, { id: `${base}/providers/Microsoft.Compute/disks/${name}`, disk, lun }),
    };
  };
  return [seeded(spec.osDisk, undefined), ...(spec.dataDisks ?? []).map((disk, lun) => seeded(disk, lun))];
}

function diskOf(spec: VmSpec, of: { id: string; disk: DiskSpec; lun: number | undefined }): ResourceSeed {
  const isOs = of.lun === undefined;
  return {
    id: of.id,
    location: spec.location,
    ...(spec.tags === undefined ? {} : { tags: spec.tags }),
    ...(spec.zone === undefined || of.disk.sku === 'Premium_ZRS' ? {} : { zones: [spec.zone] }),
    sku: { name: of.disk.sku, tier: of.disk.sku.split('_')[0] },
    properties: {
      ...(isOs ? { osType: spec.os, hyperVGeneration: generation(spec) } : {}),
      creationData: isOs ? { createOption: 'FromImage' } : { createOption: 'Empty' },
      diskSizeGB: of.disk.sizeGb,
      diskIOPSReadWrite: of.disk.sku === 'Standard_LRS' ? 500 : 120,
      diskMBpsReadWrite: of.disk.sku === 'Standard_LRS' ? 60 : 25,
      encryption: { type: 'EncryptionAtRestWithPlatformKey' },
      networkAccessPolicy: 'AllowAll',
      publicNetworkAccess: 'Enabled',
      diskState: 'Attached',
    },
  };
}

const generation = (spec: VmSpec): string => (spec.osDisk.image === 'linux-mbr' ? 'V1' : 'V2');

function publicIpOf(spec: VmSpec, base: string): ResourceSeed {
  return {
    id: `${base}/providers/Microsoft.Network/publicIPAddresses/${shortName(spec.name)}-ip`,
    location: spec.location,
    ...(spec.zone === undefined ? {} : { zones: [spec.zone] }),
    sku: { name: 'Standard', tier: 'Regional' },
    properties: {
      publicIPAddressVersion: 'IPv4',
      publicIPAllocationMethod: 'Static',
      idleTimeoutInMinutes: 4,
      ipAddress: `20.103.${spec.privateIp.split('.').slice(2).join('.')}`,
      ipTags: [],
    },
  };
}

function nicOf(spec: VmSpec, id: string, publicIpId: string | undefined): ResourceSeed {
  const [network = '', subnet = ''] = spec.subnet.split('/');
  const providers = `${groupId(spec)}/providers/Microsoft.Network`;
  return {
    id,
    location: spec.location,
    properties: {
      ipConfigurations: [
        {
          id: `${id}/ipConfigurations/ipconfig1`,
          name: 'ipconfig1',
          type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
          properties: {
            provisioningState: 'Succeeded',
            privateIPAddress: spec.privateIp,
            privateIPAllocationMethod: 'Dynamic',
            privateIPAddressVersion: 'IPv4',
            primary: true,
            subnet: { id: `${providers}/virtualNetworks/${network}/subnets/${subnet}` },
            ...(publicIpId === undefined ? {} : { publicIPAddress: { id: publicIpId } }),
          },
        },
      ],
      dnsSettings: { dnsServers: [], appliedDnsServers: [] },
      enableAcceleratedNetworking: !spec.size.startsWith('Standard_B'),
      enableIPForwarding: false,
      macAddress: macOf(spec.name),
      primary: true,
      networkSecurityGroup: { id: `${providers}/networkSecurityGroups/${network}-nsg` },
      nicType: 'Standard',
    },
  };
}

const macOf = (name: string): string => {
  const hex = tail(name).toUpperCase();
  return `00-0D-3A-${hex.slice(0, 2)}-${hex.slice(2, 4)}-${hex.slice(4, 6)}`;
};

function vmOf(spec: VmSpec, of: { vmId: string; nicId: string; disks: readonly SeededDisk[] }): ResourceSeed {
  return {
    id: of.vmId,
    location: spec.location,
    ...(spec.tags === undefined ? {} : { tags: spec.tags }),
    ...(spec.zone === undefined ? {} : { zones: [spec.zone] }),
    ...(spec.plan === undefined ? {} : { plan: spec.plan }),
    ...(spec.identity === undefined ? {} : { identity: identityOf(spec) }),
    properties: {
      powerState: spec.powerState ?? 'running',
      hardwareProfile: { vmSize: spec.size },
      storageProfile: {
        imageReference: { ...imageReference(spec), version: 'latest', exactVersion: '12.20250428.2097' },
        osDisk: spec.unmanagedIn === undefined ? osDisk(spec, of.disks) : unmanagedOsDisk(spec),
        dataDisks: dataDisks(of.disks),
        diskControllerType: 'SCSI',
      },
      osProfile: osProfile(spec),
      networkProfile: {
        networkInterfaces: [{ id: of.nicId, properties: { primary: true, deleteOption: 'Detach' } }],
      },
      ...(generation(spec) === 'V2' && spec.unmanagedIn === undefined
        ? {
            securityProfile: {
              uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
              securityType: 'TrustedLaunch',
            },
          }
        : {}),
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    },
  };
}

function identityOf(spec: VmSpec): Readonly<Record<string, unknown>> {
  if (spec.identity === 'SystemAssigned') return { type: 'SystemAssigned' };
  const id = `${groupId(spec)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${spec.group}-identity`;
  const guid = (text: string): string => uuidOf(`${id} ${text}`);
  return {
    type: 'UserAssigned',
    userAssignedIdentities: { [id]: { principalId: guid('principal'), clientId: guid('client') } },
  };
}

function imageReference(spec: VmSpec): Readonly<Record<string, string>> {
  if (spec.marketplaceImage !== undefined) return spec.marketplaceImage;
  return spec.os === 'Linux'
    ? { publisher: 'Debian', offer: 'debian-12', sku: '12-gen2' }
    : { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku: '2022-datacenter-azure-edition' };
}

function osDisk(spec: VmSpec, disks: readonly SeededDisk[]): Readonly<Record<string, unknown>> {
  const [disk] = disks;
  return {
    osType: spec.os,
    name: disk?.name,
    createOption: 'FromImage',
    caching: 'ReadWrite',
    managedDisk: { storageAccountType: disk?.spec.sku, id: disk?.resource.id },
    deleteOption: 'Detach',
    diskSizeGB: disk?.spec.sizeGb,
  };
}

function unmanagedOsDisk(spec: VmSpec): Readonly<Record<string, unknown>> {
  return {
    osType: spec.os,
    name: `${spec.name}-osdisk`,
    createOption: 'FromImage',
    caching: 'ReadWrite',
    vhd: { uri: `https://${spec.unmanagedIn}.blob.core.windows.net/vhds/${spec.name}-osdisk.vhd` },
    diskSizeGB: spec.osDisk.sizeGb,
  };
}

function dataDisks(disks: readonly SeededDisk[]): readonly Readonly<Record<string, unknown>>[] {
  return disks.flatMap((disk) =>
    disk.lun === undefined
      ? []
      : [
          {
            lun: disk.lun,
            name: disk.name,
            createOption: 'Attach',
            caching: disk.lun === 0 ? 'ReadOnly' : 'None',
            managedDisk: { storageAccountType: disk.spec.sku, id: disk.resource.id },
            deleteOption: 'Detach',
            diskSizeGB: disk.spec.sizeGb,
            toBeDetached: false,
          },
        ],
  );
}

function osProfile(spec: VmSpec): Readonly<Record<string, unknown>> {
  const common = {
    computerName: spec.os === 'Windows' ? spec.name.slice(0, 15) : spec.name,
    adminUsername: 'azureuser',
    secrets: [],
    allowExtensionOperations: true,
    requireGuestProvisionSignal: true,
  };
  if (spec.os === 'Windows') {
    return {
      ...common,
      windowsConfiguration: {
        provisionVMAgent: true,
        enableAutomaticUpdates: true,
        patchSettings: { patchMode: 'AutomaticByOS', assessmentMode: 'ImageDefault' },
      },
    };
  }
  const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${tail(spec.name).slice(0, 31)}${'A'.repeat(12)} azureuser`;
  return {
    ...common,
    linuxConfiguration: {
      disablePasswordAuthentication: true,
      ssh: { publicKeys: [{ path: '/home/azureuser/.ssh/authorized_keys', keyData: key }] },
      provisionVMAgent: true,
      patchSettings: { patchMode: 'ImageDefault', assessmentMode: 'ImageDefault' },
    },
  };
}

import { group, type SpecFile, type SpecOperation, tracked } from './spec-operation.ts';

const networkType = (tag: string, type: string, parameter: string, model: string): readonly SpecOperation[] =>
  tracked({
    tag,
    type: `Microsoft.Network/${type}`,
    parameter,
    model,
    list: `_${model}ListResult`,
    patch: 'TagsObject',
    put: { 200: model, 201: model },
    patchId: 'UpdateTags',
    listAllId: 'ListAll',
  });

const subnets = `${group}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets`;

/** Interfaces, networks, security groups, addresses. */
export const networkSpecs: readonly SpecFile[] = [
  {
    name: 'network.json',
    title: 'Networks',
    version: '2026-01-01',
    sdk: '@azure/arm-network',
    operations: [
      ...networkType('NetworkInterfaces', 'networkInterfaces', 'networkInterfaceName', 'NetworkInterface'),
      ...networkType('VirtualNetworks', 'virtualNetworks', 'virtualNetworkName', 'VirtualNetwork'),
      ...networkType(
        'NetworkSecurityGroups',
        'networkSecurityGroups',
        'networkSecurityGroupName',
        'NetworkSecurityGroup',
      ),
      ...networkType('PublicIPAddresses', 'publicIPAddresses', 'publicIpAddressName', 'PublicIPAddress'),
      {
        id: 'Subnets_List',
        method: 'get',
        path: subnets,
        responses: { 200: '_SubnetListResult' },
        pageable: true,
      },
      {
        id: 'Subnets_Get',
        method: 'get',
        path: `${subnets}/{subnetName}`,
        query: ['$expand'],
        responses: { 200: 'Subnet' },
      },
      {
        id: 'Subnets_CreateOrUpdate',
        method: 'put',
        path: `${subnets}/{subnetName}`,
        body: 'Subnet',
        responses: { 200: 'Subnet', 201: 'Subnet' },
        longRunning: true,
      },
      {
        id: 'Subnets_Delete',
        method: 'delete',
        path: `${subnets}/{subnetName}`,
        responses: { 200: null, 202: null, 204: null },
        longRunning: true,
      },
    ],
    opaque: [
      'PrivateEndpoint',
      'PrivateLinkService',
      'ApplicationGatewayBackendAddressPool',
      'ApplicationGatewayIPConfiguration',
      'BackendAddressPool',
      'InboundNatRule',
      'VirtualNetworkTap',
      'ServiceEndpointPolicy',
      'FlowLog',
      'NatGateway',
      'VirtualNetworkPeering',
      'RouteTable',
      'DscpConfiguration',
      'NetworkInterfaceTapConfiguration',
      'ResourceNavigationLink',
      'ServiceAssociationLink',
      'IpamPoolPrefixAllocation',
      'VirtualNetworkAppliance',
    ],
  },
];

import type { BootConfiguration } from '../../contract/index.ts';

export interface CloudInitRequest {
  readonly boot: BootConfiguration;
  /** Read SAS of the package, short-lived. */
  readonly packageUrl: string;
  readonly packageSha256: string;
  readonly unattendedUpgrades: 'install' | 'off';
}

/**
 * Fetches the package, starts nothing that is not byte for byte what core uploaded, and turns the machine off when the
 * agent has ended, however it ended. The address is in a file: an argument could be seen by every process.
 */
const startScript = (sha256: string): string => `#!/bin/sh
set -eu
umask 077
trap 'rm -f /etc/cairn/package.curl; shutdown -h now' EXIT
cd /var/lib/cairn
curl --config /etc/cairn/package.curl --output package.tar.gz
echo "${sha256}  package.tar.gz" | sha256sum -c -
rm -f /etc/cairn/package.curl
tar -xzf package.tar.gz
rm -f package.tar.gz
./node agent/main.mjs /etc/cairn/boot.json
`;

/** cloud-init text for a worker. JSON is YAML, and needs no quoting rules of its own. */
export function workerCloudInit(request: CloudInitRequest): string {
  const { boot, packageUrl, packageSha256 } = request;
  const file = (path: string, permissions: string, content: string) => ({
    path,
    permissions,
    owner: 'root:root',
    encoding: 'b64',
    content: Buffer.from(content).toString('base64'),
  });
  const config = {
    ...(request.unattendedUpgrades === 'install'
      ? { package_update: true, packages: ['unattended-upgrades'] }
      : {}),
    write_files: [
      file('/etc/cairn/boot.json', '0600', JSON.stringify(boot)),
      file('/etc/cairn/package.curl', '0600', curlConfiguration(packageUrl)),
      file('/usr/local/sbin/cairn-worker', '0700', startScript(packageSha256)),
    ],
    runcmd: [
      ['mkdir', '-p', '-m', '0700', '/var/lib/cairn'],
      ...(request.unattendedUpgrades === 'off'
        ? [
            [
              'systemctl',
              'disable',
              '--now',
              'unattended-upgrades',
              'apt-daily.timer',
              'apt-daily-upgrade.timer',
            ],
          ]
        : []),
      // In the background: cloud-init's last stage must not last as long as the task.
      'setsid nohup /usr/local/sbin/cairn-worker </dev/null >/var/lib/cairn/worker.log 2>&1 &',
    ],
  };
  return `#cloud-config\n${JSON.stringify(config, null, 1)}\n`;
}

function curlConfiguration(url: string): string {
  return [
    `url = "${url}"`,
    'fail',
    'silent',
    'show-error',
    'proto = "=https"',
    'connect-timeout = 20',
    'retry = 10',
    'retry-all-errors',
    '',
  ].join('\n');
}

import type { FileVolume } from '../../core/contract/index.ts';
import { file, folder, many, type PlayFile, root } from './play-file-tree.ts';

const gib = 1024 ** 3;
const admin = 'S-1-5-21-3623811015-3361044348-30300820-1013';
const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAYAAACqaXHeAAAAtklEQVR42u3QMQEAAAjAoNm/tCX0EQLZcWYgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAL4GR8sAAaVR3V8AAAAASUVORK5CYII=';

const passwd = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
postgres:x:113:120:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash
deploy:x:1000:1000::/home/deploy:/bin/bash
`;
const nginx = `user www-data;
worker_processes auto;
pid /run/nginx.pid;

events {
    worker_connections 768;
}

http {
    sendfile on;
    include /etc/nginx/sites-enabled/*;
}
`;
const log = Array.from(
  { length: 400 },
  (_, line) =>
    `Nov 20 06:${String(line % 60).padStart(2, '0')}:11 web-01 sshd[${812 + line}]: Accepted publickey for deploy from 10.20.1.${line % 250}`,
).join('\n');

function volume(id: string, changes: Partial<FileVolume>): FileVolume {
  return {
    id,
    name: id,
    guestPlaces: [],
    disk: 0,
    partition: 1,
    kind: 'ext4',
    kindName: 'ext4',
    label: '',
    uuid: '',
    placeName: '',
    sizeBytes: 30 * gib,
    state: 'clean',
    note: '',
    readable: true,
    incidental: false,
    caseSensitive: true,
    localTimes: false,
    ...changes,
  };
}

/** What is on the disks of the stand-in's machine. */
export const playVolumes: readonly FileVolume[] = [
  volume('disk0-part1', {
    name: '/',
    guestPlaces: ['/'],
    label: 'cloudimg-rootfs',
    uuid: '6d2a6f0e-8f53-4f5b-9c7e-0b1f5f6fd001',
    state: 'replayed',
    note: 'The journal was replayed in memory: the machine was running when the snapshot was taken.',
  }),
  volume('disk0-part15', {
    name: '/boot/efi',
    guestPlaces: ['/boot/efi'],
    partition: 15,
    kind: 'vfat',
    kindName: 'FAT32',
    label: 'UEFI',
    sizeBytes: 106 * 1024 ** 2,
    caseSensitive: false,
    localTimes: true,
  }),
  volume('disk0-part14', {
    name: 'Partition 14',
    partition: 14,
    kind: 'bios-boot',
    kindName: 'BIOS boot',
    sizeBytes: 4 * 1024 ** 2,
    readable: false,
    incidental: true,
    note: 'Holds boot code and no files.',
  }),
  volume('vg-data', {
    name: '/srv',
    guestPlaces: ['/srv'],
    disk: 1,
    partition: 0,
    kind: 'xfs',
    kindName: 'XFS',
    label: 'srv',
    placeName: 'vg0/data',
    sizeBytes: 100 * gib,
  }),
  volume('vg-scratch', {
    name: '/var/lib/scratch',
    guestPlaces: ['/var/lib/scratch'],
    disk: 1,
    partition: 0,
    placeName: 'vg0/scratch',
    sizeBytes: 8 * gib,
    state: 'damaged',
    readable: false,
    note: 'The superblock and all of its copies fail their checksums.',
  }),
  volume('vg-swap', {
    name: 'vg0/swap',
    disk: 1,
    partition: 0,
    kind: 'swap',
    kindName: 'Linux swap',
    sizeBytes: 4 * gib,
    readable: false,
    incidental: true,
    note: 'Holds no files.',
  }),
  volume('disk2-part1', {
    name: 'C:',
    guestPlaces: ['C:'],
    disk: 2,
    kind: 'ntfs',
    kindName: 'NTFS',
    label: 'Windows',
    sizeBytes: 127 * gib,
    caseSensitive: false,
  }),
  volume('disk2-part2', {
    name: 'D: Vault',
    guestPlaces: ['D:'],
    disk: 2,
    partition: 2,
    kind: 'bitlocker',
    kindName: 'BitLocker',
    sizeBytes: 64 * gib,
    state: 'unsupported',
    readable: false,
    note: 'Encrypted with BitLocker. Restore the whole disk and unlock it in Windows with its recovery key.',
  }),
];

export const playRoots: Readonly<Record<string, PlayFile>> = {
  'disk0-part1': root((top) => [
    folder(top, 'etc', etc),
    folder(top, 'home', (home) => [folder(home, 'deploy', nasty, { uid: 1000 })]),
    folder(top, 'var', (inVar) => [
      folder(inVar, 'log', (logs) => [
        file(logs, 'syslog', { text: log, size: 4_811_204 }),
        file(logs, 'auth.log', { text: log, size: 1_204_331, mode: 0o640 }),
        ...many(logs, 24, (index) => `syslog.${index + 2}.gz`),
      ]),
      folder(inVar, 'cache', () => []),
    ]),
    folder(top, 'root', () => [], { mode: 0o700 }),
    folder(top, 'lost+found', () => [], { mode: 0o700 }),
    file(top, 'bin', { kind: 'symlink', linkTarget: 'usr/bin', mode: 0o777, size: 7 }),
  ]),
  'disk0-part15': root((top) => [
    folder(top, 'EFI', (efi) => [
      folder(efi, 'BOOT', (boot) => many(boot, 3, (index) => `GRUBX${index}.EFI`)),
    ]),
  ]),
  'vg-data': root((top) => [
    folder(top, 'measurements', (folderPath) =>
      many(folderPath, 20_000, (index) => `sensor-${String(index).padStart(5, '0')}.csv`, {
        text: 'time,value\n',
      }),
    ),
    folder(top, 'pictures', (pictures) => [
      file(pictures, 'site-map.png', { picture, size: 21_811 }),
      file(pictures, 'broken.png', { size: 18, problem: 'Its blocks lie outside of the volume.' }),
    ]),
    file(top, 'database.img', { size: 40 * gib, attributes: ['sparse'], uid: 113 }),
  ]),
  'disk2-part1': root(
    (top) => [
      folder(top, 'Users', (users) => [folder(users, 'Ada', documents, { sid: admin })], { sid: 'S-1-5-18' }),
      folder(
        top,
        'Windows',
        (windows) =>
          many(windows, 60, (index) => `component-${index}.dll`, {
            sid: 'S-1-5-18',
            attributes: ['archive'],
          }),
        { sid: 'S-1-5-18' },
      ),
      file(top, 'pagefile.sys', { size: 8 * gib, sid: 'S-1-5-18', attributes: ['hidden', 'system'] }),
    ],
    { sid: 'S-1-5-18' },
  ),
};

function etc(path: string): readonly PlayFile[] {
  return [
    folder(path, 'nginx', (inside) => [
      file(inside, 'nginx.conf', { text: nginx }),
      folder(inside, 'sites-enabled', (sites) => [
        file(sites, 'default', {
          kind: 'symlink',
          linkTarget: '../../../outside/secret',
          mode: 0o777,
          size: 23,
        }),
      ]),
    ]),
    folder(path, 'ssl', () => []),
    ...['apt', 'cron.d', 'default', 'init.d', 'systemd', 'ssh'].map((name) => folder(path, name, () => [])),
    file(path, 'passwd', { text: passwd }),
    file(path, 'shadow', { size: 1042, mode: 0o640 }),
    file(path, 'fstab', { text: 'LABEL=cloudimg-rootfs / ext4 defaults 0 1\n' }),
    file(path, 'hostname', { text: 'web-01\n' }),
    ...[
      'group',
      'hosts',
      'issue',
      'localtime',
      'motd',
      'os-release',
      'profile',
      'resolv.conf',
      'services',
      'timezone',
    ].map((name) => file(path, name, { size: 812 })),
  ];
}

function nasty(path: string): readonly PlayFile[] {
  return [
    file(
      path,
      `a report with a name that somebody wrote as a whole sentence because file systems allow two hundred and fifty-five bytes of it, final version 3 (copy).xlsx`,
      { uid: 1000, size: 88_000 },
    ),
    file(path, 'invoice\u202Efdp.exe', { uid: 1000, size: 412 }),
    file(path, '<img src=x onerror=alert(1)>.txt', { uid: 1000, text: '<script>alert(1)</script>\n' }),
    file(path, 'line\\x0Abreak', { uid: 1000 }),
    file(path, '  two leading blanks', { uid: 1000 }),
    file(path, '日本語のファイル名.txt', { uid: 1000, text: 'こんにちは\n' }),
    file(path, 'ünïcödé – naïve.md', { uid: 1000, text: '# Notes\n' }),
    file(path, '.bash_history', { uid: 1000, mode: 0o600, text: 'sudo systemctl restart nginx\n' }),
    file(path, 'control.fifo', { uid: 1000, kind: 'fifo' }),
    file(path, 'unreadable', { uid: 1000, size: 10, problem: 'Its inode fails its checksum.' }),
  ];
}

function documents(path: string): readonly PlayFile[] {
  return [
    folder(
      path,
      'Documents',
      (inside) => [
        file(inside, 'Budget 2026.xlsx', {
          size: 412_000,
          sid: admin,
          attributes: ['archive'],
          streams: [{ name: 'Zone.Identifier', sizeBytes: 26 }],
        }),
        file(inside, 'Minutes.txt', {
          text: 'Present: Ada, Grace, Edsger\r\n',
          sid: admin,
          attributes: ['archive', 'readonly'],
        }),
        file(inside, 'keys.pfx', {
          size: 4211,
          sid: admin,
          attributes: ['encrypted'],
          problem: 'Encrypted by Windows (EFS): its content can only be read on the machine.',
        }),
      ],
      { sid: admin },
    ),
    file(path, 'NTUSER.DAT', { size: 3_145_728, sid: admin, attributes: ['hidden', 'archive'] }),
  ];
}

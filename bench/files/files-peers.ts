import { access } from 'node:fs/promises';
import path from 'node:path';
import { content } from './files-image.ts';

/** Another reader of files on a disk image, run on the raw image. */
export interface FilesPeer {
  readonly name: string;
  steps(
    image: string,
  ): readonly { readonly name: string; readonly command: readonly string[]; readonly bytes?: number }[];
}

const large = content.largeFile;
const shell = (command: string) => ['sh', '-c', command];

const peers: readonly (FilesPeer & { readonly program: string })[] = [
  {
    name: '7-Zip',
    program: '7z',
    steps: (image) => [
      { name: 'list of 70,000 files', command: shell(`exec 7z l -slt '${image}' > /dev/null`) },
      {
        name: 'one file of 1 GiB',
        command: shell(`exec 7z e -so '${image}' '${large.path.slice(1)}' > /dev/null`),
        bytes: large.bytes,
      },
    ],
  },
  {
    name: 'Sleuth Kit',
    program: 'fls',
    steps: (image) => [
      { name: 'list of the root', command: shell(`exec fls '${image}' > /dev/null`) },
      { name: 'list of 70,000 files', command: shell(`exec fls -r -p '${image}' > /dev/null`) },
      {
        name: 'one file of 1 GiB',
        command: shell(`icat '${image}' "$(ifind -n '${large.path}' '${image}')" > /dev/null`),
        bytes: large.bytes,
      },
    ],
  },
];

const guestfish: FilesPeer & { readonly program: string } = {
  name: 'guestfish',
  program: 'guestfish',
  steps: (image) => {
    const run = (command: string) =>
      shell(
        `LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg guestfish --ro --format=raw -a '${image}' run : mount-ro /dev/sda / : ${command}`,
      );
    return [
      { name: 'cold start to first listing', command: run('ls / > /dev/null') },
      { name: 'list of 70,000 files', command: run('find0 / /dev/null') },
      { name: 'one file of 1 GiB', command: run(`download ${large.path} /dev/null`), bytes: large.bytes },
    ];
  },
};

/** Those that are installed. */
export async function filesPeers(withGuestfish: boolean): Promise<readonly FilesPeer[]> {
  const wanted = withGuestfish ? [...peers, guestfish] : peers;
  const found = await Promise.all(
    wanted.map(async (peer) => ((await isInstalled(peer.program)) ? [peer] : [])),
  );
  return found.flat();
}

async function isInstalled(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const tries = folders.map((folder) =>
    access(path.join(folder, program)).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(tries)).includes(true);
}

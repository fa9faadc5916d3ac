import { findInstallation } from '../host/installation.ts';
import { runCli } from './program.ts';
import { createTerminalIo } from './terminal-io.ts';

/** The `cairn` command. What only some commands need, core and the network first of all, is loaded by those. */
const installation = findInstallation(import.meta.filename);
// In the bundle the threads are files beside this one; in a clone whoever starts one finds its own.
const besideThis = (file: string) => (installation.isClone ? undefined : new URL(file, import.meta.url));
const [threadUrl, filesThread] = [besideThis('./thread.js'), besideThis('./files-thread.js')];
process.exitCode = await runCli(process.argv.slice(2), {
  installation,
  io: createTerminalIo(),
  createCore: async (host) => {
    const { fileServiceFrom } = await import('../host/file-service.ts');
    return (await import('../../core/index.ts')).createCore(host, {
      version: installation.version,
      fileService: fileServiceFrom(process.env),
      ...(filesThread === undefined ? {} : { filesThread }),
    });
  },
  repo: {
    openContainer: async (url, folder, choice) => {
      await (await import('../host/cloud.ts')).chosenCloud(choice);
      return (await import('../../core/index.ts')).openContainerBySas(url, folder);
    },
    logIn: async (choice, login, signal) => {
      const cloud = await (await import('../host/cloud.ts')).chosenCloud(choice);
      return (await import('../../core/index.ts')).logIn(cloud, login, signal);
    },
    ...(threadUrl === undefined ? {} : { threadUrl }),
  },
  ...(filesThread === undefined ? {} : { filesThreadUrl: filesThread }),
});

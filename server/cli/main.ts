import { chosenCloud } from '../host/cloud.ts';
import { findInstallation } from '../host/installation.ts';
import { runCli } from './program.ts';
import { createTerminalIo } from './terminal-io.ts';

/** The `cairn` command. Core is loaded only when a command opens one of its own. */
const installation = findInstallation(import.meta.filename);
process.exitCode = await runCli(process.argv.slice(2), {
  installation,
  io: createTerminalIo(),
  createCore: async (host) =>
    (await import('../../core/index.ts')).createCore(host, {
      version: installation.version,
      ...(installation.isClone ? {} : { filesThread: new URL('./files-thread.js', import.meta.url) }),
    }),
  repo: {
    openContainer: async (url, folder, choice) => {
      await chosenCloud(choice);
      return (await import('../../core/index.ts')).openContainerBySas(url, folder);
    },
    logIn: async (choice, login, signal) =>
      (await import('../../core/index.ts')).logIn(await chosenCloud(choice), login, signal),
    // In the bundle the engine's thread is a file beside this one; in a clone the engine finds its own.
    ...(installation.isClone ? {} : { threadUrl: new URL('./thread.js', import.meta.url) }),
  },
});

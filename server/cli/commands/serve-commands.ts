import { type Command, InvalidArgumentError } from 'commander';
import { AppError } from '../../../core/contract/index.ts';
import { type CommandContext, globalOptions, print, withCore } from '../command-context.ts';
import type { CoreSource } from '../open-core.ts';

export function registerServeCommands(program: Command, context: CommandContext, source: CoreSource): void {
  const { io } = context;
  program
    .command('serve')
    .description('serves the console to a browser on this computer until Ctrl-C')
    .option('--port <number>', 'loopback port; a free one when left out', parsePort, 0)
    .action(async (own: { port: number }, command: Command) => {
      const options = globalOptions(command);
      const { serve } = await import('../../serve.ts');
      const { findWorkerPackage } = await import('../../host/worker-package.ts');
      const server = await serve({
        ...options,
        port: own.port,
        pages: source.installation.pages,
        environment: io.environment,
        workerPackage: () => findWorkerPackage(source.installation.workerFolder),
        createCore: source.createCore,
        log: (level, text) => io.stderr(`${level}: ${text}\n`),
      });
      try {
        const startAddress = server.newStartAddress();
        const { address } = server;
        print(io, options, { address, startAddress }, () => `Cairn's console: ${startAddress}\n`);
        await aborted(io.signal);
      } finally {
        await server.close();
      }
    });
  program
    .command('open')
    .description('prints an address that signs one browser in to the running server, once')
    .action(async (_own, command: Command) => {
      const options = globalOptions(command);
      const open = await context.openCore(options, io.signal);
      try {
        if (open.kind !== 'attached')
          throw new AppError('not-found', {
            message: 'No server runs on this data directory.',
            hint: 'Start one with `cairn serve`.',
          });
        const startAddress = await open.core.newStartAddress();
        print(io, options, { startAddress }, () => `${startAddress}\n`);
      } finally {
        await open.close();
      }
    });
  program
    .command('version')
    .description('version, installation and cloud')
    .action((_own, command: Command) =>
      withCore(context, command, async (core, options) => {
        const info = await core.call('app.info', {}, io.signal);
        print(io, options, info, () => `Cairn ${info.version}, ${info.cloud}, ${info.installationId}\n`);
      }),
    );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

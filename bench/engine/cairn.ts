import { join } from 'node:path';
import { buildPart, parts } from '../../scripts/build-parts.ts';
import { type ProcessResult, runProcess } from './run-process.ts';

const root = join(import.meta.dirname, '../..');
const program = join(root, 'dist/server/cairn.js');
const password = { CAIRN_REPO_PASSWORD: 'bench' };

/** The command line as it is installed: the bundle, not the source. */
export function buildCairn(): Promise<void> {
  return buildPart(root, parts.server);
}

/** What an operator types, on a repository in a local folder. `keyFile` is where its key file is made. */
export function cairn(repo: string, keyFile: string) {
  const byKeyFile = ['--key-file', keyFile];
  const run = (...args: readonly string[]): Promise<ProcessResult> =>
    runProcess([process.execPath, program, 'repo', ...args, '--repo', repo, '--json'], { env: password });
  return {
    async init(): Promise<ProcessResult> {
      await run('init');
      return run('keys', 'add', '--new-key-file', keyFile);
    },
    /** Nothing but starting, stretching the password, and reading the list. */
    points: () => run('points'),
    pointsByKeyFile: () => run('points', ...byKeyFile),
    full: (image: string) => run('put', image, '--resource', 'disk'),
    second: (image: string, ranges: string) => run('put', image, '--resource', 'disk', '--ranges', ranges),
    secondByKeyFile: (image: string, ranges: string) =>
      run('put', image, '--resource', 'disk', '--ranges', ranges, ...byKeyFile),
    restore: (target: string) => run('get', 'latest', target),
    deepVerify: () => run('check', '--deep'),
    async collect(): Promise<ProcessResult> {
      const { points } = JSON.parse((await run('points')).output);
      await run('forget', points[0].id);
      return run('collect');
    },
  };
}

/** The program with nothing to do. */
export function startOnly(): Promise<ProcessResult> {
  return runProcess([process.execPath, program, '--version']);
}

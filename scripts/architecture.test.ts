import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagram, readModules, violations } from './architecture.ts';

const root = new URL('..', import.meta.url).pathname;
let modules: Awaited<ReturnType<typeof readModules>>;

beforeAll(async () => {
  modules = await readModules(root);
}, 180_000);

describe('architecture', () => {
  it('reads the whole project', () => {
    expect(modules.length).toBeGreaterThan(100);
  });

  it('keeps the import rules', () => {
    expect(violations(modules)).toEqual([]);
  });

  it('notices a forbidden import', () => {
    const [sample] = modules.filter((module) => module.source === 'core/contract/procedures.ts');
    const forged = {
      ...sample,
      source: 'renderer/forged.ts',
      dependencies: [{ resolved: 'core/db/index.ts' }],
    };
    expect(violations([forged as never])).toEqual([
      'renderer/forged.ts (renderer) may not import core/db/index.ts (core/db)',
    ]);
  });

  it('is drawn in docs/architecture.md as it is (npm run docs draws it again)', async () => {
    const page = await readFile(`${root}/docs/architecture.md`, 'utf8');
    expect(page).toContain(diagram(modules));
  });
});

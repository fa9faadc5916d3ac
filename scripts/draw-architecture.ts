import { readFile, writeFile } from 'node:fs/promises';
import { diagram, readModules } from './architecture.ts';

/** Draws the diagram of docs/architecture.md again from the real imports. */
const root = new URL('..', import.meta.url).pathname;
const file = `${root}/docs/architecture.md`;
const page = await readFile(file, 'utf8');
await writeFile(file, page.replace(/```mermaid[\s\S]*?```/, diagram(await readModules(root))));

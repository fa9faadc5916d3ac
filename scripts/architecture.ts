import { cruise, type ICruiseResult, type IModule } from 'dependency-cruiser';

/**
 * Who may import whom. The rooms are the folders of docs/architecture.md; this table is the rule that
 * `npm run check` holds the code to, and the diagram in that page is drawn from what the code really imports.
 */

/** A room: a folder prefix. The first match wins, so nested rooms stand before their parents. */
const rooms = [
  'core/contract',
  'core/host.ts',
  'core/channel',
  'core/domain',
  'core/engine',
  'core/volumes',
  'core/files',
  'core/azure',
  'core/db',
  'core/workloads',
  'core/orchestrator',
  'core/worker',
  'core/handlers',
  'core/testing',
  'core/index.ts',
  'electron',
  'server',
  'renderer',
  'lab',
  'e2e',
  'bench',
  'scripts',
] as const;
export type Room = (typeof rooms)[number];

/** What each room may import of ours. `host.ts` holds types only and is open to all of core and the shells. */
const allowed: Readonly<Record<Room, readonly Room[]>> = {
  'core/contract': [],
  'core/host.ts': ['core/contract'],
  'core/channel': ['core/contract', 'core/host.ts'],
  'core/domain': ['core/contract'],
  'core/engine': ['core/contract'],
  'core/volumes': ['core/contract'],
  'core/files': ['core/contract', 'core/engine', 'core/volumes'],
  'core/azure': ['core/contract', 'core/host.ts', 'core/engine'],
  'core/db': ['core/contract', 'core/domain'],
  'core/workloads': ['core/contract', 'core/host.ts', 'core/domain', 'core/engine', 'core/azure'],
  'core/orchestrator': [
    'core/contract',
    'core/host.ts',
    'core/domain',
    'core/db',
    'core/workloads',
    'core/azure',
    'core/channel',
    'core/engine',
    'core/files',
  ],
  'core/worker': [
    'core/contract',
    'core/host.ts',
    'core/channel',
    'core/engine',
    'core/volumes',
    'core/files',
    'core/workloads',
    'core/azure',
  ],
  'core/handlers': [
    'core/contract',
    'core/host.ts',
    'core/domain',
    'core/db',
    'core/engine',
    'core/volumes',
    'core/orchestrator',
    'core/workloads',
  ],
  'core/testing': rooms.filter((room) => room.startsWith('core/')),
  'core/index.ts': rooms.filter((room) => room.startsWith('core/') && room !== 'core/testing'),
  electron: ['core/contract', 'core/host.ts', 'core/index.ts', 'server'],
  server: ['core/contract', 'core/host.ts', 'core/index.ts', 'core/engine', 'core/volumes', 'core/files'],
  renderer: ['core/contract'],
  lab: ['core/contract'],
  e2e: rooms,
  bench: rooms,
  scripts: rooms,
};

/** Vendor packages that one room alone may import. */
const owners: ReadonlyArray<{ readonly vendor: RegExp; readonly room: Room }> = [
  { vendor: /node_modules\/@azure\//, room: 'core/azure' },
  { vendor: /^(node:)?sqlite$/, room: 'core/db' },
  { vendor: /node_modules\/electron\//, room: 'electron' },
  { vendor: /node_modules\/(react|react-dom|@fluentui|@tanstack)\//, room: 'renderer' },
];

export function roomOf(path: string): Room | null {
  return rooms.find((room) => path === room || path.startsWith(`${room}/`)) ?? null;
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|(^|\/)(testing|testdata)\//.test(path);
}

export async function readModules(root: string): Promise<readonly IModule[]> {
  const result = await cruise(
    ['core', 'electron', 'server', 'renderer', 'lab', 'bench', 'e2e', 'scripts'],
    {
      baseDir: root,
      parser: 'swc',
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(dist|\\.cache|\\.cairn|specs)/' },
    },
    { extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'], bustTheCache: true },
  );
  return (result.output as ICruiseResult).modules.filter((module) => !module.source.includes('node_modules'));
}

/** Every import that breaks a rule, one sentence each; empty when the code keeps the architecture. */
export function violations(modules: readonly IModule[]): string[] {
  return modules.flatMap((module) => [...importViolations(module), ...cycleViolations(module)]).sort();
}

function importViolations(module: IModule): string[] {
  const from = roomOf(module.source);
  if (from === null || isTest(module.source)) return [];
  return module.dependencies.flatMap((dependency) => {
    const to = dependency.resolved;
    const owner = owners.find(({ vendor }) => vendor.test(to));
    if (
      owner &&
      owner.room !== from &&
      !['lab', 'bench', 'e2e', 'scripts'].includes(from) &&
      !dependency.typeOnly
    )
      return [`${module.source} imports ${to}; only ${owner.room} may`];
    const target = roomOf(to);
    if (target === null || target === from) return workloadViolation(module.source, to);
    if (!allowed[from].includes(target))
      return [`${module.source} (${from}) may not import ${to} (${target})`];
    if (target.endsWith('.ts') || to === `${target}/index.ts`) return [];
    return ['bench', 'e2e', 'scripts'].includes(from) || target === 'lab'
      ? []
      : [`${module.source} must import ${target}/index.ts, not ${to}`];
  });
}

function workloadViolation(from: string, to: string): string[] {
  const kind = /^core\/workloads\/([^/]+)\//;
  const [source, target] = [kind.exec(from)?.[1], kind.exec(to)?.[1]];
  return source !== undefined && target !== undefined && source !== target
    ? [`${from} (workload ${source}) may not import ${to} (workload ${target})`]
    : [];
}

function cycleViolations(module: IModule): string[] {
  return module.dependencies
    .filter((dependency) => dependency.circular && !dependency.typeOnly)
    .filter((dependency) =>
      (dependency.cycle ?? []).every((step) => !step.dependencyTypes.includes('type-only')),
    )
    .map((dependency) => `${module.source} is in an import cycle through ${dependency.resolved}`);
}

/** The arrows between rooms that really exist, tests left out, as a Mermaid flowchart. */
export function diagram(modules: readonly IModule[]): string {
  const arrows = new Set<string>();
  for (const module of modules) {
    const from = roomOf(module.source);
    if (from === null || isTest(module.source) || !isShipped(from)) continue;
    for (const dependency of module.dependencies) {
      const to = roomOf(dependency.resolved);
      if (to !== null && to !== from && isShipped(to)) arrows.add(`  ${node(from)} --> ${node(to)}`);
    }
  }
  return ['```mermaid', 'flowchart TD', ...[...arrows].sort(), '```'].join('\n');
}

function isShipped(room: Room): boolean {
  return !['lab', 'e2e', 'bench', 'scripts', 'core/testing'].includes(room);
}

function node(room: Room): string {
  return `${room.replaceAll(/[^a-z]/g, '_')}["${room}"]`;
}

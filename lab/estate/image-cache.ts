import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BuiltImage, buildImage, type VolumePlace } from './image-builder.ts';
import { type ImageRecipe, imageRecipes } from './image-recipes.ts';

/** An image of the estate that is ready to be used. */
export interface EstateImage extends BuiltImage {
  readonly name: string;
  readonly path: string;
  readonly volumes: readonly VolumePlace[];
}

/** Tools and Node take turns, so that a second build fills the pauses of the first. */
const PARALLEL_BUILDS = 3;

const builderFiles = [
  'file-systems.ts',
  'file-tree.ts',
  'image-builder.ts',
  'lvm-writer.ts',
  'random-source.ts',
] as const;

/**
 * The images with these names, from the cache folder or built into it. The cache is keyed by the recipes and by the code
 * that builds them, so it is never stale. Two processes may build at once: whole files appear by rename.
 */
export async function ensureImages(
  options: { readonly cacheFolder: string; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, EstateImage>> {
  const builder = await builderVersion();
  await mkdir(options.cacheFolder, { recursive: true });
  const images = new Map<string, EstateImage>();
  const names = [...new Set(options.names)];
  const work = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const recipe = imageRecipes.find((each) => each.name === name);
      if (recipe === undefined) throw new Error(`There is no disk image recipe named ${name}.`);
      images.set(name, await ensureImage(recipe, { ...options, builder }, signal));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_BUILDS }, work));
  return images;
}

async function ensureImage(
  recipe: ImageRecipe,
  options: { readonly cacheFolder: string; readonly builder: string },
  signal: AbortSignal,
): Promise<EstateImage> {
  const key = createHash('sha256')
    .update(options.builder)
    .update(JSON.stringify(recipe))
    .digest('hex')
    .slice(0, 16);
  const path = join(options.cacheFolder, `${recipe.name}-${key}.img`);
  const description = `${path}.json`;
  const known = await readFile(description, 'utf8').catch(() => undefined);
  if (known !== undefined) return { ...(JSON.parse(known) as BuiltImage), name: recipe.name, path };
  const building = `${path}.${process.pid}`;
  try {
    const built = await buildImage(recipe, building, signal);
    await rename(building, path);
    await writeFile(`${building}.json`, JSON.stringify(built));
    await rename(`${building}.json`, description);
    await removeOutdated(recipe.name, path);
    return { ...built, name: recipe.name, path };
  } finally {
    await rm(building, { force: true });
  }
}

const OUTDATED_MS = 60 * 60_000;

/** Images of the same recipe by older code; young ones may be in use by a lab that is just starting. */
async function removeOutdated(name: string, present: string): Promise<void> {
  const folder = dirname(present);
  for (const entry of await readdir(folder)) {
    const ofRecipe = entry.startsWith(`${name}-`) && /-[0-9a-f]{16}\.img(\.json)?$/.test(entry);
    const path = join(folder, entry);
    if (!ofRecipe || path.startsWith(present)) continue;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > OUTDATED_MS) await rm(path, { force: true });
  }
}

async function builderVersion(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of builderFiles) hash.update(await readFile(new URL(`./${name}`, import.meta.url)));
  return hash.digest('hex');
}

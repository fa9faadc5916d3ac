import { readFile } from 'node:fs/promises';
import { AppError, type BootConfiguration, bootConfigurationSchema } from '../contract/index.ts';

/** Reads and checks what cloud-init wrote. */
export async function readBootConfiguration(file: string): Promise<BootConfiguration> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('not-found', { message: `The boot configuration ${file} cannot be read.`, cause });
  });
  const parsed = bootConfigurationSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('invalid-input', {
    message: `The boot configuration is not usable: ${issue?.path.join('.')} ${issue?.message}.`,
  });
}

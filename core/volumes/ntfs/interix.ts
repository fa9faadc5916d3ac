import type { FileContent } from '../tree/index.ts';

const MAGIC = Buffer.from('IntxLNK\u0001', 'latin1');
const LONGEST = 8192;

/** The target of a symbolic link in the form of Microsoft's old Unix subsystem, if the content is one. */
export async function interixLink(content: FileContent, signal: AbortSignal): Promise<string | undefined> {
  if (content.size <= MAGIC.length || content.size > LONGEST) return undefined;
  const bytes = Buffer.from(await content.read(0, content.size, signal));
  return bytes.subarray(0, MAGIC.length).equals(MAGIC)
    ? bytes.subarray(MAGIC.length).toString('utf16le')
    : undefined;
}

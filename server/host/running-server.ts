import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type HttpDoor, openHttpDoor } from '../client/http-door.ts';
import { readIfPresent, writePrivateFile } from './private-file.ts';

/**
 * How the command line and an attached desktop find the server that has a data directory open: `server.json` says
 * where, `server.token` (readable by this user only) lets them in.
 */
const runningServerSchema = z.object({ version: z.literal(1), address: z.url(), pid: z.int() });

export async function announceServer(
  dataDirectory: string,
  server: { readonly address: string; readonly token: string; readonly pid: number },
): Promise<void> {
  await writePrivateFile(tokenFile(dataDirectory), `${server.token}\n`);
  const announced = { version: 1, address: server.address, pid: server.pid };
  await writePrivateFile(announcementFile(dataDirectory), `${JSON.stringify(announced)}\n`);
}

export async function withdrawServer(dataDirectory: string): Promise<void> {
  await rm(announcementFile(dataDirectory), { force: true });
  await rm(tokenFile(dataDirectory), { force: true });
}

/** The door to the server that runs on this data directory; null when none does. */
export async function attachToRunningServer(
  dataDirectory: string,
  signal?: AbortSignal,
): Promise<HttpDoor | null> {
  const text = await readIfPresent(announcementFile(dataDirectory));
  const token = await readIfPresent(tokenFile(dataDirectory));
  if (text === null || token === null) return null;
  const announced = runningServerSchema.safeParse(parseJson(text));
  if (!announced.success) return null;
  const door = openHttpDoor({ address: announced.data.address, token: token.trim() });
  // A file left by a killed server names a port that may be somebody else's by now: only a server that knows our
  // token answers this.
  const reply = await door.dispatch('app.info', {}, signal);
  if (reply.ok) return door;
  await door.close();
  return null;
}

function announcementFile(dataDirectory: string): string {
  return path.join(dataDirectory, 'server.json');
}

function tokenFile(dataDirectory: string): string {
  return path.join(dataDirectory, 'server.token');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

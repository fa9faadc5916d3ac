/**
 * The peer of the road, in a process of its own: `node bare-upload.ts IMAGE RANGES` with the container's SAS URL in
 * ROAD_CONTAINER. Sends the ranges of the image as blobs of 8 MiB, sixteen at a time, each by one Put Blob, which Azurite
 * takes two to four times as fast as staged blocks. No hashing, no compression, no encryption but that of TLS.
 */
import { open, readFile } from 'node:fs/promises';
import { AnonymousCredential, ContainerClient } from '@azure/storage-blob';
import { type ByteRange, bodiesOf } from './allocated-ranges.ts';

const atOnce = 16;
const bodyBytes = 8 * 2 ** 20;

const [image = '', rangesFile = ''] = process.argv.slice(2);
const ranges = JSON.parse(await readFile(rangesFile, 'utf8')) as readonly ByteRange[];
const container = new ContainerClient(process.env['ROAD_CONTAINER'] ?? '', new AnonymousCredential());
const file = await open(image);
const bodies = bodiesOf(ranges, bodyBytes);
let [bytes, blobs] = [0, 0];

const started = performance.now();
await Promise.all(Array.from({ length: atOnce }, () => sendBodies(Buffer.allocUnsafeSlow(bodyBytes))));
const seconds = (performance.now() - started) / 1000;
await file.close();
console.log(JSON.stringify({ seconds, bytes, blobs }));

/** `memory` holds one body after another: new memory for each would keep the collector busy. */
async function sendBodies(memory: Buffer): Promise<void> {
  for (const body of bodies) {
    const content = await readBody(body, memory);
    bytes += content.length;
    blobs += 1;
    await container.getBlockBlobClient(`bare/${blobs}`).upload(content, content.length);
  }
}

async function readBody(body: readonly ByteRange[], memory: Buffer): Promise<Buffer> {
  const content = memory.subarray(
    0,
    body.reduce((sum, { start, end }) => sum + end - start, 0),
  );
  let at = 0;
  for (const { start, end } of body) {
    const { bytesRead } = await file.read(content, at, end - start, start);
    if (bytesRead !== end - start) throw new Error(`${image} ends at ${start + bytesRead}.`);
    at += bytesRead;
  }
  return content;
}

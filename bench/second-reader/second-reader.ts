/**
 * A second reader of Cairn repositories, written from `docs/format.md` alone: it shares no code with the engine.
 * It opens a repository in a folder with a password or a key file and gives back any disk of any restore point. It exists to
 * prove that the specification is complete, and as the last way out should everything else be lost.
 */
import { createDecipheriv, createHash, createHmac, hkdfSync, scryptSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';

export interface FoundDisk {
  id: string;
  name: string;
  size: number;
  blockSize: number;
  root: Ref | null;
}

export interface FoundPoint {
  id: string;
  createdAt: string;
  resource: { workload: string; id: string; name: string };
  document: unknown;
  disks: FoundDisk[];
}

interface Ref {
  id: string;
  pack: string;
  slot: number;
  offset: number;
  length: number;
  plainLength: number;
  encoding: number;
}

export interface FoundSecret {
  password?: string;
  /** Path of a key file. */
  keyFile?: string;
}

export class SecondReader {
  private readonly folder: string;
  private readonly key: Buffer;

  constructor(folder: string, secret: FoundSecret) {
    this.folder = folder;
    const header = checkedText(readFileSync(join(folder, 'cairn')));
    if (header.json['version'] !== 1)
      throw new Error(`Format version ${header.json['version']} is not known.`);
    this.key = unlock(folder, String(header.json['id']), secret);
    const mac = createHmac('sha256', hkdf(this.key, Buffer.alloc(0), 'cairn header'))
      .update(header.line)
      .digest('hex');
    if (mac !== header.more[0]) throw new Error('The header is not authentic.');
  }

  points(): FoundPoint[] {
    const folder = join(this.folder, 'points');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((id) => {
      const object = this.sealedObject(`points/${id}`);
      return object.kind === 1 ? [JSON.parse(object.plain.toString('utf8')) as FoundPoint] : [];
    });
  }

  /** The disk's bytes; only for disks that fit into memory. */
  disk(disk: FoundDisk): Buffer {
    const bytes = Buffer.alloc(disk.size);
    const blocks = Math.ceil(disk.size / disk.blockSize);
    let level = 0;
    while (32 ** (level + 1) < blocks) level++;
    if (disk.root !== null) this.fill(bytes, disk, { ref: disk.root, level, first: 0 });
    return bytes;
  }

  private fill(bytes: Buffer, disk: FoundDisk, at: { ref: Ref; level: number; first: number }): void {
    const node = this.block(at.ref, 'cairn node id');
    if (node.readUInt8(0) !== at.level) throw new Error('A map node is on a wrong level.');
    const packs: string[] = [];
    let offset = 4;
    for (let pack = 0; pack < node.readUInt8(2); pack++, offset += 20) {
      packs.push(
        `${node.toString('hex', offset, offset + 16)}/${node.toString('hex', offset + 16, offset + 20)}`,
      );
    }
    for (let entry = 0; entry < node.readUInt8(1); entry++, offset += 52) {
      const ref: Ref = {
        pack: packs[node.readUInt8(offset + 1)] ?? '',
        encoding: node.readUInt8(offset + 2),
        slot: node.readUInt32LE(offset + 4),
        offset: node.readUInt32LE(offset + 8),
        length: node.readUInt32LE(offset + 12),
        plainLength: node.readUInt32LE(offset + 16),
        id: node.toString('hex', offset + 20, offset + 52),
      };
      const first = at.first + node.readUInt8(offset) * 32 ** at.level;
      if (at.level > 0) this.fill(bytes, disk, { ref, level: at.level - 1, first });
      else this.block(ref, 'cairn block id').copy(bytes, first * disk.blockSize);
    }
  }

  /** A block or node, from where the map says or from wherever it was moved. */
  private block(ref: Ref, idKey: string): Buffer {
    const tried = new Set<string>();
    const places = [ref];
    for (let place = places.shift(); place !== undefined; place = places.shift()) {
      if (tried.has(`${place.pack}:${place.slot}`)) continue;
      tried.add(`${place.pack}:${place.slot}`);
      const plain = this.tryBlock(place, idKey);
      if (plain !== undefined) return plain;
      places.push(...this.moved(place));
    }
    throw new Error(`The block at ${ref.offset} of packs/${ref.pack} is lost.`);
  }

  private tryBlock(ref: Ref, idKey: string): Buffer | undefined {
    const path = join(this.folder, 'packs', ref.pack);
    if (!existsSync(path)) return undefined;
    const sealed = readFileSync(path).subarray(ref.offset, ref.offset + ref.length);
    const packId = Buffer.from(ref.pack.replace('/', ''), 'hex');
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32LE(ref.slot);
    const aad = Buffer.alloc(37);
    Buffer.from(ref.id, 'hex').copy(aad);
    aad.writeUInt8(ref.encoding, 32);
    aad.writeUInt32LE(ref.plainLength, 33);
    const stored = openGcm(sealed, hkdf(this.key, packId, 'cairn pack'), nonce, aad);
    if (stored === undefined) return undefined;
    const plain = ref.encoding === 1 ? zstdDecompressSync(stored) : stored;
    const id = createHmac('sha256', hkdf(this.key, Buffer.alloc(0), idKey))
      .update(plain)
      .digest('hex');
    return id === ref.id && plain.length === ref.plainLength ? plain : undefined;
  }

  private moved(ref: Ref): Ref[] {
    const prefix = `moved/${ref.pack.replace('/', '-')}`;
    const folder = join(this.folder, prefix);
    if (!existsSync(folder)) return [];
    const found: Ref[] = [];
    for (const name of readdirSync(folder)) {
      const { plain } = this.sealedObject(`${prefix}/${name}`);
      for (let entry = 0; entry < plain.readUInt32LE(0); entry++) {
        const at = 4 + entry * 37;
        if (plain.readUInt32LE(at) !== ref.slot) continue;
        found.push({
          ...ref,
          pack: `${plain.toString('hex', at + 4, at + 20)}/${plain.toString('hex', at + 20, at + 24)}`,
          slot: plain.readUInt32LE(at + 24),
          offset: plain.readUInt32LE(at + 28),
          length: plain.readUInt32LE(at + 32),
          encoding: plain.readUInt8(at + 36),
        });
      }
    }
    return found;
  }

  private sealedObject(name: string): { kind: number; plain: Buffer } {
    const bytes = readFileSync(join(this.folder, name));
    if (bytes.toString('latin1', 0, 4) !== 'CRNO') throw new Error(`${name} is not a sealed object.`);
    const key = hkdf(this.key, Buffer.from(name), 'cairn object');
    const end = bytes.length - (bytes.readUInt8(4) === 1 ? 0 : 4);
    const body = openGcm(bytes.subarray(20, end), key, bytes.subarray(8, 20), bytes.subarray(0, 8));
    if (body === undefined) throw new Error(`${name} is not authentic.`);
    const payload = body.subarray(5);
    const plain = body.readUInt8(0) === 1 ? zstdDecompressSync(payload) : payload;
    if (plain.length !== body.readUInt32LE(1)) throw new Error(`${name} unpacks to a wrong length.`);
    return { kind: bytes.readUInt8(5), plain };
  }
}

function unlock(folder: string, repository: string, secret: FoundSecret): Buffer {
  for (const name of readdirSync(join(folder, 'keys'))) {
    const slot = checkedText(readFileSync(join(folder, 'keys', name))).json;
    if (slot['repository'] !== repository) continue;
    const bytes = (field: string) => Buffer.from(String(slot[field]), 'hex');
    if (slot['kind'] === 'open') return bytes('dataKey');
    const wrapping = wrappingKey(slot, secret);
    if (wrapping === undefined) continue;
    const key = openGcm(bytes('wrapped'), wrapping, bytes('nonce'), Buffer.from(`${repository}/${name}`));
    if (key !== undefined) return key;
  }
  throw new Error('No key slot opens with this secret.');
}

/** The key that the data key of this slot is sealed under; nothing for another secret or an unknown kind. */
function wrappingKey(slot: Record<string, unknown>, { password, keyFile }: FoundSecret): Buffer | undefined {
  if (slot['kind'] === 'password' && password !== undefined) return passwordKey(slot, password);
  if (slot['kind'] === 'key-file' && keyFile !== undefined) return keyFileKey(slot, keyFile);
  return undefined;
}

function passwordKey(slot: Record<string, unknown>, password: string): Buffer | undefined {
  const cost = 2 ** Number(slot['costLog2']);
  const limits = { N: cost, r: 8, p: 1, maxmem: 1024 * cost + (1 << 20) };
  const salt = Buffer.from(String(slot['salt']), 'hex');
  const derived = scryptSync(password.normalize('NFKC'), salt, 64, limits);
  const verifier = createHash('sha256').update(derived.subarray(32)).digest('hex');
  return verifier === slot['verifier'] ? derived.subarray(0, 32) : undefined;
}

function keyFileKey(slot: Record<string, unknown>, path: string): Buffer | undefined {
  const [head = '', hex = '', check] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const sum = createHash('sha256').update(`${head}\n${hex}\n`).digest('hex').slice(0, 16);
  if (sum !== check) throw new Error('The checksum of the key file does not match.');
  if (head !== `cairn key file 1, repository ${slot['repository']}, slot ${slot['id']}`) return undefined;
  const salt = Buffer.from(`${slot['repository']}/${slot['id']}`);
  const secret = Buffer.from(hex, 'hex');
  if (hkdf(secret, salt, 'cairn key file verifier').toString('hex') !== slot['verifier']) return undefined;
  return hkdf(secret, salt, 'cairn key file');
}

function checkedText(bytes: Buffer): { line: string; json: Record<string, unknown>; more: string[] } {
  const [line = '', sum, ...more] = bytes.toString('utf8').split('\n');
  if (createHash('sha256').update(line).digest('hex') !== sum) throw new Error('A checksum does not match.');
  return { line, json: JSON.parse(line) as Record<string, unknown>, more };
}

function hkdf(key: Buffer, salt: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, 32));
}

function openGcm(sealed: Buffer, key: Buffer, nonce: Buffer, aad: Buffer): Buffer | undefined {
  if (sealed.length < 16) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - 16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

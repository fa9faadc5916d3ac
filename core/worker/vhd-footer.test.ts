import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixedVhdFooter } from './vhd-footer.ts';

const uniqueId = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const footerOf = (sizeBytes: number) =>
  Buffer.from(fixedVhdFooter({ sizeBytes, createdAt: Date.UTC(2026, 0, 2), uniqueId }));

describe('footer of a fixed VHD', () => {
  test('has the fields of the specification', () => {
    const footer = footerOf(30 * 1024 ** 3);
    expect(footer).toHaveLength(512);
    expect(footer.toString('latin1', 0, 8)).toBe('conectix');
    expect(footer.readBigUInt64BE(16)).toBe(0xffff_ffff_ffff_ffffn);
    expect(footer.readBigUInt64BE(40)).toBe(30n * 1024n ** 3n);
    expect(footer.readBigUInt64BE(48)).toBe(30n * 1024n ** 3n);
    expect(footer.readUInt32BE(60)).toBe(2);
    expect(footer.readUInt32BE(24)).toBe((Date.UTC(2026, 0, 2) - Date.UTC(2000, 0, 1)) / 1000);
    expect(footer.subarray(68, 84)).toEqual(uniqueId);
    expect(footer.subarray(84).every((byte) => byte === 0)).toBe(true);
  });

  test('its checksum is the complement of the sum of all other bytes', () => {
    const footer = footerOf(32 * 1024 ** 4);
    const checksum = footer.readUInt32BE(64);
    footer.writeUInt32BE(0, 64);
    expect(checksum).toBe(~footer.reduce((sum, byte) => sum + byte, 0) >>> 0);
  });

  test.each([
    // Sizes and geometries of the specification's algorithm, worked out by hand.
    [20 * 1024 ** 2, 602, 4, 17],
    [1024 ** 3, 2080, 16, 63],
    [32 * 1024 ** 4, 65_535, 16, 255],
  ])('%i bytes have the geometry %i/%i/%i', (size, cylinders, heads, sectors) => {
    const footer = footerOf(size);
    expect([footer.readUInt16BE(56), footer.readUInt8(58), footer.readUInt8(59)]).toEqual([
      cylinders,
      heads,
      sectors,
    ]);
  });

  test('qemu takes it for a disk of exactly this size', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-vhd-'));
    try {
      const size = 21 * 1024 ** 2;
      const file = join(folder, 'disk.vhd');
      writeFileSync(file, Buffer.concat([Buffer.alloc(size), footerOf(size)]));
      const info = execFileSync('qemu-img', ['info', '--output=json', '-f', 'vpc', file]);
      expect(JSON.parse(info.toString())['virtual-size']).toBe(size);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

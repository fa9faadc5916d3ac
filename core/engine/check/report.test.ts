import { expect, test } from 'vitest';
import { FindingList } from './report.ts';

test('however much is damaged, the list stays readable and names every point that suffers', () => {
  const findings = new FindingList();
  for (let object = 0; object < 20_000; object++) {
    findings.add(`packs/${object}`, 'it is missing');
    findings.addAffected(`packs/${object}`, object < 19_000 ? 'first' : 'second', 'os');
  }
  const list = findings.toArray();
  expect(list.length).toBeLessThan(10_000);
  expect(list.at(-1)?.affects).toEqual([
    { pointId: 'first', disks: ['os'] },
    { pointId: 'second', disks: ['os'] },
  ]);
});

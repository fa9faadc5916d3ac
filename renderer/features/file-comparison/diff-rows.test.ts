import { expect, it } from 'vitest';
import { diffRows, folded } from './diff-rows.ts';

const both = (text: string) => ({ side: 'both' as const, text });
const left = (text: string) => ({ side: 'left' as const, text });
const right = (text: string) => ({ side: 'right' as const, text });

it('puts a changed line beside what it became, with the numbers of both sides', () => {
  const rows = diffRows([both('a'), left('b'), left('c'), right('B'), both('d'), right('e')]);
  expect(
    rows.map(({ left: before, right: after, change }) => [
      before?.number,
      before?.text,
      after?.number,
      after?.text,
      change,
    ]),
  ).toEqual([
    [1, 'a', 1, 'a', 'same'],
    [2, 'b', 2, 'B', 'changed'],
    [3, 'c', undefined, undefined, 'removed'],
    [4, 'd', 3, 'd', 'same'],
    [undefined, undefined, 4, 'e', 'added'],
  ]);
});

it('folds long runs of equal lines and keeps three around a difference', () => {
  const equal = Array.from({ length: 10 }, (_, index) => both(`line ${index}`));
  const parts = folded(diffRows([...equal, left('x'), ...equal]));
  expect(parts.map((part) => ('folded' in part ? part.folded : part.change))).toEqual([
    7,
    'same',
    'same',
    'same',
    'removed',
    'same',
    'same',
    'same',
    7,
  ]);
});

it('says of nothing nothing', () => {
  expect(folded(diffRows([]))).toEqual([]);
});

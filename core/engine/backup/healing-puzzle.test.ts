import { expect, test } from 'vitest';
import type { BlockRef } from '../format/block-ref.ts';
import { encodeNode, fanout } from '../format/map-node.ts';
import { packIdOf } from '../format/names.ts';
import { firstMapPack } from '../format/pack.ts';
import { seededBytes } from '../testing/engine-fixture.ts';
import { type NodePuzzle, solvePuzzle } from './healing-puzzle.ts';

function refOf(attempt: string, slot: number): BlockRef {
  const place = { pack: packIdOf(attempt.repeat(32), firstMapPack), slot, offset: 8 + slot * 100 };
  return { ...place, id: seededBytes(`${attempt} ${slot}`, 32), length: 100, plainLength: 90, encoding: 0 };
}

/** A node with these children, and what is known of it: those of attempt `b` were written with it. */
function lose(children: readonly (BlockRef | undefined)[]): NodePuzzle {
  const plain = encodeNode({ level: 1, children });
  return {
    level: 1,
    plainLength: plain.length,
    written: children.flatMap((ref) => (ref?.pack.startsWith('b') === true ? [{ ref }] : [])),
    others: Array.from({ length: fanout }, () => []),
    isIt: (candidate) => plain.equals(candidate),
  };
}

function childrenOf(refs: Readonly<Record<number, BlockRef>>): (BlockRef | undefined)[] {
  return Array.from({ length: fanout }, (_, position) => refs[position]);
}

test('a node whose children were all written with it is found, whether full, short or with a gap', () => {
  const all = Array.from({ length: fanout }, (_, slot) => refOf('b', slot));
  const gap = childrenOf({ 0: refOf('b', 0), 2: refOf('b', 1), 3: refOf('b', 2) });
  for (const children of [all, all.map((ref, at) => (at < 20 ? ref : undefined)), gap]) {
    expect(solvePuzzle(lose(children))?.children).toEqual(children);
  }
});

test('children from other maps stand beside those that were written with the node', () => {
  const old = Array.from({ length: fanout }, (_, slot) => refOf('a', slot));
  const children = old.map((ref, at) => (at % 11 === 4 ? refOf('b', at) : ref));
  const puzzle = lose(children);
  const others = old.map((ref) => [ref]);
  const written = puzzle.written.map(({ ref }) => ({ ref, positions: new Set([ref.slot]) }));
  expect(solvePuzzle({ ...puzzle, others, written })?.children).toEqual(children);
});

test('hints that mislead and nodes that are not its own do not keep it from being found', () => {
  const old = Array.from({ length: fanout }, (_, slot) => refOf('a', slot));
  const children = old.map((ref, at) => (at === 5 ? refOf('b', 9) : ref));
  const puzzle = lose(children);
  const foreign = { ref: refOf('b', 3) };
  const misled = puzzle.written.map(({ ref }) => ({ ref, positions: new Set([20]) }));
  const others = old.map((ref) => [ref]);
  expect(solvePuzzle({ ...puzzle, others, written: misled })?.children).toEqual(children);
  const written = [foreign, ...puzzle.written];
  expect(solvePuzzle({ ...puzzle, others, written })?.children).toEqual(children);
});

test('of several children that other maps have in a place the right one is found', () => {
  const old = Array.from({ length: fanout }, (_, slot) => refOf('a', slot));
  const others = old.map((ref, at) => (at > 26 ? [refOf('c', at), undefined, ref] : [ref]));
  expect(solvePuzzle({ ...lose(old), others })?.children).toEqual(old);
});

test('without the right child nothing is made up, and the search ends', () => {
  const old = Array.from({ length: fanout }, (_, slot) => refOf('a', slot));
  const others = old.map((ref, at) => (at === 31 ? [refOf('c', at)] : [ref, refOf('d', at), refOf('e', at)]));
  expect(solvePuzzle({ ...lose(old), others })).toBeUndefined();
});

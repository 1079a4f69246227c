/** Places of strided and plain ranges, compared with the places listed one by one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address } from '../cells.ts';
import { placesMeet } from './places.ts';

type Static = Extract<Address, { base: 'static' }>;

const at = (start: number, end: number, stride?: number, width?: number): Static => ({
  base: 'static',
  start,
  end,
  ...(stride === undefined ? {} : { stride, width }),
});

/** All bytes of an address. */
function bytesOf({ start, end, stride, width }: Static): Set<number> {
  const found = new Set<number>();
  for (let place = start; place < end; place += stride ?? end)
    for (let byte = place; byte < Math.min(end, place + (width ?? end)); byte++) found.add(byte);
  return found;
}

test('members of one array of structures are apart', () => {
  assert.equal(placesMeet(at(1024, 1100, 8, 4), at(1028, 1104, 8, 4)), false);
  assert.equal(placesMeet(at(1024, 1100, 8, 4), at(1026, 1104, 8, 4)), true);
  assert.equal(placesMeet(at(1024, 1100, 12, 4), at(1028, 1104, 8, 4)), true);
  assert.equal(placesMeet(at(1024, 1100, 12, 2), at(1027, 1104, 6, 3)), false);
});

test('a plain range between two places of an array is apart from both', () => {
  assert.equal(placesMeet(at(0, 64, 16, 4), at(4, 16)), false);
  assert.equal(placesMeet(at(0, 64, 16, 4), at(4, 17)), true);
  assert.equal(placesMeet(at(15, 17), at(0, 64, 16, 4)), true);
  assert.equal(placesMeet(at(0, 20, 16, 4), at(20, 40)), false);
});

test('no common byte is missed', () => {
  const forms: Static[] = [];
  for (let start = 0; start < 7; start++)
    for (const stride of [undefined, 1, 2, 3, 4, 6])
      for (const width of stride === undefined ? [undefined] : [1, 2, 3])
        for (const size of [1, 3, 8, 13]) forms.push(at(start, start + size, stride, width));
  let apart = 0;
  for (const a of forms) {
    const mine = bytesOf(a);
    for (const b of forms) {
      const common = [...bytesOf(b)].some((byte) => mine.has(byte));
      if (!placesMeet(a, b)) {
        apart++;
        assert.ok(!common, `${JSON.stringify(a)} and ${JSON.stringify(b)}`);
      }
      assert.equal(placesMeet(a, b), placesMeet(b, a));
    }
  }
  assert.ok(apart > forms.length);
});

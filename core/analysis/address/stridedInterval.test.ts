import { strict as assert } from 'node:assert';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Relation } from './comparisons.ts';
import { StridedInterval } from './stridedInterval.ts';

/** Width of the integers that are tried one by one. */
const BITS = 8;
const signed = (value: number, bits = BITS): number => (value << (32 - bits)) >> (32 - bits);
const unsigned = (value: number): number => value & (2 ** BITS - 1);
const ALL = Array.from({ length: 256 }, (_, n) => n - 128);

const { constant, range, UNBOUNDED } = StridedInterval;
const membersOf = (value: StridedInterval): number[] => ALL.filter((n) => value.contains(n));
const text = ({ low, high, stride }: StridedInterval): string => `${low}..${high} step ${stride}`;

const small = fc.integer({ min: -128, max: 127 });
const end = (infinite: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 4, arbitrary: small }, fc.constant(infinite));
const stride = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 2, 4, 8, 16, 32, 64), small.map(Math.abs));
/** Any interval of 8 bits: those without a member are left out. */
const interval = fc
  .oneof(
    small.map((n) => constant(n)),
    fc
      .tuple(end(Number.NEGATIVE_INFINITY), end(Number.POSITIVE_INFINITY), stride)
      .map(([a, b, step]) => range(Math.min(a, b), Math.max(a, b), Math.max(1, step))),
    fc.constant(UNBOUNDED),
  )
  .filter((value) => membersOf(value).length > 0);

const property = <T extends [unknown, ...unknown[]]>(
  given: { [K in keyof T]: fc.Arbitrary<T[K]> },
  check: (...values: T) => void,
): void => fc.assert(fc.property(...given, check), { numRuns: 3000, seed: 13 });

/** That the result has whatever an operation on members gives. */
function holds(result: StridedInterval, concrete: Iterable<number>, of: () => string): void {
  for (const n of concrete) assert.ok(result.contains(n), `${of()}: ${n} is not in ${text(result)}`);
}

describe('strided intervals: what they have', () => {
  it('is low, low + stride, ..., high', () => {
    const value = range(8, 31, 8);
    assert.equal(text(value), '8..24 step 8');
    assert.equal(value.size, 3);
    assert.deepEqual(membersOf(value), [8, 16, 24]);
    assert.equal(text(range(3, 5, 7)), '3..3 step 0');
    assert.equal(UNBOUNDED.size, Number.POSITIVE_INFINITY);
    assert.equal(text(constant(2 ** 60)), text(UNBOUNDED));
    assert.equal(text(constant(Number.NaN)), text(UNBOUNDED));
  });

  it('counts from the finite end', () => {
    assert.ok(range(4, Number.POSITIVE_INFINITY, 8).contains(2 ** 40 + 4));
    assert.ok(!range(4, Number.POSITIVE_INFINITY, 8).contains(2 ** 40));
    assert.ok(range(Number.NEGATIVE_INFINITY, -4, 8).contains(-12));
    assert.ok(!range(Number.NEGATIVE_INFINITY, -4, 8).contains(-8));
  });

  it('size counts the members', () => {
    property([interval], (a) => {
      if (a.bounded) assert.equal(a.size, membersOf(a).length);
      else assert.equal(a.size, Number.POSITIVE_INFINITY);
    });
  });

  it('ends and strides are normal', () => {
    property([interval, interval], (a, b) => {
      for (const value of [a.join(b), a.meet(b), a.widen(b), a.add(b, BITS), a.multiply(b, BITS)]) {
        if (value === undefined) continue;
        assert.equal(value.stride === 0, value.low === value.high);
        if (value.bounded) assert.ok(value.contains(value.low) && value.contains(value.high));
        if (value.low === Number.NEGATIVE_INFINITY && value.high === Number.POSITIVE_INFINITY)
          assert.equal(value.stride, 1);
        assert.ok(!Object.is(value.low, -0) && !Object.is(value.high, -0));
      }
    });
  });
});

describe('strided intervals: order', () => {
  it('join has all members of both and is the smallest', () => {
    property([interval, interval], (a, b) => {
      const joined = a.join(b);
      holds(joined, [...membersOf(a), ...membersOf(b)], () => `${text(a)} join ${text(b)}`);
      assert.ok(joined.covers(a) && joined.covers(b));
      assert.ok(joined.equals(b.join(a)));
      if (a.single && b.single) assert.ok(joined.size <= 2);
    });
  });

  it('meet has the common members; without one they may be none', () => {
    property([interval, interval], (a, b) => {
      const both = membersOf(a).filter((n) => b.contains(n));
      const met = a.meet(b);
      if (met === undefined) assert.deepEqual(both, []);
      else holds(met, both, () => `${text(a)} meet ${text(b)}`);
      if (a.stride === b.stride && a.bounded && b.bounded) assert.deepEqual(met ? membersOf(met) : [], both);
    });
  });

  it('covers means that all members are there', () => {
    property([interval, interval], (a, b) => {
      if (a.covers(b)) holds(a, membersOf(b), () => `${text(a)} covers ${text(b)}`);
      else if (a.bounded && b.bounded) assert.ok(membersOf(b).some((n) => !a.contains(n)));
    });
  });

  it('widening ends, whatever a loop does', () => {
    property([interval, fc.array(interval, { minLength: 30, maxLength: 30 })], (first, rounds) => {
      let [value, changes] = [first, 0];
      for (const next of rounds) {
        const widened = value.widen(next);
        assert.ok(widened.covers(value) && widened.covers(next));
        if (!widened.equals(value)) changes++;
        value = widened;
      }
      assert.ok(changes <= 2 + 8, `${changes} changes`);
    });
  });
});

describe('strided intervals: arithmetic', () => {
  const binary = {
    add: (x: number, y: number) => x + y,
    subtract: (x: number, y: number) => x - y,
    multiply: (x: number, y: number) => x * y,
  };
  for (const [name, concrete] of Object.entries(binary)) {
    it(`${name} has every result`, () => {
      property([interval, interval], (a, b) => {
        const result = a[name as keyof typeof binary](b, BITS);
        const right = membersOf(b);
        const results = new Set<number>();
        for (const x of membersOf(a)) for (const y of right) results.add(signed(concrete(x, y)));
        holds(result, results, () => `${text(a)} ${name} ${text(b)}`);
      });
    });

    it(`${name} of single integers is exact`, () => {
      property([small, small], (x, y) => {
        assert.equal(
          text(constant(x)[name as keyof typeof binary](constant(y), BITS)),
          text(constant(signed(concrete(x, y)))),
        );
      });
    });
  }

  const byConstant = {
    shiftLeft: (x: number, n: number) => x << (n % BITS),
    shiftRightSigned: (x: number, n: number) => x >> (n % BITS),
    shiftRightUnsigned: (x: number, n: number) => unsigned(x) >>> (n % BITS),
    and: (x: number, n: number) => x & n,
    or: (x: number, n: number) => x | n,
    remainderUnsigned: (x: number, n: number) => unsigned(x) % unsigned(n),
  };
  const masks = fc.oneof(
    small,
    fc.constantFrom(-128, -64, -32, -16, -8, -4, -2, 1, 3, 7, 15, 31, 63, 127, 12, 24, 28, 96),
  );
  for (const [name, concrete] of Object.entries(byConstant)) {
    it(`${name} has every result`, () => {
      const operand = name.startsWith('shift') ? fc.integer({ min: 0, max: 15 }) : masks;
      property([interval, operand], (a, n) => {
        if (name === 'remainderUnsigned' && n === 0) return;
        const result = a[name as keyof typeof byConstant](n, BITS);
        holds(
          result,
          membersOf(a).map((x) => signed(concrete(x, n))),
          () => `${text(a)} ${name} ${n}`,
        );
      });
    });
  }

  it('negate, readings and widths have every result', () => {
    property([interval], (a) => {
      holds(
        a.negate(BITS),
        membersOf(a).map((x) => signed(-x)),
        () => `- ${text(a)}`,
      );
      holds(
        a.asUnsigned(BITS),
        membersOf(a).map((x) => unsigned(x)),
        () => `unsigned ${text(a)}`,
      );
      holds(a.extended(BITS), membersOf(a), () => `extended ${text(a)}`);
      holds(
        a.truncated(4),
        membersOf(a).map((x) => signed(x, 4)),
        () => `truncated ${text(a)}`,
      );
      holds(a.asUnsigned(BITS).truncated(BITS), membersOf(a), () => `unsigned and back ${text(a)}`);
      if (a.bounded || a.low >= 0) assert.ok(a.asUnsigned(BITS).bounded);
    });
  });

  it('64 bits: what is not exact or wraps around is anything', () => {
    const ends = fc.oneof(
      fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }),
      fc.constantFrom(-(2n ** 52n), 2n ** 52n, 2n ** 31n, -(2n ** 31n), 0n, 1n, -1n),
    );
    property([ends, ends, fc.integer({ min: 0, max: 70 })], (x, y, n) => {
      const [a, b] = [constant(Number(x)), constant(Number(y))];
      const expected: [StridedInterval, bigint][] = [
        [a.add(b, 64), x + y],
        [a.subtract(b, 64), x - y],
        [a.multiply(b, 64), x * y],
        [a.shiftLeft(n, 64), x << BigInt(n % 64)],
        [a.shiftRightUnsigned(n, 64), BigInt.asUintN(64, x) >> BigInt(n % 64)],
        [a.shiftRightSigned(n, 64), x >> BigInt(n % 64)],
        [a.and(Number(y), 64), x & y],
        [a.or(Number(y), 64), x | y],
      ];
      for (const [result, exact] of expected) {
        const value = BigInt.asIntN(64, exact);
        const inside = Number(value) >= result.low && Number(value) <= result.high;
        assert.ok(inside, `${x} ${y} ${n}: ${value} is not in ${text(result)}`);
        if (result.single) assert.equal(BigInt(result.low), value);
      }
    });
  });

  it('64 bits: members of intervals, also at the ends of the type, have their results', () => {
    const limit = 2n ** 63n;
    const special = fc.constantFrom(0n, 1n, -1n, 8n, 2n ** 31n, 2n ** 32n, 2n ** 52n, -(2n ** 52n), 2n ** 51n + 3n);
    const start = fc.oneof(
      special,
      fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }),
      fc.bigInt({ min: -64n, max: 64n }),
    );
    const steps = fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: 2n ** 40n }));
    /** An interval with some of its members. */
    const given = fc
      .tuple(start, steps, fc.constantFrom(1n, 3n, 4n, 8n, 24n, 2n ** 20n), fc.integer({ min: 0, max: 3 }))
      .map(([low, count, step, open]) => {
        const high = low + count * step;
        const [lower, upper] = [low - ((low + limit) / step) * step, high + ((limit - 1n - high) / step) * step];
        const members = [low, high, low + (count / 2n) * step];
        if (open === 1) members.push(upper, upper - step);
        if (open === 2) members.push(lower, lower + step);
        const value = StridedInterval.range(
          open === 2 ? Number.NEGATIVE_INFINITY : Number(low),
          open === 1 ? Number.POSITIVE_INFINITY : Number(high),
          Number(step),
        );
        return { value, members };
      });
    const has = (result: StridedInterval, n: bigint): boolean => {
      if (n < -limit || n >= limit) throw new Error('not an i64');
      const { low, high, stride: step } = result;
      if (low !== Number.NEGATIVE_INFINITY && n < BigInt(low)) return false;
      if (high !== Number.POSITIVE_INFINITY && n > BigInt(high)) return false;
      const end = low !== Number.NEGATIVE_INFINITY ? low : high;
      return step === 0 || !Number.isFinite(end) || (n - BigInt(end)) % BigInt(step) === 0n;
    };
    property([given, given, fc.integer({ min: 0, max: 63 }), small], (a, b, n, mask) => {
      const results: [StridedInterval, (x: bigint, y: bigint) => bigint][] = [
        [a.value.add(b.value, 64), (x, y) => x + y],
        [a.value.subtract(b.value, 64), (x, y) => x - y],
        [a.value.multiply(b.value, 64), (x, y) => x * y],
        [a.value.negate(64), (x) => -x],
        [a.value.shiftLeft(n, 64), (x) => x << BigInt(n)],
        [a.value.shiftRightSigned(n, 64), (x) => x >> BigInt(n)],
        [a.value.shiftRightUnsigned(n, 64), (x) => BigInt.asUintN(64, x) >> BigInt(n)],
        [a.value.and(mask, 64), (x) => x & BigInt(mask)],
        [a.value.or(mask, 64), (x) => x | BigInt(mask)],
        [a.value.join(b.value), (x) => x],
        [a.value.widen(b.value), (_, y) => y],
        [a.value.truncated(32), (x) => BigInt.asIntN(32, x)],
      ];
      for (const [index, [result, concrete]] of results.entries())
        for (const x of a.members)
          for (const y of b.members) {
            const exact = BigInt.asIntN(64, concrete(x, y));
            assert.ok(has(result, exact), `operation ${index}: ${x} ${y} ${n} ${mask}: ${exact} in ${text(result)}`);
          }
    });
  });
});

describe('strided intervals: conditions', () => {
  const relations: Record<Relation, (x: number, y: number) => boolean> = {
    eq: (x, y) => x === y,
    ne: (x, y) => x !== y,
    lt_s: (x, y) => x < y,
    lt_u: (x, y) => unsigned(x) < unsigned(y),
    le_s: (x, y) => x <= y,
    le_u: (x, y) => unsigned(x) <= unsigned(y),
    gt_s: (x, y) => x > y,
    gt_u: (x, y) => unsigned(x) > unsigned(y),
    ge_s: (x, y) => x >= y,
    ge_u: (x, y) => unsigned(x) >= unsigned(y),
  };
  for (const [name, concrete] of Object.entries(relations)) {
    const relation = name as Relation;
    it(`${name} keeps what it holds for, and is decided only when it is`, () => {
      property([interval, interval], (a, b) => {
        const [left, right] = [membersOf(a), membersOf(b)];
        const of = (): string => `${text(a)} ${name} ${text(b)}`;
        const [where, unless] = [a.where(relation, b), a.unless(relation, b)];
        const holding = left.filter((x) => right.some((y) => concrete(x, y)));
        const failing = left.filter((x) => right.some((y) => !concrete(x, y)));
        if (where === undefined) assert.deepEqual(holding, [], of());
        else holds(where, holding, of);
        if (unless === undefined) assert.deepEqual(failing, [], of());
        else holds(unless, failing, of);
        const decided = a.holds(relation, b);
        if (decided !== undefined) assert.equal(decided ? failing.length : holding.length, 0, of());
        if (a.single && b.single) assert.equal(decided, concrete(a.low, b.low), of());
      });
    });
  }

  it('two accesses overlap only where their bytes do, exactly so for equal strides', () => {
    const widths = fc.constantFrom(1, 2, 4, 8, 16);
    property([interval, widths, interval, widths], (a, width, b, otherWidth) => {
      const meets = membersOf(a).some((x) => membersOf(b).some((y) => x < y + otherWidth && y < x + width));
      const may = a.mayOverlap(width, b, otherWidth);
      assert.equal(may, b.mayOverlap(otherWidth, a, width));
      if (meets) assert.ok(may, `${text(a)} (${width}) overlaps ${text(b)} (${otherWidth})`);
      const exact = a.bounded && b.bounded && (a.stride === b.stride || a.single || b.single);
      if (exact) assert.equal(may, meets, `${text(a)} (${width}), ${text(b)} (${otherWidth})`);
    });
  });
});

describe('strided intervals: what compilers write', () => {
  const index = UNBOUNDED.and(7, 32).shiftLeft(2, 32);
  const step = (value: StridedInterval | undefined): string => (value === undefined ? 'none' : text(value));
  const cases: [string, StridedInterval | undefined, string][] = [
    ['(i & 7) << 2', index, '0..28 step 4'],
    ['1024 + ((i & 7) << 2)', constant(1024).add(index, 32), '1024..1052 step 4'],
    ['(i << 2) & 28', UNBOUNDED.shiftLeft(2, 32).and(28, 32), '0..28 step 4'],
    ['((i & 7) * 24) | 4', UNBOUNDED.and(7, 32).multiply(constant(24), 32).or(4, 32), '4..172 step 24'],
    ['(i & 3) << 4 | 8', UNBOUNDED.and(3, 32).shiftLeft(4, 32).or(8, 32), '8..56 step 16'],
    ['select(256, 260)', constant(256).join(constant(260)), '256..260 step 4'],
    ['select(256, 260, 272)', constant(256).join(constant(260)).join(constant(272)), '256..272 step 4'],
    ['(1024 + (i & 31)) & -8', constant(1024).add(UNBOUNDED.and(31, 32), 32).and(-8, 32), '1024..1048 step 8'],
    ['-16 + (i & 12)', constant(-16).add(UNBOUNDED.and(12, 32), 32), '-16..-4 step 4'],
    ['h % 10 * 8', UNBOUNDED.remainderUnsigned(10, 32).shiftLeft(3, 32), '0..72 step 8'],
    ['h >>> 28', UNBOUNDED.shiftRightUnsigned(28, 32), '0..15 step 1'],
    ['h >>> 60', UNBOUNDED.shiftRightUnsigned(60, 64), '0..15 step 1'],
    ['load8_u << 1', StridedInterval.loaded(8, false).shiftLeft(1, 32), '0..510 step 2'],
    ['load16_s', StridedInterval.loaded(16, true), '-32768..32767 step 1'],
    ['i <u 8', UNBOUNDED.where('lt_u', constant(8)), '0..7 step 1'],
    ['i >=u 8 left the function', UNBOUNDED.unless('ge_u', constant(8)), '0..7 step 1'],
    ['4 * k <s 30', range(0, Number.POSITIVE_INFINITY, 4).where('lt_s', constant(30)), '0..28 step 4'],
    ['5 == 6', constant(5).where('eq', constant(6)), 'none'],
    ['a loop from 1024 by 4 until it is 1064', StridedInterval.counting(1024, 4, 1064), '1024..1064 step 4'],
    ['a loop from 10 down to 0', StridedInterval.counting(10, -1, 0), '0..10 step 1'],
    ['a loop that misses its end', StridedInterval.counting(0, 4, 10), text(UNBOUNDED)],
    ['0xfffffff8 as an address', constant(-8).asUnsigned(32), '4294967288..4294967288 step 0'],
    ['any i32 as an address', UNBOUNDED.asUnsigned(32), '0..4294967295 step 1'],
    ['any multiple of 8 as an address', UNBOUNDED.extended(32).and(-8, 32).asUnsigned(32), '0..4294967288 step 8'],
    ['2^31 - 8 + 16', constant(2 ** 31 - 8).add(constant(16), 32), `${-(2 ** 31) + 8}..${-(2 ** 31) + 8} step 0`],
    ['a table that ends at 2^31', constant(2 ** 31 - 8).add(index, 32), text(UNBOUNDED)],
    ['address + offset does not wrap', constant(2 ** 32 - 4).plus(64), '4294967356..4294967356 step 0'],
    ['counting up without an end', range(0, Number.POSITIVE_INFINITY).add(constant(1), 32), text(UNBOUNDED)],
    ['counting up and one back', range(1, Number.POSITIVE_INFINITY).add(constant(-1), 32), '0..Infinity step 1'],
    ['a loop, widened', constant(1024).widen(range(1024, 1028, 4)), '1024..Infinity step 4'],
  ];
  for (const [what, value, expected] of cases) it(what, () => assert.equal(step(value), expected));

  it('the fields of an array of structs never meet', () => {
    const structs = UNBOUNDED.and(63, 32).shiftLeft(4, 32);
    const first = structs.plus(1024);
    const second = structs.plus(1028);
    assert.ok(!first.mayOverlap(4, second, 4));
    assert.ok(first.mayOverlap(8, second, 4));
    assert.ok(first.mayOverlap(4, first, 4));
    assert.ok(!first.mayOverlap(4, constant(1024 + 64 * 16), 4));
  });
});

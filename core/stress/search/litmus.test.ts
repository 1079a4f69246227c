/** On random shapes of two to four callers the search explores each class of equivalent interleavings once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { random } from '../../testing/random.ts';
import type { Call } from '../scenario/steps.ts';
import type { Session } from '../session/session.ts';
import { classesOf, classOf, randomShape, SHAPE_MODULE, shapeCalls, sharedSteps } from '../testing/litmusShapes.ts';
import { searched, sessionFor } from '../testing/searches.ts';

const FIRST_SEED = Number(process.env.LITMUS_SEED ?? 1);
const SHAPES = 2000;

test(`${SHAPES} random shapes from seed ${FIRST_SEED}: one execution of each class`, async () => {
  const bytes = await parse(SHAPE_MODULE);
  const all: Call[][] = [[['load', 64]], [['store', 64, 1]], [['add', 64]]];
  const known: Session = await sessionFor(bytes, { callers: all });
  let classes = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SHAPES; seed++) {
    const shape = randomShape(random(seed));
    const shared = sharedSteps(shape);
    const { schedules, cut, diverged } = await searched(await sessionFor(bytes, { callers: shapeCalls(shape) }, known));
    const found = schedules.map((schedule) => classOf(shared, [...schedule].map(Number)));
    const message = `LITMUS_SEED=${seed} ${JSON.stringify(shape)}`;
    assert.deepEqual([cut, diverged], [0, false], message);
    assert.equal(new Set(found).size, found.length, `${message}: some class twice`);
    const expected = classesOf(shared);
    assert.deepEqual(new Set(found), expected, message);
    classes += expected.size;
  }
  // Shapes that never meet would show nothing.
  assert.ok(classes > SHAPES * 5, `${classes} classes`);
});

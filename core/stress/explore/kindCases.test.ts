/** Cases of known kinds of faults, each with its right answer; see ../testing/kindCases.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseSource } from '../testing/caseFiles.ts';
import { KIND_CASES, kindCaseName } from '../testing/kindCases.ts';
import { explored } from '../testing/run.ts';

for (const row of KIND_CASES)
  test(kindCaseName(row), async () => {
    const { module, run, right } = row;
    const result = await explored(caseSource(`kinds/${module}.wat`), run);
    const { verdict, wrongOutcome, races, exhaustive, defects } = result;
    assert.deepEqual(
      { verdict, defects, wrong: wrongOutcome, races: races.length > 0 },
      {
        verdict: right.verdict,
        defects: [],
        wrong: right.wrong ?? (right.verdict === 'non-atomic' ? true : wrongOutcome),
        races: right.races ?? right.verdict === 'race',
      },
    );
    for (const cell of right.cells ?? [])
      assert.ok(
        races.some((race) => race.cell.startsWith(cell)),
        cell,
      );
    if (right.exhaustive) assert.ok(exhaustive);
  });

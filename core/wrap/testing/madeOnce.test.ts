import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { alone } from './madeOnce.ts';
import { temporary } from './tools.ts';

it('runs in one process at a time, and answers what is made', async () => {
  const folder = temporary();
  const log = join(folder, 'log');
  const program = join(folder, 'program.ts');
  writeFileSync(
    program,
    `import { appendFileSync } from 'node:fs';
    import { alone } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'madeOnce.ts')).href)};
    const log = (what) => appendFileSync(${JSON.stringify(log)}, what + process.pid + '\\n');
    const made = alone(${JSON.stringify(join(folder, 'deep/thing'))}, () => {
      log('begins ');
      for (let i = 0; i < 1e7; i++) ;
      log('ends ');
      return 7;
    });
    console.log(made);`,
  );
  const outputs = await Promise.all(
    [0, 1, 2].map(() => text(spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout)),
  );
  assert.deepEqual(outputs, ['7\n', '7\n', '7\n']);
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  assert.equal(lines.length, 6);
  for (let i = 0; i < 6; i += 2) assert.equal(lines[i].replace('begins', 'ends'), lines[i + 1]);
});

it('goes on where a process ended before it was done', () => {
  const path = join(temporary(), 'thing');
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(`${path}.lock`, String(pid));
  assert.equal(
    alone(path, () => 'made'),
    'made',
  );
  assert.throws(
    () =>
      alone(path, () => {
        throw new Error('not made');
      }),
    /not made/,
  );
  assert.equal(
    alone(path, () => 'made again'),
    'made again',
  );
});

/** A scenario may run the JavaScript beside it; for any other file of the machine somebody has to say yes. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, beforeEach, describe, test } from 'node:test';
import { asked } from '../ask.ts';
import { runWith } from '../testing/cli.ts';

describe('a scenario that names JavaScript', () => {
  let folder: string;
  let ran: string;
  const scenario = (name: string): string => join(folder, 'scenarios', `${name}.stress.json`);
  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'wasm-hazards-allow-')));
    ran = join(folder, 'ran');
    await mkdir(join(folder, 'scenarios'));
    const text = `import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(ran)}, '');
      export default { env: { f() { return 0; } } };`;
    await writeFile(join(folder, 'out.mjs'), text);
    await writeFile(join(folder, 'scenarios', 'in.mjs'), text);
    await symlink(join(folder, 'out.mjs'), join(folder, 'scenarios', 'link.mjs'));
    await writeFile(
      join(folder, 'scenarios', 'm.wat'),
      '(module (import "env" "f" (func)) (func (export "g") (call 0)))',
    );
    const names = { beside: 'in.mjs', above: '../out.mjs', link: 'link.mjs', absolute: join(folder, 'out.mjs') };
    for (const [name, module] of Object.entries(names))
      await writeFile(
        scenario(name),
        JSON.stringify({ module: 'm.wat', callers: [[['g']], [['g']]], imports: { module } }),
      );
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => rm(ran, { force: true }));

  test('beside it: runs', async () => {
    const { code, err } = await runWith(['stress', scenario('beside')]);
    assert.deepEqual({ code, err, ran: existsSync(ran) }, { code: 3, err: [], ran: true });
  });

  for (const name of ['above', 'link', 'absolute']) {
    test(`outside of its folder (${name}): refused where nobody can be asked`, async () => {
      for (const command of ['stress', 'hammer', 'replay', 'verify']) {
        const more = command === 'replay' ? ['--schedule', 'A1B1'] : [];
        const { code, out, err } = await runWith([command, scenario(name), ...more]);
        assert.deepEqual({ code, out, ran: existsSync(ran) }, { code: 2, out: '', ran: false });
        assert.match(err.join('\n'), /\.stress\.json:1:\d+: \S+out\.mjs is outside of the folder of the scenario/);
        assert.match(err.join('\n'), /--allow-imports/);
      }
    });

    test(`outside of its folder (${name}): runs with a yes, and not with a no`, async () => {
      const questions: string[] = [];
      const answer = (yes: boolean) => async (question: string) => {
        questions.push(question);
        return yes;
      };
      const no = await runWith(['stress', scenario(name)], { ask: answer(false) });
      assert.deepEqual({ code: no.code, ran: existsSync(ran) }, { code: 2, ran: false });
      assert.doesNotMatch(no.err.join('\n'), /--allow-imports/);
      const yes = await runWith(['stress', scenario(name)], { ask: answer(true) });
      assert.deepEqual({ code: yes.code, err: yes.err, ran: existsSync(ran) }, { code: 3, err: [], ran: true });
      assert.equal(questions.length, 2);
      assert.ok(questions[0].includes(join(folder, 'out.mjs')), questions[0]);
    });
  }

  test('with --allow-imports: runs, and nobody is asked', async () => {
    const ask = () => assert.fail('asked');
    const { code, err } = await runWith(['stress', scenario('above'), '--allow-imports'], { ask });
    assert.deepEqual({ code, err, ran: existsSync(ran) }, { code: 3, err: [], ran: true });
  });
});

describe('a question at the terminal', () => {
  const answers: [string, boolean][] = [
    ['y\n', true],
    ['Yes\r\n', true],
    ['n\n', false],
    ['\n', false],
    ['yellow\n', false],
    ['', false],
    ['\u0003', false],
  ];
  for (const [typed, expected] of answers) {
    test(`${JSON.stringify(typed)} is ${expected ? 'a yes' : 'a no'}`, async () => {
      const [input, output] = [new PassThrough(), new PassThrough()];
      const answer = asked('Run \u001b[2J\nit?', input, output);
      input.end(typed);
      assert.equal(await answer, expected);
      const shown = String(output.read());
      assert.match(shown, /Run \\u\{?0*1b\}?\[2J\r?\nit\?/i);
    });
  }
});

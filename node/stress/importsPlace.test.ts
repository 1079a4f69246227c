import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { importsPlace } from './importsPlace.ts';

describe('the module of a scenario with functions of JavaScript', () => {
  let root: string;
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'imports-place-')));
    mkdirSync(join(root, 'scenarios', 'lib'), { recursive: true });
    for (const file of ['out.js', 'scenarios/in.js', 'scenarios/lib/deep.js', 'scenarios/..odd.js'])
      writeFileSync(join(root, file), '');
    symlinkSync(join(root, 'out.js'), join(root, 'scenarios', 'link.js'));
    symlinkSync(root, join(root, 'scenarios', 'up'));
    symlinkSync(join(root, 'scenarios'), join(root, 'alias'));
    symlinkSync(join(root, 'gone.js'), join(root, 'scenarios', 'dangling.js'));
  });
  after(() => rmSync(root, { recursive: true }));
  const outside = (name: string, folder = 'scenarios'): boolean => importsPlace(name, join(root, folder)).outside;

  it('is inside in the folder and below it, also if it does not exist yet', () => {
    for (const name of ['in.js', './in.js', 'lib/deep.js', 'lib/../in.js', '../scenarios/in.js', '..odd.js', 'gone.js'])
      assert.equal(outside(name), false, name);
    assert.equal(outside(join(root, 'scenarios', 'in.js')), false);
  });

  it('is outside elsewhere: above, absolute, behind a link, on another computer', () => {
    for (const name of ['../out.js', 'lib/../../out.js', join(root, 'out.js'), 'link.js', 'up/out.js', '.', '', '..'])
      assert.equal(outside(name), true, name);
    for (const name of ['//host/share/x.js', '/etc/x.js']) assert.equal(outside(name), true, name);
  });

  it('follows the links of the folder itself', () => {
    assert.equal(outside('in.js', 'alias'), false);
    assert.equal(outside(join(root, 'scenarios', 'in.js'), 'alias'), false);
    assert.equal(outside('../out.js', 'alias'), true);
    assert.equal(importsPlace('in.js', join(root, 'alias')).path, join(root, 'scenarios', 'in.js'));
  });

  it('does not exist behind a dangling link, which loading says', () => {
    assert.deepEqual(importsPlace('dangling.js', join(root, 'scenarios')), {
      path: join(root, 'scenarios', 'dangling.js'),
      outside: false,
    });
  });
});

/** The conflict matrix as a picture: in one HTML file with mouse and keyboard, and in the report of VS Code. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../paths.ts';
import { launchBrowser } from '../vscode/browser.ts';
import { ensureStandIn } from '../vscode/install.ts';
import type { Browser, Frame, Page } from '../vscode/playwright.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';
import { frameWith } from '../vscode/webviewFrame.ts';

const GRID = '.matrix-grid';
const ROWS = '.matrix-row';

/** Two allocating exports, two that work, one that reads and one that is pure. */
const SMALL = `(module
  (memory (export "memory") 1)
  (global $heap (mut i32) (i32.const 4096))
  (global $total (mut i32) (i32.const 0))
  (func $malloc (export "malloc") (param i32) (result i32)
    (global.get $heap)
    (global.set $heap (i32.add (global.get $heap) (local.get 0))))
  (func (export "free") (param i32))
  (func (export "add") (param i32) (global.set $total (i32.add (global.get $total) (local.get 0))))
  (func (export "subtract") (param i32) (global.set $total (i32.sub (global.get $total) (local.get 0))))
  (func (export "total") (result i32) (global.get $total))
  (func (export "fill") (param i32) (i32.store (local.get 0) (call $malloc (i32.const 4))))
  (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "<img src=x onerror=alert(1)>") (result i32) (i32.const 1)))`;

const EXPORTS = 7400;
/** Thousands of exports in 40 kinds, each of which writes one global and reads another. */
const LARGE = `(module ${Array.from({ length: 40 }, (_, i) => `(global $g${i} (mut i32) (i32.const 0))`).join('')}
  ${Array.from(
    { length: EXPORTS },
    (_, i) => `(func (export "run_${i}") (global.set $g${i % 40} (global.get $g${(i * 7 + 3) % 40})))`,
  ).join('\n')})`;

describe('the conflict matrix in one HTML file', () => {
  let browser: Browser;
  let folder: string;
  const faults: string[] = [];

  before(async () => {
    browser = await launchBrowser(await ensureStandIn(() => undefined));
    folder = await mkdtemp(join(tmpdir(), 'wasm-hazards-'));
  });

  after(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(name: string, text: string): Promise<Page> {
    const source = join(folder, `${name}.wat`);
    await writeFile(source, text);
    const arguments_ = [join(ROOT, 'dist/cli.js'), 'check', source, '--host', 'wazero', '--format', 'html'];
    // It exits with 1 where it has findings.
    const { stdout } = spawnSync(process.execPath, arguments_, { encoding: 'utf8', maxBuffer: 1 << 28 });
    const page = await (await browser.newContext({ viewport: { width: 1200, height: 900 } })).newPage();
    // The policy of the page allows no script, style or address beyond its own.
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    await writeFile(join(folder, `${name}.html`), stdout);
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    await page.locator(`${GRID} .matrix-cell`).first().waitFor({ timeout: PATIENCE });
    return page;
  }

  /** What a screen reader says of the cell or the name that the keyboard is at. */
  /** Waits until the label of the active cell is as expected: a key has its effect with the next drawing. */
  async function isActive(page: Page, label: RegExp): Promise<void> {
    const cell = `document.getElementById(document.querySelector('${GRID}').getAttribute('aria-activedescendant'))`;
    const found = `${cell}?.getAttribute('aria-label') ?? ''`;
    await page.waitForFunction(`${label}.test(${found})`, undefined, { timeout: 10_000 }).catch(() => undefined);
    assert.match(await page.evaluate<string>(found), label);
  }
  const names = (page: Page): Promise<string[]> => page.locator(`${ROWS} .matrix-label`).allInnerTexts();

  describe('of a small module', () => {
    let page: Page;

    before(async () => {
      page = await open('small', SMALL);
    });

    it('has a row and a column for exports that behave alike, and folds the allocator away', async () => {
      assert.deepEqual(await names(page), ['add', 'total', 'fill', 'double']);
      assert.equal(await page.locator(GRID).getAttribute('aria-rowcount'), '5');
      assert.equal(await page.locator(GRID).getAttribute('aria-colcount'), '5');
      await page.locator('.matrix-folded').filter({ hasText: 'and 2 of the toolchain' }).click();
      assert.ok((await names(page)).includes('malloc'));
      await page.locator('.matrix-folded').click();
    });

    it('has the heads of its columns above their columns', async () => {
      const edges = (line: string, side: 'left' | 'right', of: string) =>
        page.evaluate<number>(`document.querySelector('${line} .matrix-${of}').getBoundingClientRect().${side}`);
      for (const [of, side] of [
        ['label', 'left'],
        ['class', 'left'],
        ['count', 'right'],
      ] as const) {
        const [head, row] = [await edges('.matrix-corner', side, of), await edges('.matrix-name', side, of)];
        assert.ok(Math.abs(head - row) <= 1, `${of}: ${head} above ${row}`);
      }
    });

    it('says with a letter and with words what its colours say', async () => {
      const cell = page.locator('.matrix-cell[aria-label^="add and 1 more, with each other"]').first();
      assert.equal(await cell.innerText(), 'D');
      assert.match((await cell.getAttribute('aria-label')) ?? '', /: definite conflict$/);
      const none = page.locator('.matrix-cell[aria-label^="double and 1 more with total"]').first();
      assert.match((await none.getAttribute('aria-label')) ?? '', /: no conflict found$/);
      assert.match(await page.locator('.matrix-legend').innerText(), /D\s+definite[\s\S]*C\s+only for some arguments/);
    });

    it('moves with keys, and says why on Enter', async () => {
      await page.locator(GRID).focus();
      await page.keyboard.press('Control+Home');
      await isActive(page, /^add and 1 more: stateful, conflicts with 3 exports$/);
      await page.keyboard.press('ArrowRight');
      await isActive(page, /^add and 1 more, with each other and with themselves: definite conflict$/);
      await page.keyboard.press('End');
      await isActive(page, /^add and 1 more with double and 1 more: no conflict found$/);
      await page.keyboard.press('ArrowDown');
      await isActive(page, /^total with double and 1 more: no conflict found$/);
      await page.keyboard.press('Home');
      await isActive(page, /^total: reads only, conflicts with 2 exports$/);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowUp');
      // The name of a column.
      await isActive(page, /^add and 1 more: /);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('.why:focus').waitFor({ timeout: PATIENCE });
      const why = await page.locator('.why').innerText();
      assert.match(why, /Definite conflict\./);
      assert.match(why, /global \$total/);
      assert.match(why, /add reads mutable global \$total/);
      assert.match(why, /The others that behave alike/);
      assert.doesNotMatch(why, /Stress test this pair/);
      await page.keyboard.press('Escape');
      await page.locator('.why').waitFor({ state: 'detached', timeout: PATIENCE });
      await page.locator(`${GRID}:focus`).waitFor({ timeout: PATIENCE });
    });

    it('unfolds exports that behave alike, with keys and with the mouse', async () => {
      await page.keyboard.press('Home');
      await isActive(page, /^add and 1 more: /);
      await page.keyboard.press('Enter');
      assert.deepEqual(await names(page), ['add', 'add', 'subtract', 'total', 'fill', 'double']);
      const header = page.locator('.matrix-name[aria-expanded="true"]');
      await header.click();
      assert.deepEqual(await names(page), ['add', 'total', 'fill', 'double']);
    });

    it('says on which state two exports conflict while the mouse rests on them', async () => {
      await page.locator('.matrix-cell[aria-label^="add and 1 more with total"]').hover();
      const tip = page.locator('.matrix-tip');
      await tip.waitFor({ timeout: PATIENCE });
      assert.match(await tip.innerText(), /add and 1 more with total[\s\S]*definite conflict[\s\S]*global \$total/);
      await page.mouse.move(2, 2);
      await tip.waitFor({ state: 'detached', timeout: PATIENCE });
    });

    it('finds names also in folded rows, and sorts', async () => {
      const search = page.locator('.matrix-tools input');
      await search.fill('SUBTR');
      assert.deepEqual(await names(page), ['subtract']);
      await search.fill('nobody');
      await page
        .locator('.matrix-tools [role="status"]')
        .filter({ hasText: 'No export' })
        .waitFor({ timeout: PATIENCE });
      await search.fill('');
      await page.locator('.matrix-tools select').selectOption('name');
      assert.deepEqual(await names(page), ['add', 'double', 'fill', 'total']);
      await page.locator('.matrix-tools select').selectOption('class');
      assert.deepEqual((await names(page)).slice(-2), ['total', 'double']);
      await page.locator('.matrix-tools select').selectOption('conflicts');
    });

    it('shows hostile names as text', async () => {
      await page.locator('.matrix-tools input').fill('<img');
      assert.deepEqual(await names(page), ['<img src=x onerror=alert(1)>']);
      assert.equal(await page.locator('img').count(), 0);
    });
  });

  it('shows thousands of exports with only the cells in sight in the document', async () => {
    const page = await open('large', LARGE);
    await page.locator('.matrix-tools button').filter({ hasText: 'Unfold all' }).click();
    await page.locator('.matrix-tools button').filter({ hasText: 'Fold all' }).waitFor({ timeout: PATIENCE });
    const rows = Number(await page.locator(GRID).getAttribute('aria-rowcount'));
    // All exports, a line for those that behave alike, and the names of the columns.
    assert.ok(rows > EXPORTS && rows <= EXPORTS + 41, `${rows} rows`);
    await page.locator(GRID).focus();
    await page.keyboard.press('Control+End');
    await page.locator(`${ROWS}[aria-rowindex="${rows}"]`).waitFor({ timeout: PATIENCE });
    await isActive(page, /^run_\d+ with itself: /);
    const cells = await page.locator('.matrix-cell').count();
    assert.ok(cells > 100 && cells < 4000, `${cells} cells`);
    await page.keyboard.press('PageUp');
    await isActive(page, /^run_\d+ with run_\d+: /);
    await page.locator('.matrix-tools input').fill('run_7399');
    // The rows of thousands of names are found anew behind the field, and drawn after that.
    const one = `document.querySelectorAll('${ROWS} .matrix-label').length === 1`;
    await page.waitForFunction(one, undefined, { timeout: PATIENCE });
    assert.deepEqual(await names(page), ['run_7399']);
  });

  it('breaks no rule of its content security policy', () => assert.deepEqual(faults, []));
});

describe('the conflict matrix in VS Code', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession();
  });

  after(() => session?.close());

  const matrix = (): Promise<Frame> => frameWith(session.page, GRID);

  it('leads to code, and lays over the analysis what a stress test has shown', async () => {
    await session.openFile('counter-global.wasm');
    await session.waitForSquiggle();
    await session.runCommand('Wasm Hazards: Show conflict matrix');
    const frame = await matrix();
    assert.equal(await frame.locator('.matrix-badge').count(), 0);
    const cell = frame.locator('.matrix-cell[aria-label^="increment with itself"]');
    await cell.click();
    const why = frame.locator('.why');
    await why.locator('.reasons').waitFor({ timeout: PATIENCE });
    assert.match(await why.innerText(), /Definite conflict\.[\s\S]*increment writes mutable global \$count/);
    await why.locator('.reason-side button').last().click();
    await session.page
      .locator('.editor-group-container.active .tab.active')
      .filter({ hasText: 'counter-global.wasm' })
      .first()
      .waitFor({ timeout: PATIENCE });
    await why.locator('button').filter({ hasText: 'Stress test this pair' }).click();
    await frame.locator('.matrix-cell.shown .matrix-badge').first().waitFor({ timeout: PATIENCE });
    await frame
      .locator(
        '.matrix-cell[aria-label*="stress showed a wrong outcome"][aria-label*="by analysis: definite conflict"]',
      )
      .waitFor({ timeout: PATIENCE });
    assert.match(
      await why.innerText(),
      /Stress showed a wrong outcome and a race\.[\s\S]*By analysis: definite conflict\./,
    );
    await session.screenshot('matrix');
    await why.locator('button').filter({ hasText: 'Play the schedule' }).click();
    await frame.locator('#schedules:focus-within, #schedules:focus').waitFor({ timeout: PATIENCE });
  });
});

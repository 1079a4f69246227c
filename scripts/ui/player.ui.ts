/** The schedule player of the report: from the hover of a race, with keys and buttons, and the editor that follows. */
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from '../vscode/playwright.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';
import { frameWith } from '../vscode/webviewFrame.ts';

const CASES = join(import.meta.dirname, 'cases');

/** What is selected in visible editors, a text for each line that has some of it. */
const SELECTED = `[...document.querySelectorAll('.editor-instance')].flatMap((editor) => {
  const boxes = [...editor.querySelectorAll('.selected-text')].map((one) => one.getBoundingClientRect());
  return [...editor.querySelectorAll('.view-line')].map((line) => {
    const { top } = line.getBoundingClientRect();
    const here = boxes.filter((box) => Math.abs(box.top - top) < 4 && box.width > 0);
    if (here.length === 0) return '';
    let text = '';
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (let at = 0; at < node.length; at++) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const { left, width } = range.getBoundingClientRect();
        if (here.some((box) => left + width / 2 > box.left && left + width / 2 < box.right)) text += node.data[at];
      }
    return text.replaceAll('\\u00a0', ' ').trim();
  });
}).filter((text) => text !== '')`;

/** Values of rows that are not shown whole. */
const CUT = `[...document.querySelectorAll('.lane-values')].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)`;

describe('the schedule player', () => {
  let session: VscodeSession;
  let frame: Frame;

  before(async () => {
    session = await openSession({
      size: { width: 1400, height: 900 },
      settings: { 'wasmHazards.stress.hammerSeconds': 1, 'wasmHazards.stress.seconds': 3 },
    });
  });

  after(() => session?.close());

  const player = (title: string): Promise<Frame> => frameWith(session.page, '.player-head h3', title);

  const button = (name: string) => frame.locator(`.controls button[aria-label="${name}"]`);
  const chosen = (): Promise<string> =>
    frame.evaluate("document.querySelector('.finding-select select').selectedOptions[0].textContent");
  const says = (text: string | RegExp): Promise<void> =>
    frame.locator('.sentence').filter({ hasText: text }).waitFor({ timeout: PATIENCE });
  const counter = (): Promise<string> => frame.locator('.controls .counter').innerText();
  const selected = (start: string): Promise<unknown> =>
    session.page.waitForFunction(`${SELECTED}.some((text) => text.startsWith(${JSON.stringify(start)}))`, undefined, {
      timeout: PATIENCE,
    });

  async function stressTest(name: string, line: string): Promise<void> {
    await session.openFile(name);
    // The lenses come with the analysis; a module without findings has no squiggle.
    await session.page
      .locator('.codelens-decoration a')
      .filter({ hasText: /stress/i })
      .first()
      .waitFor({ timeout: PATIENCE });
    await session.page.locator('.editor-instance .view-line').filter({ hasText: line }).first().click();
    await session.runCommand('Wasm Hazards: Stress test module');
    // VS Code shows this at a failed test, after the run.
    await session.page.locator('.test-error-content-widget').first().waitFor({ timeout: PATIENCE, state: 'attached' });
  }

  it('opens from the hover of an instruction that raced', async () => {
    await stressTest('counter-global.wat', 'global.set');
    await session.hover('global.set');
    await session.page
      .locator('.monaco-hover a')
      .filter({ hasText: /^play$/ })
      .first()
      .click();
    frame = await player('Data race on $count');
    await frame.locator('.lane-row.step').first().waitFor({ timeout: PATIENCE });
    assert.match(await chosen(), /^Data race on \$count/);
    await session.screenshot('player');
  });

  it('opens at the pair that races, with both in sight', async () => {
    await says(/^Step [2-9] of \d+\..* In \$?\w+ at /);
    const [current] = await frame.locator('.lane-row.current + .note-row.main').allInnerTexts();
    assert.match(current, /races with/);
    assert.equal(await frame.locator('.lane-picture .join:not(.further)').count(), 1);
  });

  it('steps with keys, and says what each step does', async () => {
    await frame.locator('.lane-rows').focus();
    await session.page.keyboard.press('Home');
    await says(/^Step 1 of \d+\. A calls increment/);
    await session.page.keyboard.press('ArrowDown');
    await says('A reads 0 from $count (global.get)');
    await session.page.keyboard.press('ArrowRight');
    await session.page.keyboard.press('ArrowLeft');
    assert.match(await counter(), /^2 \//);
    await session.page.keyboard.press('End');
    await says(/returns \d from increment/);
    const [at, of] = (await counter()).split(' / ');
    assert.equal(at, of);
    await session.page.keyboard.press('Home');
    assert.match(await counter(), /^1 \//);
  });

  it('leads the editor to the instruction of each step, which keeps the keyboard in the player', async () => {
    await session.page.keyboard.press('ArrowDown');
    await selected('global.get');
    const active = await frame.evaluate<string>('document.activeElement.className');
    assert.equal(active, 'lane-rows');
    await button('Next step').click();
    await says('A writes 1 to $count');
    await selected('global.set');
    await button('Previous step').click();
    await says('A reads 0 from $count');
    await selected('global.get');
  });

  it('has names for its buttons, and plays by itself to the end', async () => {
    await button('First step').click();
    await button('Play').click();
    await button('Pause').waitFor({ timeout: PATIENCE });
    await frame
      .locator('.controls .counter')
      .filter({ hasText: /^[2-9] / })
      .waitFor({ timeout: PATIENCE });
    await button('Pause').click();
    await button('Last step').click();
    await button('Play').waitFor({ timeout: PATIENCE });
    const [at, of] = (await counter()).split(' / ');
    assert.equal(at, of);
  });

  it('runs the schedule again and says whether that shows the same', async () => {
    await button('Replay').click();
    await frame
      .locator('.replayed')
      .filter({ hasText: 'The schedule was run again and showed the same.' })
      .waitFor({ timeout: PATIENCE });
  });

  it('plays another finding of the list, with its outcome beside those of serial orders', async () => {
    const titles = await frame.locator('.finding-select option').allInnerTexts();
    const nth = titles.findIndex((title) => title.startsWith('Wrong outcome'));
    await frame.locator('.finding-select select').selectOption(String(nth));
    await player(titles[nth]);
    await frame.locator('.lane-row.step').first().waitFor({ timeout: PATIENCE });
    await frame.locator('.join').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    const outcome = await frame.locator('.outcome').innerText();
    assert.match(outcome, /this schedule, wrong[\s\S]*serial order AB/);
    await session.screenshot('player-wrong-outcome');
  });

  it('leads to the next finding and back, with the keyboard', async () => {
    const before = await chosen();
    await frame.locator('button[aria-label="Next finding"]').focus();
    await session.page.keyboard.press('Enter');
    await frame
      .locator('.finding-select .counter')
      .filter({ hasText: /^[2-9]/ })
      .waitFor({ timeout: PATIENCE });
    assert.notEqual(await chosen(), before);
    await frame.locator('button[aria-label="Previous finding"]').click();
    assert.equal(await chosen(), before);
  });

  it('has its controls in one line, and in two where there is little room; no value is cut', async () => {
    const tops = `new Set([...document.querySelectorAll('.controls button')].map((one) => one.getBoundingClientRect().top)).size`;
    assert.equal(await frame.evaluate(tops), 1);
    await session.page.setViewportSize({ width: 900, height: 700 });
    await frame.locator('.lanes.two-lines').waitFor({ timeout: PATIENCE });
    assert.ok((await frame.evaluate<number>(tops)) <= 2);
    assert.deepEqual(await frame.evaluate(CUT), []);
    assert.ok((await frame.evaluate<number>("document.querySelectorAll('.lane-values').length")) > 3);
    await session.screenshot('player-narrow');
    await session.page.setViewportSize({ width: 1400, height: 900 });
    await frame.locator('.lanes:not(.two-lines)').waitFor({ timeout: PATIENCE });
    assert.deepEqual(await frame.evaluate(CUT), []);
  });

  it('opens from a failed test, with the button of its message and from the context menu', async () => {
    const label = '.action-label[aria-label="Play schedule"]';
    const message = session.page
      .locator(`.test-output-peek-tree .monaco-list-row:has(${label})`)
      .filter({ hasText: 'wrong outcome' })
      .first();
    for (const way of ['button', 'menu'] as const) {
      await session.runCommand('View: Close All Editors');
      // A report that is about to close would be asked to play.
      await session.page.locator('iframe.webview').first().waitFor({ timeout: PATIENCE, state: 'detached' });
      await session.runCommand('Test Results: Focus on Test Results View');
      // The buttons of a message are shown while it is selected.
      await message.click({ timeout: PATIENCE });
      if (way === 'button') await message.locator(label).click({ timeout: PATIENCE });
      else {
        await message.click({ button: 'right' });
        const item = session.page.locator('.monaco-menu .action-label').filter({ hasText: 'Play schedule' });
        await item.first().waitFor({ timeout: PATIENCE });
        await session.screenshot('player-from-menu');
        await item.first().click();
      }
      frame = await player('Wrong outcome');
      await frame.locator('.lane-row.step').first().waitFor({ timeout: PATIENCE });
    }
  });

  it('plays what the finding of another module needs', async () => {
    await session.runCommand('View: Close All Editors');
    await stressTest('broken-lock.wat', 'func');
    await session.runCommand('Wasm Hazards: Open report');
    frame = await player('');
    await frame.locator('.lane-row.step').first().waitFor({ timeout: PATIENCE });
    await frame.locator('.lane-rows').focus();
    await session.page.keyboard.press('End');
    await says(/^Step (\d+) of \1\./);
    await session.screenshot('player-broken-lock');
  });

  it('plays a hang: who waits for whom, at the last steps', async () => {
    await session.runCommand('View: Close All Editors');
    await copyFile(join(CASES, 'two-locks.wat'), join(session.folder, 'two-locks.wat'));
    await stressTest('two-locks.wat', 'call $lock');
    await session.runCommand('Wasm Hazards: Open report');
    frame = await player('Hang: locks taken in different orders');
    await frame.locator('.lane-row.step').first().waitFor({ timeout: PATIENCE });
    await says(/^Step \d+ of \d+\..*i32\.atomic\.rmw\.cmpxchg/);
    const waits = await frame.locator('.note-row.main').allInnerTexts();
    assert.deepEqual(waits.map((text) => text.replace(/0x[04]/, 'there')).sort(), [
      'A waits for memory[0] there, which B holds',
      'B waits for memory[0] there, which A holds',
    ]);
    assert.match(await frame.locator('.outcome tr.wrong').innerText(), /this schedule\s+does not end/);
    await session.page.setViewportSize({ width: 900, height: 700 });
    await frame.locator('.lanes.two-lines').waitFor({ timeout: PATIENCE });
    assert.deepEqual(await frame.evaluate(CUT), []);
    await session.screenshot('player-hang-narrow');
    await session.page.setViewportSize({ width: 1400, height: 900 });
    await frame.locator('.lane-rows').focus();
    await session.page.keyboard.press('End');
    await says(/^Step (\d+) of \1\./);
    await session.screenshot('player-hang');
  });

  it('plays a host hazard: the two operations that met, and what they do to the host', async () => {
    await session.runCommand('View: Close All Editors');
    await stressTest('grow-vs-write.wat', 'memory.grow');
    await session.runCommand('Wasm Hazards: Open report');
    frame = await player('Host hazard: growth of a memory during an access to it');
    await frame.locator('.lane-row.step').first().waitFor({ timeout: PATIENCE });
    assert.match(await frame.locator('.player-head').innerText(), /A: memory\.grow in \S+ against B: .*wazero/s);
    const [current] = await frame.locator('.lane-row.current + .note-row.main').allInnerTexts();
    assert.match(current, /meets/);
    await button('Replay').click();
    await frame
      .locator('.replayed')
      .filter({ hasText: 'The schedule was run again and showed the same.' })
      .waitFor({ timeout: PATIENCE });
    await session.screenshot('player-host-hazard');
  });

  it('opens from a quick fix in the source that a module was compiled from', async () => {
    const { page } = session;
    await session.runCommand('View: Close All Editors');
    await session.openFile('source/c/visits.c');
    await page.locator('.codelens-decoration a').filter({ hasText: 'Stress test' }).first().click();
    const lens = page.locator('.codelens-decoration').filter({ hasText: 'this loses updates' });
    await lens.first().waitFor({ timeout: PATIENCE });
    await page.locator('.view-line').filter({ hasText: 'visits = before + 1;' }).first().click();
    await page.keyboard.press('Control+.');
    const fix = page.locator('.action-widget .monaco-list-row').filter({ hasText: /^Play the schedule that shows/ });
    await fix.first().waitFor({ timeout: PATIENCE });
    await session.screenshot('player-quick-fix');
    await fix.first().click();
    frame = await player('Data race on visits');
    await frame.locator('.lane-row.step').first().waitFor({ timeout: PATIENCE });
    await says(/visits\.c/);
    await session.screenshot('player-source');
  });
});

/** The schedule player of the report: from the hover of a race, with keys and buttons, and the editor that follows. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame } from '../vscode/playwright.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';

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

  async function player(title: string): Promise<Frame> {
    for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; ) {
      for (const one of session.page.frames()) {
        const heads = one.locator('.player-head h3').filter({ hasText: title });
        if ((await heads.count().catch(() => 0)) > 0) return one;
      }
      await session.page.waitForTimeout(100);
    }
    await session.screenshot('failure-player');
    throw new Error(`no player of ${title} appears`);
  }

  const button = (name: string) => frame.locator(`.controls button[aria-label="${name}"]`);
  const action = (text: string) => frame.locator('.controls button').filter({ hasText: text });
  const says = (text: string | RegExp): Promise<void> =>
    frame.locator('.sentence').filter({ hasText: text }).waitFor({ timeout: PATIENCE });
  const counter = (): Promise<string> => frame.locator('.controls .counter').innerText();
  const selected = (start: string): Promise<unknown> =>
    session.page.waitForFunction(`${SELECTED}.some((text) => text.startsWith(${JSON.stringify(start)}))`, undefined, {
      timeout: PATIENCE,
    });

  async function stressTest(name: string, line: string): Promise<void> {
    await session.openFile(name);
    await session.waitForSquiggle();
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
    assert.match(await frame.locator('.finding[aria-current="true"]').innerText(), /data race[\s\S]*\$count/);
    await session.screenshot('player');
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
    await action('Replay').click();
    await frame
      .locator('.replayed')
      .filter({ hasText: 'The schedule was run again and showed the same.' })
      .waitFor({ timeout: PATIENCE });
  });

  it('plays another finding of the list, with its outcome beside those of serial orders', async () => {
    const other = frame.locator('.finding').filter({ hasText: 'wrong outcome' }).first();
    const name = await other.locator('.finding-title').innerText();
    await other.click();
    await player(`Wrong outcome: ${name}`);
    await frame.locator('.lane-row.step').first().waitFor({ timeout: PATIENCE });
    await frame.locator('.join').first().waitFor({ timeout: PATIENCE, state: 'attached' });
    const outcome = await frame.locator('.outcome').innerText();
    assert.match(outcome, /this schedule, wrong[\s\S]*serial order AB/);
    await session.screenshot('player-wrong-outcome');
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
});

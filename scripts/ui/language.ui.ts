/** The extension in a VS Code whose language is Chinese: title of a command, lens, hover, diagnostic, tree and report. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';
import { frameWith } from '../vscode/webviewFrame.ts';

/** English words in a row that are in no code: what is not translated. */
const ENGLISH = /(?<![\w$./'-])[a-z]{3,} [a-z]{2,} [a-z]{2,}(?![\w'-])/;

/** What a report that is drawn has. */
const REPORT = 'main.report h1';

describe('in Chinese', () => {
  let session: VscodeSession;

  before(async () => {
    session = await openSession({ language: 'zh-cn', size: { width: 1400, height: 900 }, theme: 'light' });
    await session.openFile('counter-global.wasm');
    await session.waitForSquiggle();
  });

  after(() => session?.close());

  it('a lens above the module says that it is not safe on one instance', async () => {
    const lens = session.page.locator('.codelens-decoration').filter({ hasText: '在同一个实例上不安全' });
    await lens.first().waitFor({ timeout: PATIENCE });
    assert.doesNotMatch(await lens.first().innerText(), ENGLISH);
  });

  it('a finding and the hover of its export have no English sentence', async () => {
    const hover = await session.hover('increment');
    assert.match(hover, /写入可变全局变量/);
    assert.match(hover, /怎么办/);
    // VS Code's own words are English: there is no language pack.
    assert.doesNotMatch(hover.replaceAll(/View Problem.*|Quick Fix.*/g, ''), ENGLISH);
    await session.screenshot('chinese-hover');
  });

  it('commands have their Chinese titles, and a stress test answers in Chinese', async () => {
    await session.runCommand('Wasm Hazards: 对模块进行压力测试');
    const notification = session.page.locator('.notification-list-item-message').filter({ hasText: 'counter-global' });
    await notification.filter({ hasText: '错误结果' }).first().waitFor({ timeout: PATIENCE });
    assert.doesNotMatch(await notification.first().innerText(), ENGLISH);
    await session.screenshot('chinese-stress');
  });

  it('the report is a Chinese page', async () => {
    await session.runCommand('Wasm Hazards: 打开报告');
    const frame = await frameWith(session.page, REPORT);
    assert.equal(await frame.evaluate('document.documentElement.lang'), 'zh-CN');
    await frame.locator('section.part > h2').filter({ hasText: '冲突' }).first().waitFor({ timeout: PATIENCE });
    const lines = (await frame.locator('main.report').innerText()).split('\n');
    assert.deepEqual(
      lines.filter((line) => ENGLISH.test(line)),
      [],
    );
    await session.screenshot('chinese-report');
  });
});

/** Rules and their pages in `docs/rules/` match one to one, and every example on a page compiles. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { HOST_PROFILES } from '../../hosts/index.ts';
import { SHARING_MODELS } from '../../hosts/profile.ts';
import { ROOT } from '../../testing/paths.ts';
import { pageOf, RULE_IDS, RULES } from './index.ts';

const FOLDER = join(ROOT, 'docs/rules');

/** The engine's own validator, which TypeScript declares in its DOM library only. */
const engine = (globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } }).WebAssembly;

const HEADINGS = ['What is flagged', 'Why it matters', 'Bad', 'Good', 'How to fix it', 'Severity'];

/** A page without the padding that the formatter puts into tables. */
const readPage = (path: string): string =>
  readFileSync(path, 'utf8').replaceAll(/ +\|/g, ' |').replaceAll(/\| +/g, '| ');

/** Contents of the fenced blocks in `language`, in order. */
const blocks = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]);

/** Text between a second-level heading and the next. */
const section = (page: string, heading: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

describe('pages of the rules', () => {
  it('exist for every rule and for nothing else', () => {
    const pages = readdirSync(FOLDER).filter((name) => name !== 'README.md');
    assert.deepEqual(pages.sort(), RULE_IDS.map((id) => `${id}.md`).sort());
  });

  it('are all listed by the index, with severity and summary', () => {
    const rows = readPage(join(FOLDER, 'README.md')).match(/^\| \[.*$/gm);
    const expected = RULE_IDS.map(
      (id) => `| [${id}](${id}.md) | ${RULES[id].defaultSeverity} | ${RULES[id].summary} |`,
    );
    assert.deepEqual(rows, expected);
  });

  it('are accompanied by a page that lists all host profiles', () => {
    const hosts = readPage(join(ROOT, 'docs/hosts.md'));
    for (const { id, label, defaultModel } of Object.values(HOST_PROFILES)) {
      const row = `\n| \`${id}\` | ${label} | ${defaultModel(false)} | ${defaultModel(true)} |`;
      assert.ok(hosts.includes(row), row);
    }
  });

  for (const id of RULE_IDS) {
    describe(id, () => {
      const page = readPage(join(ROOT, pageOf(id)));

      it('opens with its name and summary', () => {
        assert.ok(page.startsWith(`# ${id}\n\n${RULES[id].summary}\n`));
      });

      it('has the same sections as every page', () => {
        assert.deepEqual(
          [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]),
          HEADINGS,
        );
      });

      it('covers every sharing model, and hosts with a source for each', () => {
        const why = section(page, 'Why it matters');
        for (const model of SHARING_MODELS)
          assert.match(why, new RegExp(`^\\| ${model} \\([ABCD]\\) \\| .*\\. \\|$`, 'm'));
        const hosts = why.slice(why.indexOf('| host |')).match(/^\| (?!host |-).*$/gm) ?? [];
        for (const name of ['wazero', 'Wasmtime', 'Wasmer', 'WAMR', 'wasi-threads', 'JavaScript', 'Extism']) {
          assert.ok(
            hosts.some((row) => row.split(' | ')[0].includes(name)),
            name,
          );
        }
        for (const row of hosts) assert.match(row, /\]\(https:\/\/|measured/, row);
      });

      it('says how to change its severity and how to ignore one finding', () => {
        const text = section(page, 'Severity');
        assert.match(text, new RegExp(`^Default: ${RULES[id].defaultSeverity}\\.`, 'm'));
        const [json] = blocks(text, 'json');
        assert.deepEqual(JSON.parse(json), { [`wasmHazards.rules.${id}`]: 'off' });
        assert.match(text, new RegExp(`"module\\.wasm:\\*:${id}"`));
      });

      it('shows a fix for wazero in Go and one for Wasmtime in a line', () => {
        const fix = section(page, 'How to fix it');
        assert.ok(blocks(fix, 'go').length > 0);
        const rust = blocks(fix, 'rust');
        assert.equal(rust.length, 1);
        assert.equal(rust[0].trim().split('\n').length, 1);
      });

      it('has a bad and a good example that are valid modules', async () => {
        for (const heading of ['Bad', 'Good']) assert.equal(blocks(section(page, heading), 'wat').length, 1, heading);
        for (const wat of blocks(page, 'wat')) {
          assert.ok(engine.validate(new Uint8Array(await parse(wat))), wat);
        }
      });

      it('links only to pages that are there', () => {
        for (const [, target] of page.matchAll(/\]\((?!https:)([^)]*)\)/g)) {
          assert.ok(
            RULE_IDS.some((other) => target === `${other}.md`),
            target,
          );
        }
      });
    });
  }
});

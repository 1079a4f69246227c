/** The documentation is short enough, has no dead links, and names only commands that exist. */

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { runWith } from '../cli/src/testing/cli.ts';
import { HOST_IDS } from '../core/hosts/index.ts';
import { ENGLISH, readManifestTexts, withTexts } from './manifestTexts.ts';
import { filesToPack } from './package/files.ts';
import { ROOT } from './paths.ts';

/** Limit for README.md, in bytes. */
const LONGEST_README = 9 * 1024;

/** Limit for each picture of the README, in bytes. */
const LARGEST_PICTURE = 300_000;

/** Sections of a version, in the order of Keep a Changelog. */
const SECTIONS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const pages = [
  ...[
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'test-fixtures/README.md',
    'scripts/vscode/README.md',
  ],
  ...['test-fixtures/source/README.md', ...globSync('docs/**/*.md', { cwd: ROOT })],
].sort();

/** Text outside fenced blocks. */
const prose = (page: string): string => page.replaceAll(/^```[\s\S]*?^```$/gm, '');

/** Lines of the fenced blocks in a shell's language, without prompts and comments. */
const shellLines = (page: string): string[] =>
  [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block]) => block.split('\n'))
    .map((line) => line.replace(/\s#.*/, '').trim())
    .filter((line) => line !== '');

/** Relative targets of links and sources of pictures. */
const targets = (page: string): string[] =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
    .map(([, link, picture]) => link ?? picture)
    .filter((target) => !/^[a-z]+:/.test(target));

/** Anchors of a page's headings, as GitHub and VS Code make them. */
const anchors = (page: string): string[] =>
  [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Version headings of a changelog, each with its sections. */
const versions = (page: string): { name: string; sections: string[] }[] =>
  page
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      name: /^\[(.*?)\]/.exec(part)?.[1] ?? part.split('\n', 1)[0],
      sections: [...part.matchAll(/^### (.*)$/gm)].map(([, title]) => title),
    }));

/** Newest first: compares `1.10.0` and `1.9.0` by their numbers. */
function newerFirst(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const at = left.findIndex((part, i) => part !== right[i]);
  return at < 0 ? 0 : right[at] - left[at];
}

/** Output of `--help`, for one command if it is named. */
async function helpOf(...command: string[]): Promise<string> {
  const { out } = await runWith([...command, '--help']);
  return out;
}

const commandNames = async (): Promise<string[]> =>
  [...(await helpOf()).matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, name]) => name);

describe('the pages of the project', () => {
  for (const path of pages) {
    it(`${path} links to files and headings that are there`, () => {
      for (const target of targets(read(path))) {
        const [file, anchor] = target.split('#');
        const linked = file === '' ? path : join(dirname(path), file);
        assert.ok(existsSync(join(ROOT, linked)), target);
        if (anchor !== undefined) assert.ok(anchors(read(linked)).includes(anchor), target);
      }
    });
  }

  it('of the architecture name only files and folders that are there', () => {
    const folders = /^(core|node|server|client|cli|scripts|docs|schemas|test-fixtures)\//;
    for (const [, path] of prose(read('ARCHITECTURE.md')).matchAll(/`([\w./*-]+)`/g)) {
      if (folders.test(path)) assert.ok(globSync(path, { cwd: ROOT }).length > 0, path);
    }
  });

  it('are all in the index of docs', () => {
    const index = targets(read('docs/README.md'));
    for (const path of globSync('docs/*.md', { cwd: ROOT })) {
      if (path !== 'docs/README.md') assert.ok(index.includes(path.slice('docs/'.length)), path);
    }
  });

  it('say for every host whether there is a wrapper for it', () => {
    const page = read('docs/wrappers.md');
    for (const id of HOST_IDS) assert.ok(page.includes(`\`${id}\``), id);
  });

  it('have all commands of the palette', () => {
    const page = read('docs/editor.md');
    for (const { title } of withTexts(JSON.parse(read('package.json')), readManifestTexts(ENGLISH)).contributes
      .commands)
      assert.ok(page.includes(title), title);
  });

  it('name only scripts of package.json and commands of the command line', async () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const commands = await commandNames();
    let named = 0;
    for (const path of pages) {
      const page = read(path);
      const lines = [...shellLines(page), ...[...prose(page).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code)];
      for (const line of lines) {
        for (const [, script] of line.matchAll(/\bnpm (?:run )?((?!run\b|install\b)[\w:]+)/g)) {
          assert.ok(scripts.includes(script), `${path}: ${line}`);
          named++;
        }
        for (const [, command] of line.matchAll(/(?:^|npx |&& )wasm-hazards ([a-z]+)/g)) {
          assert.ok(commands.includes(command), `${path}: ${line}`);
          named++;
        }
      }
    }
    assert.ok(named > 20, `only ${named} commands were found`);
  });

  it('have all commands and options of the command line, and no others', async () => {
    const page = read('docs/command-line.md');
    const documented = new Set([...page.matchAll(/--[a-z][\w-]*/g)].map(([option]) => option));
    const known = new Set<string>();
    for (const command of await commandNames()) {
      assert.match(page, new RegExp(`^## .*\\b${command}\\b`, 'm'));
      for (const [option] of (await helpOf(command)).matchAll(/--[a-z][\w-]*/g)) known.add(option);
    }
    // An option of npm, which installs the command line.
    documented.delete('--global');
    assert.deepEqual([...documented].sort(), [...known].sort());
  });
});

describe('README.md', () => {
  it('is at most 9 KB', () => {
    assert.ok(Buffer.byteLength(read('README.md')) <= LONGEST_README, `${Buffer.byteLength(read('README.md'))} bytes`);
  });

  it('has pictures that are small, and are packed with it', () => {
    const pictures = targets(read('README.md')).filter((target) => target.endsWith('.png'));
    assert.ok(pictures.length >= 2);
    const packed = filesToPack(ROOT);
    for (const picture of pictures) {
      assert.ok(readFileSync(join(ROOT, picture)).byteLength < LARGEST_PICTURE, picture);
      assert.ok(packed.includes(picture), picture);
    }
  });

  it('links only to pages that are packed', () => {
    const packed = filesToPack(ROOT);
    const contributors = ['ARCHITECTURE.md', 'test-fixtures/README.md', 'test-fixtures/source/README.md'];
    for (const target of targets(read('README.md'))) {
      const [file] = target.split('#');
      assert.ok(packed.includes(file) || contributors.includes(file), target);
    }
  });
});

describe('CHANGELOG.md', () => {
  const all = versions(read('CHANGELOG.md'));

  it('lists unreleased changes first, then versions, the newest first', () => {
    assert.equal(all[0]?.name, 'Unreleased');
    const released = all.slice(1).map(({ name }) => name);
    assert.deepEqual(released, released.toSorted(newerFirst));
  });

  it('has the sections of Keep a Changelog in their order', () => {
    for (const { name, sections } of all) {
      assert.deepEqual(
        sections,
        SECTIONS.filter((section) => sections.includes(section)),
        name,
      );
      assert.ok(sections.length > 0, name);
    }
  });

  it('has one line for each entry', () => {
    const body = read('CHANGELOG.md').split(/^## /m).slice(1).join('');
    for (const line of body.split('\n').slice(1)) assert.match(line, /^$|^- .*\.$|^### |^## /, line);
  });
});

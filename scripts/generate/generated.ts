/** All files with generated parts, and the contents that they should have. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf, RULE_IDS, RULES } from '../../core/analysis/rules/index.ts';
import { ENGLISH, readManifestTexts } from '../manifestTexts.ts';
import { ROOT } from '../paths.ts';
import { formatted } from './format.ts';
import { hostTable } from './hostTable.ts';
import { withBlock } from './markdown.ts';
import { ruleHostTable, ruleIndex } from './ruleTables.ts';
import { withEnums } from './schemas.ts';
import { settingsTable, withGeneratedTexts, withSettings } from './settings.ts';
import { templateTable } from './templateTable.ts';

interface GeneratedFile {
  /** Relative to the root of the repository. */
  path: string;
  text: string;
}

/** Stale files, with the text that they should have. */
export const staleFiles = (): GeneratedFile[] =>
  generatedFiles().filter(({ path, text }) => !existsSync(join(ROOT, path)) || read(path) !== text);

function generatedFiles(): GeneratedFile[] {
  const manifest = withSettings(read('package.json'));
  const texts = withGeneratedTexts(readManifestTexts(ENGLISH));
  const schemas = readdirSync(join(ROOT, 'schemas')).map((name) => `schemas/${name}`);
  const block = (path: string, name: string, table: string): GeneratedFile => {
    const page = read(path);
    const text = withBlock(page, name, table);
    // Most pages are already formatted, and starting the formatter takes time.
    return { path, text: text === page ? page : formatted(path, text) };
  };
  return [
    { path: 'package.json', text: manifest },
    { path: ENGLISH, text: texts },
    ...schemas.map((path) => ({ path, text: withEnums(path, read(path)) })),
    block('docs/hosts.md', 'hosts', hostTable()),
    block('docs/wrappers.md', 'templates', templateTable()),
    block('docs/settings.md', 'settings', settingsTable(manifest, texts)),
    block('docs/rules/README.md', 'rules', ruleIndex()),
    ...RULE_IDS.map((id) => block(pageOf(id), 'hosts', ruleHostTable(RULES[id]))),
  ];
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

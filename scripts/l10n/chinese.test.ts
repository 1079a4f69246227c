/** What the analysis says of real modules in Chinese: whole, without English in between. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { analyse } from '../../core/analysis/analyse.ts';
import { cellLabel } from '../../core/analysis/cellText.ts';
import { threadText } from '../../core/analysis/conditions/threadText.ts';
import { exportAdvice, verdictsOf } from '../../core/analysis/exportText.ts';
import { type Findings, hazardText, moreText } from '../../core/analysis/hazardText.ts';
import { oneInstanceText, onOneInstanceToo } from '../../core/analysis/oneInstance.ts';
import { RULES, rulePhrase } from '../../core/analysis/rules/index.ts';
import { moduleVerdict, moduleVerdictText } from '../../core/analysis/verdict/moduleVerdict.ts';
import { shortVerdict } from '../../core/analysis/verdict/shortVerdict.ts';
import { HOST_IDS, HOST_PROFILES } from '../../core/hosts/index.ts';
import { SHARING_MODELS } from '../../core/hosts/profile.ts';
import { translated, useTranslations } from '../../core/text/l10n.ts';
import { decodeModule } from '../../core/wasm/decode.ts';
import { ROOT } from '../paths.ts';
import { englishIn } from './testing/englishIn.ts';
import { mergedTranslations, readTranslations } from './translations.ts';

const FILES = globSync(['test-fixtures/*.wasm', 'core/analysis/testing/wazero/modules/*.wat'], { cwd: ROOT }).sort();

/** Everything that is said of a module under one host and model. */
function* textsOf(findings: Findings): Generator<string> {
  const { module, analysis } = findings;
  yield* moduleVerdictText(moduleVerdict(module, analysis));
  const { words, sentence, remedy } = shortVerdict(module, analysis);
  yield* [words, sentence, remedy ?? ''];
  const found = onOneInstanceToo(analysis);
  if (found !== undefined) yield oneInstanceText(module, analysis, found);
  for (const hazard of analysis.moduleHazards) yield hazard.message;
  for (const [position, { hazards }] of analysis.exports.entries()) {
    yield threadText(findings, position);
    for (const { text, threads, stance } of verdictsOf(findings, position)) yield* [text, threads ?? '', stance];
    for (const { text } of exportAdvice(findings, position)) yield text;
    for (const hazard of hazards) {
      yield hazardText(findings, position, hazard);
      yield* [cellLabel(module, hazard.cell), rulePhrase(hazard.rule, 2)];
      yield translated(RULES[hazard.rule].summary);
    }
    yield moreText(module, hazards);
  }
}

describe('what the analysis says in Chinese', () => {
  before(() => useTranslations(mergedTranslations(readTranslations())));
  after(() => useTranslations(undefined));

  for (const file of FILES) {
    it(`has no English in it: ${file}`, async () => {
      const read = readFileSync(join(ROOT, file));
      const module = decodeModule(file.endsWith('.wat') ? await parse(read.toString()) : new Uint8Array(read));
      const mixed = new Set<string>();
      for (const host of HOST_IDS)
        for (const model of SHARING_MODELS) {
          const analysis = analyse(module, { host, model });
          for (const text of textsOf({ module, analysis, profile: HOST_PROFILES[host] })) {
            const word = englishIn(text);
            if (word !== undefined) mixed.add(`${word}: ${text}`);
          }
        }
      assert.deepEqual([...mixed], []);
    });
  }

  it('has no English in it where a binary is broken', () => {
    const mixed = new Set<string>();
    for (const name of ['plugin-table', 'segment-drop', 'threads-atomics']) {
      const bytes = new Uint8Array(readFileSync(join(ROOT, `test-fixtures/${name}.wasm`)));
      const places = [...bytes.keys()].filter((at) => at % 3 === 0);
      const broken = places.flatMap((at) => [bytes.slice(0, at), bytes.with(at, 0xff), bytes.with(at, 0x80)]);
      for (const one of broken) {
        const module = decodeModule(one);
        const { errors } = analyse(module, { host: 'wazero', model: 'auto' });
        // Sections and instructions are called as the format calls them.
        for (const { message } of [...module.errors, ...errors])
          if (englishIn(message.replaceAll(/\b[a-z]+(?: count)? 分区|^[\w.]+ 不是/g, '')) !== undefined)
            mixed.add(message);
      }
    }
    assert.deepEqual([...mixed], []);
  });
});

/** Checks the manifest against the code. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pageOf, RULE_IDS, RULES } from '../../core/analysis/rules/index.ts';
import { SEVERITIES } from '../../core/analysis/rules/rule.ts';
import { HOST_IDS } from '../../core/hosts/index.ts';
import { SHARING_MODELS } from '../../core/hosts/profile.ts';
import { TEXT_SCHEME } from '../../core/text/documentUris.ts';

interface Property {
  default?: unknown;
  enum?: string[];
  enumDescriptions?: string[];
  description?: string;
  markdownDescription?: string;
}

const ROOT = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const properties: Record<string, Property> = manifest.contributes.configuration.properties;

describe('manifest', () => {
  it('has a setting with the right default for each rule, and no other', () => {
    const settings = Object.entries(properties).filter(([name]) => name.startsWith('wasmHazards.rules.'));
    const defaults = settings.map(([name, property]) => [name.slice('wasmHazards.rules.'.length), property.default]);
    const rules = Object.values(RULES).map((rule) => [rule.id, rule.defaultSeverity]);
    assert.deepEqual(Object.fromEntries(defaults), Object.fromEntries(rules));
    for (const [name, property] of settings) assert.deepEqual(property.enum, SEVERITIES, name);
  });

  it('offers every host and every sharing model', () => {
    assert.deepEqual(properties['wasmHazards.host'].enum, ['auto', ...HOST_IDS]);
    assert.deepEqual(properties['wasmHazards.sharingModel'].enum, ['auto', ...SHARING_MODELS]);
  });

  it('describes every setting and every choice', () => {
    for (const [name, property] of Object.entries(properties)) {
      assert.ok(property.description ?? property.markdownDescription, name);
      assert.notEqual(property.default, undefined, name);
      if (property.enumDescriptions) assert.equal(property.enumDescriptions.length, property.enum?.length, name);
    }
  });

  it('offers commands that exist, and puts only those into menus', () => {
    // The compiler knows that each of them is one of the protocol.
    const sources = globSync('client/src/**/*.ts', { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'));
    const known = new Set(
      sources.flatMap((text) => [...text.matchAll(/\bregisterCommand\(\s*'([^']+)'/g)].map(([, id]) => id)),
    );
    const offered: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);
    for (const command of offered) assert.ok(known.has(command), command);
    for (const items of Object.values<{ command: string }[]>(manifest.contributes.menus)) {
      for (const { command } of items) assert.ok(offered.includes(command), command);
    }
  });

  it('opens binaries as text, but not the texts themselves', () => {
    assert.ok(manifest.activationEvents.includes(`onFileSystem:${TEXT_SCHEME}`));
    const [{ filenamePattern }] = manifest.contributes.customEditors[0].selector;
    // With a slash, VS Code matches a pattern against `scheme:path`, and a text is named like its binary.
    const schemes = /^\{([^}]+)\}:\/\*\*\/\*\.wasm$/.exec(filenamePattern)?.[1].split(',') ?? [];
    assert.ok(schemes.includes('file') && schemes.includes('vscode-remote'));
    assert.ok(!schemes.includes(TEXT_SCHEME));
  });

  it('names files that exist', () => {
    const { languages, grammars } = manifest.contributes;
    for (const path of [languages[0].configuration, grammars[0].path]) assert.ok(existsSync(join(ROOT, path)), path);
    for (const id of RULE_IDS) assert.ok(existsSync(join(ROOT, pageOf(id))), id);
  });
});

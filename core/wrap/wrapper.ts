/**
 * Code that makes a module safe to call from many threads, for the runtime of a host profile: a pool of instances, one
 * instance behind a lock, or a test that hammers the exports. Pure: a module and its analysis in, a text out.
 */

import type { Analysis } from '../analysis/model.ts';
import { HOST_PROFILES, TEMPLATE_HOSTS } from '../hosts/index.ts';
import type { TemplateLanguage } from '../hosts/profile.ts';
import type { Module } from '../wasm/module.ts';
import { evidenceOf } from './evidence.ts';
import { goHammer } from './go/hammer.ts';
import { goMutex } from './go/mutex.ts';
import { goPool } from './go/pool.ts';
import { identifierOf } from './identifiers.ts';
import { rustHammer } from './rust/hammer.ts';
import { rustMutex } from './rust/mutex.ts';
import { rustPool } from './rust/pool.ts';
import { surfaceOf } from './surface.ts';
import { tsHammer } from './typescript/hammer.ts';
import { tsPool } from './typescript/pool.ts';
import { tsShared } from './typescript/shared.ts';
import type { WrapInput } from './wrapInput.ts';

/** `pool`: an instance for each caller. `mutex`: one instance, one caller at a time. `test`: many callers at once. */
export type WrapKind = 'pool' | 'mutex' | 'test';
export const WRAP_KINDS: readonly WrapKind[] = ['pool', 'mutex', 'test'];

export interface WrapOptions {
  kind: WrapKind;
  /** Name of the module's file, without folders. */
  moduleFile: string;
  /** Name of the Go package; made of the file's name unless given. Other languages have no use for it. */
  packageName?: string;
  /** Sentences at the top that say why the code is as it is. None: those of the static analysis. */
  evidence?: readonly string[];
}

export interface Wrapper {
  /** Language id, as VS Code has it. */
  language: TemplateLanguage;
  fileName: string;
  text: string;
}

interface Template {
  write(input: WrapInput): string;
  /** File name, from the module's name in snake case. */
  file(base: string): string;
}

const TEMPLATES: Readonly<Record<TemplateLanguage, Readonly<Record<WrapKind, Template>>>> = {
  go: {
    pool: { write: goPool, file: (base) => `${base}_pool.go` },
    mutex: { write: goMutex, file: (base) => `${base}_mutex.go` },
    test: { write: goHammer, file: (base) => `${base}_hammer_test.go` },
  },
  rust: {
    pool: { write: rustPool, file: (base) => `${base}_pool.rs` },
    mutex: { write: rustMutex, file: (base) => `${base}_mutex.rs` },
    test: { write: rustHammer, file: (base) => `${base}_hammer.rs` },
  },
  typescript: {
    pool: { write: tsPool, file: (base) => `${base}-pool.ts` },
    mutex: { write: tsShared, file: (base) => `${base}-shared.ts` },
    test: { write: tsHammer, file: (base) => `${base}-hammer.test.ts` },
  },
};

/** Most sentences of evidence that are written down. */
const MAX_EVIDENCE = 40;

/** Code for the host of the analysis, or why there is none. */
export function generateWrapper(
  module: Module,
  analysis: Analysis,
  { kind, moduleFile, packageName, evidence = [] }: WrapOptions,
): Wrapper | { refusal: string } {
  const choice = HOST_PROFILES[analysis.host].template;
  if ('refusal' in choice) {
    return { refusal: `${choice.refusal} There are templates for ${TEMPLATE_HOSTS.join(', ')}.` };
  }
  const surface = surfaceOf(module, analysis);
  if (surface.exports.length === 0) {
    const [first] = surface.leftOut;
    const why = first === undefined ? 'exports no function' : `exports no function that can be wrapped: ${first.why}`;
    return { refusal: `${moduleFile} ${why}.` };
  }
  if (kind === 'test' && surface.exports.every(({ name }) => name === '_start'))
    return { refusal: `${moduleFile} exports only _start, which runs a program once: there is nothing to hammer.` };
  const stem = moduleFile.replace(/\.[^.]*$/, '');
  const base = identifierOf(stem, 'snake') || 'module';
  const sentences = evidence.length > 0 ? evidence : evidenceOf(module, analysis);
  const template = TEMPLATES[choice.language][kind];
  const text = template.write({
    module,
    analysis,
    surface,
    base,
    packageName: packageName ?? packageNameOf(base),
    moduleFile,
    evidence: sentences.slice(0, MAX_EVIDENCE),
    note: choice.note,
  });
  const fileBase = choice.language === 'typescript' ? base.replaceAll('_', '-') : base;
  return { language: choice.language, fileName: template.file(fileBase), text };
}

/** Names that Go does not allow for a package, or that hide one which the code imports. */
const NOT_PACKAGES = new Set(
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var main init wazero api experimental context errors fmt sync sys rand os sort runtime testing sha256'.split(
    ' ',
  ),
);

/** A Go package is called by one short lower-case word. */
function packageNameOf(base: string): string {
  const word = base.replaceAll('_', '').slice(0, 30);
  return NOT_PACKAGES.has(word) ? `${word}wasm` : word;
}

/** Whether Go takes `name` for a package: what a user gives is not corrected. */
export const isPackageName = (name: string): boolean =>
  /^[a-z][a-z0-9_]{0,60}$/.test(name) && (name === 'main' || !NOT_PACKAGES.has(name));

/**
 * Code that makes a module safe to call from many threads, for the runtime of a host profile: a pool of instances, one
 * instance behind a lock, or a test that hammers the exports. Pure: a module and its analysis in, a text out.
 */

import type { Analysis } from '../analysis/model.ts';
import { analysisUnder } from '../analysis/reuse.ts';
import { HOST_PROFILES, type HostId, TEMPLATE_HOSTS } from '../hosts/index.ts';
import type { TemplateLanguage } from '../hosts/profile.ts';
import { inEnglish, t } from '../text/l10n.ts';
import { paragraph } from '../text/phrases.ts';
import type { Module } from '../wasm/module.ts';
import { evidenceOf } from './evidence.ts';
import { identifierOf } from './identifiers.ts';
import { LANGUAGES } from './languages.ts';
import { surfaceOf } from './surface.ts';
import type { WrapKind } from './template.ts';
import { warningsOf } from './warnings.ts';

/** What the user wants to have generated. */
export interface WrapOptions {
  kind: WrapKind;
  /** Name of the module's file, without folders. */
  moduleFile: string;
  /** Name of the Go package; made of the file's name unless given. Other languages ignore it. */
  packageName?: string;
  /** A name for types and functions, `Codec`, so that several wrappers fit into one package; see `isTypeName`. */
  typeName?: string;
  /** Whether calls are asynchronous: in Rust, where both are in use. */
  asynchronous?: boolean;
  /** Sentences at the top that say why the code is as it is. None: those of the static analysis. */
  evidence?: readonly string[];
}

/** A generated file, not yet written anywhere: a suggested name without folders, and the whole text. */
export interface Wrapper {
  /** Language id, as VS Code has it. */
  language: TemplateLanguage;
  fileName: string;
  text: string;
}

/** Sentences of evidence at most. */
const MAX_EVIDENCE = 40;

/** Why no code can be generated for a host, whatever the module; undefined where it can. */
export function refusalOfHost(host: HostId): string | undefined {
  const choice = HOST_PROFILES[host].template;
  return 'refusal' in choice ? withHosts(choice.refusal) : undefined;
}

const withHosts = (refusal: string): string =>
  paragraph([refusal, t('There are templates for {0}.', TEMPLATE_HOSTS.join(t(', ')))]);

/** What the template of a host says of itself, in the language in use. */
const noteOf = (host: HostId): string | undefined => {
  const { template } = HOST_PROFILES[host];
  return 'refusal' in template ? undefined : template.note;
};

/** Code for the host of the analysis, or a sentence that says why there is none. */
export function generateWrapper(
  module: Module,
  analysis: Analysis,
  { kind, moduleFile, packageName, typeName, asynchronous = false, evidence = [] }: WrapOptions,
): Wrapper | { refusal: string } {
  const choice = HOST_PROFILES[analysis.host].template;
  if ('refusal' in choice) return { refusal: withHosts(choice.refusal) };
  const template = LANGUAGES[choice.language][kind];
  if (asynchronous && !template.hasAsync)
    return {
      refusal: t(
        'There is no {0} with async functions for {1}: a pool and a mutex in Rust for Wasmtime have them.',
        kind,
        HOST_PROFILES[analysis.host].label,
      ),
    };
  const surface = surfaceOf(module, analysis);
  if (surface.exports.length === 0) {
    const [first] = surface.leftOut;
    return {
      refusal:
        first === undefined
          ? t('{0} exports no function.', moduleFile)
          : t('{0} exports no function that can be wrapped: {1}.', moduleFile, first.why),
    };
  }
  if (kind === 'test' && surface.exports.every(({ name }) => name === '_start'))
    return {
      refusal: t('{0} exports only _start, which runs a program once: there is nothing to hammer.', moduleFile),
    };
  const base = identifierOf(moduleFile.replace(/\.[^.]*$/, ''), 'snake') || 'module';
  // A team reads code and its comments; what is said of the surface above is for the reader of the editor.
  const text = inEnglish(() =>
    template.write({
      module,
      analysis,
      sharedInstance: () => analysisUnder(analysis, 'shared-instance'),
      surface: surfaceOf(module, analysis),
      base,
      packageName,
      typeName,
      asynchronous,
      moduleFile,
      evidence: (evidence.length > 0 ? evidence : evidenceOf(module, analysis)).slice(0, MAX_EVIDENCE),
      note: noteOf(analysis.host),
      warnings: warningsOf(module, analysis, kind),
    }),
  );
  return { language: choice.language, fileName: template.file(base), text };
}

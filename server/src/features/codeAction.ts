/**
 * What can be done at a place: first what mends it, then what proves it, then code that keeps calls apart, then what is
 * known of it, and last what silences it.
 */
import type { CodeAction, Command, Diagnostic } from 'vscode-languageserver';
import { effectsAt } from '../../../core/analysis/effectsAt.ts';
import { exportsAgainst } from '../../../core/analysis/partners.ts';
import { RULES, type RuleId } from '../../../core/analysis/rules/index.ts';
import { t, translated } from '../../../core/text/l10n.ts';
import type { TextRange } from '../../../core/text/lines.ts';
import { functionAt } from '../../../core/text/moduleItems.ts';
import { exportLabel } from '../../../core/wasm/displayNames.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { command } from './command.ts';
import { dataOf } from './diagnosticData.ts';
import type { DiagnosticData } from './diagnostics.ts';
import { exportsAtOffset } from './exportsAt.ts';
import type { EditSupport } from './watEdits.ts';
import { isEditable, watIgnores, watMends } from './watFixes.ts';

/** Exports that a stress test is offered for at one place. */
const MAX_EXPORTS = 2;

/** One of our diagnostics with what it carries. */
interface Found {
  diagnostic: Diagnostic;
  data: DiagnosticData;
}

/** Actions for the diagnostics at a range and for the place itself, in the order in which the editor lists them. */
export function codeActions(
  doc: ModuleDocument,
  range: TextRange,
  diagnostics: readonly Diagnostic[],
  support: EditSupport,
): CodeAction[] {
  const found = diagnostics.flatMap((diagnostic): Found[] => {
    const data = dataOf(diagnostic);
    return data === undefined ? [] : [{ diagnostic, data }];
  });
  const edits = isEditable(doc) ? doc : undefined;
  const mends = edits ? watMends(edits, range, diagnostics, support) : [];
  const names = [...new Set(found.flatMap(({ data }) => (data.exportName === undefined ? [] : [data.exportName])))];
  const reaching = found.length > 0 ? names : conflictingHere(doc, range);
  if (found.length === 0 && reaching.length === 0) return mends;
  const all = found.map(({ diagnostic }) => diagnostic);
  return [
    ...mends,
    ...reaching.slice(0, MAX_EXPORTS).flatMap((name) => proofs(doc, name, aboutExport(found, name))),
    action(command(t('Generate a concurrency wrapper for the module'), 'wasm-hazards.generateWrapper', doc.uri), all),
    action(
      reaching.length === 0
        ? command(t('Open the report of the module'), 'wasm-hazards.openReport', doc.uri)
        : command(t('Open the report of the module'), 'wasm-hazards.openReport', doc.uri, { exports: [reaching[0]] }),
      all,
    ),
    ...eachRule(found).map(([rule, about]) =>
      action(
        command(
          t('Open the page of rule {0}: {1}', rule, translated(RULES[rule].title).toLowerCase()),
          'wasm-hazards.openRule',
          rule,
        ),
        about,
      ),
    ),
    ...(edits ? watIgnores(edits, diagnostics, support) : []),
    ...found.flatMap(({ diagnostic, data }) => silences(data).map((one) => action(one, [diagnostic]))),
    ...eachRule(found).map(([rule, about]) =>
      action(
        command(t('Change the severity of {0} in the settings', rule), 'wasm-hazards.changeSeverity', rule),
        about,
      ),
    ),
  ];
}

const action = (found: Command, diagnostics: Diagnostic[]): CodeAction => ({
  title: found.title,
  kind: 'quickfix',
  diagnostics,
  command: found,
});

/** Names in menus are not Markdown. */
const nameOf = (doc: ModuleDocument, name: string): string =>
  exportLabel(doc.analysis.exports.find((one) => one.name === name) ?? { name });

function proofs(doc: ModuleDocument, name: string, about: Diagnostic[]): CodeAction[] {
  const label = nameOf(doc, name);
  return [
    action(command(t("Stress test '{0}'", label), 'wasm-hazards.stressExport', doc.uri, name), about),
    action(
      command(t("Create a stress scenario for '{0}'", label), 'wasm-hazards.createScenario', doc.uri, name),
      about,
    ),
  ];
}

/** The finding about one export, then those of its rule in the whole file. */
function silences({ rule, exportName, key, fileKey }: DiagnosticData): Command[] {
  const file = command(t('Ignore {0} in this file', rule), 'wasm-hazards.ignoreFinding', fileKey);
  if (key === undefined || exportName === undefined) return [file];
  const label = exportLabel({ name: exportName });
  return [command(t("Ignore {0} for '{1}'", rule, label), 'wasm-hazards.ignoreFinding', key), file];
}

const aboutExport = (found: readonly Found[], name: string): Diagnostic[] =>
  found.filter(({ data }) => data.exportName === name).map(({ diagnostic }) => diagnostic);

/** Rules with the diagnostics that are about them, in the order of the diagnostics. */
function eachRule(found: readonly Found[]): [RuleId, Diagnostic[]][] {
  const rules = new Map<RuleId, Diagnostic[]>();
  for (const { diagnostic, data } of found) rules.set(data.rule, [...(rules.get(data.rule) ?? []), diagnostic]);
  return [...rules];
}

/** Names of the exports that reach an instruction at which something conflicts; none elsewhere. */
function conflictingHere(doc: ModuleDocument, { start }: TextRange): string[] {
  const { module, analysis, map } = doc;
  const offset = map.offsetAt(start.line, start.character);
  const func = offset === undefined ? undefined : functionAt(module, offset);
  if (offset === undefined || func === undefined) return [];
  const { effects } = effectsAt(module, analysis, func, offset);
  if (!effects.some((effect) => exportsAgainst(analysis, effect).length > 0)) return [];
  return exportsAtOffset(doc, offset).map((position) => analysis.exports[position].name);
}

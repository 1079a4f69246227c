/** Hover of a function: what it does to shared state, and which exports reach it. */

import { callersOfFunction, exportsThatReach } from '../../../../core/analysis/callers.ts';
import { exportsReaching } from '../../../../core/analysis/partners.ts';
import { linkText, sourceFunctionName, sourceFunctionSite } from '../../../../core/debug/sourceWords.ts';
import { exportHeadline } from '../../../../core/report/shown/standing.ts';
import { t } from '../../../../core/text/l10n.ts';
import { listOf, number, paragraph } from '../../../../core/text/phrases.ts';
import { exportLabel, functionName } from '../../../../core/wasm/displayNames.ts';
import { createIds } from '../../../../core/wasm/printer/ids.ts';
import { signatureText } from '../../../../core/wasm/printer/types.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { bullets, code, commandLink, paragraphs, prose } from '../markdown.ts';
import { effectLines, effectsWhere, exportLinks } from './pieces.ts';

const MAX_EFFECTS = 6;
const MAX_EXPORTS = 6;
const MAX_CALLERS = 4;

/** The hover in Markdown; undefined when the module has no function of that index. */
export function functionHover(doc: ModuleDocument, func: number): string | undefined {
  const { functions } = doc.module;
  if (func >= functions.typeIndex.length) return undefined;
  if (func < functions.imported) return importedHover(doc, func);
  const { lines, total } = effectLines(doc, func, MAX_EFFECTS);
  const more = total > lines.length ? [t('and {0} more effects', number(total - lines.length))] : [];
  return paragraphs([
    title(doc, func),
    declared(doc, func),
    doc.analysis.unknownFunctions.includes(func)
      ? t('Its body cannot be decoded, so the analysis assumes that it accesses everything.')
      : '',
    total === 0 ? t('Accesses no shared state.') : bullets([...lines, ...more], MAX_EFFECTS + 1),
    exportsText(doc, func),
    elisionLink(doc, func),
  ]);
}

/** An imported function: its calls are effects of the callers; nothing else is known about it. */
function importedHover(doc: ModuleDocument, func: number): string {
  const effects = effectsWhere(doc.analysis, ({ cell }) => cell.kind === 'host' && cell.index === func);
  const positions = exportsReaching(doc.analysis, effects);
  return paragraphs([
    title(doc, func),
    t('Runs in the host: its effects are unknown, and callers share it under every sharing model.'),
    positions.length === 0
      ? t('No export is known to call it concurrently.')
      : t('Reached by {0}.', exportLinks(doc, positions, MAX_EXPORTS)),
  ]);
}

function title(doc: ModuleDocument, func: number): string {
  const { module } = doc;
  const composite = module.types[module.functions.typeIndex[func]]?.composite;
  const signature = composite?.kind === 'func' ? signatureText(composite, createIds(module)).trim() : '';
  const kind = func < module.functions.imported ? t('imported function {0}', func) : t('function {0}', func);
  return `**${code(functionName(module, func))}** - ${kind}${signature === '' ? '' : ` ${code(signature)}`}`;
}

/** What the source calls it, and where; empty where that is not known. */
function declared({ module }: ModuleDocument, func: number): string {
  const site = sourceFunctionSite(module, func);
  return site === undefined
    ? ''
    : t('{0}, declared at {1}.', code(sourceFunctionName(module, func)), code(linkText(site)));
}

/** How it is exported, which exports reach it, who calls it. */
function exportsText(doc: ModuleDocument, func: number): string {
  const { analysis, module } = doc;
  const own = analysis.exports.flatMap((exported, position) => (exported.func === func ? [position] : []));
  const reaching = exportsThatReach(analysis, func).filter((position) => analysis.exports[position].func !== func);
  const { direct, indirect } = callersOfFunction(analysis, func, MAX_CALLERS + 1);
  const callers = [...new Set(direct)].map((caller) => code(functionName(module, caller)));
  if (indirect) callers.push(t('indirect calls'));
  const sentences = [
    ...own
      .slice(0, 1)
      .map((position) =>
        t('Exported as {0}: {1}.', code(exportLabel(analysis.exports[position])), prose(exportHeadline(doc, position))),
      ),
    reaching.length > 0 ? t('Reached by {0}.', exportLinks(doc, reaching, MAX_EXPORTS)) : '',
    callers.length > 0 ? t('Called by {0}.', listOf(callers, MAX_CALLERS)) : '',
    module.start?.func === func ? t('Runs at instantiation, before any export can be called.') : '',
  ].filter((sentence) => sentence !== '');
  return sentences.length > 0 ? paragraph(sentences) : t('No export reaches it.');
}

function elisionLink(doc: ModuleDocument, func: number): string {
  const { imported, bodyStart } = doc.module.functions;
  const start = func < imported ? 0 : bodyStart[func - imported];
  if (start === 0 || doc.map.elidedFunctionOf(start) === undefined) return '';
  return commandLink(t('Show body'), 'wasm-hazards.showBody', [doc.uri, func]);
}

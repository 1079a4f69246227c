/** Hover of an instruction: which shared state it touches, who conflicts there, which exports lead to it. */
import { exportsThatReach } from '../../../../core/analysis/callers.ts';
import { effectText } from '../../../../core/analysis/cellText.ts';
import { effectsAt } from '../../../../core/analysis/effectsAt.ts';
import { placeText } from '../../../../core/analysis/hazardText.ts';
import { exportsAgainst, hasOpponent } from '../../../../core/analysis/partners.ts';
import { shortVerdict } from '../../../../core/analysis/verdict/shortVerdict.ts';
import { sourceFunctionName } from '../../../../core/debug/sourceWords.ts';
import { siteNote } from '../../../../core/report/shown/siteNotes.ts';
import { t } from '../../../../core/text/l10n.ts';
import { listOf, number } from '../../../../core/text/phrases.ts';
import { type Instruction, readInstruction } from '../../../../core/wasm/immediates.ts';
import { ACCESS, Access, MNEMONIC } from '../../../../core/wasm/instructions.ts';
import type { ModuleDocument } from '../../documents/moduleDocument.ts';
import { exportsAtOffset } from '../exportsAt.ts';
import { bullets, code, commandLink, paragraphs, prose } from '../markdown.ts';
import { functionHover } from './functionHover.ts';
import { exportLinks, moduleLinks, moreActions } from './pieces.ts';

const MAX_EFFECTS = 4;
const MAX_EXPORTS = 6;
const MAX_CALLEES = 6;

/**
 * The hover of the instruction at byte `offset` in function `func`, in Markdown; that of a direct call is its callee's.
 * Undefined for instructions that neither call nor access shared state, and for undecodable ones.
 */
export function instructionHover(doc: ModuleDocument, func: number, offset: number): string | undefined {
  const { bytes } = doc.module;
  const instruction = readInstruction(bytes, offset, bytes.length);
  if (!('id' in instruction)) return undefined;
  switch (ACCESS[instruction.id]) {
    case Access.None:
      return undefined;
    case Access.Call:
      return functionHover(doc, instruction.values[0]);
    case Access.CallIndirect:
    case Access.CallRef:
      return indirectCallHover(doc, func, instruction);
    default:
      return accessHover(doc, func, instruction);
  }
}

const title = (doc: ModuleDocument, { id, start }: Instruction, text: string): string =>
  `${t('{0} at {1}', `**${code(MNEMONIC[id] ?? t('instruction'))}**`, prose(placeText(doc, start)))}${text === '' ? '' : ` - ${text}`}`;

function accessHover(doc: ModuleDocument, func: number, instruction: Instruction): string | undefined {
  const { analysis, module } = doc;
  const { effects, exact } = effectsAt(module, analysis, func, instruction.start);
  if (effects.length === 0) return undefined;
  // The extent of a memory comes after what is done in it.
  const shown = [...effects].sort((a, b) => Number(isExtentRead(doc, a)) - Number(isExtentRead(doc, b)));
  const own = new Set(exportsThatReach(analysis, func).map((position) => analysis.exports[position].name));
  const note = (position: number): string | undefined =>
    siteNote(doc.shown, own, analysis.exports[position].name, instruction.start)?.text;
  const lines = shown.map((effect) => {
    const partners = exportsAgainst(analysis, effect);
    const against =
      partners.length === 0
        ? t('no conflict found')
        : t('conflicts with {0}', exportLinks(doc, partners, MAX_EXPORTS, note));
    return `${prose(effectText(module, analysis.effects[effect]))}: ${against}`;
  });
  return paragraphs([
    title(doc, instruction, exact ? '' : t('one of these accesses')),
    bullets(lines, MAX_EFFECTS),
    shown.some((effect) => hasOpponent(analysis, effect)) ? whatToDo(doc, instruction.start) : '',
    reachedBy(doc, func),
  ]);
}

/** In general, for the calls that lead to the instruction; the first of them can be stress tested. */
function whatToDo(doc: ModuleDocument, offset: number): string {
  const { remedy } = shortVerdict(doc.module, doc.analysis);
  const text = remedy === undefined ? '' : `**${t('What to do:')}** ${prose(remedy)} `;
  const [position] = exportsAtOffset(doc, offset);
  const stress =
    position === undefined
      ? []
      : [commandLink(t('Stress test'), 'wasm-hazards.stressExport', [doc.uri, doc.analysis.exports[position].name])];
  return `${text}${[...stress, ...moduleLinks(doc), ...moreActions(doc, offset)].join(' | ')}`;
}

const isExtentRead = (doc: ModuleDocument, effect: number): boolean =>
  doc.analysis.effects[effect].cell.kind === 'memory.grow';

function indirectCallHover(doc: ModuleDocument, func: number, instruction: Instruction): string {
  const { graph } = doc.analysis;
  const callees = new Set<number>();
  let known = true;
  for (let edge = graph.start[func]; edge < graph.start[func + 1]; edge++) {
    const node = graph.target[edge];
    // Rows keep the first call of each kind: a later one has the same table and type.
    if (node < graph.functions || !isSameCall(doc, node - graph.functions, instruction)) continue;
    if (graph.virtual[node - graph.functions].kind === 'host-unknown') known = false;
    for (let row = graph.start[node]; row < graph.start[node + 1]; row++) callees.add(graph.target[row]);
  }
  const names = [...callees]
    .filter((callee) => callee < graph.functions)
    .map((callee) => code(sourceFunctionName(doc.module, callee)));
  return paragraphs([
    title(doc, instruction, calleesText(names.length, known)),
    names.length > 0 ? t('Can call {0}.', listOf(names, MAX_CALLEES)) : '',
    reachedBy(doc, func),
  ]);
}

/** How many functions an indirect call may reach; not `known`: and code that the analysis does not see. */
function calleesText(count: number, known: boolean): string {
  if (known) return count === 1 ? t('1 possible callee by type') : t('{0} possible callees by type', number(count));
  return count === 1
    ? t('1 possible callee by type, and unknown code')
    : t('{0} possible callees by type, and unknown code', number(count));
}

function isSameCall(doc: ModuleDocument, virtual: number, { id, values }: Instruction): boolean {
  const { table, type } = doc.analysis.graph.virtual[virtual];
  if (ACCESS[id] === Access.CallRef) return table === -1 && type === values[0];
  return table === values[1] && type === values[0];
}

function reachedBy(doc: ModuleDocument, func: number): string {
  const positions = exportsThatReach(doc.analysis, func);
  return positions.length === 0
    ? t('No export reaches it.')
    : t('Reached by {0}.', exportLinks(doc, positions, MAX_EXPORTS));
}

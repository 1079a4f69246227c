/** DWARF as a layer: in the module itself, or in a file of its own that the module names. */

import { displayable } from '../harmless/names.ts';
import { t } from '../text/l10n.ts';
import { decodeModule } from '../wasm/decode.ts';
import type { Module, Section } from '../wasm/module.ts';
import { dwarfOf } from './dwarf/dwarf.ts';
import { halfInPackage } from './dwarf/package.ts';
import type { Skeleton } from './dwarf/skeleton.ts';
import { emptyLayer, type Layer } from './layer.ts';
import type { ReadSideFile, SideReference } from './sideFiles.ts';
import type { Steps } from './steps.ts';

const CODE = 10;

/** The DWARF in the module; undefined where there is none. `from`: the module with the sections, if that is another one. */
export function dwarfLayer(module: Module, read: ReadSideFile, from: Module = module): Layer | undefined {
  let inPackage: Module | null | undefined;
  const info = dwarfOf(module, from, (skeleton) => {
    if (inPackage === undefined) inPackage = packageOf(read) ?? null;
    const packed = inPackage && skeleton.id !== undefined ? halfInPackage(inPackage, skeleton.id) : undefined;
    if (packed !== undefined) return { half: packed };
    const reference = halfReference(skeleton);
    const found = read(reference);
    if ('problem' in found) return found;
    const half = decodeModule(found.bytes, { ownStructureOnly: true });
    return half.kind === 'module' ? { half } : { problem: t('{0} is not a module', displayable(reference.name)) };
  });
  if (info === undefined) return undefined;
  return {
    origin: 'dwarf',
    hasLines: debugSections(from).has('.debug_line'),
    placeOf: (offset) => info.placeOf(offset),
    variableAt: (address, memory) => info.variableAt(address, memory),
    functionAt: (index) => info.functionAt(index),
    offsetsOf: (file, line) => info.offsetsOf(file, line),
    files: () => info.files(),
    problems: () => info.problems(),
    contentOf: () => undefined,
    prepare: () => info.prepare(),
  };
}

/** The files with the other halves of the units of a module. Reads the first entry of each unit. */
export function halfReferences(module: Module): SideReference[] {
  // Halves have lists of addresses in the module.
  if (!module.sections.some(({ id, name }) => id === 0 && name === '.debug_addr')) return [];
  const halves = (dwarfOf(module)?.halves() ?? []).map(halfReference);
  return halves.length === 0 ? [] : [PACKAGE, ...halves];
}

/** Its name is that of the module's file, which only the reader knows. */
const PACKAGE: SideReference = { kind: 'split-package', name: '.dwp', section: '.debug_info', offset: 0 };

/** Most modules have none. */
function packageOf(read: ReadSideFile): Module | undefined {
  const found = read(PACKAGE);
  const file = 'bytes' in found ? decodeModule(found.bytes, { ownStructureOnly: true }) : undefined;
  return file?.kind === 'module' ? file : undefined;
}

/** Relative to the module, beside it, and where the compiler wrote it. */
function halfReference({ file, directory }: Pick<Skeleton, 'file' | 'directory'>): SideReference {
  const last = file.split(/[\\/]/).at(-1) ?? file;
  const built = directory === undefined ? [] : [`${directory}/${file}`];
  return { kind: 'split-unit', name: file, also: [last, ...built], section: '.debug_info', offset: 0 };
}

const debugSections = ({ sections }: Module): ReadonlySet<string> =>
  new Set(sections.flatMap(({ id, name, start, end }) => (id === 0 && end > start ? [name] : [])));

/**
 * The DWARF in the file that section `external_debug_info` names: a copy of the module from before it was stripped
 * (Emscripten's `-gseparate-dwarf`), or its debug sections alone. One that does not belong to the
 * module knows nothing, and its problem says why.
 */
export function* externalLayer(module: Module, { section, ...rest }: SideReference, read: ReadSideFile): Steps<Layer> {
  const problem = (message: string): Layer => emptyLayer({ message, section, offset: 0 });
  const found = read({ section, ...rest });
  if ('problem' in found) return problem(found.problem);
  yield;
  const other = decodeModule(found.bytes, { ownStructureOnly: true });
  yield;
  const layer = other.kind === 'module' ? dwarfLayer(module, read, other) : undefined;
  if (layer === undefined) return problem(t('the file with the debug information is not a module with DWARF sections'));
  if (isSameBuild(module, other)) return layer;
  return problem(t('the file with the debug information belongs to another build of the module'));
}

const codeOf = ({ sections }: Module): Section | undefined => sections.find(({ id }) => id === CODE);

/** Whether the code is the same, byte for byte: addresses of other code would give wrong lines. */
function isSameBuild(module: Module, other: Module): boolean {
  const [own, copy] = [codeOf(module), codeOf(other)];
  if (own === undefined || copy === undefined) return own !== undefined && mayBeSameBuild(module, other);
  if (own.end - own.start !== copy.end - copy.start) return false;
  for (let at = own.start, to = copy.start; at < own.end; at++, to++)
    if (module.bytes[at] !== other.bytes[to]) return false;
  return true;
}

/** Debug sections alone have nothing to compare but the identity of the build, where both files have one. */
function mayBeSameBuild(module: Module, other: Module): boolean {
  const [own, copy] = [module, other].map(({ bytes, sections }) => {
    const section = sections.find(({ id, name }) => id === 0 && name === 'build_id');
    return section && bytes.slice(section.start, section.end).join();
  });
  return own === undefined || copy === undefined || own === copy;
}

/** All presets, and which of them fit a module. */

import { sourceImport } from '../../../analysis/host/sourceImport.ts';
import { t } from '../../../text/l10n.ts';
import { sourceName } from '../../../wasm/displayNames.ts';
import type { Module } from '../../../wasm/module.ts';
import type { PresetChoice, PresetId } from '../../scenario/presetIds.ts';
import type { FunctionType } from '../declaredEffects.ts';
import { assemblyScript } from './assemblyScript.ts';
import { emscripten } from './emscripten.ts';
import { extismKernel } from './extism.ts';
import { gojs } from './gojs.ts';
import { httpWasm } from './httpWasm.ts';
import type { Preset } from './preset.ts';
import { proxyWasm } from './proxyWasm.ts';
import { wasmBindgen } from './wasmBindgen.ts';

const PRESETS: Readonly<Record<PresetId, Preset>> = {
  'http-wasm': httpWasm,
  'proxy-wasm': proxyWasm,
  extism: extismKernel,
  'wasm-bindgen': wasmBindgen,
  emscripten,
  assemblyscript: assemblyScript,
  gojs,
};

/** The presets of a choice, in a fixed order. */
export function presetsOf(module: Module, choice: PresetChoice): Preset[] {
  const all = Object.values(PRESETS);
  if (choice === 'auto') return all.filter((preset) => fits(preset, module));
  return all.filter(({ id }) => choice.includes(id));
}

/** Why a preset does not fit a module; undefined if it does. */
export function fitting(preset: Preset, module: Module): string | undefined {
  if (fits(preset, module)) return undefined;
  const others = Object.values(PRESETS).filter((other) => fits(other, module));
  const hint = others.length === 0 ? t('no preset fits it') : t('{0} would fit', others.map(({ id }) => id).join(', '));
  return t('the preset {0} does not fit the module, which imports none of its functions; {1}', preset.id, hint);
}

const fits = (preset: Preset, module: Module): boolean => imports(module, preset.recognises);

const imports = (module: Module, which: Preset['recognises'] | undefined): boolean =>
  which !== undefined &&
  module.imports.some((one) => {
    if (one.kind !== 'func') return false;
    const source = sourceImport(one);
    return which(source.module, source.name, functionType(module, one.index));
  });

function functionType(module: Module, func: number): FunctionType {
  const type = module.types[module.functions.typeIndex[func]]?.composite;
  return type?.kind === 'func' ? type : { params: [], results: [] };
}

/** Indices of the functions that the presets of a scenario can call. */
export function calledByPresets(module: Module, choice: PresetChoice): number[] {
  return presetsOf(module, choice).flatMap(({ calls }) => {
    if (calls === undefined) return [];
    const exported = module.exports
      .filter((one) => one.kind === 'func' && calls.exports.includes(sourceName(one)))
      .map(({ index }) => index);
    const inTables = imports(module, calls.throughTable)
      ? module.elements.flatMap(({ functions }) => [...(functions ?? [])])
      : [];
    return [...exported, ...inTables.filter((func) => func >= module.functions.imported)];
  });
}

/** Whether the presets of a scenario grow the module's memory. */
export const presetsGrow = (module: Module, choice: PresetChoice): boolean =>
  presetsOf(module, choice).some(({ grows }) => imports(module, grows));

/** Names of the presets of a scenario whose functions, as the module imports them, work on state that callers share. */
export const sharingPresets = (module: Module, choice: PresetChoice): PresetId[] =>
  presetsOf(module, choice).flatMap(({ id, shares }) => (imports(module, shares) ? [id] : []));

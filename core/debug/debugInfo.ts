/**
 * What is known of the source of a module, from all that may know it, in this order: DWARF in the module, DWARF in the file
 * that `external_debug_info` names, the source map, symbol maps and the name section. Nothing is read before a question
 * needs it.
 */
import type { Module } from '../wasm/module.ts';
import { dwarfLayer, externalLayer, halfReferences } from './dwarfLayer.ts';
import type { Layer } from './layer.ts';
import { mapInfo } from './mapInfo.ts';
import type { DebugInfo, DebugOrigin, DebugProblem, SourceFunction, SourceLine, SourceVariable } from './model.ts';
import { shownFunction, shownLine, shownPath, shownVariable } from './names.ts';
import {
  NO_SIDE_FILES,
  type ReadSideFile,
  type SideFileKind,
  type SideReference,
  sideReferences,
} from './sideFiles.ts';
import { allSteps, type Steps } from './steps.ts';
import { symbolInfo } from './symbolInfo.ts';

/** The debug information of a module, whichever kind it is. */
export interface ModuleDebugInfo extends DebugInfo {
  /** Text of one of `files` when the module was built; undefined where the build did not keep it. */
  contentOf(file: string): string | undefined;
  /** Does in steps of a few milliseconds what the first questions would do at once: for whoever must not keep others waiting. */
  prepare(): Steps<void>;
}

/** Whether there is anything to read: sections with DWARF, or names of files with debug information. */
export const mayHaveSource = (module: Module): boolean =>
  dwarfLayer(module, NO_SIDE_FILES) !== undefined || sideReferences(module).length > 0;

/** The files that questions about a module will need: none but the other halves of units where the module has its lines. */
export function neededFiles(module: Module): SideReference[] {
  const halves = halfReferences(module);
  return dwarfLayer(module, NO_SIDE_FILES)?.hasLines === true ? halves : [...halves, ...sideReferences(module)];
}

/**
 * The debug information of a module. `read` gives the contents of the files that it names; each is asked for at most once.
 * All names and paths are harmless: they can be shown as they are.
 */
export function debugInfoOf(module: Module, read: ReadSideFile = NO_SIDE_FILES): ModuleDebugInfo {
  const references = sideReferences(module);
  const named = (kind: SideFileKind, layer: typeof mapInfo): MakeLayer[] =>
    references.filter((one) => one.kind === kind).map((one) => () => layer(module, one, read));
  const own = dwarfLayer(module, read);
  return new Layered([
    ...(own === undefined ? [] : [() => made(own)]),
    ...named('debug-module', externalLayer),
    ...named('source-map', mapInfo),
    () => made(symbolInfo(module)),
  ]);
}

/** Reads what a layer needs. */
type MakeLayer = () => Steps<Layer>;

// biome-ignore lint/correctness/useYield: what is there already needs no steps.
function* made(layer: Layer): Steps<Layer> {
  return layer;
}

/** Layers that are made when they are first asked. The last one has no lines. */
class Layered implements ModuleDebugInfo {
  readonly #make: readonly MakeLayer[];
  readonly #made: Layer[] = [];
  #files: readonly string[] | undefined;
  /** By path as it is shown, where that differs. */
  readonly #written = new Map<string, string>();

  constructor(make: readonly MakeLayer[]) {
    this.#make = make;
  }

  get origin(): DebugOrigin {
    return this.#lines().origin;
  }

  placeOf(offset: number): SourceLine | undefined {
    const place = this.#lines().placeOf(offset);
    return place && shownLine(place);
  }

  variableAt(address: number, memory?: number): SourceVariable | undefined {
    const found = this.#first((layer) => layer.variableAt(address, memory));
    return found && shownVariable(found);
  }

  functionAt(index: number): SourceFunction | undefined {
    const found = this.#first((layer) => layer.functionAt(index));
    return found && shownFunction(found);
  }

  offsetsOf(file: string, line: number): readonly number[] {
    return this.#lines().offsetsOf(this.#asWritten(file), line);
  }

  files(): readonly string[] {
    this.#files ??= this.#lines()
      .files()
      .map((file) => {
        const shown = shownPath(file);
        if (shown !== file) this.#written.set(shown, file);
        return shown;
      });
    return this.#files;
  }

  contentOf(file: string): string | undefined {
    return this.#lines().contentOf(this.#asWritten(file));
  }

  *prepare(): Steps<void> {
    for (let at = 0; at < this.#make.length; at++) {
      this.#made[at] ??= yield* this.#make[at]();
      if (this.#made[at].hasLines) break;
    }
    yield* this.#lines().prepare();
    this.files();
  }

  problems(): readonly DebugProblem[] {
    return this.#made.flatMap((layer) => layer.problems());
  }

  #asWritten(file: string): string {
    this.files();
    return this.#written.get(file) ?? file;
  }

  /** The first layer with lines, else the last one: lines of two kinds are never mixed. */
  #lines(): Layer {
    const last = this.#make.length - 1;
    for (let at = 0; at < last; at++) if (this.#layer(at).hasLines) return this.#layer(at);
    return this.#layer(last);
  }

  /** The first answer, of the layers up to the one with lines, then of the last one. */
  #first<T>(ask: (layer: Layer) => T | undefined): T | undefined {
    const last = this.#make.length - 1;
    for (let at = 0; at < last; at++) {
      const layer = this.#layer(at);
      const found = ask(layer);
      if (found !== undefined) return found;
      if (layer.hasLines) break;
    }
    return ask(this.#layer(last));
  }

  #layer(at: number): Layer {
    this.#made[at] ??= allSteps(this.#make[at]());
    return this.#made[at];
  }
}

/** Source lines of a module from the source map that it names. */
import { functionAt } from '../text/moduleItems.ts';
import { decodeLossy } from '../wasm/cursor.ts';
import type { Module } from '../wasm/module.ts';
import { Declarations } from './declarations.ts';
import { emptyLayer, type Layer } from './layer.ts';
import { spelledName } from './names.ts';
import type { ReadSideFile, SideReference } from './sideFiles.ts';
import { type MappedSource, sourceMapSteps } from './sourceMap.ts';
import type { Steps } from './steps.ts';

/** Reads the map. One that cannot be used knows nothing, and its problem says why. */
export function* mapInfo(module: Module, reference: SideReference, read: ReadSideFile): Steps<Layer> {
  const found = read(reference);
  const map =
    'problem' in found
      ? found
      : yield* sourceMapSteps(decodeLossy(found.bytes.slice()), module, inlineName(reference.name));
  if (!('problem' in map)) return layerOf(map, module);
  return emptyLayer({ message: map.problem, section: reference.section, offset: 0 });
}

/** A data URL has no name that says anything. */
const inlineName = (name: string): string => (name.length > 4096 ? '' : name);

function layerOf(map: MappedSource, module: Module): Layer {
  const assemblyScript = map.files.some((file) => file.startsWith('~lib/'));
  const nameOf = (func: number | undefined): string | undefined => {
    const name = func === undefined ? undefined : module.names.functions.get(func);
    return name ? spelledName(name, assemblyScript) : undefined;
  };
  const indices = new Map(map.files.map((file, index) => [file, index]));
  const declaring = assemblyScript ? map.files : [];
  const declarations = new Declarations(new Map(declaring.map((file, source) => [file, () => map.contentOf(source)])));
  return {
    ...emptyLayer(),
    origin: 'source-map',
    hasLines: true,
    placeOf(offset) {
      const place = map.at(offset);
      if (place === undefined) return undefined;
      const name = nameOf(functionAt(module, offset));
      const { source, line, column } = place;
      return { file: map.files[source], line, column, ...(name !== undefined && { function: name }) };
    },
    functionAt(index) {
      const name = nameOf(index);
      return name === undefined ? undefined : { name, ...declarations.of(module.names.functions.get(index) ?? '') };
    },
    offsetsOf(file, line) {
      const source = indices.get(file);
      return source === undefined ? [] : map.offsetsOf(source, line);
    },
    files: () => map.used(),
    contentOf(file) {
      const source = indices.get(file);
      return source === undefined ? undefined : map.contentOf(source);
    },
  };
}

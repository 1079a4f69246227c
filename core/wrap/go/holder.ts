/** Go, wazero: what packages that hold instances have in common, be it in a pool or behind a lock. */

import { type ModuleBlocks, moduleBlocks } from '../blocks/blocks.ts';
import type { WrapInput } from '../wrapInput.ts';
import { bytesHelpers } from './bytes.ts';
import type { GoCode } from './doc.ts';
import { goExportTable } from './exportTable.ts';
import { hasImports, importDefinitions } from './hostModules.ts';
import { hostModule, importsCheck, importsParameter } from './imports.ts';
import { methodNames } from './methods.ts';
import { type GoNames, goNames } from './names.ts';
import { goOptions } from './options.ts';
import { type GoStart, goStart } from './start.ts';

/** What the code that holds instances depends on. */
export interface HolderParts {
  names: GoNames;
  /** Each instance has a runtime of its own. */
  ownRuntime: boolean;
  start: GoStart;
  /** The module imports anything; it imports functions that the caller gives. */
  defines: boolean;
  functions: boolean;
  /** The constructor's parameter for them, and the check that it is given. */
  parameter: string;
  check: string;
}

/** How a holder differs from others. */
interface HolderForm {
  kind: 'pool' | 'lock';
  ownRuntime: boolean;
  /** Methods that no export may have. */
  reserved: readonly string[];
  /** Several instances have a memory in common. */
  sharesMemory: boolean;
}

/** The code beside the holder itself, and the parts that the holder is made of. */
interface Holder {
  names: GoNames;
  bytes: ModuleBlocks;
  methods: ReturnType<typeof methodNames>;
  options: GoCode;
  table: GoCode;
  helpers: GoCode;
  start: GoStart;
  define: GoCode;
  parts: HolderParts;
}

/** Names, helpers and imports of a module's package. */
export function goHolder(input: WrapInput, { kind, ownRuntime, reserved, sharesMemory }: HolderForm): Holder {
  const { surface } = input;
  const names = goNames(input);
  const bytes = moduleBlocks(input);
  const methods = methodNames(surface, names, reserved, bytes.calls);
  const start = goStart(input, names, sharesMemory);
  const defines = hasImports(surface);
  const functions = surface.functions.length > 0;
  const define = defines
    ? importDefinitions(surface, {
        define: names.local('defineImports'),
        instantiateState: names.local('instantiateState'),
        stateModule: names.local('stateModule'),
        parameters: functions ? `, imports ${names.imports}` : '',
        functions: (builder, hostName, _, own) => hostModule(builder, hostName, own, surface),
      })
    : { text: '', imports: [] };
  return {
    names,
    bytes,
    methods,
    options: goOptions(input, names, kind === 'pool' ? names.make('Pool') : names.newGuarded),
    table: goExportTable(surface.exports, methods, names),
    helpers: bytesHelpers(bytes, methods, names),
    start,
    define,
    parts: {
      names,
      ownRuntime,
      start,
      defines,
      functions,
      parameter: importsParameter(surface, names),
      check: importsCheck(surface, names),
    },
  };
}

/** Lines that make the runtime of a holder, define the imports there, and compile the module. */
export const openRuntime = ({ names, defines, functions }: HolderParts, receiver: string): string =>
  `	${receiver}.runtime = ${receiver}.options.newRuntime(ctx)
	var err error
${
  defines
    ? `	if err = ${names.local('defineImports')}(ctx, ${receiver}.runtime${functions ? ', imports' : ''}); err != nil {
		return err
	}
`
    : ''
}	if ${receiver}.compiled, err = ${receiver}.runtime.CompileModule(ctx, wasm); err != nil {
		return err
	}
	if err = ${names.local('checkExports')}(${receiver}.compiled); err != nil {
		return err
	}
`;

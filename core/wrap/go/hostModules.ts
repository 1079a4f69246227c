/** Go: the function that defines everything that a module imports in a runtime. */
import { commentLines, goString, nameInComment } from '../../harmless/code.ts';
import type { FunctionImport, StateImport, Surface } from '../surface.ts';
import { type GoCode, goDoc } from './doc.ts';
import { endsInstance, WASI_THAT_STAYS } from './life.ts';
import { WAZERO } from './parts.ts';
import { stateModule } from './stateModule.ts';

/** Names of the declarations, and how functions are defined. */
export interface DefinitionForm {
  define: string;
  instantiateState: string;
  stateModule: string;
  /** Further parameters of the function `define`. */
  parameters: string;
  /** Lines that define the functions of one module with a builder; `hostName` differs from `name` where it has state. */
  functions(builder: string, hostName: string, name: string, functions: readonly FunctionImport[]): string;
}

/** Whether the module imports anything. */
export const hasImports = (surface: Surface): boolean =>
  surface.wasi || surface.functions.length > 0 || surface.state.length > 0;

const WASI = `	if _, err := wasi_snapshot_preview1.Instantiate(ctx, r); err != nil {
		return err
	}
`;

/** The function `define`, and the modules that it needs for imported state. */
export function importDefinitions(surface: Surface, form: DefinitionForm): GoCode {
  const imports: string[] = ['context', WAZERO];
  const parts: string[] = [];
  if (surface.wasi) {
    imports.push(`${WAZERO}/imports/wasi_snapshot_preview1`);
    if (endsInstance(surface)) imports.push(`${WAZERO}/api`, `${WAZERO}/sys`);
    parts.push(endsInstance(surface) ? WASI_THAT_STAYS : WASI);
  }
  const modules = [...new Set([...surface.functions, ...surface.state].map(({ module }) => module))];
  const stateTexts: string[] = [];
  modules.forEach((name, i) => {
    const functions = surface.functions.filter(({ module }) => module === name);
    const state = surface.state.filter(({ module }) => module === name);
    const builder = modules.length === 1 ? 'host' : `host${i}`;
    // wazero makes memories, tables and globals from WebAssembly only; functions of the same name pass through.
    const hostName = state.length > 0 ? `${name}.functions` : name;
    if (functions.length > 0) {
      parts.push(form.functions(builder, hostName, name, functions));
      imports.push(`${WAZERO}/api`);
    }
    if (state.length > 0) {
      const variable = modules.length === 1 ? form.stateModule : `${form.stateModule}${i}`;
      parts.push(`	// Memories, tables and globals of ${nameInComment(name)}.
	if err := ${form.instantiateState}(ctx, r, ${variable}, ${goString(name)}); err != nil {
		return err
	}
`);
      stateTexts.push(stateText(variable, name, stateModule(hostName, functions, state), state));
    }
  });
  const text = `
${goDoc(`${form.define} defines everything that the module imports in a runtime.`)}
func ${form.define}(ctx context.Context, r wazero.Runtime${form.parameters}) error {
${parts.join('')}	return nil
}
${stateTexts.length === 0 ? '' : instantiateState(form.instantiateState)}${stateTexts.join('')}`;
  return { text, imports };
}

const instantiateState = (name: string): string => `
${goDoc(
  `${name} compiles and instantiates in two steps: closing a module that InstantiateWithConfig made removes its code from the compilation cache, which other runtimes still use.`,
)}
func ${name}(ctx context.Context, r wazero.Runtime, wasm []byte, name string) error {
	compiled, err := r.CompileModule(ctx, wasm)
	if err != nil {
		return err
	}
	_, err = r.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithName(name))
	return err
}
`;

function stateList(state: readonly StateImport[]): string {
  const names = state.slice(0, 4).map(({ kind, name }) => `${kind} ${nameInComment(name)}`);
  return `${names.join(', ')}${state.length > 4 ? ` and ${state.length - 4} more` : ''}`;
}

function stateText(variable: string, name: string, bytes: Uint8Array, state: readonly StateImport[]): string {
  const rows: string[] = [];
  for (let i = 0; i < bytes.length; i += 12) {
    const row = [...bytes.subarray(i, i + 12)].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`);
    rows.push(`\t${row.join(', ')},`);
  }
  const sentence = `${variable} is a WebAssembly module that defines and exports the state that is imported from ${nameInComment(name)}: ${stateList(state)}. In wazero only a WebAssembly module can define these. Globals are zero and tables are empty: if a linker or a main module provides values, use that module in place of this one.`;
  const comment = commentLines([sentence]).join('\n');
  return `
${comment}
var ${variable} = []byte{
${rows.join('\n')}
}
`;
}

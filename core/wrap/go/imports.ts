/** Go: the interface of the functions that the module imports, and the host modules that pass them to it. */

import { goString, nameInComment } from '../../harmless/code.ts';
import { Identifiers } from '../identifiers.ts';
import { functionTypeText } from '../signature.ts';
import type { FunctionImport, Surface } from '../surface.ts';
import { goDoc, goInnerDoc } from './doc.ts';
import type { GoNames } from './names.ts';
import { GO_TYPES, goParameters } from './parts.ts';

/** Names of the methods of the interface, by import. */
export function importMethods({ functions }: Surface): Map<FunctionImport, string> {
  const scope = new Identifiers('Pascal', []);
  return new Map(functions.map((one, i) => [one, scope.claim(`${one.module}_${one.name}`, `import ${i}`)]));
}

/** Parameters of a constructor that follow the module: `imports Imports, `, where there are any. */
export const importsParameter = ({ functions }: Surface, { imports }: GoNames): string =>
  functions.length > 0 ? `imports ${imports}, ` : '';

/** Lines of a constructor that refuse a nil interface. */
export const importsCheck = ({ functions }: Surface, { package: prefix, imports }: GoNames): string =>
  functions.length > 0
    ? `	if imports == nil {
		return nil, errors.New(${goString(`${prefix}: the ${imports} are nil`)})
	}
`
    : '';

/** The interface; empty where the module imports no functions beside those of WASI. `owner`: whose instances call it. */
export function goImportsInterface(surface: Surface, names: GoNames, owner: 'pool' | 'lock'): string {
  if (surface.functions.length === 0) return '';
  const methods = importMethods(surface);
  const rows = surface.functions.map((one) => {
    const method = methods.get(one) ?? '';
    const label = `${nameInComment(one.module)}.${nameInComment(one.name)}`;
    const params = goParameters(one.params.map((type, i) => ({ name: `p${i}`, type: GO_TYPES[type] })));
    const types = one.results.map((type) => GO_TYPES[type]);
    const results = types.length === 0 ? '' : types.length === 1 ? ` ${types[0]}` : ` (${types.join(', ')})`;
    return `${goInnerDoc(`${method} is the import ${label}, ${functionTypeText(one)}.`)}
	${method}(ctx context.Context, mod api.Module${params})${results}
`;
  });
  const concurrent =
    owner === 'pool'
      ? 'All instances of the pool call them, at the same time: they must be safe for concurrent use.'
      : 'One call of the module runs at a time, but after Reset another instance makes them.';
  return `${goDoc(
    `${names.imports} are the functions that the module imports. ${concurrent}`,
    `The context is that of the call into the module, and mod is the instance that calls: mod.Memory() is its memory. A function that calls back into the module calls mod.ExportedFunction(name), which returns a new function object each time; the methods of ${names.instance} are in use. To end the call into the module with an error, panic with the error: the caller gets it wrapped.`,
  )}
type ${names.imports} interface {
${rows.join('\n')}}
`;
}

/** Lines that define the functions of one module in `r`; `result`: what to return on an error. */
export function hostModule(builder: string, hostName: string, functions: readonly FunctionImport[], surface: Surface) {
  const methods = importMethods(surface);
  const rows = functions.map(
    (one) =>
      `	${builder}.NewFunctionBuilder().WithFunc(imports.${methods.get(one) ?? ''}).Export(${goString(one.name)})\n`,
  );
  return `	${builder} := r.NewHostModuleBuilder(${goString(hostName)})
${rows.join('')}	if _, err := ${builder}.Instantiate(ctx); err != nil {
		return err
	}
`;
}

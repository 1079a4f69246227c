/** Go: the table of the exports that have methods, and the check that a module has them. */
import { goString } from '../../harmless/code.ts';
import { functionTypeText } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import { type GoCode, goDoc } from './doc.ts';
import type { GoNames } from './names.ts';
import { WAZERO } from './parts.ts';

/** Constants, the table, and the function `checkExports`. */
export function goExportTable(
  exports: readonly WrapExport[],
  methods: ReadonlyMap<WrapExport, { constant: string }>,
  names: GoNames,
): GoCode {
  const table = names.local('exports');
  const constants = exports.map((one) => methods.get(one)?.constant ?? '');
  const first = constants.map((name, i) => `\t${name}${i === 0 ? ' = iota' : ''}`).join('\n');
  const rows = exports.map((one) => `\t{${goString(one.name)}, ${goString(functionTypeText(one))}},`);
  const text = `${goDoc(`Places in ${table}.`)}
const (
${first}
)

${goDoc(`${table} are the functions of the module that have methods here, with their types.`)}
var ${table} = [...]struct{ name, signature string }{
${rows.join('\n')}
}

${goDoc(`${names.local('checkExports')} compares the module with the one that this code was generated for.`)}
func ${names.local('checkExports')}(compiled wazero.CompiledModule) error {
	found := compiled.ExportedFunctions()
	for _, want := range ${table} {
		definition := found[want.name]
		if definition == nil {
			return fmt.Errorf("%w: it exports no function %q", ${names.error('WrongModule')}, want.name)
		}
		if got := ${names.local('signature')}(definition); got != want.signature {
			return fmt.Errorf("%w: the type of %q is %s, not %s", ${names.error('WrongModule')}, want.name, got, want.signature)
		}
	}
	return nil
}

func ${names.local('signature')}(definition api.FunctionDefinition) string {
	list := func(types []api.ValueType) string {
		texts := make([]string, len(types))
		for n, t := range types {
			texts[n] = api.ValueTypeName(t)
		}
		return strings.Join(texts, ", ")
	}
	results := list(definition.ResultTypes())
	if len(definition.ResultTypes()) != 1 {
		results = "(" + results + ")"
	}
	return "(" + list(definition.ParamTypes()) + ") -> " + results
}
`;
  return { text, imports: ['fmt', 'strings', WAZERO, `${WAZERO}/api`] };
}

/** Python: the class with a method for each export. */
import { CLASS_TEXT } from '../../analysis/classText.ts';
import { parameterNames } from '../parameters.ts';
import { functionTypeText } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import {
  type ClassNames,
  docName,
  docstring,
  PARAMETER_RESERVED,
  pyList,
  pyNames,
  pyType,
  resultType,
  stringItem,
} from './parts.ts';

/** Source of the class that an instance and its owner derive from, and of the conversion that its methods use. */
export function exportsClass({ surface, moduleFile }: WrapInput, classes: ClassNames): string {
  const names = pyNames(surface);
  const methods = surface.exports.map((one) => method(names.get(one) ?? '', one));
  return `${INTEGERS}
class ${classes('_Exports')}:
${docstring('    ', `The exports of ${docName(moduleFile)}.`, ['An i32 or i64 is an int: signed as a result, of either sign as an argument.'])}

    def _call(self, name: str, *args: int | float) -> Any:
        raise NotImplementedError

${methods.join('\n')}`;
}

/** The package cuts integers to their size without a word. */
const INTEGERS = `def _integer(value: int, bits: int) -> int:
    """Check that a value fits into the bits, signed or unsigned."""
    value = operator.index(value)
    if not -(1 << bits - 1) <= value < 1 << bits:
        raise OverflowError(f"{value} does not fit into {bits} bits")
    return value

`;

function method(name: string, one: WrapExport): string {
  const names = parameterNames(one.names, 'snake', PARAMETER_RESERVED);
  const params = one.params.map((type, i) => `${names[i]}: ${pyType(type)}`);
  const args = one.params.map((type, i) =>
    type.startsWith('i') ? `_integer(${names[i]}, ${type.slice(1)})` : `float(${names[i]})`,
  );
  const items = [stringItem('            ', one.name), ...args];
  const type = resultType(one);
  const variable = one.results.length > 1 ? 'results' : 'result';
  const body =
    type === 'None'
      ? pyList('        ', 'self._call(', items, ')')
      : `${pyList('        ', `${variable}: ${type} = self._call(`, items, ')')}\n        return ${variable}`;
  return `${pyList('    ', `def ${name}(`, ['self', ...params], `) -> ${type}:`)}
${docstring('        ', `Call the export ${docName(one.name)}.`, [], `${functionTypeText(one)}: ${CLASS_TEXT[one.class]}.`)}
${body}
`;
}

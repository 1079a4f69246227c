/**
 * Objects that a plan makes up: an export reads something structured from an address, and no export is known that makes
 * such a thing. The calls are real, but what they work on is none of what the module's users pass.
 */
import { pointerParameters, type Role, type Usage, type UsageFacts } from './roles.ts';

/** Whether a call of the export at a position gets an object that was made up. */
export function isGuessed({ analysis, useOf }: UsageFacts, position: number, { roles }: Usage): boolean {
  const { func } = analysis.exports[position];
  const { parameters } = useOf(func);
  const pointers = pointerParameters(analysis, func);
  const isBuffer = (parameter: number): boolean =>
    roles.some((role) => role.kind === 'length' && role.of === parameter);
  return roles.some((role: Role, i) => {
    const use = parameters[i];
    if (use === undefined) return false;
    switch (role.kind) {
      case 'block':
        return use.pointers || (use.reads && !use.bytewise && use.extent > 0 && !isBuffer(i));
      case 'address':
        return use.pointers;
      case 'number':
      case 'zero':
        return use.address && (use.pointers || pointers.has(i)) && !use.callee;
      default:
        return false;
    }
  });
}

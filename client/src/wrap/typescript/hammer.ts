import type { WrapInput } from '../wrapInput.ts';
export const tsHammer = (_input: WrapInput): string => '';

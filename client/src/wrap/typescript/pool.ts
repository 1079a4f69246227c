import type { WrapInput } from '../wrapInput.ts';
export const tsPool = (_input: WrapInput): string => '';

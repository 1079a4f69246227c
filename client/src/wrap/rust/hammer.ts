import type { WrapInput } from '../wrapInput.ts';
export const rustHammer = (_input: WrapInput): string => '';

import type { WrapInput } from '../wrapInput.ts';
export const rustPool = (_input: WrapInput): string => '';

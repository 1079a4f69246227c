import type { WrapInput } from '../wrapInput.ts';
export const tsShared = (_input: WrapInput): string => '';

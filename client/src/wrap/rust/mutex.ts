import type { WrapInput } from '../wrapInput.ts';
export const rustMutex = (_input: WrapInput): string => '';

/** The demangler of symbols, with its WebAssembly from the disk or from the bundle. */
import { useSymbolDemangler } from '../core/wasm/symbolDemangler.ts';
import { demangleBytes } from './demangleBytes.ts';

/** Makes `demangled` work in this thread. Costs nothing until a mangled symbol is met. */
export const enableDemangling = (): void => useSymbolDemangler(demangleBytes);

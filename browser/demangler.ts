/** The demangler of symbols in a worker. */
import { useSymbolDemangler } from '../core/wasm/symbolDemangler.ts';
import type { LoadAsset } from './assets.ts';

/** Makes `demangled` work once the file has arrived. Never rejects: without it symbols stay mangled. */
export async function loadDemangler(load: LoadAsset): Promise<void> {
  try {
    const bytes = await load('demangler.wasm');
    useSymbolDemangler(() => bytes);
  } catch (error) {
    console.error(error);
  }
}

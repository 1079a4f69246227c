/** Wrappers as tests want them. */
import { analyse } from '../../analysis/analyse.ts';
import type { HostId } from '../../hosts/index.ts';
import { decodeModule } from '../../wasm/decode.ts';
import type { WrapKind } from '../template.ts';
import { generateWrapper, type WrapOptions, type Wrapper } from '../wrapper.ts';
import type { TestModule } from './modules.ts';

/** What is generated for a module under the default model of a host: code, or why there is none. */
export function generated(
  { file, bytes }: TestModule,
  host: HostId,
  options: Omit<WrapOptions, 'moduleFile'>,
): Wrapper | { refusal: string } {
  const module = decodeModule(bytes);
  return generateWrapper(module, analyse(module, { host, model: 'auto' }), { moduleFile: file, ...options });
}

/** @throws Error when there is no code for it */
export function wrap(
  module: TestModule,
  host: HostId,
  kind: WrapKind,
  more: { packageName?: string; typeName?: string; evidence?: string[] } = {},
): Wrapper {
  const wrapped = generated(module, host, { kind, ...more });
  if ('refusal' in wrapped) throw new Error(wrapped.refusal);
  return wrapped;
}

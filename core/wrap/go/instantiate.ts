/** The Go method that makes an instance, in the runtime of its owner or in one of its own. */
import type { Surface } from '../surface.ts';
import { initialised } from './life.ts';
import { moduleConfig, realWorld } from './setup.ts';

/**
 * `ownRuntime`: the owner has `wasm` and `cache` instead of `runtime` and `compiled`, and the instance a field
 * `runtime`. `more`: further fields of the new instance, `, lent: true`.
 */
export function instantiate(
  surface: Surface,
  receiver: string,
  type: string,
  ownRuntime: boolean,
  more: string,
): string {
  const config = `${moduleConfig(surface)}${realWorld(surface).chain}`;
  if (!ownRuntime) {
    return `func (${receiver} *${type}) instantiate(ctx context.Context) (*Instance, error) {
	// No name: module names are unique in a runtime.
	config := ${config}
	mod, err := ${receiver}.runtime.InstantiateModule(ctx, ${receiver}.compiled, config)
	if err != nil {
		return nil, err
	}
${initialised(surface, '', '		_ = mod.Close(ctx)\n		return nil, err\n')}	return &Instance{mod: mod, functions: map[string]api.Function{}${more}}, nil
}
`;
  }
  return `func (${receiver} *${type}) instantiate(ctx context.Context) (*Instance, error) {
	r, err := newRuntime(ctx, ${receiver}.cache)
	if err != nil {
		return nil, err
	}
	compiled, err := r.CompileModule(ctx, ${receiver}.wasm)
	if err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
	config := ${config}
	mod, err := r.InstantiateModule(ctx, compiled, config)
	if err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
${initialised(surface, '', '		_ = r.Close(ctx)\n		return nil, err\n')}	return &Instance{mod: mod, functions: map[string]api.Function{}, runtime: r${more}}, nil
}
`;
}

/** Go, wazero: where the instances of a hammer test come from. */

import type { Surface } from '../surface.ts';
import type { HammerNames } from './hammerChild.ts';
import { initialised } from './life.ts';
import { moduleConfig } from './setup.ts';

/**
 * The type that makes instances. A module that imports state needs a runtime for each instance, whose cache then saves
 * compiling again; others share one.
 */
export function instanceSource(surface: Surface, names: HammerNames): string {
  return surface.state.length > 0 ? ownRuntimes(surface, names) : oneRuntime(surface, names);
}

const oneRuntime = (surface: Surface, { lower, upper }: HammerNames): string => `
// ${lower}Source makes instances of the module.
type ${lower}Source struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
}

func new${upper}Source(ctx context.Context, wasm []byte) (*${lower}Source, error) {
	r, err := new${upper}Runtime(ctx)
	if err != nil {
		return nil, err
	}
	compiled, err := r.CompileModule(ctx, wasm)
	if err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
	return &${lower}Source{runtime: r, compiled: compiled}, nil
}

func (s *${lower}Source) instance(ctx context.Context) (api.Module, error) {
	mod, err := s.runtime.InstantiateModule(ctx, s.compiled, ${moduleConfig(surface)})
	if err != nil {
		return nil, err
	}
${initialised(surface, upper, '		_ = mod.Close(ctx)\n		return nil, err\n')}	return mod, nil
}

func (s *${lower}Source) release(ctx context.Context, mod api.Module) {
	_ = mod.Close(ctx)
}

func (s *${lower}Source) close(ctx context.Context) {
	_ = s.runtime.Close(ctx)
}
`;

const ownRuntimes = (surface: Surface, { lower, upper }: HammerNames): string => `
// ${lower}Source makes instances of the module, each in its own runtime, so that they share nothing that they import.
type ${lower}Source struct {
	wasm  []byte
	cache wazero.CompilationCache

	mu    sync.Mutex
	owner map[api.Module]wazero.Runtime
}

func new${upper}Source(_ context.Context, wasm []byte) (*${lower}Source, error) {
	return &${lower}Source{wasm: wasm, cache: wazero.NewCompilationCache(), owner: map[api.Module]wazero.Runtime{}}, nil
}

func (s *${lower}Source) instance(ctx context.Context) (api.Module, error) {
	r, err := new${upper}Runtime(ctx, s.cache)
	if err != nil {
		return nil, err
	}
	compiled, err := r.CompileModule(ctx, s.wasm)
	if err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
	mod, err := r.InstantiateModule(ctx, compiled, ${moduleConfig(surface)})
	if err != nil {
		_ = r.Close(ctx)
		return nil, err
	}
${initialised(surface, upper, '		_ = r.Close(ctx)\n		return nil, err\n')}	s.mu.Lock()
	defer s.mu.Unlock()
	s.owner[mod] = r
	return mod, nil
}

func (s *${lower}Source) release(ctx context.Context, mod api.Module) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.owner[mod].Close(ctx)
	delete(s.owner, mod)
}

func (s *${lower}Source) close(ctx context.Context) {
	_ = s.cache.Close(ctx)
}
`;

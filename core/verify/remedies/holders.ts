/** Go that gives the program of remedies the generated lock and pool of a module, whatever they are called. */

import { goString } from '../../harmless/code.ts';
import { importMethods } from '../../wrap/go/imports.ts';
import { type GoNames, goNames } from '../../wrap/go/names.ts';
import { GO_TYPES } from '../../wrap/go/parts.ts';
import type { NumType } from '../../wrap/signature.ts';
import type { FunctionImport, Surface } from '../../wrap/surface.ts';
import type { GeneratedRemedy } from '../model.ts';

/** Names under which both wrappers fit into the package of the program. */
export const TYPE_NAMES: Readonly<Record<GeneratedRemedy, string>> = { mutex: 'GeneratedLock', pool: 'Generated' };

const namesOf = (remedy: GeneratedRemedy): GoNames =>
  goNames({ base: 'main', packageName: 'main', typeName: TYPE_NAMES[remedy] });

/** The file `holders.go` for wrappers of a module with that surface. */
export function holdersText(surface: Surface, remedies: readonly GeneratedRemedy[]): string {
  const stubs = surface.functions.length > 0;
  const cases = remedies.map((remedy) => `	case ${goString(remedy)}:\n${made(namesOf(remedy), remedy, stubs)}`);
  return `package main

import (
	"context"
	"fmt"

	"github.com/tetratelabs/wazero"
${stubs ? '\t"github.com/tetratelabs/wazero/api"\n' : ''})

// newHolder makes the generated lock or pool. Time and random numbers are those of the scenario, not real ones.
func newHolder(ctx context.Context, p *remedyPlan, wasm []byte, config wazero.RuntimeConfig, size int) (holder, error) {
	switch p.Remedy {
${cases.join('')}	}
	return nil, fmt.Errorf("unknown remedy %q", p.Remedy)
}
${remedies.map((remedy) => holderText(namesOf(remedy), remedy)).join('')}${stubs ? stubsText(surface) : ''}`;
}

const made = (names: GoNames, remedy: GeneratedRemedy, stubs: boolean): string => {
  const make = remedy === 'pool' ? `${names.make('Pool')}(ctx, wasm, size` : `${names.newGuarded}(ctx, wasm`;
  return `		made, err := ${make}${stubs ? ', stubs{p}' : ''}, ${names.with('RuntimeConfig')}(config), ${names.with('ModuleConfig')}(moduleConfig(&p.plan)))
		if err != nil {
			return nil, err
		}
		return &${remedy}Holder{made}, nil
`;
};

function holderText(names: GoNames, remedy: GeneratedRemedy): string {
  const type = remedy === 'pool' ? names.pool : names.guarded;
  const table = names.local('exports');
  return `
type ${remedy}Holder struct{ made *${type} }

func (h *${remedy}Holder) close(ctx context.Context) error { return h.made.Close(ctx) }

func (h *${remedy}Holder) do(ctx context.Context, f func(lent) error) error {
	return h.made.Do(ctx, func(i *${names.instance}) error {
		return f(lent{mod: i.mod, call: func(ctx context.Context, name string, params []uint64) ([]uint64, error) {
			for n, one := range ${table} {
				if one.name != name {
					continue
				}
				// As the method of the export does it.
				if err := i.begin(ctx, n); err != nil {
					return nil, err
				}
				defer i.end()
				copy(i.stack[:], params)
				if err := i.call(ctx, n); err != nil {
					return nil, err
				}
				return append([]uint64(nil), i.stack[:]...), nil
			}
			return nil, fmt.Errorf("the generated code has no method for %q", name)
		}})
	})
}
`;
}

const ENCODED: Readonly<Record<NumType, (value: string) => string>> = {
  i32: (value) => `api.EncodeU32(${value})`,
  i64: (value) => value,
  f32: (value) => `api.EncodeF32(${value})`,
  f64: (value) => `api.EncodeF64(${value})`,
};

const DECODED: Readonly<Record<NumType, (bits: string) => string>> = {
  i32: (bits) => `api.DecodeU32(${bits})`,
  i64: (bits) => bits,
  f32: (bits) => `api.DecodeF32(${bits})`,
  f64: (bits) => `api.DecodeF64(${bits})`,
};

/** The imported functions, which do what the plan says. */
function stubsText(surface: Surface): string {
  const methods = importMethods(surface);
  const texts = surface.functions.map((one) => stubText(one, methods.get(one) ?? ''));
  return `
// stubs are the imported functions.
type stubs struct{ plan *remedyPlan }
${texts.join('')}`;
}

function stubText({ module, name, params, results }: FunctionImport, method: string): string {
  const parameters = params.map((type, i) => `, p${i} ${GO_TYPES[type]}`).join('');
  const types = results.map((type) => GO_TYPES[type]);
  const returned = types.length === 0 ? '' : types.length === 1 ? ` ${types[0]}` : ` (${types.join(', ')})`;
  const args = params.map((type, i) => `, ${ENCODED[type](`p${i}`)}`).join('');
  const called = `s.plan.imported(ctx, mod, ${goString(`${module}.${name}`)}, ${results.length}${args})`;
  const body =
    results.length === 0
      ? `	${called}\n`
      : `	bits := ${called}\n	return ${results.map((type, i) => DECODED[type](`bits[${i}]`)).join(', ')}\n`;
  return `
func (s stubs) ${method}(ctx context.Context, mod api.Module${parameters})${returned} {
${body}}
`;
}

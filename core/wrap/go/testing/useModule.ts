/** A Go module with generated code for many modules, and a test that uses all of it: one program, linked once. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WRAP_KINDS, type WrapKind } from '../../template.ts';
import { generated } from '../../testing/generate.ts';
import type { TestModule } from '../../testing/modules.ts';
import { goModule, type WazeroVersion } from './goModule.ts';

/** A module that packages were written for, and the refusals of those that were not. */
export interface UseModule {
  folder: string;
  packages: number;
  refusals: string[];
}

const PATH = 'example.com/wrapped';

/**
 * Writes the Go module. The packages with code as users get it are in `plain/`. `without`: what is written and not
 * used.
 */
export function useModule(
  modules: readonly TestModule[],
  version: WazeroVersion,
  without?: (module: TestModule, kind: WrapKind) => boolean,
): UseModule {
  const folder = goModule(version);
  const use = join(folder, 'use');
  cpSync(join(import.meta.dirname, 'use'), use, { recursive: true });
  const imports: string[] = [];
  const targets: string[] = [];
  const tests: string[] = [];
  const stubs: string[] = [];
  const refusals: string[] = [];
  let packages = 0;
  for (const module of modules) {
    writeFileSync(join(use, module.file), module.bytes);
    for (const kind of WRAP_KINDS) {
      const name = `${module.file.replace(/\.wasm$/, '').replace(/\W/g, '')}_${kind}`.toLowerCase();
      const wrapper = generated(module, 'wazero', { kind, packageName: name.slice(0, 60) });
      if ('refusal' in wrapper) {
        refusals.push(`${kind}: ${wrapper.refusal}`);
        continue;
      }
      packages++;
      for (const place of ['plain', 'tuned']) mkdirSync(join(folder, place, name), { recursive: true });
      writeFileSync(join(folder, 'plain', name, wrapper.fileName), wrapper.text);
      writeFileSync(
        join(folder, 'tuned', name, wrapper.fileName.replace(/_test\.go$/, '.go')),
        kind === 'test' ? wrapper.text : wrapper.text.replaceAll('wazero.NewRuntimeConfig()', 'TestedConfig()'),
      );
      if (without?.(module, kind)) continue;
      if (kind === 'test') {
        imports.push(`\t"${PATH}/tuned/${name}"`);
        for (const test of ['Guarded', 'Instances']) tests.push(`	{"${name}/${test}", ${name}.TestHammer${test}},\n`);
      } else {
        writeFileSync(join(folder, 'tuned', name, 'tested.go'), tested(name));
        imports.push(`\t"${PATH}/tuned/${name}"`);
        targets.push(`	{
		name: "${name}", wasm: "${module.file}",
		config: func(mode func() wazero.RuntimeConfig) { ${name}.TestedConfig = mode },
		owner:  func(ctx context.Context, wasm []byte) (any, error) { return ${construct(name, wrapper.text)} },
		closed: ${name}.ErrClosed,
	},
`);
        stubs.push(importsStub(name, wrapper.text));
      }
    }
  }
  writeFileSync(
    join(use, 'targets_test.go'),
    `package use

import (
	"context"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
${imports.join('\n')}
)

var _ api.Module

var targets = []target{
${targets.join('')}}

var hammerTests = []hammerTest{
${tests.join('')}}

${stubs.join('')}`,
  );
  return { folder, packages, refusals };
}

const tested = (name: string): string => `package ${name}

import "github.com/tetratelabs/wazero"

// TestedConfig makes what a new owner runs with.
var TestedConfig = wazero.NewRuntimeConfig
`;

/** A call of the constructor: its parameters are a context, the module, the size of a pool, and imports. */
function construct(name: string, text: string): string {
  const [, made, parameters] = /^func (New|NewPool)\((.*?)\) \(/m.exec(text) ?? [];
  if (made === undefined) throw new Error(`${name} has no constructor`);
  const args = parameters.split(', ').flatMap((parameter) => {
    const [, type] = parameter.split(' ');
    if (type === 'context.Context') return ['ctx'];
    if (type === '[]byte') return ['wasm'];
    if (type === 'int') return ['4'];
    return type?.startsWith('...') ? [] : [`${name}Imports{}`];
  });
  return `${name}.${made}(${args.join(', ')})`;
}

/** A type whose methods return zero, for the interface `Imports` of generated code; empty where there is none. */
function importsStub(name: string, text: string): string {
  const body = /^type Imports interface \{\n(.*?)^\}/ms.exec(text)?.[1];
  if (body === undefined) return '';
  const methods = [...body.matchAll(/^\t(\w+)\((.*)\)(.*)$/gm)].map(([, method, parameters, results]) => {
    const types = results
      .replace(/[()]/g, '')
      .split(',')
      .filter((type) => type.trim() !== '');
    return `func (${name}Imports) ${method}(${parameters})${results} { return ${types.map(() => '0').join(', ')} }\n`;
  });
  return `type ${name}Imports struct{}\n\n${methods.join('\n')}\n`;
}

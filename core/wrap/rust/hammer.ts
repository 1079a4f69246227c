/** Rust, Wasmtime: many threads call at once, each in a store of its own, and get what one thread alone gets. */

import { hammerPairs, integerFor } from '../hammerPairs.ts';
import { rustString } from '../quoting.ts';
import type { NumType } from '../signature.ts';
import type { Surface, WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { rustHead, stateAdvice } from './file.ts';
import { constant, signature } from './layout.ts';
import { untypedLife } from './life.ts';
import { linking, makeSource } from './linking.ts';
import { sourceType } from './parts.ts';
import { sharedTests } from './sharedHammer.ts';

/** Floats are 1.5, as bits. */
const ARGUMENTS: Readonly<Record<NumType, (integer: string) => string>> = {
  i32: (integer) => `Val::I32(${integer})`,
  i64: (integer) => `Val::I64(${integer})`,
  f32: () => 'Val::F32(0x3fc0_0000)',
  f64: () => 'Val::F64(0x3ff8_0000_0000_0000)',
};

/**
 * Source of an integration test. Over a common memory it runs with and without a lock, and the run without one fails
 * where calls race.
 */
export function rustHammer(input: WrapInput): string {
  const { surface, module, analysis, moduleFile } = input;
  const calls = [...new Set(hammerPairs(module, analysis, surface).flatMap(({ a, b }) => [a, b]))];
  const once = surface.life.some(({ per }) => per === 'memory');
  const linked = linking(surface);
  const head = rustHead(
    input,
    `A hammer test of ${moduleFile} for Wasmtime: put this file into tests/ and the module next to Cargo.toml.`,
    [
      surface.commonMemory
        ? 'threads_without_a_lock fails where calls race on the shared memory, which demonstrates the hazard; threads_with_a_lock must pass.'
        : 'Rust does not let two threads use one Store, so this tests what the Stores share: Engine, Module, host functions and imported state.',
      ...stateAdvice(surface),
    ],
    [
      'use std::path::Path;',
      surface.commonMemory
        ? `use std::sync::{Barrier, Mutex, ${once ? 'Once, ' : ''}PoisonError};`
        : 'use std::sync::Barrier;',
      'use std::thread;',
    ],
    [...linked.names, 'Engine', 'Error', 'Func', 'Module', 'Result', 'Store', 'Val'],
  );
  const wasmName = moduleFile.replace(/\.[^.]*$/, '.wasm');
  return `${head}
/// The module, next to Cargo.toml.
${constant('WASM', rustString(wasmName))}
const THREADS: usize = 8;
const ROUNDS: usize = 1000;

/// The calls of one round. The arguments are guesses: replace them with values that your host passes.
fn calls() -> Vec<(&'static str, Vec<Val>)> {
    let mut calls = Vec::new();
${calls.map(callText).join('\n')}
    calls
}

${surface.commonMemory ? sharedTests(surface, READ) : isolatedTests(surface)}
fn function(instance: &wasmtime::Instance, store: &mut Store<State>, name: &str) -> Result<Func> {
    instance
        .get_func(store, name)
        .ok_or_else(|| Error::msg(format!("the module exports no function {name:?}")))
}

${linked.text}`;
}

/** Statements that make `engine` and `module`. */
const READ = `    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(WASM);
    let wasm = std::fs::read(&path);
    let wasm = wasm.map_err(|error| Error::msg(format!("{}: {error}", path.display())))?;
    let engine = new_engine()?;
    let module = Module::new(&engine, &wasm)?;`;

/** The test of instances that share no memory: each call gets what it gets alone. */
function isolatedTests(surface: Surface): string {
  return `#[test]
fn threads_match_a_single_thread() -> Result<()> {
${READ}
    let linker = link(&engine)?;
    ${makeSource(surface)}
    let alone = outcomes(&engine, &source, || {})?;
    let gate = Barrier::new(THREADS);
    thread::scope(|scope| -> Result<()> {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    outcomes(&engine, &source, || {
                        gate.wait();
                    })
                })
            })
            .collect();
        for (number, one) in threads.into_iter().enumerate() {
            let got = one.join().expect("the thread ends without a panic")?;
            for (call, (got, alone)) in got.iter().zip(&alone).enumerate() {
                assert_eq!(got, alone, "thread {number}, call {call}");
            }
        }
        Ok(())
    })
}

/// The results of all calls of all rounds in a fresh instance, as text, so that NaN equals NaN.
${signature(0, 'fn outcomes', ['engine: &Engine', `source: &${sourceType(surface)}`, 'begin: impl FnOnce()'], 'Result<Vec<String>>')}
    let mut store = Store::new(engine, State::new());
    let instance = source.instantiate(&mut store);
    // Every thread must reach the barrier, or the others wait forever.
    begin();
    let instance = instance?;
${untypedLife(surface, '    ')}    let mut functions: Vec<(Func, Vec<Val>, Vec<Val>)> = Vec::new();
    for (name, params) in calls() {
        let func = function(&instance, &mut store, name)?;
        let results = vec![Val::I32(0); func.ty(&store).results().len()];
        functions.push((func, params, results));
    }
    let mut outcomes = Vec::new();
    for _ in 0..ROUNDS {
        for (func, params, results) in &mut functions {
            outcomes.push(match func.call(&mut store, params, results) {
                Ok(()) => format!("{results:?}"),
                Err(error) => format!("error {}", error.root_cause()),
            });
        }
    }
    Ok(outcomes)
}
`;
}

function callText(one: WrapExport): string {
  const { name, params } = one;
  const values = params.map((type) => ARGUMENTS[type](integerFor(one)));
  const vector = `vec![${values.join(', ')}]`;
  const list = vector.length <= 66 ? vector : `vec![\n${values.map((one) => `        ${one},\n`).join('')}    ]`;
  const pushed = [rustString(name), 'params'];
  const inline = `(${pushed.join(', ')})`;
  const push = inline.length <= 60 ? inline : `(\n        ${pushed.join(',\n        ')},\n    )`;
  return `    let params = ${list};\n    calls.push(${push});`;
}

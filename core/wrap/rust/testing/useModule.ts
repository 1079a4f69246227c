/** Rust that uses all wrappers of one module at the same time from several threads or tasks. */
import { analyse } from '../../../analysis/analyse.ts';
import type { Analysis } from '../../../analysis/model.ts';
import { canBlock } from '../../../analysis/waiting.ts';
import { decodeModule } from '../../../wasm/decode.ts';
import { type Surface, surfaceOf } from '../../surface.ts';
import type { TestModule } from '../../testing/modules.ts';
import { generateWrapper } from '../../wrapper.ts';
import type { RustCrate } from './crate.ts';
import { FORMS } from './forms.ts';

/** Name of the module of a module's wrappers. */
const nameOf = (file: string): string => `m_${file.replace(/\.\w+$/, '').replace(/\W/g, '_')}`;

/**
 * Writes the module and its wrappers into the crate, with a test for each of them. Answers the lines for `src/lib.rs`.
 * `hammer`: whether the hammer test is among them.
 */
export function useModule(crate: RustCrate, { file, bytes }: TestModule, hammer: boolean): string {
  const module = decodeModule(bytes);
  const analysis = analyse(module, { host: 'wasmtime', model: 'auto' });
  const surface = surfaceOf(module, analysis);
  const base = nameOf(file);
  crate.write(file, bytes);
  const lines: string[] = [];
  const tests: string[] = [];
  for (const [form, options] of Object.entries(FORMS)) {
    if (form === 'hammer' && !hammer) continue;
    const wrapped = generateWrapper(module, analysis, { ...options, moduleFile: file });
    if ('refusal' in wrapped) continue;
    crate.write(`src/${base}_${form}.rs`, wrapped.text);
    lines.push(`${form === 'hammer' ? '#[cfg(test)]\n' : ''}pub mod ${base}_${form};\n`);
    if (form === 'hammer' || surface.importsLeftOut.length > 0) continue;
    tests.push(used(analysis, surface, form, `${base}_${form}`, wrapped.text));
  }
  crate.write(
    `src/${base}_use.rs`,
    `#![allow(unused_variables, unused_imports, dead_code)]
use std::sync::Arc;
use std::time::Duration;
const WASM: &[u8] = include_bytes!("../${file}");
${tests.join('\n')}`,
  );
  lines.push(`#[cfg(test)]\nmod ${base}_use;\n`);
  return lines.join('');
}

const ARGUMENTS: Readonly<Record<string, string>> = { i32: '1', i64: '1', f32: '1.5', f64: '1.5' };
/** Exports that are called. */
const MAX_CALLED = 20;

function used(analysis: Analysis, surface: Surface, form: string, path: string, text: string): string {
  const waits = new Set(surface.exports.filter(({ position }) => canBlock(analysis, position)).map(({ name }) => name));
  const names = [
    ...text.matchAll(/^ {4}\/\/\/ Calls the export [^\n]*\n(?: {4}\/\/\/[^\n]*\n)* {4}pub (?:async )?fn (\w+)\(/gm),
  ].map(([, name]) => name);
  // The lock has each method twice, once that takes the lock.
  const calls = surface.exports
    .map((one, i) => ({ one, name: names[i] }))
    .filter(({ one }) => !waits.has(one.name))
    .slice(0, MAX_CALLED)
    .map(({ one, name }) => `${name}(${one.params.map((type) => ARGUMENTS[type]).join(', ')})`);
  const impl = host(text);
  const imports = impl === '' ? '' : ', || host::Host';
  const isAsync = form.endsWith('_async');
  const start = `use crate::${path} as m;\n${impl === '' ? '' : `mod host { use crate::${path}::*; use wasmtime::*; use std::future::Future; pub struct Host;\n${impl} }\n`}`;
  const body = form.startsWith('pool') ? (isAsync ? poolAsync : pool) : isAsync ? mutexAsync : mutex;
  return `#[allow(clippy::all)]
mod ${form} {
    use super::*;
    ${start}
    ${body(calls, imports, surface.commonMemory)}
}
`;
}

const pool = (calls: readonly string[], imports: string): string => `#[test]
    fn use_it() {
        let options = m::Options { size: 3, call_timeout: Some(Duration::from_millis(300)), ..Default::default() };
        let pool = m::Pool::new(WASM, options${imports}).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..3 {
                        ${calls.map((call) => `let _ = pool.run(Duration::from_secs(100), |one| one.${call});`).join('\n')}
                    }
                });
            }
        });
        let all: Vec<_> = (0..3).map(|_| pool.get(Duration::from_secs(1)).unwrap()).collect();
        let error = pool.get(Duration::ZERO).map(|_| ()).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&m::PoolError::InUse));
    }`;

const poolAsync = (calls: readonly string[], imports: string, common: boolean): string => `#[test]
    fn use_it() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let options = m::Options { size: 3, ..Default::default() };
            let pool = Arc::new(m::Pool::new(WASM, options${imports})${common ? '.await' : ''}.unwrap());
            let tasks: Vec<_> = (0..4).map(|_| {
                let pool = pool.clone();
                tokio::spawn(async move {
                    for _ in 0..3 {
                        ${calls
                          .map(
                            (call) =>
                              `let call = async { let mut one = pool.get().await?; one.${call}.await?; Ok::<(), wasmtime::Error>(()) };
                        let _ = tokio::time::timeout(Duration::from_millis(300), call).await;`,
                          )
                          .join('\n')}
                    }
                })
            }).collect();
            for task in tasks {
                task.await.unwrap();
            }
            let mut all = Vec::new();
            for _ in 0..3 {
                all.push(pool.get().await.unwrap());
            }
            let more = tokio::time::timeout(Duration::from_millis(20), pool.get()).await;
            assert!(more.is_err());
        });
    }`;

const mutex = (calls: readonly string[], imports: string): string => `#[test]
    fn use_it() {
        let options = m::Options { call_timeout: Some(Duration::from_millis(300)), ..Default::default() };
        let guarded = m::Guarded::new(WASM, options${imports}).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..3 {
                        ${calls.map((call) => `if guarded.${call}.is_err() { guarded.reset().unwrap(); }`).join('\n')}
                    }
                });
            }
        });
        guarded.run(|_| Ok(())).or_else(|_| guarded.reset()).unwrap();
    }`;

const mutexAsync = (calls: readonly string[], imports: string): string => `#[test]
    fn use_it() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let guarded = Arc::new(m::Guarded::new(WASM, m::Options::default()${imports}).await.unwrap());
            let tasks: Vec<_> = (0..4).map(|_| {
                let guarded = guarded.clone();
                tokio::spawn(async move {
                    for _ in 0..3 {
                        ${calls
                          .map(
                            (call) =>
                              `let ended = tokio::time::timeout(Duration::from_millis(300), guarded.${call}).await;
                        if !matches!(ended, Ok(Ok(_))) { guarded.reset().await.unwrap(); }`,
                          )
                          .join('\n')}
                    }
                })
            }).collect();
            for task in tasks {
                task.await.unwrap();
            }
        });
    }`;

/** An implementation of the trait \`Imports\` whose functions return zeros; empty where there is no such trait. */
function host(text: string): string {
  const [, body] = /^pub trait Imports[^{]*\{\n(.*?)^\}/ms.exec(text) ?? [];
  if (body === undefined) return '';
  const functions = [...body.matchAll(/^ {4}fn (\w+)\(([^;{]*?)\)\s*-> ([^;{]+);$/gms)].map(
    ([, name, params, result]) => {
      const [, output] = /Output = (.*)> \+ Send$/s.exec(result.trim()) ?? [];
      const answer = 'Ok(Default::default())';
      const given = params.replaceAll('caller:', '_caller:').replace(/\bp(\d+):/g, '_p$1:');
      return output === undefined
        ? `fn ${name}(${given}) -> ${result} { ${answer} }`
        : `async fn ${name}(${given}) -> ${output} { ${answer} }`;
    },
  );
  return `impl Imports for Host {\n${functions.join('\n')}\n}`;
}

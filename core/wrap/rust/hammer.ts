/** Rust, Wasmtime: concurrent calls with an instance for each thread, and with one instance behind a lock. */

import { canBlock } from '../../analysis/waiting.ts';
import { nameInComment, rustString } from '../../harmless/code.ts';
import { listOf } from '../../text/phrases.ts';
import { type HammerPair, hammerPairs, integerFor } from '../hammerPairs.ts';
import type { NumType } from '../signature.ts';
import type { WrapExport } from '../surface.ts';
import type { WrapInput } from '../wrapInput.ts';
import { rustFile, stateAdvice } from './file.ts';
import { host } from './hammerHost.ts';
import { constant } from './layout.ts';
import { sharedTests } from './sharedHammer.ts';

/** Floats are 1.5, as bits. */
const ARGUMENTS: Readonly<Record<NumType, (integer: string) => string>> = {
  i32: (integer) => `Val::I32(${integer})`,
  i64: (integer) => `Val::I64(${integer})`,
  f32: () => 'Val::F32(0x3fc0_0000)',
  f64: () => 'Val::F64(0x3ff8_0000_0000_0000)',
};

/**
 * Source of an integration test. It compares what callers get with what they get one after the other; over a common
 * memory it has a test that fails where calls race, which is not run unless somebody asks for it.
 */
export function rustHammer(input: WrapInput): string {
  const { surface, module, moduleFile, analysis } = input;
  const waiting = surface.exports.filter(({ position }) => canBlock(analysis, position));
  const exports = surface.exports.filter((one) => !waiting.includes(one));
  const pairs = hammerPairs(module, input.sharedInstance(), { ...surface, exports });
  const wasmName = moduleFile.replace(/\.[^.]*$/, '.wasm');
  return rustFile(
    { ...input, asynchronous: false },
    surface,
    `A hammer test of ${moduleFile} for Wasmtime: put this file into tests/ and the module next to Cargo.toml.`,
    [
      ...(surface.commonMemory ? SHARED_ADVICE : ADVICE),
      ...HOST_ADVICE,
      ...waitAdvice(waiting),
      ...stateAdvice(surface),
    ],
    [
      `/// The module, next to Cargo.toml.
${constant('WASM', rustString(wasmName))}
/// A call has \`CALL_EPOCHS\` epochs of 10 ms: one that takes longer is an outcome of its own.
const CALL_EPOCHS: u64 = 100;
/// Each pair of calls has this time at most, and as many rounds as fit.
const BUDGET: Duration = Duration::from_secs(5);
const ROUNDS: usize = ${surface.commonMemory ? 20 : 200};
`,
      calls(pairs),
      ...(surface.commonMemory ? [sharedTests(input)] : [isolatedTests()]),
      host(input),
    ],
  );
}

const ADVICE: readonly string[] = [
  'Rust does not let two threads use one Store, so there is no race inside an instance to show. an_instance_for_each_thread tests what a pool does: every call gets what it gets alone. one_instance_behind_a_lock tests what a lock does: two calls get what they get in one order or the other. It prints the pairs that get something else in a pool, because they work on common state: those need the lock.',
];

const SHARED_ADVICE: readonly string[] = [
  'threads_without_a_lock runs the same call in threads that share the memory, and fails where calls race or a call and its repetition answer differently. It shows the hazard and is left out unless you run: cargo test -- --ignored',
  'threads_with_a_lock does the same under a lock. If it fails, instances keep state of their own, such as a heap pointer in a global, that belongs to the common memory: the module is not built for several instances.',
];

/** That some exports are not called; empty if all are. */
const waitAdvice = (waiting: readonly WrapExport[]): string[] =>
  waiting.length === 0
    ? []
    : [
        `Not called, because they can wait for a notification, and nothing ends a call that waits: ${listOf(
          waiting.slice(0, MAX_NAMED).map(({ name }) => nameInComment(name)),
          MAX_NAMED,
          'and',
          waiting.length,
        )}.`,
      ];

/** Exports that a sentence names. */
const MAX_NAMED = 6;

const HOST_ADVICE: readonly string[] = [
  'Arguments are guesses, and host functions that the module imports return zero: edit pair_list and link. A test fails if one of the calls never returned, because then it has shown nothing. A call whose result depends on time or chance fails without a race.',
];

function calls(pairs: readonly HammerPair[]): string {
  return `/// A call of an export.
struct Call {
  export: &'static str,
  params: Vec<Val>,
}

/// Calls that are made at the same time.
fn pair_list() -> Vec<[Call; 2]> {
    let ${pairs.length === 0 ? '' : 'mut '}pairs = Vec::new();
${pairs.map(({ a, b }) => `${callText('a', a)}${callText('b', b)}    pairs.push([a, b]);\n`).join('')}    pairs
}
`.replace(/^ {2}(export|params)/gm, '    $1');
}

/** Characters of the longest list of values on one line. */
const LIST = 60;

function callText(name: string, { name: exported, params, ...rest }: WrapExport): string {
  const values = params.map((type) => ARGUMENTS[type](integerFor({ name: exported, params, ...rest })));
  const inline = values.join(', ');
  const list =
    inline.length <= LIST
      ? `vec![${inline}]`
      : `vec![\n${values.map((one) => `            ${one},\n`).join('')}        ]`;
  return `    let ${name} = Call {
        export: ${rustString(exported)},
        params: ${list},
    };
`;
}

const isolatedTests = (): string => `#[test]
fn an_instance_for_each_thread() -> Result<()> {
    let host = Host::new()?;
    let mut silent = Vec::new();
    assert!(
        !pair_list().is_empty(),
        "calls that never returned: all can wait"
    );
    for [a, b] in pair_list() {
        let alone = [alone(&host, &a)?, alone(&host, &b)?];
        if !alone.iter().all(Outcome::has_returned) {
            silent.push(title(&a, &b, &alone));
            continue;
        }
        let started = Instant::now();
        for round in 0..ROUNDS {
            if started.elapsed() > BUDGET {
                break;
            }
            let mut callers = Vec::new();
            for call in [&a, &b, &a, &b] {
                callers.push((call, host.instance()?));
            }
            let got = at_once(callers, |(call, (mut store, instance))| {
                outcome(&mut store, &instance, call)
            });
            for (got, alone) in got.iter().zip(alone.iter().cycle()) {
                assert_eq!(got, alone, "{} with {}, round {round}", a.export, b.export);
            }
        }
    }
    assert!(silent.is_empty(), "calls that never returned: {silent:#?}");
    Ok(())
}

#[test]
fn one_instance_behind_a_lock() -> Result<()> {
    let host = Host::new()?;
    let mut silent = Vec::new();
    assert!(
        !pair_list().is_empty(),
        "calls that never returned: all can wait"
    );
    for [a, b] in pair_list() {
        let one_way = one_after_the_other(&host, [&a, &b])?;
        let mut other_way = one_after_the_other(&host, [&b, &a])?;
        other_way.reverse();
        if !one_way.iter().chain(&other_way).any(Outcome::has_returned) {
            silent.push(title(&a, &b, &one_way));
            continue;
        }
        let alone = [alone(&host, &a)?, alone(&host, &b)?];
        if one_way != alone || other_way != alone {
            println!("{} with {}: not for a pool", a.export, b.export);
        }
        let started = Instant::now();
        for round in 0..ROUNDS {
            if started.elapsed() > BUDGET {
                break;
            }
            let guarded = Mutex::new(host.instance()?);
            let got = at_once(vec![&a, &b], |call| {
                let mut held = guarded.lock().unwrap_or_else(PoisonError::into_inner);
                let (store, instance) = &mut *held;
                outcome(store, instance, call)
            });
            assert!(
                got == one_way || got == other_way,
                "{} with {}, round {round}: {got:?} is neither {one_way:?} nor {other_way:?}",
                a.export,
                b.export
            );
        }
    }
    assert!(silent.is_empty(), "calls that never returned: {silent:#?}");
    Ok(())
}

/// What a call gets in a new instance.
fn alone(host: &Host, call: &Call) -> Result<Outcome> {
    let (mut store, instance) = host.instance()?;
    Ok(outcome(&mut store, &instance, call))
}

/// What two calls get in one new instance, in this order.
fn one_after_the_other(host: &Host, calls: [&Call; 2]) -> Result<Vec<Outcome>> {
    let (mut store, instance) = host.instance()?;
    let outcomes = calls.map(|call| outcome(&mut store, &instance, call));
    Ok(outcomes.into())
}

fn title(a: &Call, b: &Call, outcomes: &[Outcome]) -> String {
    format!("{} with {}: {outcomes:?}", a.export, b.export)
}
`;

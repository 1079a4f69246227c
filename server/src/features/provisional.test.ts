/** What is told before pointers are followed stays true when they have been. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { analyse } from '../../../core/analysis/analyse.ts';
import type { Analysis, Hazard } from '../../../core/analysis/model.ts';
import { moduleStanding } from '../../../core/report/shown/moduleStanding.ts';
import { FIXTURES } from '../../../core/testing/paths.ts';
import type { ModuleDocument } from '../documents/moduleDocument.ts';
import { COUNTER, documentOf, documentOfBytes } from '../testing/testDocument.ts';
import { shownHazards } from './settings.ts';

/** A lock behind a pointer, around a global. */
const LOCKED = `(module (memory (export "memory") 1 1 shared) (global $hits (mut i32) (i32.const 0))
  (func $lock (param $m i32) (loop $l (br_if $l (i32.atomic.rmw.xchg (local.get $m) (i32.const 1)))))
  (func $unlock (param $m i32) (i32.atomic.store (local.get $m) (i32.const 0)))
  (func (export "inc") (call $lock (i32.const 0))
    (global.set $hits (i32.add (global.get $hits) (i32.const 1)))
    (call $unlock (i32.const 0))))`;

/** A function writes through a pointer, which is always into a frame. */
const FRAME = `(module (memory (export "memory") 1) (global $__stack_pointer (mut i32) (i32.const 65536))
  (func $fill (param $to i32) (i32.store (local.get $to) (i32.const 7)))
  (func (export "frame") (result i32) (local $fp i32)
    (global.set $__stack_pointer (local.tee $fp (i32.sub (global.get $__stack_pointer) (i32.const 16))))
    (call $fill (local.get $fp))
    (i32.load (local.get $fp))
    (global.set $__stack_pointer (i32.add (local.get $fp) (i32.const 16)))))`;

/** The document before pointers are followed. */
function provisional(doc: ModuleDocument): ModuleDocument {
  let first: Analysis | undefined;
  const { host, model } = doc.analysis;
  analyse(doc.module, {
    host,
    model,
    onFirst: (given) => {
      first = given;
    },
  });
  assert.ok(first);
  return { ...doc, analysis: first, isProvisional: true };
}

const keyOf = ({ rule, cell, site }: Hazard): string =>
  [rule, cell.kind, 'index' in cell ? cell.index : '', site.offset].join(' ');

function told(doc: ModuleDocument): string[][] {
  return doc.analysis.exports.map((_, position) => shownHazards(doc, position).map(({ hazard }) => keyOf(hazard)));
}

/** @returns how many findings are told early */
function check(doc: ModuleDocument): number {
  const early = provisional(doc);
  const later = told(doc);
  const findings = told(early);
  findings.forEach((keys, position) => {
    for (const key of keys) assert.ok(later[position].includes(key), `${doc.analysis.exports[position].name}: ${key}`);
  });
  if (moduleStanding(early).tone === 'conflict') assert.equal(moduleStanding(doc).tone, 'conflict');
  return findings.flat().length;
}

describe('findings before pointers are followed', () => {
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.wasm')))
    test(`of ${name}`, () => {
      const bytes = new Uint8Array(readFileSync(join(FIXTURES, name)));
      for (const model of ['shared-instance', 'shared-memory'] as const) check(documentOfBytes(bytes, { model }));
    });

  test('are there where pointers do not matter, and not of what a lock guards', async () => {
    assert.ok(check(await documentOf(COUNTER)) >= 5);
    assert.equal(check(await documentOf(LOCKED)), 0);
    assert.equal(check(await documentOf(FRAME)), 1, 'the stack pointer, not yet the frame');
  });
});

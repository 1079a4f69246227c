/** For tests: asks debug information everything once. Answers may be missing, but are well formed. */
import assert from 'node:assert/strict';
import type { Module } from '../../wasm/module.ts';
import type { DebugInfo } from '../model.ts';

/** @throws AssertionError at the first answer that cannot be right, whatever the sections contain */
export function askAll(module: Module, info: DebugInfo): void {
  const { bodyStart, bodyEnd, imported } = module.functions;
  for (const [i, start] of bodyStart.entries()) {
    info.functionAt(i + imported);
    for (let offset = start; offset < bodyEnd[i]; offset += 1 + ((bodyEnd[i] - start) >> 3)) {
      const place = info.placeOf(offset);
      if (place !== undefined) assert.ok(place.line > 0 && typeof place.file === 'string', 'a line before the first');
    }
  }
  for (let address = 1020; address < 1120; address += 7) {
    const variable = info.variableAt(address);
    if (variable !== undefined)
      assert.ok(variable.start <= address && variable.name !== '', 'a variable that is not there');
  }
  info.variableAt(1 << 20);
  for (const file of info.files().slice(0, 3)) {
    for (const line of [0, 1, 18]) {
      for (const offset of info.offsetsOf(file, line))
        assert.ok(offset < module.bytes.length, 'code outside of the file');
    }
  }
  for (const { message, section, offset } of info.problems()) {
    assert.ok(message.length > 0 && message.length < 1000 && section !== '' && offset >= 0, message);
  }
  assert.ok(info.problems().length <= 50, 'too many problems');
}

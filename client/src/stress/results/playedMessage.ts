/** Test messages of findings that the player of the report can play: what their menu passes on. */
import type { Uri } from 'vscode';
import type { AdvisedResult } from '../../../../core/advice/advised.ts';
import { findingId, foundIn } from '../../../../core/report/view/scheduleFindings.ts';

/** `package.json` shows the menu for values that begin so. */
const BEGIN = 'wasm-hazards.schedule ';

/** Context value of the message of a result: its worst finding; undefined where nothing can be played. */
export function playableMessage(module: Uri, result: AdvisedResult): string | undefined {
  const [worst] = foundIn(result);
  return worst === undefined ? undefined : BEGIN + JSON.stringify([module.toString(), findingId(result, worst)]);
}

/** Module and finding of the message that a menu passes; an empty list for anything else. */
export function ofTestMessage(given: unknown): [uri?: string, finding?: string] {
  const { message } = (given ?? {}) as { message?: { contextValue?: unknown } };
  const value = message?.contextValue;
  if (typeof value !== 'string' || !value.startsWith(BEGIN)) return [];
  return JSON.parse(value.slice(BEGIN.length)) as [string, string];
}

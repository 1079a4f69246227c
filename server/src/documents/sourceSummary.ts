/** What the status bar says of a source: the sum of its modules. Bytes are those of the binaries. */
import { DEFAULT_HOST, HOST_PROFILES } from '../../../core/hosts/index.ts';
import type { ModuleSummary, Settings } from '../protocol.ts';
import type { GoodModule, SourceEntry } from './sourceEntry.ts';
import { emptySummary, summaryOf } from './summary.ts';

export function sourceSummary(entry: SourceEntry, settings: Settings): ModuleSummary {
  const { uri, last } = entry;
  const good = entry.good.filter((one) => one !== undefined);
  const bytes = good.reduce((sum, { doc }) => sum + doc.module.bytes.length, 0);
  const host = settings.host === 'auto' ? (entry.choice?.host ?? DEFAULT_HOST) : settings.host;
  const none = emptySummary({
    uri,
    host,
    hostReason: entry.choice?.reason ?? 'nothing was analysed',
    model: HOST_PROFILES[host].defaultModel(false),
    bytes,
  });
  const sum = good.map((one) => partOf(one, settings)).reduce(plus, none);
  return { ...sum, uri, bytes, problem: problemOf(entry) ?? sum.problem, milliseconds: last?.milliseconds ?? 0 };
}

const partOf = ({ doc }: GoodModule, settings: Settings): ModuleSummary =>
  summaryOf({ kind: 'module', doc, bytes: 0, mtime: 0, milliseconds: 0 }, settings);

function plus(a: ModuleSummary, b: ModuleSummary): ModuleSummary {
  const classes = { ...a.classes };
  for (const name of Object.keys(classes) as (keyof typeof classes)[]) classes[name] += b.classes[name];
  return {
    ...a,
    host: b.host,
    hostReason: b.hostReason,
    model: b.model,
    functions: a.functions + b.functions,
    exports: a.exports + b.exports,
    safe: a.safe + b.safe,
    classes,
    hazards: {
      error: a.hazards.error + b.hazards.error,
      warning: a.hazards.warning + b.hazards.warning,
      information: a.hazards.information + b.hazards.information,
    },
    problem: a.problem ?? b.problem,
  };
}

function problemOf({ last, document, good }: SourceEntry): string | undefined {
  if (last?.problem !== undefined) return last.problem;
  const [error] = last?.errors ?? [];
  if (error !== undefined) {
    const { line, character } = document.positionAt(error.start);
    return `Does not compile: ${error.message} (${line + 1}:${character + 1}).`;
  }
  const invalid = good.find((one) => one?.invalid?.kind === 'invalid');
  return invalid?.invalid && `Not valid: ${invalid.invalid.message}.`;
}

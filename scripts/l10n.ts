/**
 * `node scripts/l10n.ts [--fix] [--json]`: lists what is wrong with the translations, and exits with 1 if anything is.
 * `--fix` sorts the files and drops translations of texts that no source has any longer. `--json` prints the texts
 * without a translation as the beginning of a file in `l10n/zh-cn`.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from './failure.ts';
import { readTexts } from './l10n/calls.ts';
import { translationFaults } from './l10n/faults.ts';
import { readTranslations, sortedEntries, TRANSLATIONS } from './l10n/translations.ts';
import { allUnwrapped } from './l10n/unwrapped.ts';
import { unwrappedFaults } from './l10n/unwrappedFaults.ts';
import { ROOT } from './paths.ts';

await main(async () => {
  const { values } = parseArgs({
    options: { fix: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const sources = readTexts();
  const said = new Set(sources.texts.map(({ text }) => text));
  if (values.fix) {
    for (const [area, texts] of readTranslations()) {
      const used = Object.fromEntries(Object.entries(texts).filter(([text]) => said.has(text)));
      writeFileSync(join(ROOT, TRANSLATIONS, `${area}.json`), `${JSON.stringify(sortedEntries(used), null, 2)}\n`);
    }
  }
  const areas = readTranslations();
  if (values.json) {
    const known = new Set([...areas.values()].flatMap((texts) => Object.keys(texts)));
    const missing = [...said].filter((text) => !known.has(text)).map((text) => [text, '']);
    console.log(JSON.stringify(sortedEntries(Object.fromEntries(missing)), null, 2));
    return 0;
  }
  const faults = Object.entries({ ...translationFaults(sources, areas), ...unwrappedFaults(allUnwrapped()) });
  for (const [kind, lines] of faults) {
    console.log(`${kind}: ${lines.length}`);
    for (const line of lines) console.log(`  ${line}`);
  }
  return faults.some(([, lines]) => lines.length > 0) ? 1 : 0;
});

/**
 * The format `sarif`: a log of SARIF 2.1.0 for code scanning. One run for all modules of a command, because GitHub refuses a
 * log with several runs of one tool.
 */
import { jsonText } from '../../harmless/json.ts';
import type { OutputFormat } from '../outputFormat.ts';
import { VERSION } from '../report.ts';
import { NO_FILES } from '../reportFiles.ts';
import type { SarifNotification } from './model.ts';
import { leftOut, notificationsOf } from './notifications.ts';
import { reportFindings } from './reportFindings.ts';
import { LIMITS, type RankedResult, resultsOf } from './results.ts';
import { ruleIdsOf, rulesOf } from './rules.ts';
import { SarifFiles } from './spots.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** See `OutputFormat`. */
export const SARIF_FORMAT: OutputFormat = {
  begin({ command }, { files = NO_FILES, isKnown }) {
    let results: RankedResult[] = [];
    let total = 0;
    const notifications: SarifNotification[] = [];
    return {
      head: () => [],
      // Results are written when all are known: the worst come first.
      report(report) {
        const readers = new SarifFiles(files);
        const options = { files: readers, ruleIds: ruleIdsOf(command), isKnown };
        const own = resultsOf(reportFindings(report, readers), options, LIMITS.results);
        total += own.total;
        results = [...results, ...own.results].sort((a, b) => b.rank - a.rank).slice(0, LIMITS.results);
        notifications.push(...notificationsOf(report, readers));
        return [];
      },
      *tail() {
        if (total > results.length) notifications.push(leftOut(total - results.length, LIMITS.results));
        const driver = {
          name: 'wasm-hazards',
          version: VERSION,
          semanticVersion: VERSION,
          rules: rulesOf(command, files),
        };
        const run = {
          tool: { driver },
          // Tells logs of commands apart that are uploaded for one commit.
          automationDetails: { id: `wasm-hazards/${command}/` },
          columnKind: 'utf16CodeUnits',
          originalUriBaseIds: {
            '%SRCROOT%': { description: { text: 'The root of the repository, else the folder of the run.' } },
          },
          invocations: [
            {
              executionSuccessful: notifications.every(({ level }) => level !== 'error'),
              ...(notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}),
            },
          ],
        };
        const head = jsonText({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, 1);
        // In pieces: 5,000 results with their schedules can be longer than a pipe likes.
        yield `${head.slice(0, head.lastIndexOf('\n  }\n ]'))},\n   "results": [`;
        for (const [nth, { result }] of results.entries()) yield `${nth === 0 ? '\n' : ',\n'}${jsonText(result)}`;
        yield `${results.length > 0 ? '\n' : ''}]\n  }\n ]\n}\n`;
      },
    };
  },
};

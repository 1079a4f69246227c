/** The format `text`: for terminals, the output of a test run, and test messages. */
import type { Severity } from '../../analysis/rules/rule.ts';
import { terminalText } from '../../harmless/terminal.ts';
import { countFindings } from '../checkedModule.ts';
import type { OutputDocument, OutputFormat, Presentation } from '../outputFormat.ts';
import type { Report } from '../report.ts';
import { textModule, textTotal } from './checkText.ts';
import { hammerReportText, stressReportText, verifyReportText } from './scenarioText.ts';

/** Text for people. After several modules, `check` ends with a line of totals. */
export const TEXT_FORMAT: OutputFormat = { begin: (_context, presentation) => new TextDocument(presentation) };

class TextDocument implements OutputDocument {
  private readonly presentation: Presentation;
  private modules = 0;
  private readonly totals = new Map<Severity, number>();

  constructor(presentation: Presentation) {
    this.presentation = presentation;
  }

  head(): Iterable<string> {
    return [];
  }

  /** The last gate for what a terminal would obey. */
  *report(report: Report): Iterable<string> {
    for (const piece of this.#text(report)) yield terminalText(piece, this.presentation.colour);
  }

  *#text(report: Report): Iterable<string> {
    switch (report.command) {
      case 'check': {
        const { checked } = report;
        // A script may hold no module at all; what could not be read is told on standard error.
        if (checked.analysis === undefined && (checked.source === undefined || checked.errors.length > 0)) return;
        for (const [severity, count] of countFindings(checked))
          this.totals.set(severity, (this.totals.get(severity) ?? 0) + count);
        const gap = this.modules++ > 0 ? '\n' : '';
        yield gap + textModule(checked, this.presentation);
        return;
      }
      case 'stress':
        yield* stressReportText(report, this.presentation);
        return;
      case 'hammer':
        yield* hammerReportText(report, this.presentation);
        return;
      case 'verify':
        yield* verifyReportText(report, this.presentation);
        return;
      default:
        yield report.wrapper.text;
    }
  }

  *tail(): Iterable<string> {
    if (this.modules > 1) yield textTotal(this.modules, this.totals, this.presentation.colour);
  }
}

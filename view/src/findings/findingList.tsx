/** The findings of the analysis by rule; each leads to its code. */

import { useEffect, useState } from 'preact/hooks';
import { severityWord } from '../../../core/analysis/rules/severityWord.ts';
import type { FindingGroup, FindingRow, ViewSeverity } from '../../../core/report/view/model.ts';
import { t } from '../../../core/text/l10n.ts';
import { number } from '../../../core/text/phrases.ts';
import type { ViewHost } from '../host.ts';
import { type Sign, SignIcon } from '../shell/icons.tsx';
import { PlaceLink } from '../shell/placeLink.tsx';
import { Prose } from '../shell/prose.tsx';
import './findings.css';

const SEVERITY_SIGN: Readonly<Record<ViewSeverity, Sign>> = {
  error: 'bad',
  warning: 'warn',
  information: 'info',
  hint: 'info',
};

/** Rows of a group before the rest is asked for. */
const FIRST = 5;

/** Groups with errors are open, and the first: a list that shows nothing says nothing. */
export function FindingList({ groups, host }: { groups: readonly FindingGroup[]; host: ViewHost }) {
  return (
    <>
      {groups.map((group, nth) => (
        <details key={group.rule} class="finding-group" open={nth === 0 || group.severity === 'error'}>
          <summary>
            <SignIcon sign={SEVERITY_SIGN[group.severity]} />
            <span class="group-title">
              <Prose text={group.title} />
            </span>
            <span class="tag">{severityWord(group.severity)}</span>
            <span class="count">{number(group.total)}</span>
          </summary>
          <Rows group={group} host={host} />
        </details>
      ))}
    </>
  );
}

function Rows({ group: { rows, total, rule }, host }: { group: FindingGroup; host: ViewHost }) {
  const [all, setAll] = useState(false);
  const [asked, setAsked] = useState<readonly FindingRow[]>();
  // A newer report is about another state of the module.
  useEffect(() => setAsked(undefined), [rows]);
  const known = asked ?? rows;
  const shown = all ? known : rows.slice(0, FIRST);
  function ask(): void {
    host.ask('findings', { rule }).then(
      (answer) => setAsked(answer.rows),
      // The note below says how many are missing.
      () => setAsked(rows),
    );
  }
  return (
    <>
      <ul class="finding-rows">
        {shown.map((row, nth) => (
          <Row key={nth} row={row} host={host} />
        ))}
      </ul>
      {!all && rows.length > FIRST && (
        <button type="button" class="link more" onClick={() => setAll(true)}>
          {t('Show {0} more', number(rows.length - FIRST))}
        </button>
      )}
      {all && host.can.run && asked === undefined && total > rows.length && (
        <button type="button" class="link more" onClick={ask}>
          {t('Show {0} more', number(total - rows.length))}
        </button>
      )}
      {all && (asked !== undefined || !host.can.run) && total > known.length && (
        <p class="note">
          <Prose text={t('{0} more findings of `{1}` are not listed here.', number(total - known.length), rule)} />
        </p>
      )}
    </>
  );
}

function Row({ row: { exportName, text, offset, place }, host }: { row: FindingRow; host: ViewHost }) {
  return (
    <li>
      <div class="finding-head">
        <span class="finding-name">{exportName === undefined ? t('The module') : <code>{exportName}</code>}</span>
        <PlaceLink place={{ text: place, offset }} host={host} label={t('Go to the code at {0}', place)} />
      </div>
      <p>
        <Prose text={text} />
      </p>
    </li>
  );
}

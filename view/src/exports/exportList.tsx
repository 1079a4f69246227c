/** All exports as a table; those of the toolchain are folded. */

import { useState } from 'preact/hooks';
import type { ExportRow } from '../../../core/report/view/model.ts';
import { t } from '../../../core/text/l10n.ts';
import { number } from '../../../core/text/phrases.ts';
import type { ViewHost } from '../host.ts';
import { type Sign, SignIcon } from '../shell/icons.tsx';
import { PlaceLink } from '../shell/placeLink.tsx';
import { Prose } from '../shell/prose.tsx';
import './exports.css';

/** Rows that are added at a time: a page of thousands would take long to lay out. */
const STEP = 100;

/** Rows in the order of the module. */
export function ExportList({ rows, host }: { rows: readonly ExportRow[]; host: ViewHost }) {
  const [limit, setLimit] = useState(STEP);
  const [folded, setFolded] = useState(true);
  const plumbing = rows.filter((row) => row.plumbing).length;
  // What has been shown to go wrong is never folded.
  const listed = folded ? rows.filter((row) => !row.plumbing || row.found !== undefined) : rows;
  const left = listed.length - limit;
  return (
    <>
      <table class="exports">
        <thead>
          <tr>
            <th scope="col">{t('Name of the export')}</th>
            <th scope="col">{t('Kind')}</th>
            <th scope="col">{t('What is known')}</th>
          </tr>
        </thead>
        <tbody>
          {listed.slice(0, limit).map((row) => (
            <tr key={row.position}>
              <th scope="row">
                <PlaceLink place={{ text: row.label, offset: row.offset }} host={host} />
              </th>
              <td>{row.classText}</td>
              <td>
                <span class="known">
                  <SignIcon sign={signOf(row)} />
                  <span>
                    <Prose text={row.text} />
                  </span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="actions">
        {left > 0 && (
          <button type="button" onClick={() => setLimit(limit + STEP)}>
            {t('Show {0} more of {1}', number(Math.min(left, STEP)), number(left))}
          </button>
        )}
        {plumbing > 0 && (
          <button type="button" class="link" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
            {folded
              ? t('and {0} of the toolchain', number(plumbing))
              : t('Hide {0} of the toolchain', number(plumbing))}
          </button>
        )}
      </div>
    </>
  );
}

function signOf({ found, clean, severity, conflicts, class: kind }: ExportRow): Sign {
  if (found !== undefined) return 'bad';
  if (clean) return 'good';
  if (kind === 'host-dependent') return 'unknown';
  if (conflicts > 0) return severity === 'error' ? 'bad' : 'warn';
  return 'good';
}

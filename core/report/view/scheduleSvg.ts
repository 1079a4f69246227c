/** A schedule as a picture: one SVG document without anything from elsewhere, for light and dark pages. */

import { htmlText } from '../../harmless/html.ts';
import { shorten } from '../../harmless/names.ts';
import { t } from '../../text/l10n.ts';
import { flowLines, joinPath, type LaneGeometry, laneGeometry, rowMiddle } from './laneGeometry.ts';
import type { FindingView } from './scheduleFindings.ts';
import type { LinkView } from './scheduleLinks.ts';
import { MARK_SHAPES } from './scheduleMarks.ts';
import { type LaneRow, rowOfStep } from './scheduleRows.ts';
import type { ScheduleView, TraceView } from './scheduleView.ts';
import { laneText } from './stepText.ts';

/** What a picture shows. */
export interface ScheduleOfPicture {
  view: Pick<ScheduleView, 'lanes' | 'host' | 'model'>;
  finding: FindingView;
  trace: TraceView;
  rows: readonly LaneRow[];
  links: readonly LinkView[];
}

const WIDTH = 1100;
const MARGIN = 24;
const HEAD = 96;
const CHARACTER = 7.3;
/** Rows of a picture that somebody can still look at. */
const MAX_ROWS = 1500;

const STYLE = `
svg{--text:#24292f;--dim:#57606a;--page:#fff;--line:#d0d7de;--bad:#cf222e}
@media (prefers-color-scheme:dark){svg{--text:#d1d7e0;--dim:#9198a1;--page:#181b20;--line:#3d444d;--bad:#ff7b72}}
text{fill:var(--text);font:12px ui-monospace,Consolas,monospace}
.title{font:600 16px system-ui,sans-serif}.dim{fill:var(--dim)}.bad{fill:var(--bad)}.page{fill:var(--page)}
.rail{stroke:var(--line);stroke-width:1}.flow{stroke:var(--dim);stroke-width:2;fill:none}.switch{stroke-dasharray:4 3}
.mark{stroke:var(--text);stroke-width:1.6;fill:var(--page)}.filled{fill:var(--text)}
.join{stroke:var(--bad);stroke-width:2;fill:none}.further{stroke-dasharray:2 3}`;

/** The document. Names in it are text and nothing else. */
export function scheduleSvg({ view, finding, trace, rows: all, links }: ScheduleOfPicture): string {
  const rows = all.slice(0, MAX_ROWS);
  const geometry = laneGeometry(view.lanes.length, WIDTH - 2 * MARGIN);
  const { rails, rowHeight } = geometry;
  const heads = view.lanes.map(({ name, calls }, i) => headOf(geometry, i, `${name}: ${calls}`));
  const top = HEAD + (geometry.form === 'rails' ? view.lanes.length * 18 : 24);
  const height = top + rows.length * rowHeight + MARGIN + (all.length > rows.length ? rowHeight : 0);
  const rowOf = (at: number): number => rowOfStep(all, at);
  const body = [
    ...rails.map((x) => `<line class="rail" x1="${x}" x2="${x}" y1="0" y2="${rows.length * rowHeight}"/>`),
    ...flowLines(rows, trace.steps, geometry, [0, rows.length]).map(
      ({ path, switched }) => `<path class="flow${switched ? ' switch' : ''}" d="${path}"/>`,
    ),
    ...links
      .filter(({ to }) => rowOf(to) < rows.length)
      .map(({ from, to, main }) => {
        const [x1, x2] = [from, to].map((at) => rails[trace.steps[at].caller]);
        const path = joinPath(x1, rowMiddle(rowOf(from), geometry), x2, rowMiddle(rowOf(to), geometry));
        return `<path class="join${main ? '' : ' further'}" d="${path}"/>`;
      }),
    ...rows.map((row, i) => rowSvg(row, i, trace, geometry)),
    ...(all.length > rows.length
      ? [
          `<text class="dim" x="0" y="${rowMiddle(rows.length, geometry)}">${htmlText(t('and {0} more rows', all.length - rows.length))}</text>`,
        ]
      : []),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${htmlText(finding.title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="${MARGIN}" y="36">${htmlText(shorten(finding.title, 110))}</text>`,
    `<text class="dim" x="${MARGIN}" y="58">${htmlText(t('{0}, {1}, schedule {2}', view.host, view.model, shorten(trace.schedule, 100)))}</text>`,
    `<g transform="translate(${MARGIN} ${HEAD})">${heads.join('')}</g>`,
    `<g transform="translate(${MARGIN} ${top})">`,
    ...body,
    '</g></svg>',
    '',
  ].join('\n');
}

function headOf({ form, texts, width }: LaneGeometry, caller: number, text: string): string {
  if (form === 'rails') return `<text x="0" y="${caller * 18}">${htmlText(fitting(text, width))}</text>`;
  const [left, right] = texts[caller];
  const label = htmlText(fitting(text, right - left));
  return caller === 0
    ? `<text x="${right}" y="0" text-anchor="end">${label}</text>`
    : `<text x="${left}" y="0">${label}</text>`;
}

function rowSvg(row: LaneRow, nth: number, { steps }: TraceView, geometry: LaneGeometry): string {
  const { form, rails, texts } = geometry;
  const step = steps[row.at];
  const [left, right] = texts[step.caller];
  const y = rowMiddle(nth, geometry) + 4;
  const text = row.kind === 'step' ? laneText(step) : row.kind === 'fold' ? `... ${row.fold.text}` : row.link.text;
  const style = row.kind === 'step' ? '' : row.kind === 'note' && row.link.main ? ' class="bad"' : ' class="dim"';
  const label = htmlText(fitting(text, right - left));
  const words =
    form === 'sides' && step.caller === 0
      ? `<text${style} x="${right}" y="${y}" text-anchor="end">${label}</text>`
      : `<text${style} x="${left}" y="${y}">${label}</text>`;
  if (row.kind !== 'step') return words;
  const { path, filled } = MARK_SHAPES[step.kind];
  const place = `translate(${rails[step.caller]} ${rowMiddle(nth, geometry)})`;
  return `<path class="mark${filled ? ' filled' : ''}" transform="${place}" d="${path}"/>${words}`;
}

const fitting = (text: string, room: number): string => shorten(text, Math.max(8, Math.floor(room / CHARACTER)));

/** The conflict matrix as a picture: exported functions by exported functions. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MatrixView } from '../../../core/report/view/matrixModel.ts';
import { t } from '../../../core/text/l10n.ts';
import { number } from '../../../core/text/phrases.ts';
import type { ViewHost } from '../host.ts';
import { useWidth } from '../width.ts';
import { cellsOf } from './cells.ts';
import { Grid } from './grid.tsx';
import type { GridPlace } from './keys.ts';
import { Legend } from './legend.tsx';
import { type Line, linesOf, type MatrixChoice, type MatrixSort, searched } from './lines.ts';
import { useReasons } from './reasons.ts';
import { matrixSvg } from './svg.ts';
import { Tooltip } from './tooltip.tsx';
import type { HeadSize } from './viewport.ts';
import { WhyPanel } from './whyPanel.tsx';
import { sortWord } from './words.ts';
import './matrix.css';

/** What the map shows, and where it leads. */
interface HeatMapProps {
  matrix: MatrixView;
  host: ViewHost;
  /** Names of two exports, or of one with itself, that are shown first: as hosts call them. */
  focus?: readonly [string, string?];
}

const SORTS: readonly MatrixSort[] = ['conflicts', 'class', 'name'];
const DEFAULT: MatrixChoice = { sort: 'conflicts', search: '', plumbing: false, unfolded: [] };
/** Pixels of the names above the columns. */
const HEAD = { least: 40, most: 136, character: 7.5 };
/** Pixels of the names before the rows: with little room, no more than a share of it, so that cells are in sight. */
const NAMES = { wide: 340, narrow: 200, share: 0.6 };
/** The key of the choice in the host's memory. */
const KEY = 'matrix';
/** Milliseconds that the mouse rests before a cell speaks. */
const REST = 250;

/** Draws it with its tools, its legend, and the panel that says why. */
export function HeatMap({ matrix, host, focus }: HeatMapProps) {
  const [choice, setChoice] = useState<MatrixChoice>(() => restored(host, matrix));
  const [place, setPlace] = useState<GridPlace>({ row: 0, column: -1 });
  const [open, setOpen] = useState<readonly [Line, Line]>();
  const [rested, setRested] = useState<{ pair: readonly [Line, Line]; at: { x: number; y: number } }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const panel = useRef<HTMLElement>(null);
  const whole = useRef<HTMLDivElement>(null);
  const width = useWidth(whole);
  const { sort, search, plumbing, unfolded } = choice;

  const columns = useMemo(() => linesOf(matrix, { sort, plumbing, unfolded }), [matrix, sort, plumbing, unfolded]);
  const rows = useMemo(() => searched(matrix, columns, search), [matrix, columns, search]);
  const cellOf = useMemo(() => cellsOf(matrix), [matrix]);
  const openReasons = useReasons(matrix, host, open);
  const restedReasons = useReasons(matrix, host, rested?.pair);
  const folded = matrix.rows.reduce((sum, row) => sum + (row.plumbing ? row.exports.length : 0), 0);
  const groups = matrix.rows.flatMap(({ exports, plumbing: isFolded }, index) =>
    exports.length > 1 && (plumbing || !isFolded) ? [index] : [],
  );

  const change = (part: Partial<MatrixChoice>): void => {
    const next = { ...choice, ...part };
    setChoice(next);
    host.keep(KEY, next);
    if (part.search !== undefined || part.sort !== undefined) setPlace({ row: 0, column: -1 });
  };

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    const pair = focus === undefined ? undefined : linesNamed(matrix, focus);
    if (pair !== undefined) setOpen(pair);
  }, [matrix, focus]);

  function onHover(at: GridPlace | undefined, mouse: { x: number; y: number }): void {
    clearTimeout(timer.current);
    const pair = at === undefined ? undefined : pairAt(at);
    if (pair === undefined) {
      setRested(undefined);
      return;
    }
    if (rested !== undefined && rested.pair[0] === pair[0] && rested.pair[1] === pair[1]) return;
    setRested(undefined);
    timer.current = setTimeout(() => setRested({ pair, at: mouse }), REST);
  }

  const pairAt = ({ row, column }: GridPlace): readonly [Line, Line] | undefined =>
    rows[row] === undefined || columns[column] === undefined ? undefined : [rows[row], columns[column]];

  function onLine(line: Line): void {
    if (line.unfolded === undefined) {
      if (host.can.reveal && line.position !== undefined) host.reveal({ offset: matrix.offsets[line.position] });
      return;
    }
    const { index } = line;
    change({ unfolded: line.unfolded ? unfolded.filter((one) => one !== index) : [...unfolded, index] });
  }

  function onCell(at: GridPlace, byKey: boolean): void {
    const pair = pairAt(at);
    if (pair === undefined) return;
    setRested(undefined);
    setOpen(pair);
    // The panel is there after this change.
    if (byKey) setTimeout(() => panel.current?.focus(), 0);
  }

  function close(): void {
    setOpen(undefined);
    whole.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }

  const narrow = width < 760;
  const names = narrow ? Math.round(Math.min(NAMES.narrow, width * NAMES.share)) : NAMES.wide;
  const head = useMemo(() => headSize(columns, names), [columns, names]);
  // A large one takes the whole width of the page.
  const isLarge = columns.length > 24;
  if (matrix.rows.length === 0) return <p class="note">{t('The module exports no function.')}</p>;
  return (
    <div ref={whole} class={`matrix${narrow ? ' narrow' : ''}${isLarge ? ' large' : ''}`}>
      <div class="matrix-tools">
        <input
          type="search"
          aria-label={t('Search exports')}
          placeholder={t('Search exports')}
          value={search}
          onInput={(event) => change({ search: event.currentTarget.value })}
        />
        <label>
          {t('Sort by')}{' '}
          <select value={sort} onChange={(event) => change({ sort: event.currentTarget.value as MatrixSort })}>
            {SORTS.map((one) => (
              <option key={one} value={one}>
                {sortWord(one)}
              </option>
            ))}
          </select>
        </label>
        {groups.length > 0 && (
          <button type="button" onClick={() => change({ unfolded: unfolded.length > 0 ? [] : groups })}>
            {unfolded.length > 0 ? t('Fold all') : t('Unfold all')}
          </button>
        )}
        {host.can.save && (
          <button type="button" onClick={() => host.saveSvg('conflicts', matrixSvg(columns, cellOf))}>
            {t('Save as SVG')}
          </button>
        )}
        <span class="note" role="status">
          {search.trim() === ''
            ? ''
            : rows.length === 0
              ? t('No export has this in its name.')
              : t('{0} found', number(rows.length))}
        </span>
      </div>
      <Legend shown={matrix.shown} />
      <div class="matrix-main">
        <div class="matrix-picture">
          <Grid
            label={t('Conflicts of exports. Arrow keys move, Enter says why or leads to the code.')}
            {...{ rows, columns, cellOf, place, onCell, onLine, onHover }}
            head={head}
            onPlace={setPlace}
          />
          {folded > 0 && (
            <button
              type="button"
              class="link matrix-folded"
              aria-expanded={plumbing}
              onClick={() => change({ plumbing: !plumbing })}
            >
              {plumbing
                ? t('Hide the {0} of the toolchain', number(folded))
                : t('and {0} of the toolchain', number(folded))}
            </button>
          )}
          {matrix.left > 0 && (
            <p class="note">
              {t(
                '{0} exports are left out because too many of them differ. The command "Show conflict matrix as text" lists them.',
                number(matrix.left),
              )}
            </p>
          )}
        </div>
        {open !== undefined && (
          <WhyPanel
            {...{ matrix, host, panel }}
            pair={open}
            cell={cellOf(...open)}
            reasons={openReasons}
            onClose={close}
          />
        )}
      </div>
      {rested !== undefined && !(rested.pair[0] === open?.[0] && rested.pair[1] === open[1]) && (
        <Tooltip pair={rested.pair} cell={cellOf(...rested.pair)} reasons={restedReasons} at={rested.at} />
      )}
    </div>
  );
}

/** As much as names need, within bounds. */
function headSize(columns: readonly Line[], width: number): HeadSize {
  const longest = columns.reduce((most, { label }) => Math.max(most, label.length), 0);
  return {
    width,
    height: Math.min(HEAD.most, Math.max(HEAD.least, longest * HEAD.character + 16)),
  };
}

/** What was chosen before; rows that are no longer there are forgotten. */
function restored(host: ViewHost, { rows }: MatrixView): MatrixChoice {
  const known = host.restore(KEY) as Partial<MatrixChoice> | undefined;
  const unfolded = (known?.unfolded ?? []).filter((index) => (rows[index]?.exports.length ?? 0) > 1);
  return { ...DEFAULT, ...known, search: '', unfolded };
}

/** The lines of two exports, by the names that hosts call them by. */
function linesNamed(matrix: MatrixView, [one, other]: readonly [string, string?]): readonly [Line, Line] | undefined {
  const lineOf = (name: string): Line | undefined => {
    const position = matrix.labels.findIndex((label, i) => (matrix.raw[i] ?? label) === name);
    const index = matrix.rows.findIndex(({ exports }) => exports.includes(position));
    if (index < 0) return undefined;
    const row = matrix.rows[index];
    const isMember = row.exports.length > 1;
    return {
      ...{ row, index, position, isMember, unfolded: undefined },
      key: isMember ? `${index} ${position}` : `${index}`,
      label: matrix.labels[position],
    };
  };
  const [a, b] = [lineOf(one), lineOf(other ?? one)];
  return a === undefined || b === undefined ? undefined : [a, b];
}

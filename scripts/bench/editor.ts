/**
 * Benchmark of what people feel: from a double click to the text, the first squiggle and the first code lens, until a
 * hover appears, and until the report has painted, in a real VS Code. Only differences to the smallest module mean
 * anything: most of each time is VS Code's own.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModule } from '../../core/wasm/decode.ts';
import { disassemble } from '../../core/wasm/printer.ts';
import { DEFAULT_SETTINGS } from '../../server/src/defaultSettings.ts';
import { corpus, ensureCorpus } from '../corpus/fetch.ts';
import { Problem } from '../failure.ts';
import { TEST_FIXTURES } from '../paths.ts';
import { openSession, PATIENCE, type VscodeSession } from '../vscode/session.ts';
import { manyExports } from './manyExports.ts';
import { median } from './measure.ts';
import { markdown } from './table.ts';

const RUNS = 5;
/** Exports of the module whose report is opened. */
const REPORT_EXPORTS = 5000;

/** What is measured of a module, in milliseconds since the double click. */
const MARKS = ['text', 'squiggle', 'lens'] as const;
type Mark = (typeof MARKS)[number];

interface Target {
  name: string;
  /** Most milliseconds beyond the smallest module, for the squiggle and the lens. */
  most: number;
}

const SMALLEST = 'counter-global.wasm';
const TARGETS: readonly Target[] = [
  { name: 'esbuild.wasm', most: 400 },
  { name: 'pyodide.wasm', most: 500 },
];

/** Medians by module, and what a hover and the report took. `plain`: the text of the module as a file that is no module. */
export interface EditorTimes {
  /** First paint of anything, and when the report stands there, from the start of its page. */
  report: { paint: number; drawn: number };
  modules: { name: string; plain: number; times: Record<Mark, number>; hover: number }[];
}

/** Watches the page: the first frame after a double click in which each mark is there. */
const WATCH = `(() => {
  const marks = window.benchMarks = {};
  const looks = {
    text: () => [...document.querySelectorAll('.editor-instance .view-line')].some((l) => l.textContent.includes('module')),
    squiggle: () => document.querySelector('.editor-instance [class*="squiggly-"]'),
    lens: () => document.querySelector('.editor-instance .codelens-decoration a'),
  };
  document.addEventListener('dblclick', () => {
    const start = performance.now();
    const look = () => {
      for (const [name, found] of Object.entries(looks)) if (!(name in marks) && found()) marks[name] = performance.now() - start;
      if (Object.keys(marks).length < Object.keys(looks).length) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { once: true, capture: true });
})()`;

/** Opens each module once in a VS Code of its own, round by round. */
export async function editorTimes(log: (line: string) => void): Promise<EditorTimes> {
  const folder = join(await mkdtemp(join(tmpdir(), 'wasm-hazards-bench-')), 'modules');
  await mkdir(folder);
  try {
    await cp(join(TEST_FIXTURES, SMALLEST), join(folder, SMALLEST));
    await ensureCorpus(({ name }) => /esbuild|pyodide/.test(name));
    for (const { name } of TARGETS) await cp(pathOf(name), join(folder, name));
    await writeFile(join(folder, 'many.wasm'), manyExports(REPORT_EXPORTS));
    const names = [SMALLEST, ...TARGETS.map(({ name }) => name)];
    const paint: number[] = [];
    const drawn: number[] = [];
    for (const name of names)
      await writeFile(join(folder, plainName(name)), textOf(await readFile(join(folder, name))));
    const found = new Map(
      names.map((name) => [name, { plain: [] as number[], times: emptyTimes(), hover: [] as number[] }]),
    );
    for (let run = 0; run < RUNS; run++) {
      log(`round ${run + 1} of ${RUNS}`);
      for (const [name, known] of found) {
        await inSession(folder, async (session) => {
          const marks = await openTimed(session, name);
          for (const mark of MARKS) known.times[mark].push(marks[mark]);
          known.hover.push(await hoverTime(session));
        });
        await inSession(folder, async (session) => {
          known.plain.push((await openTimed(session, plainName(name), ['text'])).text);
        });
      }
      await inSession(folder, async (session) => {
        const report = await reportTime(session);
        paint.push(report.paint);
        drawn.push(report.drawn);
      });
    }
    return {
      modules: [...found].map(([name, { plain, times, hover }]) => ({
        name,
        plain: median(plain),
        times: { text: median(times.text), squiggle: median(times.squiggle), lens: median(times.lens) },
        hover: median(hover),
      })),
      report: { paint: median(paint), drawn: median(drawn) },
    };
  } finally {
    await rm(join(folder, '..'), { recursive: true, force: true });
  }
}

const emptyTimes = (): Record<Mark, number[]> => ({ text: [], squiggle: [], lens: [] });

function pathOf(name: string): string {
  const found = corpus.find(({ file }) => file.endsWith(name.replace('pyodide.wasm', 'pyodide.asm.wasm')));
  if (found === undefined) throw new Problem(`the corpus has no ${name}`);
  return found.path;
}

/** The name of a module's text as a file that the extension has nothing to do with. */
const plainName = (name: string): string => name.replace(/wasm$/, 'txt');

/** A text as long as the one that an editor shows. */
const textOf = (bytes: Uint8Array): string =>
  disassemble(decodeModule(bytes), { bodyBudget: DEFAULT_SETTINGS.textBudget, prefer: [], expand: new Set() }).text;

async function inSession(folder: string, use: (session: VscodeSession) => Promise<unknown>): Promise<void> {
  const session = await openSession({ folder, settings: { 'editor.hover.delay': 1 } });
  try {
    await use(session);
  } finally {
    await session.close();
  }
}

/** Milliseconds from the double click until each of `marks` is there. */
async function openTimed(
  { page, openFile }: VscodeSession,
  name: string,
  marks: readonly Mark[] = MARKS,
): Promise<Record<Mark, number>> {
  await page.evaluate(WATCH);
  await openFile(name);
  const there = `${JSON.stringify(marks)}.every((mark) => mark in window.benchMarks)`;
  await page.waitForFunction(there, undefined, { timeout: PATIENCE });
  return page.evaluate('window.benchMarks');
}

/** From the mouse's last move to the hover of the first export. */
async function hoverTime({ page }: VscodeSession): Promise<number> {
  const line = page.locator('.editor-instance .view-line').filter({ hasText: '(export "' }).first();
  const box = await line.boundingBox();
  if (box === null) throw new Problem('no export is in sight');
  await page.evaluate(`(() => {
    window.benchHover = undefined;
    document.addEventListener('mousemove', () => {
      const start = performance.now();
      const look = () => {
        const card = document.querySelector('.monaco-hover:not(.hidden) .monaco-hover-content');
        if (card && /\\S/.test(card.textContent) && !/^Loading/.test(card.textContent)) window.benchHover = performance.now() - start;
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, { once: true, capture: true });
  })()`);
  await page.mouse.move(box.x + 100, box.y + box.height / 2);
  await page.waitForFunction('window.benchHover !== undefined', undefined, { timeout: PATIENCE });
  return page.evaluate('window.benchHover');
}

/** From the start of the page in the web view to its first paint of anything, and until the report stands there. */
async function reportTime({
  page,
  openFile,
  runCommand,
  waitForSquiggle,
}: VscodeSession): Promise<EditorTimes['report']> {
  await openFile('many.wasm');
  await waitForSquiggle();
  await runCommand('Wasm Hazards: Open report');
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    for (const frame of page.frames()) {
      const found = await frame
        .evaluate<EditorTimes['report'] | null>(
          `(() => {
            const [paint, drawn] = ['first-contentful-paint', 'wasm-hazards-drawn'].map((name) => performance.getEntriesByName(name)[0]?.startTime);
            return paint && drawn ? { paint, drawn } : null;
          })()`,
        )
        .catch(() => null);
      if (found !== null && frame.url().includes('fake.html')) return found;
    }
    if (Date.now() > deadline) throw new Problem('the report does not appear');
    await page.waitForTimeout(100);
  }
}

const milliseconds = (value: number): string => `${Math.round(value)} ms`;
const beyond = (value: number): string => `${value < 0 ? '-' : '+'}${milliseconds(Math.abs(value))}`;

/** The tables. */
export function editorReport({ modules, report }: EditorTimes): string {
  const [smallest] = modules;
  const rows = modules.map(({ name, plain, times, hover }) => [
    name,
    name === smallest.name ? milliseconds(plain) : beyond(plain - smallest.plain),
    ...MARKS.map((mark) =>
      name === smallest.name ? milliseconds(times[mark]) : beyond(times[mark] - smallest.times[mark]),
    ),
    milliseconds(hover),
  ]);
  return [
    markdown([
      ['module', 'its text as a plain file', 'double click to text', 'to squiggle', 'to code lens', 'hover'],
      ...rows,
    ]),
    '',
    `The report of ${REPORT_EXPORTS} exports, from the start of its page: first paint of anything ${milliseconds(report.paint)}, the report stands there after ${milliseconds(report.drawn)}.`,
  ].join('\n');
}

/** What is slower than it may be, a sentence each. */
export function editorFaults({ modules, report }: EditorTimes): string[] {
  const [smallest, ...others] = modules;
  return [
    ...others.flatMap(({ name, times }) =>
      (['squiggle', 'lens'] as const).flatMap((mark) => {
        const most = TARGETS.find((target) => target.name === name)?.most ?? 0;
        const more = times[mark] - smallest.times[mark];
        return more > most ? [`${name}: ${mark} ${beyond(more)}, more than +${most} ms`] : [];
      }),
    ),
    ...(report.drawn > 500 ? [`report: ${milliseconds(report.drawn)}, more than 500 ms`] : []),
  ];
}

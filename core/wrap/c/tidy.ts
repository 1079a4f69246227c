/** Lines that a long name made too wide, broken as a formatter would break them. */
import { fitted, MAX_WIDTH, safeComment } from './text.ts';

/** Widest line of comment that is left as it is: those at the top of a file are as wide as in other languages. */
const MAX_COMMENT = 103;

/** The text with comments filled anew and lists of arguments broken, where a line is too wide. */
export function tidied(text: string): string {
  const out: string[] = [];
  let block: string[] = [];
  const end = (): void => {
    out.push(...(block.some((line) => line.length > MAX_COMMENT) ? filledComment(block) : block));
    block = [];
  };
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const isComment = /^ *\/\/ [^-]/.test(line);
    if (!isComment || (block.length > 0 && indentOf(block[0]) !== indentOf(line))) end();
    if (isComment) block.push(line);
    else if (line.length <= MAX_WIDTH || line.startsWith('#')) out.push(line);
    else {
      // A list that was broken at a fixed place continues on the next lines.
      let whole = line;
      while (/[,(]$/.test(whole) && i + 1 < lines.length && depthOf(whole) > 0)
        whole += `${whole.endsWith('(') ? '' : ' '}${lines[++i].trimStart()}`;
      out.push(broken(whole));
    }
  }
  end();
  return out.join('\n');
}

const indentOf = (line: string): string => /^ */.exec(line)?.[0] ?? '';

function filledComment(block: readonly string[]): string[] {
  const indent = indentOf(block[0]);
  const lines = [`${indent}//`];
  for (const word of block.flatMap((line) => line.slice(indent.length + 3).split(' '))) {
    const last = lines.length - 1;
    if (lines[last].length + word.length + 1 > MAX_WIDTH) lines.push(`${indent}// ${word}`);
    else lines[last] += ` ${word}`;
  }
  return safeComment(lines);
}

/** Positions of the characters of `line` that are in no string or character literal. */
function* outside(line: string): Generator<number> {
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    if (quote !== '') {
      if (line[i] === '\\') i++;
      else if (line[i] === quote) quote = '';
    } else if (line[i] === '"' || line[i] === "'") quote = line[i];
    else yield i;
  }
}

function depthOf(line: string): number {
  let depth = 0;
  for (const i of outside(line)) depth += line[i] === '(' ? 1 : line[i] === ')' ? -1 : 0;
  return depth;
}

/** `line` with its widest list of arguments broken; as it is where there is none. */
function broken(line: string): string {
  const open: { at: number; commas: number[] }[] = [];
  let best: { from: number; to: number; commas: number[] } | undefined;
  for (const i of outside(line)) {
    if ('([{'.includes(line[i])) open.push({ at: i, commas: [] });
    else if (line[i] === ',') open.at(-1)?.commas.push(i);
    else if (')]}'.includes(line[i])) {
      const list = open.pop();
      if (list === undefined || line[i] !== ')' || list.commas.length === 0) continue;
      if (best === undefined || i - list.at > best.to - best.from) best = { from: list.at, to: i, commas: list.commas };
    }
  }
  if (best === undefined) return line;
  const ends = [...best.commas, best.to];
  const items = ends.map((end, i) => line.slice(i === 0 ? best.from + 1 : ends[i - 1] + 1, end).trim());
  const indent = indentOf(line);
  return fitted(indent, line.slice(indent.length, best.from), items, line.slice(best.to + 1));
}

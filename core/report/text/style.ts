/** Text for a terminal: colours that can be switched off and columns. */

/** Puts a text into a colour or style; an empty text stays empty. */
export type Paint = (text: string) => string;

/** Colours of a terminal (SGR codes 31..36 follow its theme), or plain text. */
export function palette(colour: boolean): Record<'red' | 'yellow' | 'cyan' | 'green' | 'dim' | 'bold', Paint> {
  const paint =
    (on: number, off: number): Paint =>
    (text) =>
      colour && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    red: paint(31, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
    green: paint(32, 39),
    dim: paint(2, 22),
    bold: paint(1, 22),
  };
}

/** Widths are counted in characters; East Asian wide ones are rare in names, and a table may then be off by a few. */
export const widthOf = (text: string): number => [...text].length;

/** `text` broken at spaces into lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line === '') lines[lines.length - 1] = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Columns as wide as their longest cell, painted after they were padded. */
export function table(rows: string[][], paints: Paint[][]): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  return rows.map((row, r) => {
    const cells = row.map((cell, i) => {
      const padding = ' '.repeat(widths[i] - widthOf(cell));
      return (paints[r]?.[i]?.(cell) ?? cell) + padding;
    });
    return `  ${cells.join('  ')}`;
  });
}

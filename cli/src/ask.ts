/** A question to whoever sits at the terminal. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { terminalLine } from '../../core/harmless/terminal.ts';

/** Whether the answer begins with `y`. The end of the input, or Ctrl+C, is a no. Each line of the question is harmless. */
export function asked(question: string, input: Readable, output: Writable): Promise<boolean> {
  const lines = createInterface({ input, output, terminal: true });
  return new Promise((resolve) => {
    let answer = false;
    lines.on('line', (line) => {
      answer = /^\s*y(es)?\s*$/i.test(line);
      lines.close();
    });
    lines.on('close', () => resolve(answer));
    lines.setPrompt(`${question.split('\n').map(terminalLine).join('\n')} `);
    lines.prompt();
  });
}

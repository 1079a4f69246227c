/** The text of a binary while its analysis still runs: a large module can be read long before it is understood. */
import type { FileText } from './produce.ts';

/** Texts of runs, which are counted from 1. */
export class EarlyText {
  #run = 0;
  #text: FileText | undefined;
  #waiting: { first: number; tell(): void }[] = [];

  /** The number of the newest run. */
  get run(): number {
    return this.#run;
  }

  /** The text of the newest run; undefined when it has none yet, or has ended. */
  get text(): FileText | undefined {
    return this.#text;
  }

  /** A run begins. Returns its number. */
  begin(): number {
    this.#text = undefined;
    return ++this.#run;
  }

  /** A run has its text; it counts while no newer run has begun. */
  printed(run: number, text: FileText): void {
    if (run !== this.#run) return;
    this.#text = text;
    this.#tell();
  }

  /** A run has ended: a finished state has the text, or nothing has. */
  ended(run: number): void {
    if (run !== this.#run) return;
    this.#text = undefined;
    this.#tell();
  }

  /** A run was cancelled; who waits for it waits for the next one. */
  cancelled(run: number): void {
    if (run === this.#run) this.#text = undefined;
  }

  /** Resolves when a run from number `first` on has its text, or has ended. */
  since(first: number): Promise<void> {
    if (this.#run >= first && this.#text !== undefined) return Promise.resolve();
    return new Promise((tell) => this.#waiting.push({ first, tell }));
  }

  #tell(): void {
    const ready = this.#waiting.filter(({ first }) => first <= this.#run);
    this.#waiting = this.#waiting.filter(({ first }) => first > this.#run);
    for (const { tell } of ready) tell();
  }
}

/** Several runs at a time, whose answers come in the order of the runs. */

/** Begins run `i`; undefined where neither it nor a later one is to begin. */
export type Begin<Answer> = (i: number) => Promise<Answer> | undefined;

/** Begins runs in order, at most `most` at a time. */
export class InOrder<Answer> {
  private readonly count: number;
  private readonly begin: Begin<Answer>;
  private readonly answers = new Map<number, Promise<Answer> | undefined>();
  /** Told when the run that they wait for has begun, or never will. */
  private readonly waiting = new Map<number, () => void>();
  private next = 0;
  private over = false;

  constructor(count: number, most: number, begin: Begin<Answer>) {
    this.count = count;
    this.begin = begin;
    for (let lane = 0; lane < most && !this.over; lane++) this.beginNext();
  }

  /** The answer of run `i`; undefined if it was not begun. Rejects as the run does. */
  async answer(i: number): Promise<Answer | undefined> {
    if (!this.answers.has(i) && !this.over) await new Promise<void>((resolve) => this.waiting.set(i, resolve));
    return this.answers.get(i);
  }

  /** Begins no more runs. */
  end(): void {
    this.over = true;
    for (const told of this.waiting.values()) told();
    this.waiting.clear();
  }

  private beginNext(): void {
    if (this.over) return;
    const i = this.next++;
    const answer = i < this.count ? this.begin(i) : undefined;
    if (answer === undefined) {
      this.end();
      return;
    }
    this.answers.set(i, answer);
    this.waiting.get(i)?.();
    this.waiting.delete(i);
    const goOn = (): void => this.beginNext();
    // Whoever asks for the answer learns why it was rejected.
    answer.then(goOn, goOn);
  }
}

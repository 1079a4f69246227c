/**
 * Clock and randomness that a scenario grants. The world is asked once for each caller's first, second, ... use. Every
 * execution gets the same answers, so that outcomes depend on the order of steps alone and a schedule can be replayed.
 * Each caller has its own answers, which do not depend on the order of callers.
 */
export interface World {
  /** Since 1970. */
  nanoseconds(): bigint;
  random(bytes: Uint8Array): void;
}

/** Recorded answers of a `World`. */
export interface GrantedWorld {
  nanoseconds(caller: number): bigint;
  random(caller: number, bytes: Uint8Array): void;
  /** Back to the first answers after `mark`. */
  reset(): void;
  mark(): void;
}

/** Most that sources of randomness give at once (Web Crypto). */
const BLOCK = 65536;
/** Answers kept for a caller; further ones repeat them. */
const MAX_BLOCKS = 64;
const MAX_TIMES = 1_000_000;

interface Answers {
  times: bigint[];
  nextTime: number;
  markedTime: number;
  blocks: Uint8Array[];
  nextByte: number;
  markedByte: number;
}

/** Records the answers of `world`, which is asked once for each. */
export function grantedWorld(world: World): GrantedWorld {
  const callers: Answers[] = [];
  const of = (caller: number): Answers => {
    callers[caller] ??= { times: [], nextTime: 0, markedTime: 0, blocks: [], nextByte: 0, markedByte: 0 };
    return callers[caller];
  };
  const blockOf = ({ blocks }: Answers, index: number): Uint8Array => {
    while (blocks.length <= index) {
      const block = new Uint8Array(BLOCK);
      world.random(block);
      blocks.push(block);
    }
    return blocks[index];
  };
  return {
    nanoseconds(caller) {
      const answers = of(caller);
      const index = Math.min(answers.nextTime++, MAX_TIMES - 1);
      answers.times[index] ??= world.nanoseconds();
      return answers.times[index];
    },
    random(caller, bytes) {
      const answers = of(caller);
      for (let done = 0; done < bytes.length; ) {
        const at = answers.nextByte % (MAX_BLOCKS * BLOCK);
        const block = blockOf(answers, Math.floor(at / BLOCK));
        const part = block.subarray(at % BLOCK, (at % BLOCK) + bytes.length - done);
        bytes.set(part, done);
        done += part.length;
        answers.nextByte += part.length;
      }
    },
    reset() {
      for (const answers of callers) {
        if (answers === undefined) continue;
        answers.nextTime = answers.markedTime;
        answers.nextByte = answers.markedByte;
      }
    },
    mark() {
      for (const answers of callers) {
        if (answers === undefined) continue;
        answers.markedTime = answers.nextTime;
        answers.markedByte = answers.nextByte;
      }
    },
  };
}

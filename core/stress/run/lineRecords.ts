/**
 * The records of lines of memory 0, in the memories of tags; see ../instrument/firstAccess.ts. A caller *passes* a line
 * when its first access in an execution need not ask the engine: it asked in an earlier one, the line lies inside the
 * base state, and nobody shares it.
 */
import { LAST_LINK, LINE_BYTES, LINK_BIT, RECORD_BYTES, RecordWord, TAG_HEADER, TagWord } from '../instrument/hooks.ts';
import type { GuestInstance } from './guestInstance.ts';
import type { WrittenLines } from './lines/writtenLines.ts';
import type { LineWatch, MemoryState } from './memoryState.ts';

const RECORD_WORDS = RECORD_BYTES / 4;
const RECORD_LOG2 = Math.log2(RECORD_BYTES);
/** Callers have bits to write above those to read. */
const WRITER_SHIFT = 16;

/** The bits of a caller in `RecordWord.Passes`. */
export const readerBit = (caller: number): number => 1 << caller;
export const writerBit = (caller: number): number => 1 << (caller + WRITER_SHIFT);

/** The records of all instances. */
export class LineRecords {
  private readonly instances: readonly GuestInstance[];
  /** Position of the first record among the words of a memory of tags; -1 where lines have none. */
  private readonly first: number;

  /** @param tagBase bytes before the records; -1 where lines have none */
  constructor(instances: readonly GuestInstance[], tagBase: number) {
    this.instances = instances;
    this.first = tagBase < 0 ? -1 : tagBase >> 2;
  }

  /** Notes an access that asked: its repetitions in this execution, and later first ones, need not. */
  leave({ tags, memories }: GuestInstance, line: number, caller: { tag: number; index: number }, write: boolean): void {
    const at = this.first + line * RECORD_WORDS;
    if (this.first < 0 || at + RECORD_WORDS > tags.length) return;
    // A write's tag also covers reads, not the other way round.
    tags[at + RecordWord.ReadTag] = caller.tag;
    if (write) tags[at + RecordWord.WriteTag] = caller.tag;
    if ((line + 1) * LINE_BYTES > memories[0].baseBytes) return;
    tags[at + RecordWord.Passes] |= readerBit(caller.index) | (write ? writerBit(caller.index) : 0);
  }

  /** What a memory has to tell and to ask. */
  watch(memory: MemoryState): LineWatch {
    const sharing = () => this.instances.filter(({ memories }) => memories[0] === memory);
    return {
      shared: (line) => {
        const at = this.first + line * RECORD_WORDS;
        if (this.first < 0) return;
        for (const { tags } of sharing()) if (at < tags.length) tags[at + RecordWord.Passes] = 0;
      },
      collect: (written) => {
        if (this.first >= 0) for (const instance of sharing()) this.collect(instance, written);
      },
    };
  }

  /** Empties the list of lines that were written without asking. */
  private collect({ tags }: GuestInstance, written: WrittenLines): void {
    let link = tags[TagWord.Written];
    if (link === LAST_LINK) return;
    const { stamps, stamp, list } = written;
    const next = this.first + RecordWord.Next;
    let { count } = written;
    while (link !== LAST_LINK) {
      const offset = link & ~LINK_BIT;
      const line = offset >>> RECORD_LOG2;
      const at = next + (offset >>> 2);
      link = tags[at];
      tags[at] = 0;
      if (stamps[line] === stamp) continue;
      stamps[line] = stamp;
      list[count++] = line;
    }
    written.count = count;
    tags[TagWord.Written] = LAST_LINK;
  }

  /** Forgets all tags and who passes; the lists must be empty. */
  clear(): void {
    for (const { tags } of this.instances) {
      tags.fill(0, TAG_HEADER / 4);
      tags[TagWord.Written] = LAST_LINK;
    }
  }
}

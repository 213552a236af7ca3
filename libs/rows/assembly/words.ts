// AssemblyScript, part of plain-rows.ts: words of a column with what each stands for, found by their bytes.

/** What a word stands for beside the numbers that the caller gave. */
export const UNKNOWN: i32 = -1;
/** The cell is empty. */
export const EMPTY: i32 = -2;
/** The cell has to be read the long way. */
export const OTHER: i32 = -3;

@unmanaged
class Word {
  from: usize;
  length: i32;
  means: i32;
}

const WORD_BYTES: usize = 12;

/** Open addressing; at most half of the slots are taken. */
@unmanaged
export class Words {
  slots: usize = 0;
  mask: i32 = 0;
  room: i32 = 0;
  count: i32 = 0;
  longest: i32 = 0;

  /** @param room how many words there will be at most */
  static create(room: i32): Words {
    const words = new Words();
    let slots = 4;
    while (slots < 2 * room) slots *= 2;
    words.mask = slots - 1;
    words.room = room;
    words.slots = heap.alloc(<usize>slots * WORD_BYTES);
    memory.fill(words.slots, 0, <usize>slots * WORD_BYTES);
    return words;
  }

  /** The word has to stay where it is. */
  add(from: usize, length: i32, means: i32): void {
    const word = this.slotOf(from, length);
    if (word.from === 0) this.count += 1;
    word.from = from;
    word.length = length;
    word.means = means;
    this.longest = max(this.longest, length);
  }

  /** What the word stands for; UNKNOWN: it is none of these. */
  find(from: usize, length: i32): i32 {
    if (length > this.longest) return UNKNOWN;
    const word = this.slotOf(from, length);
    return word.from === 0 ? UNKNOWN : word.means;
  }
  private slotOf(from: usize, length: i32): Word {
    let hash: u32 = 2166136261 ^ (<u32>length);
    let at = from;
    const end = from + length;
    while (at + 4 <= end) {
      hash = (hash ^ load<u32>(at)) * 0x9e3779b1;
      hash ^= hash >> 15;
      at += 4;
    }
    while (at < end) {
      hash = (hash ^ load<u8>(at)) * 0x01000193;
      at += 1;
    }
    hash ^= hash >> 13;
    let slot = (<i32>hash) & this.mask;
    let word = changetype<Word>(this.slots + <usize>slot * WORD_BYTES);
    while (word.from !== 0 && (word.length !== length || memory.compare(word.from, from, length) !== 0)) {
      slot = (slot + 1) & this.mask;
      word = changetype<Word>(this.slots + <usize>slot * WORD_BYTES);
    }
    return word;
  }
}

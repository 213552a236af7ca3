const LEAST_BLOCK = 1 << 16;

/**
 * Memory for the columns of one scoring, handed to the next one whole. A scoring with 1,000 draws fills some hundred
 * columns and needs none of them afterwards; made anew for every city they cost as much as the arithmetic, in clearing
 * and collecting them. What is taken is cleared, so a scoring never sees another's numbers.
 */
export class ColumnMemory {
  private blocks: Float64Array[] = [];
  private block = 0;
  private used = 0;

  /** From here on all memory is free again: columns taken before must no longer be used. */
  release(): void {
    this.block = 0;
    this.used = 0;
  }

  /** A column of zeros. */
  take(length: number): Float64Array {
    return this.takeRaw(length).fill(0);
  }

  copy(values: Float64Array): Float64Array {
    const column = this.takeRaw(values.length);
    column.set(values);
    return column;
  }

  private takeRaw(length: number): Float64Array {
    for (;;) {
      const block = this.blocks[this.block];
      if (block === undefined) {
        this.blocks.push(new Float64Array(Math.max(LEAST_BLOCK, length)));
      } else if (this.used + length > block.length) {
        this.block += 1;
        this.used = 0;
      } else {
        const column = block.subarray(this.used, this.used + length);
        this.used += length;
        return column;
      }
    }
  }
}

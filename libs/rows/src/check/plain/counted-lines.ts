import type { LineRange, PlainGroup } from './line-reader.js';
import { LinesHere } from './line-threads.js';

/** Counts the rows that short cuts left over. */
export class CountedLines extends LinesHere {
  rows = 0;
  others = 0;

  override async read(range: LineRange): Promise<readonly PlainGroup[]> {
    const groups = await super.read(range);
    for (const group of groups) {
      this.rows += group.rows;
      this.others += group.others;
    }
    return groups;
  }
}

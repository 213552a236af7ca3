import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinePicker, RowSet } from './pick-lines.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'picked-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rowSet(rows: readonly number[]): RowSet {
  const set = new RowSet();
  for (const row of rows) set.add(row);
  return set;
}

it.each([
  ['counted', false],
  ['told by the file', true],
])('the first time and every further time, the lines of the wanted rows are picked; rows are %s', async (_, told) => {
  const count = fc.integer({ min: 1, max: 1500 });
  const wanted = fc.array(fc.nat(1600), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      count,
      fc.array(wanted, { minLength: 2, maxLength: 4 }),
      fc.boolean(),
      async (lines, picks, ends) => {
        // A line longer than what is read at a time stands in some files; rows that are told may leave numbers out.
        const rowOf = (index: number) => (told ? 5 + index + (index > 700 ? 100 : 0) : 5 + index);
        const text = (index: number) => (index === 900 ? 'long'.repeat(1_200_000) : `a${index},b`);
        const all = Array.from({ length: lines }, (__, index) => ({
          row: rowOf(index),
          line: told ? `${rowOf(index)},${text(index)}` : text(index),
        }));
        const path = join(folder, 'lines.csv');
        writeFileSync(path, all.map(({ line }) => line).join('\n') + (ends ? '\n' : ''));
        const picker = new LinePicker({ path, delimiter: ',', rowNumbers: told, headers: ['x', 'y'] }, 5);
        for (const rows of picks) {
          const { path: picked, rowNumbers } = picker.pick(rowSet(rows), join(folder, 'picked.csv'));
          const expected = all.filter(({ row }) => rows.includes(row));
          expect(
            readFileSync(picked, 'utf8') ===
              expected.map(({ row, line }) => `${told ? line : `${row},${line}`}\n`).join(''),
          ).toBe(true);
          expect(rowNumbers).toBe(true);
        }
      },
    ),
    { numRuns: 40 },
  );
});

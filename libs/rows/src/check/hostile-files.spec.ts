import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanCell } from './clean-cell.js';
import { holdsPersonalNumber } from './mask-personal.js';
import { CheckFolder, checkColumn } from './sample-check.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());
const at = '2023-05-04 09:00:00';
const headers = ['call_id', 'started_at', 'result', 'skill_group'];
const line = (id: string, group: string) => `${id},${at},ivr_only,${group}\n`;
const groups = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map((row) => [row['call_id'], row['skill_group']]);

describe('text in cells', () => {
  const hostile = [
    `'; DROP TABLE x; --`,
    `"quoted" 'both'`,
    '=HYPERLINK("http://x","y")',
    '+cmd',
    '-2+3',
    '@SUM(A1)',
    '${jndi:ldap://x}',
    '%s%n',
    '\\N',
    '\\',
    '{"a":1}',
    'a;b|c',
    '<script>alert(1)</script>',
    'NULL; SELECT 1',
    '𠮷野家🈚',
    `$1 $2 \u0301`,
    'x'.repeat(20_000),
  ];

  it('is kept as text', async () => {
    const found = await checkColumn(folder, 'calls', 'skill_group', hostile);
    expect(found.map((cell) => cell.stored)).toEqual(hostile.map((text) => (text === '\\' ? null : cleanCell(text))));
  });

  it('round-trips whatever it is', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((each) => !each.includes('\0'));
    const samples = fc.sample(text, { numRuns: 400, seed: 12345 });
    const found = await checkColumn(folder, 'calls', 'skill_group', samples);
    const markers = new Set(['-', '--', '—', '——', '–', '/', '\\', '无', '空']);
    for (const [index, sample] of samples.entries()) {
      const cleaned = cleanCell(sample);
      if (holdsPersonalNumber(cleaned)) continue;
      // Lone surrogates cannot be written as UTF-8; the file holds U+FFFD in their place.
      const expected = cleanCell(Buffer.from(sample).toString('utf8'));
      expect(found[index]?.stored).toBe(expected === '' || markers.has(expected) ? null : expected);
    }
  });

  it('in headers and mappings does no harm', async () => {
    const header = `组"'; DROP TABLE x; --`;
    const columns = {
      skill_group: {
        from: [header],
        emptyMarkers: [`'); DROP TABLE x; --`, 'a\0b'],
        values: [{ value: `'`, to: `"'";--`, when: { header: '结\n果"', is: 'filled' as const } }],
      },
    };
    const { rows } = await folder.check(
      'calls',
      ['call_id', 'started_at', 'result', header, '结\n果"'],
      [
        ['a', at, 'ivr_only', `'`, 'x'],
        ['b', at, 'ivr_only', `'`, ''],
        ['c', at, 'ivr_only', `'); DROP TABLE x; --`, ''],
      ],
      { columns },
    );
    expect(groups(rows)).toEqual([
      ['a', `"'";--`],
      ['b', `'`],
      ['c', null],
    ]);
  });
});

describe('lines', () => {
  it('with line breaks inside cells are read as one row, and the rows after keep their numbers', async () => {
    const text = `a,${at},ivr_only,"一\n二\r\n三"\n` + line('b', '组') + `c,x,ivr_only,"说""是"""\n` + `d\n`;
    const { rows, issues } = await folder.checkText('calls', headers, text);
    expect(groups(rows)).toEqual([
      ['a', '一 二 三'],
      ['b', '组'],
    ]);
    expect(issues.map((issue) => [issue['row'], issue['rule']])).toEqual([
      ['4', 'bad_datetime'],
      ['5', 'ragged_row'],
    ]);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('may end in %s', async (_name, end) => {
    const text = (line('a', 'x') + line('b', '"y,z"')).replaceAll('\n', end);
    expect(groups((await folder.checkText('calls', headers, text)).rows)).toEqual([
      ['a', 'x'],
      ['b', 'y,z'],
    ]);
  });

  it('may end in several ways, be blank, or lack their end', async () => {
    const text = `${line('a', 'x')}\n\r\n${line('b', 'y').replace('\n', '\r\n')}   \n${line('c', 'z').trim()}`;
    const { rows, result } = await folder.checkText('calls', headers, text);
    expect(groups(rows)).toEqual([
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'z'],
    ]);
    expect(result.counts).toMatchObject({ read: 3, accepted: 3, blankRows: 3 });
  });

  it('that are blank at the end are counted', async () => {
    const { result } = await folder.checkText('calls', headers, `${line('a', 'x')}\n\n,,,\n  \n`);
    expect(result.counts).toMatchObject({ read: 1, accepted: 1, blankRows: 4 });
  });

  it('with NUL are refused alone', async () => {
    const { rows, issues } = await folder.checkText('calls', headers, line('a', 'x\0y') + line('b', 'z'));
    expect(groups(rows)).toEqual([['b', 'z']]);
    expect(issues).toMatchObject([{ row: '2', rule: 'nul_character', level: 'error', value: null }]);
  });

  it('with quotes out of order are refused alone', async () => {
    const { rows, issues } = await folder.checkText(
      'calls',
      headers,
      line('a', '"x"y') + line('b', '5" 管') + line('c', ' "q"'),
    );
    expect(groups(rows)).toEqual([
      ['b', '5" 管'],
      ['c', 'q'],
    ]);
    expect(issues).toMatchObject([{ row: '2', rule: 'broken_quotes' }]);
  });

  it('that are too long are refused alone', async () => {
    const { rows, issues } = await folder.checkText(
      'calls',
      headers,
      line('a', 'x'.repeat(5 << 20)) + line('b', 'z') + line('c', '"q\nr"'),
    );
    expect(groups(rows)).toEqual([
      ['b', 'z'],
      ['c', 'q r'],
    ]);
    expect(issues).toMatchObject([{ row: '2', rule: 'line_too_long' }]);
  });
});

describe('a quotation mark that swallows rows', () => {
  it.each([
    ['to the end', line('a', '"open') + line('b', 'x')],
    ['up to a later quotation', line('a', '"open') + line('b', '"x"')],
    ['of a whole large file', line('a', '"open') + line('b', 'x').repeat(100_000)],
  ])('%s refuses the file by its row', async (_name, text) => {
    const refusal = await folder.refusal(folder.checkText('calls', headers, text));
    expect(refusal).toEqual({ code: 'open_quote_at_row', params: { row: 2 } });
  });
});

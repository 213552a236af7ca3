import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markers } from './cell-reader.js';
import { alreadyClean, cleanCell } from './clean-cell.js';
import { scientificNotation } from './readers/read-word.js';
import { CheckFolder, checkColumn, hashKey } from './sample-check.js';
import {
  hidePersonalValue,
  holdsPersonalNumber,
  impersonalSerials,
  maskPersonalNumbers,
  maskTypedText,
  personalNumber,
} from './mask-personal.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());
const at = '2023-05-04 09:00:00';

/** Half of the HMAC-SHA-256 by another hand than the program's, in the spelling of a UUID. */
const token = (text: string, key = hashKey) => asUuid(createHmac('sha256', Buffer.from(key, 'hex')).update(text));
const asUuid = (hash: Hash | Hmac) =>
  hash
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const stored = async (...given: Parameters<typeof checkColumn>) =>
  (await checkColumn(...given)).map((cell) => cell.stored);

describe('phone numbers', () => {
  it.each([
    ['13800138000', '+8613800138000'],
    ['+86 138-0013-8000', '+8613800138000'],
    ['0086 13800138000', '+8613800138000'],
    ['8613800138000', '+8613800138000'],
    ['013800138000', '+8613800138000'],
    ['１３８００１３８０００', '+8613800138000'],
    [' 138 0013 8000 ', '+8613800138000'],
    ["'13800138000", '+8613800138000'],
    ['010-12345678', '+861012345678'],
    ['(010)12345678', '+861012345678'],
    ['+86 10 12345678', '+861012345678'],
    ['0755-1234567', '+867551234567'],
    ['12345', '12345'],
    ['110', '110'],
  ])('%s are kept as the token of %s', async (cell, normal) => {
    expect(await stored(folder, 'calls', 'caller_hash', [cell], { header: '主叫号码' })).toEqual([token(normal)]);
  });

  it.each(['138****8000', '138xxxx8000', '匿名', '未知', 'unknown', 'Private', '12', '无', '-', ''])(
    '%s tell no number',
    async (cell) => {
      expect(await stored(folder, 'calls', 'caller_hash', [cell], { header: '主叫号码' })).toEqual([null]);
    },
  );

  it('that are tokens already stay equal tokens under caller_hash', async () => {
    const cells = ['a1f9e0', 'a1f9e0', '13800138000'];
    expect(await stored(folder, 'calls', 'caller_hash', cells)).toEqual([
      token('a1f9e0'),
      token('a1f9e0'),
      token('+8613800138000'),
    ]);
  });

  it('give other tokens under another key, and keys longer than a block work', async () => {
    for (const key of ['ff'.repeat(32), 'ab'.repeat(64), 'cd'.repeat(100)])
      expect(await stored(folder, 'calls', 'caller_hash', ['13800138000'], { hashKey: key })).toEqual([
        token('+8613800138000', key),
      ]);
  });

  it('cannot be found by hashing all numbers without the key', async () => {
    const [kept] = await stored(folder, 'calls', 'caller_hash', ['13800138000']);
    for (const guess of ['13800138000', '+8613800138000'])
      expect(asUuid(createHash('sha256').update(guess))).not.toBe(kept);
  });

  it('need a key of at least 32 bytes', async () => {
    await expect(stored(folder, 'calls', 'caller_hash', ['13800138000'], { hashKey: 'ab'.repeat(31) })).rejects.toThrow(
      /at least 32 bytes/,
    );
  });
});

describe('names', () => {
  it('are kept as the token of their upper case, however often they occur', async () => {
    const cells = ['a007', 'A007', ' ａ００７ ', '张 三', '未知'];
    expect(await stored(folder, 'calls', 'agent_hash', cells)).toEqual([
      token('A007'),
      token('A007'),
      token('A007'),
      token('张 三'),
      null,
    ]);
  });

  it('are hashed alike beyond the first thousands of rows', async () => {
    const cells = Array.from({ length: 25_000 }, (_, index) => (index < 22_000 ? '王芳' : `李${index}`));
    const hashes = await stored(folder, 'calls', 'agent_hash', cells);
    expect([hashes[0], hashes[24_999]]).toEqual([token('王芳'), token('李24999')]);
  });
});

describe('numbers inside other text', () => {
  it('are masked with a warning', async () => {
    const { rows, issues } = await folder.check(
      'work_orders',
      ['order_id', 'created_at', 'channel', 'topic_l1', 'unit'],
      [['w1', at, 'phone', '催办13800138000', '王某 110101199003077758 及 010-12345678']],
    );
    expect(rows[0]?.['topic_l1']).toBe('催办138****8000');
    expect(rows[0]?.['unit']).toBe('王某 110****7758 及 010****5678');
    expect(issues.map((issue) => [issue['column'], issue['rule'], issue['level']])).toEqual([
      ['topic_l1', 'personal_number_masked', 'warning'],
      ['unit', 'personal_number_masked', 'warning'],
    ]);
  });

  it.each([
    ['+86 13800138000', '+86138-0013-8000'],
    ['0086-13800138000', '(+86)138 0013 8000'],
    ['013800138000', '86 138 0013 8000'],
    ['138-0013-8000', '138 0013 8000'],
    ['138.0013.8000', '138–0013–8000'],
    ['1380 013 8000', '13800-138-000'],
    ['138 - 0013 - 8000', '1380-013-8000'],
    ['tel13800138000x', '市民13800138000来电'],
    ['１３８００１３８０００', '１３８－００１３－８０００'],
    ['010-62345678', '(010)62345678'],
    ['01062345678', '027 8234 5678'],
    ['（０７５５）８２３４５６７８', '0755-8234567'],
    ['+86 10 62345678', '+86-27-8234-5678'],
    ['110101199003077758', '11010119900307775X'],
    ['110101 19900307 7758', '110101-19900307-775x'],
    ['110101900307775', '身份证110101900307775号'],
    ['１１０１０１１９９００３０７７７５Ｘ', '持110101199003077758证'],
  ])('are found as %s and %s', (...texts) => {
    for (const text of texts) {
      const masked = maskTypedText(text);
      expect(masked).toMatch(/[*]{4}/u);
      expect(masked.normalize('NFKC').match(/[0-9]/gu)?.length).toBeLessThan(8);
    }
  });

  it('are found by the database as by the program', async () => {
    const connection = await folder.connection();
    const texts = ['来电138 0013 8000', '(010)62345678', '110101900307775', '027-8234-5678', '2023-05-04 13:00', 'A12'];
    for (const text of texts) {
      const reader = await connection.runAndReadAll('SELECT regexp_matches($1, $2)', [text, personalNumber]);
      expect([text, reader.getRows()[0]?.[0]]).toEqual([text, holdsPersonalNumber(text)]);
    }
  });

  it('keep ids apart and equal over data sets', async () => {
    const orders = await folder.check(
      'work_orders',
      ['order_id', 'created_at', 'channel', 'topic_l1'],
      [
        ['13800138000', at, 'phone', 'a'],
        ['13811138000', at, 'phone', 'a'],
      ],
    );
    const ids = orders.rows.map((row) => row['order_id']);
    expect(ids).toEqual(
      [`138****8000#${token('13800138000').slice(0, 8)}`, `138****8000#${token('13811138000').slice(0, 8)}`].toSorted(),
    );
    const segments = orders.result.months.map((month) => ({ ...month, dataset: 'work_orders' as const }));
    const calls = await folder.check(
      'callbacks',
      ['order_id', 'attempted_at', 'connected'],
      [['13800138000', at, '是']],
      { segments },
    );
    expect(calls.issues.map((issue) => issue['rule'])).toEqual(['personal_number_masked']);
  });

  it('are not seen in longer order numbers and times', () => {
    for (const text of [
      'GD20230504138001380001',
      '2023050413800138000123',
      '20230504090500',
      '12345',
      '2023-05-04 13:00',
      '2023-05-04 09:00:00',
      '420100230504123',
      '2023/5/4 13:00',
      '113.27324512,30.58231142',
      '400-810-1234',
      '20.2023-05-04 12345',
    ])
      expect(maskPersonalNumbers(text)).toBe(text);
  });

  it('are hidden where a personal value has to be shown', () => {
    expect(hidePersonalValue('13800138000')).toBe('138****8000');
    expect(hidePersonalValue('张三丰')).toBe('张***');
    expect(hidePersonalValue('张三丰13800138000')).toBe('张***');
    expect(hidePersonalValue('010123456789999')).toBe('0***');
  });
});

describe('serial numbers that are not searched for numbers of persons', () => {
  it.each(impersonalSerials.map((pattern) => [pattern]))('hold none, and need no cleaning: %s', (pattern) => {
    const clean = new RegExp(`^(?:${alreadyClean})$`, 'u');
    const digitsLost = new RegExp(`^(?:${scientificNotation})$`, 'u');
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(`^(?:${pattern})$`, 'u')), (serial) => {
        expect([holdsPersonalNumber(serial), markers.has(serial), digitsLost.test(serial)]).toEqual([
          false,
          false,
          false,
        ]);
        expect([clean.test(serial), cleanCell(serial)]).toEqual([true, serial]);
      }),
      { numRuns: 2000 },
    );
  });

  it('are none with a number of a person in them', () => {
    const serials = new RegExp(`^(?:${impersonalSerials.join('|')})$`, 'u');
    const area = fc.constantFrom('11', '37', '44', '65', '81');
    const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`, 'u'));
    const mobile = fc.tuple(fc.constantFrom('', '0', '86', '0086'), fc.integer({ min: 3, max: 9 }), digits(9));
    const numbers = fc.oneof(
      mobile.map(([before, second, rest]) => `${before}1${second}${rest}`),
      fc.tuple(area, digits(4)).map(([first, rest]) => `${first}${rest}19850312301X`),
      fc.tuple(area, digits(4)).map(([first, rest]) => `${first}${rest}198503123012`),
      fc.tuple(area, digits(4)).map(([first, rest]) => `${first}${rest}850312301`),
      digits(7).map((rest) => `0108${rest}`),
      digits(6).map((rest) => `07318${rest}`),
    );
    fc.assert(
      fc.property(fc.constantFrom('', 'C', 'No'), numbers, (before, number) => {
        const id = `${before}${number}`;
        expect([holdsPersonalNumber(id), serials.test(id)]).toEqual([true, false]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what a check leaves behind', () => {
  const phones = Array.from({ length: 50 }, (_, index) => `1391234${String(1000 + index * 7)}`);
  const headers = ['通话编号', '来电时间', '呼叫结果', '主叫号码', '坐席工号', '技能组', '身份证号码', '家庭住址'];

  it('holds no number and no name in clear, in files, results and errors', async () => {
    const rows = phones.map((phone, index) => [
      index % 5 === 0 ? phone : `c${index}`,
      index % 7 === 0 ? `来电 ${phone}` : at,
      index % 3 === 0 ? `已转${phone}` : '接通',
      phone,
      `坐席${phone}欧阳锋`,
      `组 ${phone} 110101${phone.slice(3)}`,
      `11010119900307${phone.slice(-4)}`,
      `黄龙洞 ${phone}@163.com`,
    ]);
    const { result, written, outDir } = await folder.check('calls', headers, rows);
    expect(result.counts.read).toBe(50);
    const told = `${written}\n${JSON.stringify(result)}\n${outDir}\n${folder.leftOver().join('\n')}`;
    for (const phone of phones) expect(told.includes(phone)).toBe(false);
    expect(told.includes(Buffer.from('欧阳锋').toString('latin1'))).toBe(false);
    expect(told.includes('欧阳锋')).toBe(false);
    // Columns that the dictionary does not list are not stored at all.
    expect(written.includes(Buffer.from('黄龙洞').toString('latin1'))).toBe(false);
  });

  it('is rows, keys and issues only, and the rows that have any', async () => {
    const left = (outDir: string) => readdirSync(outDir, { recursive: true }).map(String).toSorted();
    const clean = ['issues.parquet', 'rows', 'rows/2023-05.parquet'];
    const { result, outDir } = await folder.check('calls', headers.slice(0, 3), [['c1', at, '自助服务']]);
    expect(left(outDir)).toEqual(clean);
    const warned = await folder.check('calls', headers.slice(0, 3), [['c1', at, '接通']]);
    expect(left(warned.outDir)).toEqual(['issue-rows.parquet', ...clean]);
    expect(Object.keys(result.months[0] ?? {})).toEqual(['month', 'file', 'rows']);
    expect(folder.leftOver().filter((name) => name.startsWith('decoded'))).toEqual([]);
  });
});

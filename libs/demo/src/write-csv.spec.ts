import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from './city-plan.js';
import { asRecords, readCsv } from './testing/read-files.js';
import { leanCallColumns, writeCsv } from './write-csv.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-csv-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const row: Row = {
  call_id: 'C1',
  started_at: '2025-05-04 09:05:30',
  direction: 'inbound',
  queue_seconds: 12,
  result: 'answered',
  rating_invited: true,
  satisfaction: null,
  skill_group: '综合组, "夜"',
};

describe('writeCsv', () => {
  it('writes canonical headers, codes and quoted text in UTF-8', async () => {
    const path = join(folder, 'canonical.csv');
    const columns = [
      'call_id',
      'direction',
      'queue_seconds',
      'result',
      'rating_invited',
      'satisfaction',
      'skill_group',
    ];
    const written = await writeCsv(path, 'calls', [row], { headers: 'id', encoding: 'utf-8', columns });
    const text = await readFile(path, 'utf8');
    expect(text).toBe(`${columns.join(',')}\nC1,inbound,12,answered,true,,"综合组, ""夜"""\n`);
    expect(written).toEqual({ path, rows: 1, bytes: Buffer.byteLength(text) });
  });

  it('writes Chinese headers and words, and leaves unknown spellings as they are', async () => {
    for (const [encoding, decoding, mark] of [
      ['gb18030', 'gb18030', ''],
      ['utf-8-bom', 'utf-8', 'efbbbf'],
      ['utf-16le', 'utf-16le', 'fffe'],
    ] as const) {
      const path = join(folder, `${encoding}.csv`);
      const unknown = { ...row, call_id: 'C2', result: '接通(转)', rating_invited: false };
      await writeCsv(path, 'calls', [row, unknown], { headers: 'zh', encoding, newline: '\r\n', delimiter: ';' });
      expect((await readFile(path)).subarray(0, mark.length / 2).toString('hex')).toBe(mark);
      const [first, second] = asRecords(await readCsv(path, decoding, ';'));
      expect(first).toMatchObject({
        通话编号: 'C1',
        来电时间: '2025-05-04 09:05:30',
        呼叫方向: '呼入',
        呼叫结果: '人工接通',
      });
      expect(first).toMatchObject({ 是否邀评: '是', 话后满意度: '', 技能组: '综合组, "夜"' });
      expect(second).toMatchObject({ 呼叫结果: '接通(转)', 是否邀评: '否' });
    }
  });

  it('spells known Chinese words in GB18030 bytes', async () => {
    const path = join(folder, 'bytes.csv');
    await writeCsv(path, 'calls', [{ result: 'answered' }], {
      headers: 'zh',
      encoding: 'gb18030',
      columns: ['result'],
    });
    // 呼叫结果 and 人工接通 in GB 2312.
    expect((await readFile(path)).toString('hex')).toBe('baf4bdd0bde1b9fb0ac8cbb9a4bdd3cda80a');
  });

  it('writes many rows in pieces without losing one', async () => {
    const path = join(folder, 'many.csv');
    const many = Array.from({ length: 20_000 }, (_, index) => ({ ...row, call_id: `C${index}` }));
    const written = await writeCsv(path, 'calls', many, {
      headers: 'zh',
      encoding: 'gb18030',
      columns: leanCallColumns,
    });
    const records = asRecords(await readCsv(path, 'gb18030'));
    expect(written.rows).toBe(20_000);
    expect(records.map((record) => record.通话编号)).toEqual(many.map((each) => each.call_id));
  });

  it('refuses a column that the dataset does not have', async () => {
    const options = { headers: 'id', encoding: 'utf-8', columns: ['nothing'] } as const;
    await expect(writeCsv(join(folder, 'no.csv'), 'calls', [row], options)).rejects.toThrow(
      'dataset calls has no column nothing',
    );
  });
});

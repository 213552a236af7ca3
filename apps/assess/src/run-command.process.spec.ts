import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.js';

let work: string;
let data: string;
const systemTemp = process.env['TMPDIR'];
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'assess-command-'));
  data = join(work, 'data');
  await mkdir(data);
  await mkdir(join(work, 'temp'));
  process.env['TMPDIR'] = join(work, 'temp');
});
afterEach(async () => {
  // The command keeps nothing, however it ended.
  const left = await readdir(join(work, 'temp'));
  if (systemTemp === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = systemTemp;
  await rm(work, { recursive: true, force: true });
  expect(left).toEqual([]);
});

async function run(more: readonly string[] = [], signal = new AbortController().signal) {
  const [results, notices]: [string[], string[]] = [[], []];
  const given = ['--city', '420100', '--start', '2023-06-01', '--end', '2023-06-03', '--data', data, ...more];
  const output = { result: (text: string) => results.push(text), notice: (text: string) => notices.push(text) };
  const code = await runCommand(given, output, signal);
  return { code, result: results.join('\n'), notices: notices.join('\n') };
}

const daily = (rows: readonly string[]) => ['统计日期,人工请求量,人工接通量,备注', ...rows, ''].join('\n');

describe('npm run assess', () => {
  it('scores the files of a folder, the later name over the earlier, and lists what became of each', async () => {
    await writeFile(join(data, 'a.csv'), daily(['2023-06-01,300,100,x', '2023-06-02,200,150,x', '2023-05-31,9,9,x']));
    await writeFile(join(data, 'b.csv'), daily(['2023-06-01,300,300,x', '2023-06-02,oops,1,x']));
    await writeFile(join(data, 'notes.txt'), 'nothing of interest here\nat all\n');
    const { code, result, notices } = await run(['--json']);
    expect(code).toBe(0);
    const found = JSON.parse(result) as Record<string, Record<string, unknown>>;
    // 300 of 300 from b.csv, 150 of 200 from a.csv: 450 ÷ 500.
    expect(found['indicators']?.['hotline_connect_rate']).toMatchObject({
      state: 'observed',
      value: 90,
      score: 75,
      n: 500,
      numerator: 450,
      denominator: 500,
      method: 'connect_rate.daily',
    });
    expect(found['indicators']?.['trust']).toMatchObject({ state: 'not_observed', value: null, score: null });
    expect(found['index']).toMatchObject({ rated: false, score: null, grade: null });
    expect(found).toMatchObject({ city: '420100', period: { start: '2023-06-01', end: '2023-06-03', days: 2 } });
    const imported = { dataset: 'call_metrics_daily', duplicates: 0, unmapped: ['备注'] };
    expect(found['imports']).toMatchObject([
      { file: 'a.csv', accepted: 3, refused: 0, ...imported },
      { file: 'b.csv', accepted: 1, refused: 1, ...imported },
      { file: 'notes.txt', dataset: null, accepted: null },
    ]);
    expect(notices).toContain('notes.txt');
  });

  it('takes what mapping.json says about a file', async () => {
    const columns = { offered: { from: ['甲'] }, answered: { from: ['乙'] } };
    await writeFile(join(data, 'call_metrics_daily.csv'), '日期,甲,乙\n2023-06-02,500,450\n');
    await writeFile(join(data, 'mapping.json'), JSON.stringify({ 'call_metrics_daily.csv': { columns } }));
    const { result } = await run(['--json']);
    const { indicators } = JSON.parse(result) as { indicators: Record<string, unknown> };
    expect(indicators['hotline_connect_rate']).toMatchObject({ value: 90, n: 500 });
  });

  it('prints the tree with Chinese names, or English ones', async () => {
    await writeFile(join(data, 'a.csv'), daily(['2023-06-01,1000,900,x']));
    const { result } = await run();
    expect(result).toContain('武汉市（420100） 2023-06-01 至 2023-06-02，2 天');
    expect(result).toMatch(/热线接通率 +0\.35 +75\.00 +90\.00 % +1000/);
    expect(result).toContain('自评');
    expect((await run(['--lang', 'en'])).result).toMatch(/Hotline connect rate +0\.35 +75\.00/);
  });

  it('says why rows were refused, and which spellings a mapping could translate', async () => {
    const orders = [
      'W1,2023-06-01 09:00,电话,垃圾',
      'W2,2023-06-01 09:00,烽火台,垃圾',
      'W3,2023-06-02 09:00,烽火台,噪音',
    ];
    await writeFile(join(data, 'orders.csv'), ['工单编号,受理时间,受理渠道,一级分类', ...orders, ''].join('\n'));
    const { result } = await run();
    expect(result).toContain('采用 1 行，拒绝 2 行');
    expect(result).toMatch(/ {2}拒绝，2 处：.*受理渠道.*\n {4}“烽火台” 2 行/);
    const { imports } = JSON.parse((await run(['--json'])).result) as { imports: unknown };
    expect(imports).toMatchObject([
      {
        issues: [{ rule: 'unknown_value', level: 'error', column: 'channel', count: 2 }],
        unknownValues: [{ column: 'channel', value: '烽火台', count: 2 }],
      },
    ]);
  });

  it('ends with a sentence where there is nothing to assess', async () => {
    expect(await run()).toMatchObject({
      code: 1,
      result: '',
      notices: `文件夹 ${data} 中没有 csv、txt 或 xlsx 文件。`,
    });
    await writeFile(join(data, 'a.csv'), daily(['2022-06-01,10,9,x', '2022-07-01,10,9,x']));
    const { code, notices } = await run();
    expect(code).toBe(1);
    expect(notices).toContain(
      '2023-06-01 至 2023-06-03（不含）之间没有数据。已读取的数据从 2022-06-01 到 2022-07-01。',
    );
    await writeFile(join(data, 'mapping.json'), '[]');
    expect((await run()).notices).toContain('mapping.json');
  });

  it('knows only the rated cities and folders that are there', async () => {
    const output = { result: () => undefined, notice: () => undefined };
    const given = ['--city', '999999', '--start', '2023-06-01', '--end', '2023-06-03', '--data', data];
    expect(await runCommand(given, output, new AbortController().signal)).toBe(2);
    const nowhere = [
      '--city',
      '420100',
      '--start',
      '2023-06-01',
      '--end',
      '2023-06-03',
      '--data',
      join(data, 'nowhere'),
    ];
    expect(await runCommand(nowhere, output, new AbortController().signal)).toBe(1);
  });

  it('keeps nothing when it is interrupted', async () => {
    await writeFile(join(data, 'a.csv'), daily(['2023-06-01,1000,900,x']));
    const interruption = new AbortController();
    const running = run([], interruption.signal);
    setTimeout(() => interruption.abort(), 100);
    const { code, result, notices } = await running;
    expect([code, result]).toEqual([130, '']);
    expect(notices).toContain('已中断');
  });
});

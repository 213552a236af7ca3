import { afterAll, describe, expect, it } from '@jest/globals';
import type { ColumnMapping, FileLayout } from '../../tasks.js';
import { UploadFolder } from '../sample-uploads.js';

const folder = new UploadFolder();
afterAll(() => folder.remove());

let made = 0;
function layout(
  headers: readonly string[] | null,
  columns: Readonly<Record<string, ColumnMapping>>,
  further: Partial<FileLayout['mapping']> = {},
): FileLayout {
  made += 1;
  return { id: `layout-${made}`, dataset: 'work_orders', headers, mapping: { columns, ...further } };
}
const web = { from: [], constant: 'web' };
const phone = { from: [], constant: 'phone' };
/** A board on the web and a telephone system, each with its own words and its own channel. */
const boardHeaders = ['留言编号', '留言时间', '留言主题', '答复时间', '状态'];
const board = layout(boardHeaders, {
  order_id: { from: ['留言编号'] },
  created_at: { from: ['留言时间'] },
  closed_at: { from: ['答复时间'] },
  channel: web,
});
const desk = layout(['单号', '登记', '标题', '状态'], {
  order_id: { from: ['单号'] },
  created_at: { from: ['登记'] },
  channel: phone,
});
const row = '1,2023-05-04 09:00:00,x,2023-05-05 09:00:00,已办结';
const file = (headers: readonly string[], line = row): string =>
  folder.write('f.csv', `${headers.join(',')}\n${line}\n`);
const read = (headers: readonly string[], layouts: readonly FileLayout[], line?: string) =>
  folder.decode(file(headers, line), { dataset: 'work_orders', layouts });

describe('a remembered layout', () => {
  it('is the one that was given for these very headers, in whatever order they stand', async () => {
    const decoded = await read(['留言主题', '状态', '留言时间', '答复时间', '留言编号'], [desk, board]);
    expect(decoded.layoutId).toBe(board.id);
    expect(decoded.mapping?.columns['channel']).toEqual(web);
    expect((await read(['单号', '登记', '标题', '状态'], [board, desk])).layoutId).toBe(desk.id);
  });

  it('still serves a file that has a column more', async () => {
    expect((await read([...boardHeaders, '备注'], [desk, board])).layoutId).toBe(board.id);
  });

  it('does not touch a file from elsewhere, though all it names is there', async () => {
    const sparse = layout(boardHeaders, { order_id: { from: ['留言编号'] }, channel: web });
    const other = ['留言编号', '工单编号', '受理时间', '受理渠道', '一级分类', '办理期限', '办结时间'];
    const decoded = await read(other, [sparse], '1,W1,2023-05-04 09:00:00,电话,市容,,');
    expect(decoded.layoutId).toBeNull();
    expect(decoded.columns.find(({ column }) => column === 'order_id')?.header).toBe('工单编号');
  });

  it('asks for the one header that is gone', async () => {
    const renamed = boardHeaders.map((header) => (header === '答复时间' ? '回复日期' : header));
    const refusal = await folder.refusal(file(renamed), { dataset: 'work_orders', layouts: [desk, board] });
    expect(refusal).toMatchObject({ code: 'mapping_header_missing', params: { header: '答复时间' } });
  });

  it('tells the dataset where nobody says it', async () => {
    const decoded = await folder.decode(file(boardHeaders), { layouts: [desk, board] });
    expect([decoded.dataset, decoded.layoutId]).toEqual(['work_orders', board.id]);
  });

  it('given before any file counts where all it names is there', async () => {
    const early = layout(null, { order_id: { from: ['留言编号'] }, created_at: { from: ['留言时间'] }, channel: web });
    expect((await read(boardHeaders, [early])).layoutId).toBe(early.id);
    const refusal = await folder.refusal(file(['单号', '登记', '标题']), { dataset: 'work_orders', layouts: [early] });
    expect(refusal.code).not.toBe('mapping_header_missing');
  });

  it('does not take minutes for seconds', async () => {
    const waits = layout(['通话编号', '来电时间', '接通状态', '等待(分)'], {
      queue_seconds: { from: ['等待(分)'], factor: 60 },
    });
    const calls = { ...waits, dataset: 'calls' as const };
    const headers = ['通话编号', '来电时间', '接通状态', '等待(秒)'];
    const refusal = await folder.refusal(file(headers, 'a,2023-05-04 09:00:00,接通,30'), {
      dataset: 'calls',
      layouts: [calls],
    });
    expect(refusal).toMatchObject({ code: 'mapping_header_missing', params: { header: '等待(分)' } });
  });
});

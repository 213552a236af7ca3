import { afterAll, describe, expect, it } from '@jest/globals';
import { CheckFolder, checkColumn } from './sample-check.js';

const folder = new CheckFolder();
afterAll(() => folder.remove());

describe('a saved mapping', () => {
  // A bank's call log of 1999: a date and times of day apart, 0:00:00 for "never", an outcome that needs the queue.
  const headers = ['call_id', 'type', 'date', 'vru_entry', 'q_start', 'q_time', 'outcome', 'ser_start', 'server'];
  const zero = ['0:00:00'];
  const columns = {
    started_at: { from: ['date', 'vru_entry'] },
    agent_requested_at: { from: ['date', 'q_start'], emptyMarkers: zero },
    answered_at: { from: ['date', 'ser_start'], emptyMarkers: zero },
    direction: { from: [] },
    result: {
      from: ['outcome'],
      values: [
        { value: 'HANG', to: 'ivr_only', when: { header: 'q_start', is: 'empty' as const } },
        { value: 'HANG', to: 'abandoned_queue', when: { header: 'q_start', is: 'filled' as const } },
        { value: 'AGENT', to: 'answered' },
      ],
    },
    agent_hash: { from: ['server'], emptyMarkers: ['NO_SERVER'] },
  };

  it('joins dates and times, empties markers, translates by the state of another column', async () => {
    const { rows, result } = await folder.check(
      'calls',
      headers,
      [
        ['1', 'PS', '1999-01-03', '0:10:10', '0:00:00', '0', 'HANG', '0:00:00', 'NO_SERVER'],
        ['2', 'PS', '1999-01-03', '9:10:10', '9:10:30', '12', 'HANG', '0:00:00', 'NO_SERVER'],
        ['3', 'PS', '1999-01-03', '9:20:00', '9:20:10', '20', 'AGENT', '9:20:30', 'ZOHARI'],
      ],
      { columns },
    );
    expect(result.counts).toMatchObject({ accepted: 3, warned: 0 });
    expect(
      rows.map((row) => [
        row['started_at'],
        row['agent_requested_at'],
        row['answered_at'],
        row['result'],
        row['direction'],
      ]),
    ).toEqual([
      ['1999-01-03 00:10:10', null, null, 'ivr_only', 'inbound'],
      ['1999-01-03 09:10:10', '1999-01-03 09:10:30', null, 'abandoned_queue', 'inbound'],
      ['1999-01-03 09:20:00', '1999-01-03 09:20:10', '1999-01-03 09:20:30', 'answered', 'inbound'],
    ]);
    expect(rows.map((row) => row['agent_hash'] === null)).toEqual([true, true, false]);
  });

  it('empties a joined column where either part is empty', async () => {
    const { rows } = await folder.check(
      'calls',
      ['call_id', 'started_at', 'result', '日期列', '时间列'],
      [
        ['1', '2023-05-04 09:00:00', 'ivr_only', '2023-05-04', '-'],
        ['2', '2023-05-04 09:00:00', 'ivr_only', '', '9:00'],
        ['3', '2023-05-04 09:00:00', 'ivr_only', '2023-05-04', '9:05'],
      ],
      { columns: { ended_at: { from: ['日期列', '时间列'] } } },
    );
    expect(rows.map((row) => row['ended_at'])).toEqual([null, null, '2023-05-04 09:05:00']);
  });

  it('translates a cell however it is padded, and an empty one where it says so', async () => {
    const columns = {
      result: {
        from: ['result'],
        values: [
          { value: '01', to: '接通' },
          { value: '', to: '忙音' },
        ],
      },
    };
    const found = await checkColumn(folder, 'calls', 'result', [' ０１ ', '', '留言'], { columns });
    expect(found.map((cell) => cell.stored)).toEqual(['answered', 'blocked', 'overflow']);
  });

  it('turns a yes into a no where the column says the opposite', async () => {
    const columns = { connected: { from: ['connected'], inverted: true } };
    const found = await checkColumn(folder, 'callbacks', 'connected', ['是', '否'], { columns });
    expect(found.map((cell) => cell.stored)).toEqual([false, true]);
  });

  it('multiplies plain numbers, not spelled durations', async () => {
    const columns = { talk_seconds: { from: ['talk_seconds'], factor: 60 } };
    const found = await checkColumn(folder, 'calls', 'talk_seconds', ['2', '0.5', '0:30', '1分'], { columns });
    expect(found.map((cell) => cell.stored)).toEqual([120, 30, 30, 60]);
  });

  it('gives every row the constant of a column that the file does not have', async () => {
    const orders = ['order_id', 'created_at'];
    const cells = [
      ['1', '2023-05-04 09:00:00'],
      ['2', '2023-05-04 09:05:00'],
    ];
    const columns = { channel: { from: [], constant: '电话' } };
    const { rows, result } = await folder.check('work_orders', orders, cells, { columns });
    expect(rows.map((row) => row['channel'])).toEqual(['phone', 'phone']);
    expect(result.columns.map(({ column }) => column)).toEqual(['order_id', 'created_at']);
  });

  it('refuses a constant that the column does not accept, and one beside a header', async () => {
    const check = (channel: { from: string[]; constant: string }) =>
      folder.refusal(
        folder.check('work_orders', ['order_id', 'created_at', 'way'], [['1', '2023-05-04 09:00:00', '电话']], {
          columns: { channel },
        }),
      );
    expect((await check({ from: [], constant: '电报' })).code).toBe('mapping_constant_unknown');
    expect((await check({ from: ['way'], constant: '电话' })).code).toBe('mapping_constant_and_header');
  });

  it('that looks at a header which is not there refuses the file', async () => {
    const columns = {
      result: { from: ['result'], values: [{ value: 'x', to: null, when: { header: '没有', is: 'empty' as const } }] },
    };
    const refusal = await folder.refusal(checkColumn(folder, 'calls', 'result', ['x'], { columns }));
    expect(refusal).toEqual({ code: 'mapping_condition_header_missing', params: { header: '没有' } });
  });
});

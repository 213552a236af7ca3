/** Entry of a child process: writes one file of made-up rows. Its garbage is not the service's memory. */
import { open } from 'node:fs/promises';
import { generateRows, writeCsv, writeXlsx, type Row } from '@hotline/demo';
import type { FileOrder } from './sample-files.js';

const order = JSON.parse(process.argv[2] ?? '{}') as FileOrder;

function* firstRows(rows: Iterable<Row>, count: number): Generator<Row> {
  let left = count;
  for (const row of rows) {
    if (left === 0) return;
    left -= 1;
    yield row;
  }
}

const generated = generateRows(order.dataset, order.plan, order.period);
const rows = order.rows === undefined ? generated : firstRows(generated, order.rows);
const columns = order.columns === undefined ? {} : { columns: order.columns };
const written =
  order.format === 'xlsx'
    ? await writeXlsx(order.path, order.dataset, rows, columns)
    : await writeCsv(order.path, order.dataset, rows, {
        headers: 'zh',
        encoding: order.format === 'gb18030' ? 'gb18030' : order.format === 'csv-windows' ? 'utf-8-bom' : 'utf-8',
        newline: order.format === 'csv-windows' ? '\r\n' : '\n',
        ...columns,
      });
// What the disk has yet to take would slow down whatever is measured next.
const file = await open(order.path, 'r+');
await file.sync();
await file.close();
process.send?.(written);
process.disconnect?.();

import { afterAll, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { appendFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { plainWorkbook } from '../workbook/sample-workbook.js';
import { UploadFolder } from './sample-uploads.js';

const folder = new UploadFolder();
afterAll(() => folder.remove());

const header = ['通话编号', '来电时间', '呼叫结果'];
const rows = Array.from({ length: 2000 }, (_, index) => [`A${index}`, '2023-05-04 09:05:00', '人工接通']);
const text = [header, ...rows].map((row) => `${row.join(',')}\n`).join('');

/** Parts of other lengths than anything that is read at once, in which characters and rows are cut. */
async function arrive(file: string, bytes: Buffer): Promise<void> {
  const step = Math.ceil(bytes.length / 23);
  for (let at = 0; at < bytes.length; at += step) {
    await sleep(5);
    appendFileSync(file, bytes.subarray(at, at + step));
  }
}

it.each([
  ['UTF-8', () => Promise.resolve(Buffer.from(text))],
  ['GB18030', () => Promise.resolve(iconv.encode(text, 'gb18030'))],
  ['a workbook', () => plainWorkbook([header, ...rows])],
])('a file that is read while it is written is the same: %s', async (name, make) => {
  const bytes = await make();
  const whole = await folder.decode(folder.write(`${name}-whole`, bytes));
  const file = folder.file(`${name}-arriving`);
  writeFileSync(file, '');
  const [arriving] = await Promise.all([folder.decode(file, { arriving: bytes.length }), arrive(file, bytes)]);
  expect(arriving.text).toBe(whole.text);
  expect(arriving.rows).toHaveLength(rows.length);
  expect(arriving).toMatchObject({ encoding: whole.encoding, headers: whole.headers, regular: whole.regular });
});

it('is refused for its first bytes before the others are there', async () => {
  const file = folder.write('picture', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(5000)]));
  await expect(folder.decode(file, { arriving: 1_000_000_000 })).rejects.toMatchObject({
    refusal: { code: 'file_image' },
  });
});

import { afterAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { UploadFolder, workbookParts } from './sample-uploads.js';

const folder = new UploadFolder();
afterAll(() => folder.remove());

const calls = 'call_id,started_at,result\nA1,2023-05-04 09:05:00,answered\n';

/** An OLE2 container with one sector of directory entries (MS-CFB 2.2 and 2.6.1). */
function oleFile(streams: readonly string[]): Buffer {
  const file = Buffer.alloc(512 + 512);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(0, 48);
  ['Root Entry', ...streams].forEach((name, at) => {
    const entry = 512 + at * 128;
    const bytes = file.write(name, entry, 'utf16le');
    file.writeUInt16LE(bytes + 2, entry + 64);
  });
  return file;
}

describe('type of an upload, told by its content', () => {
  const office = { 'word/document.xml': '<w/>', '[Content_Types].xml': '<Types/>', '_rels/.rels': '<Relationships/>' };
  const spreadsheetType = 'application/vnd.oasis.opendocument.spreadsheet';
  const workbook = workbookParts({
    sheets: [
      {
        name: 'S',
        rows: [
          ['call_id', 'started_at'],
          ['A1', '2023-05-04 09:05'],
        ],
      },
    ],
  });

  it.each([
    ['an old .xls', oleFile(['Workbook']), 'file_xls'],
    ['an Excel 5 .xls', oleFile(['Book']), 'file_xls'],
    ['a workbook with a password', oleFile(['EncryptedPackage', 'EncryptionInfo']), 'file_encrypted'],
    ['a Word document', oleFile(['WordDocument']), 'file_other_office'],
    ['a cut OLE2 file', oleFile([]).subarray(0, 100), 'file_other_office'],
    ['a PDF', '%PDF-1.7\n1 0 obj', 'file_pdf'],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'file_image'],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 'file_image'],
    ['gzip', gzipSync(calls), 'file_archive'],
    ['an HTML table', '\n <html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>1', 'file_html'],
    ['an HTML table with a mark', Buffer.from('\uFEFF<TABLE border=1><tr>'), 'file_html'],
    ['an HTML table in UTF-16', Buffer.from('\uFEFF<meta charset="utf-16"><table>', 'utf16le'), 'file_html'],
    ['a web archive', 'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"\n', 'file_html'],
    [
      'an XML spreadsheet',
      '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
      'file_xml_spreadsheet',
    ],
    ['nothing', '', 'file_empty'],
    ['blanks only', '\r\n \r\n\t\r\n', 'file_empty'],
    ['a byte-order mark only', Buffer.from('\uFEFF'), 'file_empty'],
    ['a damaged zip', Buffer.from('PK\x03\x04 and then nothing of the kind'), 'workbook_damaged'],
  ])('refuses %s, though it is named .csv', async (_, bytes, code) => {
    const refusal = await folder.refusal(folder.write('calls.csv', bytes), { fileName: 'calls.csv' });
    expect(refusal.code).toBe(code);
  });

  it.each([
    ['a zipped text', { 'calls.csv': calls }, 'file_zip'],
    ['a zip without content types', { 'xl/workbook.xml': '<workbook/>' }, 'file_zip'],
    ['a Word document', office, 'file_zip'],
    ['an OpenDocument sheet', { mimetype: spreadsheetType, 'content.xml': '<x/>' }, 'file_ods'],
    ['a workbook with macros', { ...workbook, 'xl/vbaProject.bin': 'x' }, 'file_macros'],
    ['a binary workbook', { ...workbook, 'xl/workbook.bin': 'x' }, 'file_xlsb'],
  ])('refuses %s, though it is named .xlsx', async (_, parts, code) => {
    const file = await folder.zip('calls.xlsx', parts);
    expect((await folder.refusal(file, { fileName: 'calls.xlsx' })).code).toBe(code);
  });

  it('names the format of images and archives', async () => {
    const image = await folder.refusal(folder.write('a', Buffer.from('89504e470d0a1a0a', 'hex')));
    const archive = await folder.refusal(folder.write('b', gzipSync(calls)));
    expect([image.params, archive.params]).toEqual([{ format: 'PNG' }, { format: 'gzip' }]);
  });

  it('reads a workbook named .csv and a text named .xlsx as what they are', async () => {
    const book = await folder.decode(await folder.zip('calls.csv', workbook), { fileName: 'calls.csv' });
    const text = await folder.decode(folder.write('calls.xlsx', calls), { fileName: 'calls.xlsx' });
    expect([book.type, text.type]).toEqual(['xlsx', 'csv']);
  });
});

import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Encoding } from '../tasks.js';
import { refuse } from './refuse.js';

/** What the bytes of an upload say it is; its name and the sender's media type say nothing. */
export type FileType =
  | { readonly type: 'zip' }
  /** `mark`: the encoding that a byte-order mark names. */
  | { readonly type: 'text'; readonly mark: Encoding | null };

/** So many bytes tell what a file is. */
export const headBytes = 4096;

const oleMagic = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const images: readonly (readonly [string, Buffer])[] = [
  ['PNG', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['JPEG', Buffer.from('ffd8ff', 'hex')],
  ['GIF', Buffer.from('GIF8')],
];
const archives: readonly (readonly [string, Buffer])[] = [
  ['gzip', Buffer.from('1f8b08', 'hex')],
  ['7z', Buffer.from('377abcaf271c', 'hex')],
  ['RAR', Buffer.from('526172211a07', 'hex')],
  ['bzip2', Buffer.from('BZh')],
  ['xz', Buffer.from('fd377a585a00', 'hex')],
  ['zstd', Buffer.from('28b52ffd', 'hex')],
];

/** Refuses every type that is neither a zip (perhaps a workbook) nor text, each with its own reason. */
export async function detectFileType(file: string): Promise<FileType> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.length === 0) refuse('file_empty');
    if (startsWith(head, Buffer.from('PK\x03\x04')) || startsWith(head, Buffer.from('PK\x05\x06')))
      return { type: 'zip' };
    if (startsWith(head, oleMagic)) return await refuseOle(handle, head);
    if (startsWith(head, Buffer.from('%PDF-'))) refuse('file_pdf');
    for (const [format, magic] of images) if (startsWith(head, magic)) refuse('file_image', { format });
    for (const [format, magic] of archives) if (startsWith(head, magic)) refuse('file_archive', { format });
    const mark = byteOrderMark(head);
    refuseMarkup(new TextDecoder(mark ?? 'utf-8').decode(head));
    return { type: 'text', mark };
  } finally {
    await handle.close();
  }
}

function startsWith(head: Buffer, magic: Buffer): boolean {
  return head.subarray(0, magic.length).equals(magic);
}

function byteOrderMark(head: Buffer): Encoding | null {
  if (startsWith(head, Buffer.of(0xef, 0xbb, 0xbf))) return 'utf-8';
  if (startsWith(head, Buffer.of(0xff, 0xfe))) return 'utf-16le';
  if (startsWith(head, Buffer.of(0xfe, 0xff))) return 'utf-16be';
  return null;
}

/** Many systems export an HTML table under the name .xls. */
function refuseMarkup(head: string): void {
  const text = head.trimStart().toLowerCase();
  if (/^<\?xml[^>]*>/.test(text) || text.startsWith('<?mso-application')) {
    if (text.includes('urn:schemas-microsoft-com:office:spreadsheet')) refuse('file_xml_spreadsheet');
    if (text.includes('<html')) refuse('file_html');
  }
  if (
    /^(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype html|html|head|meta|body|table|style|div|script|title)\b/.test(text)
  ) {
    refuse('file_html');
  }
  if (/^mime-version:/.test(text) && text.includes('text/html')) refuse('file_html');
}

/**
 * An OLE2 container holds an .xls, or a workbook that is encrypted with a password, or another Office document. The names
 * of its streams tell; they stand in the directory, whose first sector the header names (MS-CFB 2.2, 2.6).
 */
async function refuseOle(handle: FileHandle, head: Buffer): Promise<never> {
  if (head.length < 512) return refuse('file_other_office');
  const sectorBytes = head.readUInt16LE(30) === 12 ? 4096 : 512;
  const directory = Buffer.alloc(16 * 512);
  const at = (head.readUInt32LE(48) + 1) * sectorBytes;
  const { bytesRead } = await handle.read(directory, 0, directory.length, at);
  const names: string[] = [];
  for (let entry = 0; entry + 128 <= bytesRead; entry += 128) {
    const bytes = directory.readUInt16LE(entry + 64);
    if (bytes >= 2 && bytes <= 64) names.push(directory.toString('utf16le', entry, entry + bytes - 2));
  }
  if (names.includes('EncryptedPackage')) return refuse('file_encrypted');
  if (names.includes('Workbook') || names.includes('Book')) return refuse('file_xls');
  return refuse('file_other_office');
}

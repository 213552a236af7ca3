import { refuse } from '../refuse.js';

const ampersand = 38;
const underscore = 95;
const lowerX = 120;
const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** True: the bytes are not their own meaning; `xmlText` must read them. */
export function needsReading(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === ampersand || (byte === underscore && bytes[at + 1] === lowerX)) return true;
  }
  return false;
}

/** Text of XML character data: the five named entities, numeric ones, and the _xHHHH_ escapes of workbooks. */
export function xmlText(raw: string, part: string): string {
  return raw.replace(/&([^;&]{0,12});?/g, (whole, name: string) => entityText(whole, name, part));
}

/** _x000D_ and the like stand for characters that XML cannot hold. */
export function withoutEscapes(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => {
        const code = parseInt(hex, 16);
        return code === 0 || (code >= 0xd800 && code <= 0xdfff) ? '' : String.fromCharCode(code);
      })
    : text;
}

function entityText(whole: string, name: string, part: string): string {
  const named = entities.get(name);
  if (named !== undefined && whole.endsWith(';')) return named;
  const match = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name);
  const code = match ? (match[1] === undefined ? Number(match[2]) : parseInt(match[1], 16)) : 0;
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter && whole.endsWith(';') ? String.fromCodePoint(code) : refuse('workbook_damaged', { part });
}

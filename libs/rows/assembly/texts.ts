// AssemblyScript, part of plain-rows.ts: texts that are stored as they stand.
import { isDigit } from './cells';

/** Whether a text of UTF-8, as long as given, holds a telephone or identity number: `mask-personal.ts` knows. */
declare function holdsPersonalNumber(from: usize, length: i32): bool;

/** No personal number has fewer digits. */
const PERSONAL_DIGITS = 10;

/**
 * Whether cleaning leaves a cell as it is (`alreadyClean`) and it holds no personal number; of identifiers, whether no
 * digits were lost as well.
 */
export function isPlainText(from: usize, end: usize, identifier: bool): bool {
  if (identifier && isSerial(from, end)) return true;
  if (load<u8>(from) === 0x27) return false;
  // Digits that only a gap divides: they may be groups of one number.
  let digits = 0;
  let most = 0;
  let afterBlank = true;
  let at = from;
  while (at < end) {
    const byte = <u32>load<u8>(at);
    if (byte < 0x80) {
      if (byte < 0x20 || byte === 0x7f) return false;
      if (byte === 0x20) {
        if (afterBlank) return false;
        afterBlank = true;
      } else {
        afterBlank = false;
        if (identifier && byte === 0x2b) return false;
        if (isDigit(at)) {
          digits += 1;
          most = max(most, digits);
        } else if (!isGap(byte)) digits = 0;
      }
      at += 1;
      continue;
    }
    const width = stableWidth(at, end);
    if (width === 0 || (at === from && isSingleQuote(at))) return false;
    if (!isWideGap(at)) digits = 0;
    afterBlank = false;
    at += width;
  }
  if (afterBlank) return false;
  return most < PERSONAL_DIGITS || !holdsPersonalNumber(from, <i32>(end - from));
}

/** `impersonalSerials`: letters and digits of which the first digit or the length says that they are no personal number. */
function isSerial(from: usize, end: usize): bool {
  let at = from;
  while (at < end && <u8>((load<u8>(at) | 0x20) - 0x61) < 26) at += 1;
  const first = load<u8>(at);
  const digits = <i32>(end - at);
  if (at === end || !isDigit(at)) return false;
  while (at < end && isDigit(at)) at += 1;
  if (at !== end) return false;
  switch (first) {
    case 0x30:
      return false;
    case 0x31:
    case 0x38:
      return digits <= 10;
    default:
      return digits <= 14 || digits === 16 || digits === 17 || (digits >= 19 && digits <= 41);
  }
}

/** What may stand between digits of one number: ( ) + - . _ */
function isGap(byte: u32): bool {
  return byte === 0x28 || byte === 0x29 || byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x5f;
}

/** Dashes – and —, and · */
function isWideGap(at: usize): bool {
  const two = load<u16>(at);
  if (two === 0xb7c2) return true;
  const last = load<u8>(at, 2);
  return two === 0x80e2 && (last === 0x93 || last === 0x94);
}

/** ‘ and ’ */
function isSingleQuote(at: usize): bool {
  const last = load<u8>(at, 2);
  return load<u16>(at) === 0x80e2 && (last === 0x98 || last === 0x99);
}

/** Bytes of a character beyond ASCII that cleaning leaves alone: ideographs and the punctuation of Chinese; 0: another. */
function stableWidth(at: usize, end: usize): i32 {
  const first = load<u8>(at);
  const second = load<u8>(at, 1);
  // · and ×
  if (first === 0xc2) return at + 2 <= end && second === 0xb7 ? 2 : 0;
  if (first === 0xc3) return at + 2 <= end && second === 0x97 ? 2 : 0;
  if ((first & 0xf0) !== 0xe0 || at + 3 > end) return 0;
  const third = load<u8>(at, 2);
  if ((second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80) return 0;
  const code = (((<u32>first) & 0x0f) << 12) | (((<u32>second) & 0x3f) << 6) | ((<u32>third) & 0x3f);
  if (code >= 0x4e00 && code <= 0x9fff) return 3;
  switch (code) {
    case 0x3001: // 、
    case 0x3002: // 。
    case 0x300a: // 《
    case 0x300b: // 》
    case 0x3010: // 【
    case 0x3011: // 】
    case 0x201c: // “
    case 0x201d: // ”
    case 0x2018: // ‘
    case 0x2019: // ’
    case 0x2014: // —
    case 0x2013: // –
      return 3;
    default:
      return 0;
  }
}

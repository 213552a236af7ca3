const dot = 46;
const zero = 48;
const nine = 57;
const minus = 45;

/** A whole number without sign; NaN for anything else. */
export function digits(bytes: Buffer, from: number, to: number): number {
  if (from >= to || to - from > 10) return NaN;
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte < zero || byte > nine) return NaN;
    number = number * 10 + byte - zero;
  }
  return number;
}

/** Digits with at most one sign and one point, as they stand; `short`: not more than 15 digits, no zeros to take off. */
export function isDecimalText(bytes: Buffer, from: number, to: number, short: boolean): boolean {
  let at = from;
  if (bytes[at] === minus) at += 1;
  const start = at;
  let point = -1;
  for (; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (byte === dot && point === -1) point = at;
    else if (byte < zero || byte > nine) return false;
  }
  if (at === start || point === start || point === to - 1) return false;
  if (!short) return true;
  if (to - start > 15 || (point !== -1 && bytes[to - 1] === zero)) return false;
  return bytes[start] !== zero || (to - from === 1 && start === from) || point === start + 1;
}

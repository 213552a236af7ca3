// AssemblyScript: compiled to src/decode/text/gb18030-text.wasm.ts by `npm run generate`. A text of GB18030 is ASCII for the
// most part, of which sixteen bytes are copied at once; nearly all else are characters of two bytes, looked up in a table.

/** So many bytes are handed over at once, at most. */
export const ROOM: i32 = 1024 * 1024;
/** Where the bytes go. */
export const encoded = memory.data(ROOM, 16);
/** Where the text stands: two bytes become three at most, and the last copy may reach beyond it. */
export const text = memory.data((ROOM / 2) * 3 + 16, 16);
/** UTF-8 of each character of two bytes as a number, by these bytes less 0x8000; 0: there is no such character. */
export const characters = memory.data(0x8000 * 4, 16);

/** Length of the text as UTF-8; -1: the bytes hold something else than ASCII and characters of two bytes. */
export function toUtf8(length: i32): i32 {
  let from = encoded;
  let to = text;
  const end = from + length;
  while (from < end) {
    const byte = load<u8>(from);
    if (byte < 0x80) {
      const some = v128.load(from);
      v128.store(to, some);
      const ascii = min(ctz(i8x16.bitmask(some) | 0x10000), <i32>(end - from));
      from += ascii;
      to += ascii;
      continue;
    }
    if (from + 1 === end) return -1;
    const character = load<u32>(characters + ((((<u32>byte) << 8) | load<u8>(from, 1)) - 0x8000) * 4);
    if (character === 0) return -1;
    if (character > 0xffff) store<u8>(to++, character >> 16);
    store<u8>(to++, character >> 8);
    store<u8>(to++, character);
    from += 2;
  }
  return <i32>(to - text);
}

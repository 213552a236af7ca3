// AssemblyScript: compiled to src/check/number-tokens.wasm.ts by `npm run generate`. The tokens of callers are the largest
// single part of a check; HMAC-SHA-256 (RFC 2104, FIPS 180-4) of four numbers is made in the time of little more than one.

/** Numbers whose tokens are made side by side. */
const LANES = 4;
/** Bytes of a block of SHA-256, and its rounds. */
const BLOCK = 64;
const INNER_PAD: u32 = 0x36363636;
const OUTER_PAD: u32 = 0x5c5c5c5c;
const PLUS: u8 = 0x2b;
const ZERO: u8 = 0x30;

/** So many numbers are handed over at once. */
export const ROOM: i32 = 2048;
/** Where the key block goes, in words of the machine's order. */
export const key = memory.data(BLOCK, 16);
/** Where the numbers go: f64, whole and from 1 to 2^53. */
export const numbers = memory.data(ROOM * 8, 16);
/** Where the tokens stand: 16 bytes each, lower half first, the highest bit turned, as DuckDB keeps a UUID. */
export const tokens = memory.data(ROOM * 16, 16);

const constants = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
const initial = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** 64 words of four lanes: the block, and what the rounds make of it. */
const schedule = memory.data(BLOCK * 16, 16);
/** Eight words of four lanes: the state of a hash. */
const hash = memory.data(8 * 16, 16);
const innerState = memory.data(8 * 16, 16);
const outerState = memory.data(8 * 16, 16);

/** Reads the key block, a key of the HMAC filled up with zeros, and leaves nothing of it but what the hashes need. */
export function setKey(): void {
  hashKeyBlock(INNER_PAD, innerState);
  hashKeyBlock(OUTER_PAD, outerState);
  memory.fill(key, 0, BLOCK);
  memory.fill(schedule, 0, BLOCK * 16);
}

/** Forgets the key and what was made with it. */
export function clearKey(): void {
  memory.fill(numbers, 0, ROOM * 8);
  memory.fill(tokens, 0, ROOM * 16);
  memory.fill(innerState, 0, 8 * 16);
  memory.fill(outerState, 0, 8 * 16);
  memory.fill(schedule, 0, BLOCK * 16);
  memory.fill(hash, 0, 8 * 16);
}

/** Makes the tokens of `+` and the digits of each of the first `count` numbers: the first half of the HMAC. */
export function makeTokens(count: i32): void {
  for (let first = 0; first < count; first += LANES) {
    memory.fill(schedule, 0, 16 * 16);
    for (let lane = 0; lane < LANES; lane += 1) {
      writeNumber(<u64>load<f64>(numbers + ((<usize>(first + lane)) << 3)), lane);
    }
    hashSchedule();
    for (let lane = 0; lane < LANES; lane += 1) storeToken(lane, tokens + ((<usize>(first + lane)) << 4));
  }
}

/** Bytes of a text of which `makeTextToken` makes the token: one block holds them, their end and their length. */
export const TEXT_BYTES: i32 = BLOCK - 9;

/** Makes the token of a text of at most `TEXT_BYTES`, of which letters of ASCII count as large ones, the first of `tokens`. */
export function makeTextToken(from: usize, length: i32): void {
  memory.fill(schedule, 0, 16 * 16);
  for (let place = 0; place < length; place += 1) {
    const byte = load<u8>(from + place);
    writeByte(0, place, <u8>(byte - 0x61) < 26 ? byte - 0x20 : byte);
  }
  writeByte(0, length, 0x80);
  store<u32>(schedule, (BLOCK + length) * 8, 15 * 16);
  hashSchedule();
  storeToken(0, tokens);
}

/** Makes the HMAC of the messages in the schedule, one block of each lane. */
function hashSchedule(): void {
  memory.copy(hash, innerState, 8 * 16);
  compress();

  memory.copy(schedule, hash, 8 * 16);
  memory.fill(schedule + 8 * 16, 0, 8 * 16);
  v128.store(schedule, i32x4.splat(0x80000000), 8 * 16);
  v128.store(schedule, i32x4.splat((BLOCK + 32) * 8), 15 * 16);
  memory.copy(hash, outerState, 8 * 16);
  compress();
}

function storeToken(lane: i32, to: usize): void {
  const from = hash + ((<usize>lane) << 2);
  store<u32>(to, load<u32>(from, 3 * 16));
  store<u32>(to, load<u32>(from, 2 * 16), 4);
  store<u32>(to, load<u32>(from, 16), 8);
  store<u32>(to, load<u32>(from) ^ 0x80000000, 12);
}

/** State of a hash in all lanes after the key block, each of its bytes changed by the pad. */
function hashKeyBlock(pad: u32, state: usize): void {
  for (let word = 0; word < 16; word += 1) {
    const each = bswap<u32>(load<u32>(key + ((<usize>word) << 2)) ^ pad);
    v128.store(schedule + ((<usize>word) << 4), i32x4.splat(each));
  }
  for (let word = 0; word < 8; word += 1) {
    v128.store(hash + ((<usize>word) << 4), v128.load_splat<u32>(initial + ((<usize>word) << 2)));
  }
  compress();
  memory.copy(state, hash, 8 * 16);
}

/** Writes the block of one lane, which is empty: `+`, the digits, the end of the text and its length with the key block. */
function writeNumber(number: u64, lane: i32): void {
  let digits = 1;
  for (let power: u64 = 10; power <= number; power *= 10) digits += 1;
  writeByte(lane, 0, PLUS);
  let rest = number;
  for (let place = digits; place > 0; place -= 1) {
    const tenth = rest / 10;
    writeByte(lane, place, ZERO + <u8>(rest - tenth * 10));
    rest = tenth;
  }
  writeByte(lane, digits + 1, 0x80);
  store<u32>(schedule + ((<usize>lane) << 2), (BLOCK + 1 + digits) * 8, 15 * 16);
}

/** A word of a block begins with its highest byte. */
function writeByte(lane: i32, place: i32, byte: u8): void {
  store<u8>(schedule + ((<usize>(place >> 2)) << 4) + ((<usize>lane) << 2) + <usize>(3 - (place & 3)), byte);
}

function rotate(word: v128, by: i32): v128 {
  return v128.or(i32x4.shr_u(word, by), i32x4.shl(word, 32 - by));
}

/** The compression function: what the block in the schedule makes of the hash. */
function compress(): void {
  for (let at = schedule + 16 * 16; at < schedule + <usize>BLOCK * 16; at += 16) {
    const early = v128.load(at - 15 * 16);
    const late = v128.load(at - 2 * 16);
    const first = v128.xor(v128.xor(rotate(early, 7), rotate(early, 18)), i32x4.shr_u(early, 3));
    const second = v128.xor(v128.xor(rotate(late, 17), rotate(late, 19)), i32x4.shr_u(late, 10));
    v128.store(at, i32x4.add(i32x4.add(v128.load(at - 16 * 16), first), i32x4.add(v128.load(at - 7 * 16), second)));
  }
  let a = v128.load(hash);
  let b = v128.load(hash, 16);
  let c = v128.load(hash, 2 * 16);
  let d = v128.load(hash, 3 * 16);
  let e = v128.load(hash, 4 * 16);
  let f = v128.load(hash, 5 * 16);
  let g = v128.load(hash, 6 * 16);
  let h = v128.load(hash, 7 * 16);
  for (let round: usize = 0; round < <usize>BLOCK; round += 1) {
    const mixed = v128.xor(v128.xor(rotate(e, 6), rotate(e, 11)), rotate(e, 25));
    const word = i32x4.add(v128.load(schedule + (round << 4)), v128.load_splat<u32>(constants + (round << 2)));
    const one = i32x4.add(i32x4.add(h, mixed), i32x4.add(v128.bitselect(f, g, e), word));
    const turned = v128.xor(v128.xor(rotate(a, 2), rotate(a, 13)), rotate(a, 22));
    const two = i32x4.add(turned, v128.bitselect(c, b, v128.xor(a, b)));
    h = g;
    g = f;
    f = e;
    e = i32x4.add(d, one);
    d = c;
    c = b;
    b = a;
    a = i32x4.add(one, two);
  }
  addTo(0, a);
  addTo(1, b);
  addTo(2, c);
  addTo(3, d);
  addTo(4, e);
  addTo(5, f);
  addTo(6, g);
  addTo(7, h);
}

function addTo(word: usize, value: v128): void {
  const at = hash + (word << 4);
  v128.store(at, i32x4.add(v128.load(at), value));
}

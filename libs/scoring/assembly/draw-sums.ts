// AssemblyScript: compiled to src/draw-sums.wasm.ts by `npm run generate`. Scoring spends most of its time here, and
// only vector instructions draw and add up several replicates in the time of one.

/** Replicates that are drawn side by side, each from a random stream of its own. */
const LANES = 4;

/**
 * Draws `units` of `units` with replacement, within groups, and adds up what was drawn, for `replicates` replicates, a
 * multiple of four. All arguments but counts are addresses, aligned to 16 bytes.
 *
 * @param state four sfc32 generators: four words a, four b, four c, four counters; left as they are afterwards
 * @param groups pairs of u32: first unit and number of units of each group
 * @param columns pairs of f64 columns, one pair after the other; within a pair both values of a unit stand together
 * @param indices room for four u32 for each unit
 * @param sums where the sums go: pair after pair, and of each pair both sums of each replicate
 */
export function drawSums(
  state: usize,
  groups: usize,
  groupCount: i32,
  columns: usize,
  pairCount: i32,
  units: i32,
  indices: usize,
  replicates: i32,
  sums: usize,
): void {
  for (let replicate = 0; replicate < replicates; replicate += LANES) {
    for (let group = 0; group < groupCount; group += 1) {
      const at = groups + ((<usize>group) << 3);
      drawGroup(state, load<u32>(at), load<u32>(at, 4), indices);
    }
    for (let pair = 0; pair < pairCount; pair += 1) {
      const column = columns + <usize>pair * ((<usize>units) << 4);
      const into = sums + ((<usize>pair * <usize>replicates + <usize>replicate) << 4);
      sumPair(column, indices, indices + ((<usize>units) << 4), into);
    }
  }
}

/** Writes for each unit of the group the place of the unit drawn for it, 16 times its number, in each replicate. */
function drawGroup(state: usize, first: u32, count: u32, indices: usize): void {
  let a = v128.load(state);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let counter = v128.load(state, 48);
  const one = i32x4.splat(1);
  const width = i32x4.splat(count);
  const start = i32x4.splat(first);
  const end = indices + ((<usize>(first + count)) << 4);
  for (let at = indices + ((<usize>first) << 4); at < end; at += 16) {
    const out = i32x4.add(i32x4.add(a, b), counter);
    counter = i32x4.add(counter, one);
    a = v128.xor(b, i32x4.shr_u(b, 9));
    b = i32x4.add(c, i32x4.shl(c, 3));
    c = i32x4.add(v128.or(i32x4.shl(c, 21), i32x4.shr_u(c, 11)), out);
    // The upper half of word × count is a number below count.
    const low = i64x2.extmul_low_i32x4_u(out, width);
    const high = i64x2.extmul_high_i32x4_u(out, width);
    const drawn = i32x4.add(v128.shuffle<i32>(low, high, 1, 3, 5, 7), start);
    v128.store(at, i32x4.shl(drawn, 4));
  }
  v128.store(state, a);
  v128.store(state, b, 16);
  v128.store(state, c, 32);
  v128.store(state, counter, 48);
}

function sumPair(column: usize, indices: usize, end: usize, into: usize): void {
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  let third = f64x2.splat(0);
  let fourth = f64x2.splat(0);
  for (let at = indices; at < end; at += 16) {
    first = f64x2.add(first, v128.load(column + <usize>load<u32>(at)));
    second = f64x2.add(second, v128.load(column + <usize>load<u32>(at, 4)));
    third = f64x2.add(third, v128.load(column + <usize>load<u32>(at, 8)));
    fourth = f64x2.add(fourth, v128.load(column + <usize>load<u32>(at, 12)));
  }
  v128.store(into, first);
  v128.store(into, second, 16);
  v128.store(into, third, 32);
  v128.store(into, fourth, 48);
}

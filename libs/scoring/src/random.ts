/** State of an sfc32 generator: four 32-bit words. Advanced in place by those who draw. */
export type RandomState = Int32Array;

/**
 * A stream of its own for each purpose, so that the draws of one dataset do not depend on which others are there.
 * Same seed and label: same stream. The seed is any finite number; it is read as an integer modulo 2^32.
 */
export function randomStream(seed: number, label: string): RandomState {
  let hash = 0x811c9dc5 ^ (seed >>> 0);
  for (let i = 0; i < label.length; i += 1) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
  const state = new Int32Array([seed | 0, hash, Math.imul(hash, 0x9e3779b1) ^ label.length, 1]);
  // The first words of a fresh sfc32 still resemble its seed.
  for (let i = 0; i < 20; i += 1) nextWord(state);
  return state;
}

/** The next uniform number in [0, 1), of 32 bits. */
export function nextUniform(state: RandomState): number {
  return (nextWord(state) >>> 0) / 4294967296;
}

/** Two independent standard normal numbers (Box and Muller) into `into`, all of it. */
export function fillNormal(state: RandomState, into: Float64Array): void {
  for (let i = 0; i < into.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - nextUniform(state)));
    const angle = 2 * Math.PI * nextUniform(state);
    into[i] = radius * Math.cos(angle);
    if (i + 1 < into.length) into[i + 1] = radius * Math.sin(angle);
  }
}

function nextWord(state: RandomState): number {
  const b = word(state, 1);
  const c = word(state, 2);
  const counter = word(state, 3);
  const out = (((word(state, 0) + b) | 0) + counter) | 0;
  state[3] = (counter + 1) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + out) | 0;
  return out;
}

function word(state: RandomState, index: 0 | 1 | 2 | 3): number {
  return state[index] ?? 0;
}

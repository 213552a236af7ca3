/**
 * Seeded randomness: the same seed gives the same stream on every machine, so that demo files never change by
 * themselves. Generator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state, fast enough for millions of rows.
 */
export class Random {
  private constructor(
    private a: number,
    private b: number,
    private c: number,
    private counter: number,
  ) {}

  /** A stream of its own for each list of labels: adding one kind of row never shifts the values of another. */
  static of(seed: number, ...labels: readonly (string | number)[]): Random {
    let hash = 0x811c9dc5 ^ seed;
    for (const label of labels) {
      const text = String(label);
      // FNV-1a over the text, with a separator so that ('a', 'bc') and ('ab', 'c') differ.
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      hash = Math.imul(hash ^ 0x1f, 0x01000193);
    }
    const random = new Random(mix(hash), mix(hash + 0x9e3779b9), mix(hash ^ 0x85ebca6b), 1);
    for (let i = 0; i < 12; i++) random.next();
    return random;
  }

  /** In [0, 1). */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  }

  /** Whole number in [low, high]. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return itemAt(list, Math.floor(this.next() * list.length));
  }

  /** Normal with mean 0 and deviation 1 (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Log-normal: half of the values lie below `median`. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Number of events where `mean` are expected; from 30 on by the normal approximation. */
  poisson(mean: number): number {
    if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > limit; count++) product *= this.next();
    return Math.max(0, count);
  }
}

/** One of some items, each with its own weight; weights need not sum to 1. */
export class Weighted<T> {
  private readonly limits: readonly number[];
  private readonly total: number;

  constructor(private readonly items: readonly (readonly [T, number])[]) {
    let sum = 0;
    this.limits = items.map(([, weight]) => (sum += weight));
    this.total = sum;
  }

  draw(random: Random): T {
    const at = random.next() * this.total;
    const index = this.limits.findIndex((limit) => at < limit);
    const item = this.items[index];
    if (!item) throw new Error('cannot draw from weights that sum to zero');
    return item[0];
  }
}

/** The item at a place that must exist; places beyond the end begin again at the front. */
export function itemAt<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error(`a list of ${list.length} has no item ${index}`);
  return found;
}

/** Finaliser of MurmurHash3: spreads a 32-bit number over all bits. */
export function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

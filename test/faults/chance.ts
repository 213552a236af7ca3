/** Draws of a run of the fault suite: with its seed the same moments can be had again. */
export class Chance {
  private drawn: number;

  constructor(readonly seed: number) {
    this.drawn = seed >>> 0;
  }

  /** A whole number from 0, below that one. Numerical Recipes' generator. */
  below(limit: number): number {
    this.drawn = (Math.imul(this.drawn, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.drawn / 2 ** 32) * limit);
  }

  pick<T>(among: readonly T[]): T {
    const picked = among[this.below(among.length)];
    if (picked === undefined) throw new RangeError('there is nothing to pick from');
    return picked;
  }
}

/** As `npm run faults -- --rounds 5 --seed 7` has it; one round unless told. */
export const rounds = Number(process.env['FAULT_ROUNDS'] ?? '1');

/** Told at once: a moment that brings a fault to light is worth nothing without it. */
export function chanceOfRun(name: string): Chance {
  const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
  process.stderr.write(`${name}: seed ${seed}, ${rounds === 1 ? 'one round' : `${rounds} rounds`}\n`);
  return new Chance(seed);
}

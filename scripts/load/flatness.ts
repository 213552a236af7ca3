/** One look at everything that must not grow. */
export interface Sample {
  /** Since the load began. */
  readonly minutes: number;
  readonly values: ReadonlyMap<string, number>;
}

export interface Judgement {
  readonly name: string;
  /** Median of the first quarter after the warm-up. */
  readonly atStart: number;
  /** Median of the last quarter. */
  readonly atEnd: number;
  /** The most that `atEnd` may be. */
  readonly most: number;
  readonly flat: boolean;
}

/** By how much a value may be larger at the end: a share of it or so much, whichever is more. */
export interface Allowance {
  readonly share: number;
  readonly least: number;
}

/** Whether what was sampled is at the end what it was at the start. A value that was never sampled is no value. */
export function judge(samples: readonly Sample[], name: string, { share, least }: Allowance): Judgement {
  const values = samples.flatMap(({ values: found }) => {
    const value = found.get(name);
    return value === undefined ? [] : [value];
  });
  const quarter = Math.floor(values.length / 4);
  if (quarter < 1) throw new RangeError(`${name}: too few samples to say anything`);
  const atStart = middle(values.slice(0, quarter));
  const atEnd = middle(values.slice(-quarter));
  const most = atStart + Math.max(atStart * share, least);
  return { name, atStart, atEnd, most, flat: atEnd <= most };
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)];
  if (value === undefined) throw new RangeError('the median of nothing is not known');
  return value;
}

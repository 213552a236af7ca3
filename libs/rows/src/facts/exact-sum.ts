import { DuckDBDecimalValue } from '@duckdb/node-api';

/** A sum in decimal fixed point: exact, so it does not depend on the order of the rows. */
export interface ExactSum {
  readonly units: bigint;
  readonly scale: number;
}

export function exactSum(value: unknown): ExactSum {
  if (value instanceof DuckDBDecimalValue) return { units: value.value, scale: value.scale };
  if (typeof value === 'bigint') return { units: value, scale: 0 };
  if (value === null) return { units: 0n, scale: 0 };
  throw new Error(`not an exact sum: ${String(value)}`);
}

export function add(a: ExactSum, b: ExactSum): ExactSum {
  const scale = Math.max(a.scale, b.scale);
  return { units: a.units * 10n ** BigInt(scale - a.scale) + b.units * 10n ** BigInt(scale - b.scale), scale };
}

/** Nearest double; whole numbers stay whole. */
export function toNumber({ units, scale }: ExactSum): number {
  const one = 10n ** BigInt(scale);
  return Number(units / one) + Number(units % one) / Number(one);
}

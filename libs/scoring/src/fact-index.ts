import { dayNumber } from './calendar.js';
import type { Fact, Period } from './city-data.js';
import type { RowsSource, Tally } from './rows-source.js';

/** The facts of a period by series, so that results do not depend on the order in which facts came. */
export interface FactIndex extends RowsSource {
  readonly days: number;
  daily(series: string): Daily;
}

/** n and total of each day of the period, 0 on a day without facts. Not to be written to. */
export interface Daily {
  readonly n: Float64Array;
  readonly total: Float64Array;
  /** Number of different days with at least one row. */
  readonly covered: number;
}

/** Facts of one series and stratum, and the day of each counted from the start of the period. */
interface Cells {
  facts: Fact[];
  days: number[];
  n: number;
  total: number;
  /** Sums of whole numbers are exact in any order; others are put in order first. */
  whole: boolean;
}

type Strata = ReadonlyMap<string | null, Cells>;

/** Keeps the facts of the period: placed in it, first since it began (`after`), last until it ended (`until`). */
export function indexFacts(facts: readonly Fact[], period: Period): FactIndex {
  const start = dayNumber(period.start);
  const days = dayNumber(period.end) - start;
  const bySeries = groupFacts(facts, period, start, days);
  const none: Strata = new Map();
  const cellsOf = (series: string) => bySeries.get(series) ?? none;

  const known = new Map<string, Daily>();
  const daily = (series: string): Daily => {
    const before = known.get(series);
    if (before !== undefined) return before;
    const n = new Float64Array(days);
    const total = new Float64Array(days);
    for (const cells of cellsOf(series).values()) {
      cells.facts.forEach((fact, i) => {
        const day = cells.days[i] as number;
        n[day] = (n[day] as number) + fact.n;
        total[day] = (total[day] as number) + fact.total;
      });
    }
    const sums = { n, total, covered: n.reduce((count, rows) => count + (rows > 0 ? 1 : 0), 0) };
    known.set(series, sums);
    return sums;
  };

  return {
    days,
    daily,
    tally(series) {
      let n = 0;
      let total = 0;
      for (const cells of cellsOf(series).values()) {
        n += cells.n;
        total += cells.total;
      }
      return { n, total };
    },
    strata(series) {
      const tallies = new Map<string, Tally>();
      for (const [stratum, cells] of cellsOf(series)) if (stratum !== null) tallies.set(stratum, cells);
      return tallies;
    },
  };
}

function groupFacts(facts: readonly Fact[], period: Period, start: number, days: number): Map<string, Strata> {
  const bySeries = new Map<string, Map<string | null, Cells>>();
  // Loops over thousands of facts go by index here: an iterator makes an object for each.
  for (let i = 0; i < facts.length; i += 1) {
    const fact = facts[i] as Fact;
    const day = dayNumber(fact.day) - start;
    if (day < 0 || day >= days || !isFirstAndLast(fact, period)) continue;
    const cells = cellsFor(fact, bySeries);
    cells.facts.push(fact);
    cells.days.push(day);
  }
  for (const strata of bySeries.values()) for (const cells of strata.values()) sumUp(cells);
  return new Map([...bySeries].map(([id, byStratum]) => [id, inOrder(byStratum)]));
}

/** Its key had no row before in the period, where that matters, and has none after. */
function isFirstAndLast({ after, until }: Fact, { start, end }: Period): boolean {
  return (after === null || after < start) && (until === null || until >= end);
}

function cellsFor({ series, stratum }: Fact, bySeries: Map<string, Map<string | null, Cells>>): Cells {
  let strata = bySeries.get(series);
  if (strata === undefined) {
    strata = new Map();
    bySeries.set(series, strata);
  }
  let cells = strata.get(stratum);
  if (cells === undefined) {
    cells = { facts: [], days: [], n: 0, total: 0, whole: true };
    strata.set(stratum, cells);
  }
  return cells;
}

function sumUp(cells: Cells): void {
  let n = 0;
  let total = 0;
  let whole = true;
  for (let i = 0; i < cells.facts.length; i += 1) {
    const fact = cells.facts[i] as Fact;
    n += fact.n;
    total += fact.total;
    whole &&= Number.isSafeInteger(fact.total);
  }
  cells.n = n;
  cells.total = total;
  cells.whole = whole;
}

/** Sums of fractions depend on their order: strata by name, facts by day, n and total. */
function inOrder(strata: Strata): Strata {
  const entries = [...strata];
  if (entries.every(([, { whole }]) => whole)) return strata;
  entries.sort(([a], [b]) => (a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1));
  return new Map(entries.map(([stratum, cells]) => [stratum, cells.whole ? cells : summedInOrder(cells)]));
}

function summedInOrder({ facts, days }: Cells): Cells {
  const at = (i: number) => facts[i] as Fact;
  const compare = (i: number, j: number) =>
    (days[i] as number) - (days[j] as number) || at(i).n - at(j).n || at(i).total - at(j).total;
  const order = Array.from(days.keys());
  if (!order.every((i) => i === 0 || compare(i - 1, i) <= 0)) order.sort(compare);
  const ordered = { facts: order.map(at), days: order.map((i) => days[i] as number), n: 0, total: 0, whole: false };
  sumUp(ordered);
  return ordered;
}

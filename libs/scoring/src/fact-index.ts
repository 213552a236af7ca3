import { dayNumber } from './calendar.js';
import type { Fact, Period } from './city-data.js';
import { at } from './numeric.js';
import type { RowsSource, Tally } from './rows-source.js';

/** The facts of a period by series, so that results do not depend on the order in which facts came. */
export interface FactIndex extends RowsSource {
  readonly days: number;
  /** n and total of each day of the period, 0 on a day without facts. */
  daily(series: string): { readonly n: Float64Array; readonly total: Float64Array };
  /** Number of different days with at least one row. */
  coveredDays(series: string): number;
  /** By stratum, facts without one included (under null). */
  cells(series: string): ReadonlyMap<string | null, Tally>;
}

/** Facts of one series and stratum, in parallel arrays. */
interface Cells {
  day: number[];
  n: number[];
  total: number[];
  /** Sums of whole numbers are exact in any order; others are put in order first. */
  whole: boolean;
}

/** Keeps the facts of the period: placed in it, first since it began (`after`), last until it ended (`until`). */
export function indexFacts(facts: readonly Fact[], period: Period): FactIndex {
  const start = dayNumber(period.start);
  const days = dayNumber(period.end) - start;
  const bySeries = groupFacts(facts, period, start, days);
  const none: ReadonlyMap<string | null, Cells> = new Map();
  const cellsOf = (series: string) => bySeries.get(series) ?? none;

  const daily = (series: string) => {
    const n = new Float64Array(days);
    const total = new Float64Array(days);
    for (const cells of cellsOf(series).values()) {
      cells.day.forEach((day, i) => {
        n[day] = (n[day] as number) + (cells.n[i] as number);
        total[day] = (total[day] as number) + (cells.total[i] as number);
      });
    }
    return { n, total };
  };

  return {
    days,
    daily,
    tally(series) {
      let n = 0;
      let total = 0;
      for (const cells of cellsOf(series).values()) {
        const sum = sumCells(cells);
        n += sum.n;
        total += sum.total;
      }
      return { n, total };
    },
    cells: (series) => new Map([...cellsOf(series)].map(([stratum, cells]) => [stratum, sumCells(cells)])),
    strata(series) {
      const tallies = new Map<string, Tally>();
      for (const [stratum, cells] of cellsOf(series)) if (stratum !== null) tallies.set(stratum, sumCells(cells));
      return tallies;
    },
    coveredDays: (series) => daily(series).n.reduce((covered, n) => covered + (n > 0 ? 1 : 0), 0),
  };
}

function groupFacts(facts: readonly Fact[], period: Period, start: number, days: number) {
  const bySeries = new Map<string, Map<string | null, Cells>>();
  // Neighbours mostly share series, stratum and day.
  let series: string | undefined;
  let strata = new Map<string | null, Cells>();
  let isoDay = '';
  let day = 0;
  for (const fact of facts) {
    if (fact.day !== isoDay) {
      isoDay = fact.day;
      day = dayNumber(isoDay) - start;
    }
    if (day < 0 || day >= days) continue;
    if (fact.after !== null && fact.after >= period.start) continue;
    if (fact.until !== null && fact.until < period.end) continue;
    if (fact.series !== series) {
      series = fact.series;
      const known = bySeries.get(series);
      strata = known ?? new Map<string | null, Cells>();
      if (known === undefined) bySeries.set(series, strata);
    }
    let cells = strata.get(fact.stratum);
    if (cells === undefined) {
      cells = { day: [], n: [], total: [], whole: true };
      strata.set(fact.stratum, cells);
    }
    cells.day.push(day);
    cells.n.push(fact.n);
    cells.total.push(fact.total);
    cells.whole &&= Number.isSafeInteger(fact.total);
  }
  for (const [id, byStratum] of bySeries) bySeries.set(id, inOrder(byStratum));
  return bySeries;
}

/** Sums of fractions depend on their order: strata by name, cells by day, n and total. */
function inOrder(strata: Map<string | null, Cells>): Map<string | null, Cells> {
  const entries = [...strata];
  if (entries.every(([, { whole }]) => whole)) return strata;
  entries.sort(([a], [b]) => (a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1));
  return new Map(entries.map(([stratum, cells]) => [stratum, sortCells(cells)]));
}

function sortCells(cells: Cells): Cells {
  const { day, n, total } = cells;
  const compare = (i: number, j: number) =>
    at(day, i) - at(day, j) || at(n, i) - at(n, j) || at(total, i) - at(total, j);
  let sorted = true;
  for (let i = 1; i < day.length && sorted; i += 1) sorted = compare(i - 1, i) <= 0;
  if (sorted) return cells;
  const order = day.map((_, index) => index).sort(compare);
  const pick = (values: number[]) => order.map((index) => at(values, index));
  return { day: pick(day), n: pick(n), total: pick(total), whole: cells.whole };
}

function sumCells({ n, total }: Cells): Tally {
  let rows = 0;
  let sum = 0;
  for (const value of n) rows += value;
  for (const value of total) sum += value;
  return { n: rows, total: sum };
}

import type { SeriesPlan } from '../measures/series-plan.js';
import type { Value } from '@hotline/methodology';
import type { SegmentFact } from '../tasks.js';
import { add, exactSum, toNumber } from './exact-sum.js';
import type { ExactSum } from './exact-sum.js';
import { countedRows, rowQuantity, rowStratum } from './series-statement.js';
import { contactRows, ownRows, relation } from './source-rows.js';
import type { MonthSource } from './source-rows.js';

/** Series that one statement can count: same rows, same placing instant, same stratum (or none). */
interface Group {
  readonly place: Value;
  readonly stratum: SeriesPlan | null;
  readonly plans: SeriesPlan[];
}

/** Facts of the series that look at each row for itself (or at the orders around it): one pass per group. */
export async function countByDay(month: MonthSource, plans: readonly SeriesPlan[]): Promise<readonly SegmentFact[]> {
  const facts: SegmentFact[] = [];
  for (const group of groups(plans)) facts.push(...(await countGroup(month, group)));
  return facts;
}

/**
 * A series without stratum joins the pass over the day periods of the same instant: its cells are the sums over the
 * periods, and reading the file once more would cost more than adding a few numbers.
 */
function groups(plans: readonly SeriesPlan[]): readonly Group[] {
  const found = new Map<string, Group>();
  const same = (plan: SeriesPlan) => JSON.stringify([plan.place, plan.firstContact]);
  const hosts = new Map(plans.filter((plan) => plan.stratum?.fewValues).map((plan) => [same(plan), plan]));
  for (const plan of plans) {
    const stratum = plan.stratum === null ? (hosts.get(same(plan)) ?? null) : plan;
    const key = `${same(plan)} ${JSON.stringify(stratum?.stratum ?? null)}`;
    const group = found.get(key) ?? { place: plan.place, stratum, plans: [] };
    group.plans.push(plan);
    found.set(key, group);
  }
  return [...found.values()];
}

async function countGroup(month: MonthSource, group: Group): Promise<readonly SegmentFact[]> {
  const contact = group.plans[0]?.firstContact ?? null;
  const rows = relation(month, contact ? contactRows(month, contact) : ownRows(month), group.plans);
  const cells = new Columns();
  const sums = new Columns();
  const day = cells.name(`CAST(${rows.value(group.place, null)} AS DATE)`);
  const stratum = cells.name((group.stratum ? rowStratum(group.stratum, rows) : null) ?? 'NULL::VARCHAR');
  const counted = group.plans.map((plan) => {
    const condition = countedRows(plan, rows);
    const quantity = rowQuantity(plan.quantity, plan, rows);
    const n = sums.name(`count(*) FILTER (WHERE ${cells.name(condition)})`);
    if (quantity === null) return { plan, n, total: n };
    if (plan.quantity?.kind === 'hit') {
      return { plan, n, total: sums.name(`count(*) FILTER (WHERE ${cells.name(`(${condition} AND ${quantity})`)})`) };
    }
    return { plan, n, total: sums.name(`sum(${cells.name(`CASE WHEN ${condition} THEN ${quantity} END`)})`) };
  });
  const from = rows.from();
  await month.workingDays.ensure(month.connection);
  const reader = await month.connection.runAndReadAll(
    `SELECT CAST(${day} AS VARCHAR) AS day, ${stratum} AS stratum, ${sums.list()}
     FROM (SELECT ${cells.list()} FROM ${from})
     WHERE ${day} IS NOT NULL GROUP BY ${day}, ${stratum}`,
  );
  const [names, found] = [reader.columnNames(), reader.getRows()];
  const place = (name: string) => names.indexOf(name);
  return counted.flatMap(({ plan, n, total }) => collect(month, plan, found, place(n), place(total)));
}

/** Names for expressions: the same expression is computed once. */
class Columns {
  private readonly names = new Map<string, string>();

  name(expression: string): string {
    const name = this.names.get(expression) ?? `c${this.names.size}`;
    this.names.set(expression, name);
    return name;
  }

  list(): string {
    return [...this.names].map(([expression, name]) => `${expression} AS ${name}`).join(', ');
  }
}

interface Cell {
  readonly day: string;
  readonly stratum: string | null;
  readonly n: number;
  readonly total: ExactSum;
}

function collect(
  month: MonthSource,
  plan: SeriesPlan,
  rows: readonly (readonly unknown[])[],
  nColumn: number,
  totalColumn: number,
): readonly SegmentFact[] {
  const cells = new Map<string, Cell>();
  for (const row of rows) {
    const n = Number(row[nColumn]);
    if (n === 0) continue;
    const [day, stratum] = [String(row[0]), plan.stratum === null || row[1] === null ? null : String(row[1])];
    const key = `${day} ${stratum ?? ''}`;
    const cell = cells.get(key) ?? { day, stratum, n: 0, total: { units: 0n, scale: 0 } };
    cells.set(key, { ...cell, n: cell.n + n, total: add(cell.total, exactSum(row[totalColumn])) });
  }
  return [...cells.values()].map(({ day, stratum, n, total }) => ({
    dataset: month.dataset,
    month: month.own.month,
    series: plan.series,
    day,
    stratum,
    after: null,
    until: null,
    n,
    total: toNumber(total),
  }));
}

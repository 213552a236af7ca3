import type { SeriesPlan } from '../measures/series-plan.js';
import type { Value } from '@hotline/methodology';
import type { SegmentFact } from '../tasks.js';
import { add, exactSum, toNumber } from './exact-sum.js';
import type { ExactSum } from './exact-sum.js';
import { countedRows, rowQuantity, rowStratum, stratumText } from './series-statement.js';
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

/**
 * Rows of a day and stratum that are alike in every part of every condition are added up first; which of these few groups
 * a series counts is looked up afterwards. Looking it up for each row and series takes twice as long.
 */
async function countGroup(month: MonthSource, group: Group): Promise<readonly SegmentFact[]> {
  const contact = group.plans[0]?.firstContact ?? null;
  const rows = relation(month, contact ? contactRows(month, contact) : ownRows(month), group.plans);
  const parts = new Columns('part');
  const quantities = new Columns('quantity');
  const totals = new Columns('total');
  const day = `CAST(${rows.value(group.place, null)} AS DATE)`;
  const value = (group.stratum ? rowStratum(group.stratum, rows) : null) ?? 'NULL::VARCHAR';
  const stratum = group.stratum ? stratumText(group.stratum, 'value') : 'value';
  const namePart = (part: string) => parts.name(part);
  const counted = group.plans.map((plan) => {
    const condition = countedRows(plan, rows, namePart);
    const total = (of: string, when: string) => totals.name(`sum(${of}) FILTER (WHERE ${when})`);
    const n = total('n', condition);
    if (plan.quantity === null) return { plan, n, total: n };
    if (plan.quantity.kind === 'hit') {
      const hit = rows.condition(plan.quantity.condition, plan.curve, namePart);
      return { plan, n, total: total('n', `${condition} AND ${hit}`) };
    }
    return { plan, n, total: total(quantities.name(rowQuantity(plan.quantity, plan, rows)), condition) };
  });
  const from = rows.from();
  await month.workingDays.ensure(month.connection);
  const cells = [`${day} AS day`, `${value} AS value`, ...parts.list(), ...quantities.list()];
  const sums = ['count(*) AS n', ...quantities.names().map((name) => `sum(${name}) AS ${name}`)];
  const alike = ['day', 'value', ...parts.names()].join(', ');
  const reader = await month.connection.runAndReadAll(
    `SELECT CAST(day AS VARCHAR) AS day, ${stratum} AS stratum, ${totals.list().join(', ')} FROM
       (SELECT ${alike}, ${sums.join(', ')} FROM (SELECT ${cells.join(', ')} FROM ${from})
        WHERE day IS NOT NULL GROUP BY ${alike})
     GROUP BY ALL`,
  );
  const [names, found] = [reader.columnNames(), reader.getRows()];
  const place = (name: string) => names.indexOf(name);
  return counted.flatMap(({ plan, n, total }) => collect(month, plan, found, place(n), place(total)));
}

/** Names for expressions: the same expression is computed once. */
class Columns {
  private readonly known = new Map<string, string>();

  constructor(private readonly prefix: string) {}

  name(expression: string): string {
    const name = this.known.get(expression) ?? `${this.prefix}_${this.known.size}`;
    this.known.set(expression, name);
    return name;
  }

  names(): readonly string[] {
    return [...this.known.values()];
  }

  list(): readonly string[] {
    return [...this.known].map(([expression, name]) => `${expression} AS ${name}`);
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
    // The sum over no group: none of the rows is counted.
    if (row[nColumn] === null) continue;
    const n = Number(row[nColumn]);
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

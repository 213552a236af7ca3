import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlId, sqlList, sqlText } from '../sql.js';

/** Days that differ from Monday to Friday, by year; a year that is not listed has no calendar. */
export interface WorkingCalendar {
  readonly years: Readonly<
    Record<string, { readonly daysOff: readonly string[]; readonly makeUpDays: readonly string[] }>
  >;
}

/** Lookup relation: for each day the end of the k-th working day after it. Made once per task, for the k in use. */
export class WorkingDays {
  static readonly table = 'working_days';
  private readonly counts = new Set<number>();
  private counting = false;
  private made = '';

  constructor(private readonly calendar: WorkingCalendar) {}

  /** Names of the columns that hold the end of the k-th working day, and whether a year without calendar was crossed. */
  columns(workingDays: number): { readonly end: string; readonly missing: string } {
    this.counts.add(workingDays);
    return { end: `end_${workingDays}`, missing: `missing_${workingDays}` };
  }

  /** Column with the number of working days up to and including the day. */
  counted(): string {
    this.counting = true;
    return 'counted';
  }

  /** Makes the relation if the statements compiled so far need it and it is not there yet. */
  async ensure(connection: DuckDBConnection): Promise<void> {
    const needed = [...this.counts].sort((a, b) => a - b).join();
    if ((needed === '' && !this.counting) || this.made === `made ${needed}`) return;
    await this.create(connection);
    this.made = `made ${needed}`;
  }

  private async create(connection: DuckDBConnection): Promise<void> {
    const listed = Object.keys(this.calendar.years).map(Number);
    const days = (kind: 'daysOff' | 'makeUpDays') =>
      `${sqlList(Object.values(this.calendar.years).flatMap((year) => year[kind].map(sqlText)))}::DATE[]`;
    const year = (day: string) => `list_contains(${sqlList(listed.map(String))}::BIGINT[], year(${day}))`;
    const counts = [...this.counts].sort((a, b) => a - b);
    const selected = counts.flatMap((k) => [
      `w${k}.day + TIME '23:59:59' AS ${sqlId(this.columns(k).end)}`,
      `NOT (${year('(d.day + 1)::DATE')} AND ${year(`w${k}.day`)}) AS ${sqlId(this.columns(k).missing)}`,
    ]);
    const joins = counts.map((k) => `LEFT JOIN nth w${k} ON w${k}.counted = d.counted + ${k}`);
    await connection.run(`
      CREATE OR REPLACE TEMP TABLE ${WorkingDays.table} AS
      WITH every AS (
        SELECT unnest(generate_series(DATE '1990-01-01', DATE '2100-12-31', INTERVAL 1 DAY))::DATE AS day
      ), marked AS (
        SELECT day, (isodow(day) < 6 AND NOT list_contains(${days('daysOff')}, day))
                 OR list_contains(${days('makeUpDays')}, day) AS works
        FROM every
      ), d AS (
        SELECT day, works, sum(works::INTEGER) OVER (ORDER BY day) AS counted FROM marked
      ), nth AS (SELECT day, counted FROM d WHERE works)
      SELECT ${['d.day', `d.counted`, ...selected].join(', ')} FROM d ${joins.join(' ')}`);
  }
}

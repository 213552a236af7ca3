import type { DuckDBConnection } from '@duckdb/node-api';
import { measureRules } from '../measures/measure-rules.js';
import type { MeasureRules } from '../measures/measure-rules.js';
import { RowRelation } from '../measures/row-relation.js';
import { WorkingDays } from '../measures/working-days.js';
import { parquet } from '../segments/key-relation.js';
import type { DatasetId, SamplesTask, Segment } from '../tasks.js';

/** Reads rows of the stored segments for one period. */
export class PeriodRows {
  private readonly rules: MeasureRules;
  private readonly workingDays: WorkingDays;

  constructor(
    private readonly connection: DuckDBConnection,
    readonly task: SamplesTask,
  ) {
    this.rules = measureRules(task.methodology);
    this.workingDays = new WorkingDays(this.rules.calendar);
  }

  /**
   * Rows of the months of a dataset that can hold a day of [since, end of the period), or of all months (since null).
   * null: there is no such segment.
   */
  relation(dataset: DatasetId, uses: readonly unknown[], since: string | null): RowRelation | null {
    const files = this.segments(dataset, since).map((segment) => segment.file);
    if (files.length === 0) return null;
    const source = `SELECT * FROM ${parquet(files)}`;
    return new RowRelation(this.rules, this.workingDays, dataset, this.task.segments, source, uses);
  }

  /** Rows of the months that the period touches. */
  rowsIn(dataset: DatasetId): number {
    return this.segments(dataset, this.task.period.start).reduce((sum, segment) => sum + segment.rows, 0);
  }

  private segments(dataset: DatasetId, since: string | null): readonly Segment[] {
    const last = this.task.period.end.slice(0, 7);
    return this.task.segments.filter(
      (segment) =>
        segment.dataset === dataset &&
        (since === null || (segment.month >= since.slice(0, 7) && segment.month <= last)),
    );
  }

  /** Runs a statement over a relation: values by column. Compile every expression before. */
  async read(rows: RowRelation, columns: readonly string[], tail: string): Promise<readonly (readonly unknown[])[]> {
    return this.select(`SELECT ${columns.join(', ')} FROM ${await this.from(rows)} ${tail}`);
  }

  /** `FROM` clause of a relation, with the lookups it joins made ready. */
  async from(rows: RowRelation): Promise<string> {
    const from = rows.from();
    await this.workingDays.ensure(this.connection);
    return from;
  }

  async select(statement: string): Promise<readonly (readonly unknown[])[]> {
    const reader = await this.connection.runAndReadAll(statement);
    return reader.getColumnsJS();
  }
}

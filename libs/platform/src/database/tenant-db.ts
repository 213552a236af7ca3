import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { trail } from '../log/trail.js';
import type { TenantScope } from '../request-context.js';
import { CommitUnanswered, isDatabaseUnavailable, TenantContextMissing, TransactionAborted } from './database-error.js';

export interface TransactionOptions {
  /** Longest a single statement may take, in milliseconds; else the login's own limit (15 s) holds. */
  readonly statementTimeoutMs?: number;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The only way to tenants' rows: one transaction in which the database shows the rows of one tenant and no others. */
export class TenantDb {
  /** @param observe told how each transaction ended and how long it took, waiting for a connection included */
  constructor(
    private readonly dataSource: DataSource,
    private readonly observe: (end: 'kept' | 'given up', seconds: number) => void = () => undefined,
  ) {}

  /**
   * Runs a unit of work in one transaction: all of it is kept or nothing. What it changes is audited with the trail of
   * the request or job.
   * @throws TenantContextMissing without a valid tenant id; no SQL is sent then
   * @throws TransactionAborted when `work` swallowed the error of a statement: nothing was kept
   * @throws CommitUnanswered when all of it was kept, or nothing; after any other error nothing was
   */
  async run<T>(
    ctx: TenantScope,
    work: (manager: EntityManager) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.transaction(ctx, work, async (runner, tenantId) => {
      await runner.startTransaction();
      await runner.query(
        `select set_config('app.tenant_id', $1, true), set_config('app.actor', $3, true), ${limitTime}`,
        [tenantId, timeLimit(options), JSON.stringify(trail())],
      );
    });
  }

  /** As `run`, for reading: every statement sees the same snapshot, and nothing can be written. */
  async runReadOnly<T>(
    ctx: TenantScope,
    work: (manager: EntityManager) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.transaction(ctx, work, async (runner, tenantId) => {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query(
        `select set_config('app.tenant_id', $1, true), set_config('transaction_read_only', 'on', true), ${limitTime}`,
        [tenantId, timeLimit(options)],
      );
    });
  }

  private async transaction<T>(
    ctx: TenantScope,
    work: (manager: EntityManager) => Promise<T>,
    begin: (runner: QueryRunner, tenantId: string) => Promise<void>,
  ): Promise<T> {
    const tenantId = requireTenant(ctx);
    const runner = this.dataSource.createQueryRunner();
    const started = performance.now();
    let end: 'kept' | 'given up' = 'given up';
    try {
      await begin(runner, tenantId);
      const result = await work(runner.manager);
      await requireSound(runner);
      await commit(runner);
      end = 'kept';
      return result;
    } catch (error) {
      // The connection may be gone; the reason to report is the first error, not this one.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
      this.observe(end, (performance.now() - started) / 1000);
    }
  }
}

const limitTime = `case when $2::text is null then null else set_config('statement_timeout', $2::text, true) end`;

function timeLimit({ statementTimeoutMs }: TransactionOptions): string | null {
  return statementTimeoutMs === undefined ? null : String(statementTimeoutMs);
}

function requireTenant(ctx: TenantScope | null | undefined): string {
  const tenantId = ctx?.tenantId;
  if (typeof tenantId !== 'string' || !uuidPattern.test(tenantId)) throw new TenantContextMissing(tenantId);
  return tenantId;
}

async function commit(runner: QueryRunner): Promise<void> {
  try {
    await runner.commitTransaction();
  } catch (error) {
    throw isDatabaseUnavailable(error) ? new CommitUnanswered(error) : error;
  }
}

/** PostgreSQL answers COMMIT of a failed transaction with a silent ROLLBACK: half a result would look like a whole one. */
async function requireSound(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('select 1');
  } catch (error) {
    throw new TransactionAborted(error);
  }
}

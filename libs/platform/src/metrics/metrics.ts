import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { JobLedger } from '../jobs/job-ledger.js';

/** Figures of the process. Labels come from short lists of our own: never from tenants, persons or what was sent. */
export class Metrics {
  readonly registry = new Registry();

  readonly jobSeconds = new Histogram({
    name: 'hotline_job_seconds',
    help: 'Time of an attempt of a job, by how it ended',
    labelNames: ['kind', 'end'] as const,
    buckets: [0.05, 0.2, 1, 5, 20, 60, 300, 900],
    registers: [this.registry],
  });

  readonly importRows = new Counter({
    name: 'hotline_import_rows_total',
    help: 'Rows of checked files; their rate is rows per second',
    labelNames: ['dataset'] as const,
    registers: [this.registry],
  });

  readonly requestSeconds = new Histogram({
    name: 'hotline_request_seconds',
    help: 'Time of a request, by the pattern of its route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.registry],
  });

  readonly rateLimited = new Counter({
    name: 'hotline_rate_limited_total',
    help: 'Requests refused because there were too many, by what was counted',
    labelNames: ['counted'] as const,
    registers: [this.registry],
  });

  readonly transactionSeconds = new Histogram({
    name: 'hotline_transaction_seconds',
    help: 'Time of a transaction of a tenant, waiting for a connection included',
    labelNames: ['end'] as const,
    buckets: [0.002, 0.01, 0.05, 0.2, 1, 5, 15],
    registers: [this.registry],
  });

  readonly statementSeconds = new Histogram({
    name: 'hotline_statement_seconds',
    help: 'Time of a statement of the database that succeeded, by the login that sent it',
    labelNames: ['login'] as const,
    buckets: [0.002, 0.01, 0.05, 0.2, 1, 5, 15],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Asks the database for the state of the queue whenever somebody reads the figures. */
  watchQueue(ledger: JobLedger): void {
    const depth = new Gauge({
      name: 'hotline_jobs',
      help: 'Jobs that wait or run, of all processes',
      labelNames: ['kind', 'state'] as const,
      registers: [this.registry],
      collect: async () => {
        depth.reset();
        oldest.reset();
        // Without the database there are no figures of the queue, but all the others.
        const found = await ledger.statistics().catch(() => []);
        for (const { kind, state, jobs, oldestSeconds } of found) {
          depth.set({ kind, state }, jobs);
          oldest.set({ kind, state }, oldestSeconds);
        }
      },
    });
    const oldest = new Gauge({
      name: 'hotline_oldest_job_seconds',
      help: 'Age of the oldest job that waits or runs',
      labelNames: ['kind', 'state'] as const,
      registers: [this.registry],
    });
  }
}

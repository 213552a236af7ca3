import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AssessmentsService, type AssessmentEntity } from '@hotline/assessments';
import { defaultMethodology, methodologies } from '@hotline/methodology';
import { ImportsService, type ImportEntity } from '@hotline/imports';
import { EmbeddedCluster, FileStore, letHeapGrow, parseConfig, TenantDb, type RequestContext } from '@hotline/platform';
import { RowPool, type RowTask, type TaskResults } from '@hotline/rows';
import type { Period } from '@hotline/scoring';
import { TenantsService } from '@hotline/tenancy';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { httpAdapter, prepareHttp } from '../../apps/api/src/http.js';
import { readBytes, type SampleFile } from './sample-files.js';

const patienceMs = 30 * 60_000;

export interface DoneImport {
  readonly entity: ImportEntity;
  /** From the first byte to committed. */
  readonly seconds: number;
  /** What the time went into, in the order in which it began: seconds by step. */
  readonly steps: ReadonlyMap<string, number>;
}

/** The service as the api process composes it, on a database, a data folder and a port of its own. */
export class BenchService {
  private steps = new Map<string, number>();

  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly cluster: EmbeddedCluster,
    private readonly dataDir: string,
    readonly ownerUrl: string,
  ) {
    this.timeTasks();
  }

  static async start(): Promise<BenchService> {
    letHeapGrow();
    methodologies();
    const dataDir = await mkdtemp(join(tmpdir(), 'hotline-bench-'));
    let cluster: EmbeddedCluster | null = null;
    try {
      const secret = randomBytes(32).toString('hex');
      // The server and the settings of an installation without a database of its own, with its address known.
      cluster = await EmbeddedCluster.start({ dataDir, secret });
      const ownerUrl = await cluster.ownerUrl();
      const config = parseConfig({
        HOTLINE_DATABASE_URL: ownerUrl,
        HOTLINE_SECRET: secret,
        HOTLINE_DATA_DIR: dataDir,
        HOTLINE_DEMO: '0',
        HOTLINE_LOG_LEVEL: 'fatal',
        HOTLINE_PORT: '0',
        HOTLINE_METRICS_PORT: '0',
      });
      const app = await NestFactory.create<NestFastifyApplication>(
        await ApiModule.forRoot(config),
        httpAdapter(config.trustProxy),
        { logger: false, abortOnError: false, bodyParser: false },
      );
      await prepareHttp(app, config);
      await app.listen(config.port, config.host);
      return new BenchService(app, cluster, dataDir, ownerUrl);
    } catch (error) {
      await cluster?.stop();
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  async url(): Promise<string> {
    return (await this.app.getUrl()).replace('[::1]', '127.0.0.1');
  }

  get db(): TenantDb {
    return this.app.get(TenantDb);
  }

  get rows(): RowPool {
    return this.app.get(RowPool);
  }

  folderOf(ctx: RequestContext): string {
    return this.app.get(FileStore).pathFor(ctx.tenantId);
  }

  /** A new city tenant, and somebody who may do everything there. */
  async makeCity(code: string): Promise<RequestContext> {
    const { tenantId } = await this.app.get(TenantsService).createTenant({
      kind: 'city',
      cityCode: code,
      name: `bench ${code}`,
      isDemo: true,
    });
    return {
      tenantId,
      tenantKind: 'city',
      memberId: null,
      accountId: null,
      roles: ['administrator'],
      apiKey: null,
      requestId: 'bench',
    };
  }

  /** Uploads, checks and commits a file. @throws Error when it ends otherwise than committed */
  async import(ctx: RequestContext, file: SampleFile, signal: AbortSignal): Promise<DoneImport> {
    const imports = this.app.get(ImportsService);
    const fileName = basename(file.path);
    this.steps = new Map();
    const started = performance.now();
    const { id } = await imports.receive(ctx, createReadStream(file.path, { highWaterMark: readBytes }), {
      fileName,
      dataset: file.dataset,
      commit: true,
    });
    this.steps.set('receive', (performance.now() - started) / 1000);
    const entity = await beforeAbort(signal, imports.waitFor(ctx, id, patienceMs));
    const seconds = (performance.now() - started) / 1000;
    if (entity.state !== 'committed') {
      throw new Error(`${fileName} is ${entity.state}: ${JSON.stringify(entity.refusal)}`);
    }
    const told = [...this.steps.values()].reduce((sum, step) => sum + step, 0);
    return { entity, seconds, steps: new Map([...this.steps, ['rest', seconds - told]]) };
  }

  /**
   * Assesses a period: the assessment and milliseconds from asking until it is stored.
   * @throws AssessmentError
   */
  async assess(
    ctx: RequestContext,
    period: Period,
  ): Promise<{ entity: AssessmentEntity; milliseconds: number; steps: ReadonlyMap<string, number> }> {
    const assessments = this.app.get(AssessmentsService);
    this.steps = new Map();
    const started = performance.now();
    const jobId = await assessments.request(ctx, { ...period, methodology: defaultMethodology });
    const entity = await assessments.waitFor(ctx, jobId, patienceMs);
    const milliseconds = performance.now() - started;
    if (!entity) throw new Error(`the assessment of ${period.start} to ${period.end} was not made in time`);
    return { entity, milliseconds, steps: this.steps };
  }

  /** Statements as the superuser: what an operator does between measurements. */
  async asSuperuser(...statements: readonly string[]): Promise<void> {
    const client = new pg.Client(this.cluster.url('hotline'));
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** Ends everything it started and removes its files. */
  async close(): Promise<void> {
    // First of all: a job that waits for a row task then ends at once.
    await this.rows.close();
    await this.app.close();
    await this.cluster.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Notes the time of each row task, waiting for a free process included. */
  private timeTasks(): void {
    const pool = this.rows;
    const run: RowPool['run'] = pool.run.bind(pool);
    const timed = async <T extends RowTask>(
      task: T,
      options?: Parameters<RowPool['run']>[1],
    ): Promise<TaskResults[T['kind']]> => {
      const started = performance.now();
      try {
        return await run(task, options);
      } finally {
        const seconds = (performance.now() - started) / 1000;
        this.steps.set(task.kind, (this.steps.get(task.kind) ?? 0) + seconds);
      }
    };
    Object.assign(pool, { run: timed });
  }
}

/** What comes of the work, unless the signal comes first. @throws the reason of the signal */
async function beforeAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const ended = new AbortController();
  const aborted = once(signal, 'abort', { signal: ended.signal }).then((): never => {
    throw signal.reason as Error;
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    ended.abort();
  }
}

/** Steps for the progress lines, longest first. */
export function stepsText(steps: ReadonlyMap<string, number>): string {
  return [...steps]
    .sort(([, a], [, b]) => b - a)
    .map(([step, seconds]) => `${step} ${seconds.toFixed(2)}`)
    .join(', ');
}

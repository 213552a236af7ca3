import { createHash } from 'node:crypto';
import { ImportEntity, readFacts, SegmentEntity, segmentFile, SegmentRepair, storedFiles } from '@hotline/imports';
import { definitionLedger, loadMethodology, scoringMethod, type Methodology } from '@hotline/methodology';
import { completeJob, FileStore, JobHandlers, TenantDb, type ClaimedJob } from '@hotline/platform';
import { RowPool } from '@hotline/rows';
import { scoreCity, type Period } from '@hotline/scoring';
import { TenantEntity, WebhookOutbox } from '@hotline/tenancy';
import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { AssessmentEntity } from './assessment.entity.js';
import { evidenceDays, evidenceImports, hashOf } from './evidence.js';
import { methodDefinitions } from './method-definitions.js';

export const assessCityJob = 'assess-city';

/** Job: daily facts and the rows of the small datasets → observations → scores → one immutable assessment. */
@Injectable()
export class AssessCity {
  constructor(
    private readonly db: TenantDb,
    private readonly files: FileStore,
    private readonly rows: RowPool,
    private readonly repair: SegmentRepair,
    private readonly webhooks: WebhookOutbox,
    handlers: JobHandlers,
  ) {
    handlers.register(assessCityJob, { run: (job) => this.run(job), steps: { read: 2, score: 2, keep: 1 } });
  }

  private async run(job: ClaimedJob): Promise<void> {
    const { tenantId } = job;
    const { period, methodology: id, requestedBy } = assessPayload(job.payload);
    const methodology = loadMethodology(id);
    const method = scoringMethod(methodology);
    await job.progress('read', 0, 1);
    const input = await this.read(tenantId, methodology, period, job.signal);
    const read = await input.rows.catch(async (error: unknown) => {
      // Once it is whole again, the next attempt finds it so.
      await this.repair.after(tenantId, error);
      throw error;
    });
    if (input.facts.length === 0 && Object.keys(read.samples).length === 0 && read.channels.length === 0) {
      await this.db.run({ tenantId }, (manager) => completeJob(manager, job, { withoutData: { ...period } }));
      return;
    }
    await job.progress('score', 0, 1);
    const imports = evidenceImports(input.imports);
    const ledger = definitionLedger();
    const definitions = methodDefinitions(ledger.topics, method, imports, period);
    const result = scoreCity(
      method,
      { period, facts: input.facts, ...read, definitions },
      { seed: seedOf(input.cityCode, period, method.digest), ledger },
    );
    const days = evidenceDays(result, input.facts);
    const contentHash = hashOf({ city: input.cityCode, result, days });
    const evidenceHash = hashOf(imports);
    await job.progress('keep', 0, 1);
    await this.db.run({ tenantId }, async (manager) => {
      const inserted: { id: string }[] = await manager.query(
        `insert into assessment (tenant_id, id, start_day, end_day, methodology, methodology_version, methodology_digest,
           content_hash, evidence_hash, assessed_at, requested_by, result, imports, days)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now(), $10, $11, $12, $13)
         on conflict do nothing returning id`,
        [
          tenantId,
          uuid(),
          period.start,
          period.end,
          id,
          method.version,
          method.digest,
          contentHash,
          evidenceHash,
          requestedBy,
          JSON.stringify(result),
          JSON.stringify(imports),
          JSON.stringify(days),
        ],
      );
      // The same data and method again: the assessment that is there already.
      const stored =
        inserted[0] ?? (await manager.findOneByOrFail(AssessmentEntity, { tenantId, contentHash, evidenceHash }));
      await this.webhooks.tell(manager, job, 'assessment.ready', {
        assessmentId: stored.id,
        ...{ start: period.start, end: period.end, methodology: id },
      });
      await completeJob(manager, job, { assessmentId: stored.id });
    });
  }

  /** One snapshot: facts, segments and the list of imports belong together. */
  private async read(tenantId: string, methodology: Methodology, period: Period, signal: AbortSignal) {
    const folder = this.files.pathFor(tenantId);
    return this.db.runReadOnly({ tenantId }, async (manager) => {
      const tenant = await manager.findOneByOrFail(TenantEntity, { tenantId });
      if (tenant.cityCode === null) throw new Error(`tenant ${tenantId} is no city`);
      const stored = await manager.findBy(SegmentEntity, { tenantId });
      const segments = stored.map((segment) => segmentFile(segment, folder));
      // Read while the facts are.
      const rows = this.rows.run(
        { kind: 'samples', methodology, period, segments },
        { signal, stored: storedFiles(folder, { segments: stored }) },
      );
      // Whoever waits for them is told; nobody does where the facts fail first.
      rows.catch(() => undefined);
      const facts = await readFacts(manager, tenantId, methodology.id, period);
      const imports = await manager.find(ImportEntity, {
        where: { tenantId, state: 'committed' },
        order: { commitSeq: 'ASC' },
      });
      return {
        cityCode: tenant.cityCode,
        facts,
        rows,
        imports,
      };
    });
  }
}

interface AssessPayload {
  readonly period: Period;
  readonly methodology: string;
  readonly requestedBy: string;
}

function assessPayload(payload: Readonly<Record<string, unknown>>): AssessPayload {
  const { start, end, methodology, requestedBy } = payload;
  if (
    typeof start !== 'string' ||
    typeof end !== 'string' ||
    typeof methodology !== 'string' ||
    typeof requestedBy !== 'string'
  ) {
    throw new Error('an assess job names start, end, methodology and who asked');
  }
  return { period: { start, end }, methodology, requestedBy };
}

/** The draws of the intervals follow from what is assessed, so that a repeated run is the same run. */
export function seedOf(cityCode: string, period: Period, digest: string): number {
  return createHash('sha256').update(`${cityCode} ${period.start} ${period.end} ${digest}`).digest().readUInt32LE(0);
}

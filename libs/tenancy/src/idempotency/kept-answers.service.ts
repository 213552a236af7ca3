import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TenantDb, TenantKeys, type RequestContext } from '@hotline/platform';
import { Injectable } from '@nestjs/common';
import { TenancyError } from '../tenancy-error.js';

/** A request as its caller marked it. */
export interface MarkedRequest {
  /** The caller's own: what comes with it again is the same request. */
  readonly key: string;
  /** What was asked, in one canonical form. */
  readonly request: string;
}

/** What was answered to the first. */
export type KeptAnswer = Readonly<Record<string, unknown>>;

/** Carried out already, or to be carried out now by whoever asked. */
export type Begun = { readonly first: true } | { readonly first: false; readonly answer: KeptAnswer };

interface Row {
  readonly same: boolean;
  readonly answer: KeptAnswer | null;
  readonly silent: boolean;
}

/** How long one that came meanwhile waits for the first. */
const patienceMs = 20_000;
const pauseMs = 100;

/**
 * Answers of changes, kept for a day for the member or key that asked, so that one that was sent again because its answer
 * got lost is not carried out twice. Kept in the database: for every process, and over restarts.
 */
@Injectable()
export class KeptAnswersService {
  constructor(
    private readonly db: TenantDb,
    private readonly keys: TenantKeys,
  ) {}

  /**
   * Whether this is the first with its key: then the caller carries it out, and calls `keep` or `forget`. One that comes
   * while the first is under way waits for its answer.
   * @throws TenancyError idempotency_key_reused: another request came with the same key; idempotency_key_busy: the first
   *   takes its time; idempotency_outcome_unknown: the process died with the first, and nobody knows how far it came
   */
  async begin(ctx: RequestContext, marked: MarkedRequest): Promise<Begun> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const found = await this.beginOrFind(ctx, marked);
      if (found === 'first') return { first: true };
      if (found !== 'gone') {
        if (!found.same) throw new TenancyError('idempotency_key_reused');
        if (found.answer !== null) return { first: false, answer: found.answer };
        if (found.silent) throw new TenancyError('idempotency_outcome_unknown');
        if (Date.now() >= deadline) throw new TenancyError('idempotency_key_busy');
        await sleep(pauseMs);
      }
    }
  }

  async keep(ctx: RequestContext, { key }: MarkedRequest, answer: KeptAnswer): Promise<void> {
    await this.db.run(ctx, (manager) =>
      manager.query('update kept_answer set answer = $4 where tenant_id = $1 and caller_id = $2 and key_hash = $3', [
        ctx.tenantId,
        callerId(ctx),
        this.hash(ctx, 'key', key),
        JSON.stringify(answer),
      ]),
    );
  }

  /** It was not carried out: the same may be tried again. */
  async forget(ctx: RequestContext, { key }: MarkedRequest): Promise<void> {
    await this.db.run(ctx, (manager) =>
      manager.query('delete from kept_answer where tenant_id = $1 and caller_id = $2 and key_hash = $3', [
        ctx.tenantId,
        callerId(ctx),
        this.hash(ctx, 'key', key),
      ]),
    );
  }

  private async beginOrFind(ctx: RequestContext, { key, request }: MarkedRequest): Promise<'first' | 'gone' | Row> {
    const { tenantId } = ctx;
    const [caller, keyHash] = [callerId(ctx), this.hash(ctx, 'key', key)];
    const requestHash = this.hash(ctx, 'request', request);
    return this.db.run(ctx, async (manager) => {
      await manager.query('delete from kept_answer where tenant_id = $1 and expires_at <= now()', [tenantId]);
      const made = await manager.query<unknown[]>(
        `insert into kept_answer (tenant_id, caller_id, key_hash, request_hash, expires_at)
         values ($1, $2, $3, $4, now() + interval '1 day') on conflict do nothing returning 1`,
        [tenantId, caller, keyHash, requestHash],
      );
      if (made.length > 0) return 'first';
      // No statement of a mutation and no wait of a request is nearly as long as these two minutes.
      const [row] = await manager.query<Row[]>(
        `select request_hash = $4 as same, answer, begun_at < now() - interval '2 minutes' as silent
         from kept_answer where tenant_id = $1 and caller_id = $2 and key_hash = $3`,
        [tenantId, caller, keyHash, requestHash],
      );
      return row ?? 'gone';
    });
  }

  /** Of what a request holds nothing can be guessed from its hash without the tenant's key. */
  private hash({ tenantId }: RequestContext, part: 'key' | 'request', text: string): Buffer {
    return createHmac('sha256', this.keys.tenantKey(tenantId, 'idempotency')).update(`${part}:${text}`).digest();
  }
}

function callerId({ memberId, apiKey }: RequestContext): string {
  const id = memberId ?? apiKey?.id;
  if (id === undefined) throw new Error('only a member or a key has answers kept');
  return id;
}

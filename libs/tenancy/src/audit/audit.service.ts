import { SharedDb, TenantDb, type RequestContext, type Trail } from '@hotline/platform';
import { Injectable } from '@nestjs/common';

/** What the database told of one change, at the end of its transaction. */
export interface AuditEvent {
  /** Place in the tenant's chain, from 1. */
  readonly seq: number;
  readonly at: Date;
  /** Who did it, by which operation, from where; null where the installation itself acted. */
  readonly actor: Trail | null;
  /** Name of the member who did it, as long as they are one. */
  readonly actorName: string | null;
  readonly action: 'insert' | 'update' | 'delete' | 'refuse';
  /** Table: `member`, `api_key`, `import` … */
  readonly subject: string;
  readonly subjectId: string | null;
  /** Of an update only what it changed. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** SHA-256 of the event before and of this one, hexadecimal. */
  readonly previous: string;
  readonly hash: string;
}

export interface AuditFilter {
  readonly operation?: string | null;
  readonly subject?: string | null;
  readonly accountId?: string | null;
  readonly from?: Date | null;
  /** Excluded. */
  readonly to?: Date | null;
}

export interface AuditVerification {
  readonly events: number;
  /** Place of the first event that was altered or is missing; null: the chain is whole. */
  readonly brokenAt: number | null;
  /** Hash of the last event: kept elsewhere, it proves later that nothing before it was rewritten. Null: no event yet. */
  readonly head: string | null;
}

const exportPage = 1_000;

/** Reads what the triggers of the database wrote; nothing of the program writes here. */
@Injectable()
export class AuditService {
  constructor(
    private readonly db: TenantDb,
    private readonly shared: SharedDb,
  ) {}

  /** Newest first, those before an event (null: from the newest); before one that is not of this tenant comes nothing. */
  async list(
    ctx: RequestContext,
    filter: AuditFilter,
    first: number,
    before: Pick<AuditEvent, 'seq' | 'hash'> | null,
  ): Promise<AuditEvent[]> {
    const { operation = null, subject = null, accountId = null, from = null, to = null } = filter;
    const rows = await this.db.runReadOnly(ctx, (manager) =>
      manager.query<(Omit<AuditEvent, 'seq'> & { readonly seq: string })[]>(
        `select e.seq, e.at, e.actor, m.name as "actorName", e.action, e.subject, e.subject_id as "subjectId",
           e.before, e.after, encode(e.previous, 'hex') as previous, encode(e.hash, 'hex') as hash
         from audit_event e
         left join member m on m.tenant_id = e.tenant_id and m.id::text = e.actor ->> 'memberId'
         where e.tenant_id = $1 and ($2::bigint is null or e.seq < $2 and exists (
             select from audit_event k where k.tenant_id = $1 and k.seq = $2 and encode(k.hash, 'hex') = $9))
           and ($3::text is null or e.actor ->> 'operation' = $3) and ($4::text is null or e.subject = $4)
           and ($5::text is null or e.actor ->> 'accountId' = $5)
           and ($6::timestamptz is null or e.at >= $6) and ($7::timestamptz is null or e.at < $7)
         order by e.seq desc limit $8`,
        [ctx.tenantId, before?.seq ?? null, operation, subject, accountId, from, to, first, before?.hash ?? null],
      ),
    );
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }

  /** All of them, a page at a time. */
  async *all(ctx: RequestContext, filter: AuditFilter): AsyncGenerator<AuditEvent> {
    let before: AuditEvent | null = null;
    for (;;) {
      const page: AuditEvent[] = await this.list(ctx, filter, exportPage, before);
      yield* page;
      const last = page.at(-1);
      if (page.length < exportPage || !last) return;
      before = last;
    }
  }

  /** Computes every hash of the tenant's chain again. */
  async verify(ctx: RequestContext): Promise<AuditVerification> {
    const [row] = await this.db.runReadOnly(ctx, (manager) =>
      manager.query<{ events: string; broken_at: string | null; head: string | null }[]>(
        'select * from verify_audit()',
      ),
    );
    if (!row) throw new Error('the audit was not verified');
    const { events, broken_at: brokenAt, head } = row;
    return { events: Number(events), brokenAt: brokenAt === null ? null : Number(brokenAt), head };
  }

  /** Told to every tenant of the account, if there is one; the work is the same if not. */
  async noteFailedSignIn(email: string): Promise<void> {
    await this.shared.change('select note_failed_sign_in($1)', [email]);
  }
}

import type { RequestContext } from '@hotline/platform';
import { AuditService, type AuditEvent } from '@hotline/tenancy';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { decodePlace, encodePlace, type Connection, type Place } from '../request/connection.js';
import { Context, Needs } from '../request/context.decorators.js';
import { AuditEventConnection, AuditEventModel, AuditPageArgs, AuditVerificationModel } from './audit.model.js';

@Resolver(() => AuditEventModel)
export class AuditResolver {
  constructor(private readonly audit: AuditService) {}

  @Query(() => AuditEventConnection, {
    name: 'auditEvents',
    description: '谁在何时从何处改动了什么，新的在前 Who changed what, when, from where; newest first',
  })
  @Needs('administrator')
  async list(
    @Context() ctx: RequestContext,
    @Args() { first, after, filter }: AuditPageArgs,
  ): Promise<Connection<AuditEventModel>> {
    const before = after === null || after === undefined ? null : decodePlace(after);
    const none = before === null && typeof after === 'string';
    const found = none ? [] : await this.audit.list(ctx, filter ?? {}, first + 1, before && eventOf(before));
    const edges = found.slice(0, first).map((event) => ({ cursor: cursorOf(event), node: toModel(event) }));
    return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  @Query(() => AuditVerificationModel, {
    description: '重新计算每条记录的哈希 Computes the hash of every event again',
  })
  @Needs('administrator')
  auditVerification(@Context() ctx: RequestContext): Promise<AuditVerificationModel> {
    return this.audit.verify(ctx);
  }
}

/** Numbers begin at 1 in every tenant: the hash says whose event it is. */
function cursorOf({ seq, hash }: AuditEvent): string {
  return encodePlace({ place: seq, of: hash });
}

function eventOf({ place, of }: Place): Pick<AuditEvent, 'seq' | 'hash'> {
  return { seq: place, hash: of };
}

function toModel({ actor, before, after, ...event }: AuditEvent): AuditEventModel {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
  return {
    ...event,
    operation: actor?.operation ?? null,
    accountId: actor?.accountId ?? null,
    apiKeyId: actor?.apiKeyId ?? null,
    jobId: actor?.jobId ?? null,
    address: actor?.address ?? null,
    requestId: actor?.requestId ?? null,
    changes: fields.map((field) => ({ field, before: textOf(before, field), after: textOf(after, field) })),
  };
}

function textOf(values: Readonly<Record<string, unknown>> | null, field: string): string | null {
  const value = values?.[field];
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

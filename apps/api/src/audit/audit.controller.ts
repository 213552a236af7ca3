import { Readable } from 'node:stream';
import type { RequestContext } from '@hotline/platform';
import { byteOrderMark, csvLine } from '@hotline/rows';
import { AuditService, type AuditEvent } from '@hotline/tenancy';
import { Controller, Get, Header, StreamableFile } from '@nestjs/common';
import { Context, Needs } from '../request/context.decorators.js';
import { mediaTypes } from '../request/download.js';

const columns = [
  'seq',
  'at',
  'operation',
  'action',
  'subject',
  'subject_id',
  'account_id',
  'member_id',
  'api_key_id',
  'job_id',
  'address',
  'request_id',
  'before',
  'after',
  'previous',
  'hash',
];

@Controller()
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /** `GET /audit.csv`: every event of the tenant, newest first, with the hashes of the chain. */
  @Get('audit.csv')
  @Needs('administrator')
  @Header('cache-control', 'private, no-store')
  export(@Context() ctx: RequestContext): StreamableFile {
    const disposition = 'attachment; filename="audit.csv"';
    return new StreamableFile(Readable.from(this.lines(ctx)), { type: mediaTypes.csv, disposition });
  }

  private async *lines(ctx: RequestContext): AsyncGenerator<string> {
    yield byteOrderMark + csvLine(columns);
    for await (const event of this.audit.all(ctx, {})) yield csvLine(cells(event));
  }
}

function cells({ seq, at, actor, action, subject, subjectId, before, after, previous, hash }: AuditEvent) {
  const json = (value: object | null): string | null => value && JSON.stringify(value);
  return [
    ...[seq, at.toISOString(), actor?.operation ?? null, action, subject, subjectId],
    ...[actor?.accountId ?? null, actor?.memberId ?? null, actor?.apiKeyId ?? null, actor?.jobId ?? null],
    ...[actor?.address ?? null, actor?.requestId ?? null, json(before), json(after), previous, hash],
  ];
}

import type { RequestContext } from '@hotline/platform';
import { DataExportsService, DeletionsService, type DeletionCertificate } from '@hotline/rights';
import { Controller, Get, Header, Headers, Param, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiFailure } from '../request/api-failure.js';
import { Context, Needs, Public } from '../request/context.decorators.js';

/** Archives that a tenant takes along, and certificates of what was deleted. */
@Controller()
export class ArchiveController {
  constructor(
    private readonly exports: DataExportsService,
    private readonly deletions: DeletionsService,
  ) {}

  /** `GET /exports/<id>/archive.zip`, from any byte on (`Range: bytes=N-`), so that a broken download can go on. */
  @Get('exports/:id/archive.zip')
  @Needs('administrator')
  @Header('cache-control', 'private, no-store')
  async archive(
    @Context() ctx: RequestContext,
    @Param('id') id: string,
    @Headers('range') range: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const from = Number(/^bytes=(\d{1,15})-$/.exec(range ?? '')?.[1] ?? 0);
    const { entity, content } = await this.exports.open(ctx, id, from);
    const { bytes, sha256, requestedAt } = entity;
    void reply.header('accept-ranges', 'bytes').header('etag', `"${sha256 ?? id}"`);
    if (from >= bytes) {
      content.destroy();
      throw new ApiFailure('range_not_there', 416, { bytes });
    }
    if (from > 0) void reply.status(206).header('content-range', `bytes ${from}-${bytes - 1}/${bytes}`);
    const day = requestedAt.toISOString().slice(0, 10);
    return new StreamableFile(content, {
      type: 'application/zip',
      length: bytes - from,
      disposition: `attachment; filename="hotline-index-${day}.zip"`,
    });
  }

  /** `GET /certificates/<id>`: what was deleted, once it is. */
  @Get('certificates/:id')
  @Public()
  @Header('cache-control', 'no-store')
  async certificate(@Param('id') id: string): Promise<DeletionCertificate> {
    const found = await this.deletions.certificate(id);
    if (!found) throw new ApiFailure('certificate_not_found', 404);
    return found;
  }
}

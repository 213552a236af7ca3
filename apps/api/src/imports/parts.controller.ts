import { ImportsService, UploadsService, type UploadState } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import { Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiFailure } from '../request/api-failure.js';
import { Context, Needs } from '../request/context.decorators.js';
import { toImportModel } from './to-import.model.js';
import type { ImportModel } from './import.model.js';
import { bodyOf, digestOf, fileNameOf, wishOf, type Parameter } from './upload-parameters.js';

const mostParts = 10_000;

interface UploadView {
  readonly id: string;
  readonly fileName: string;
  readonly dataset: string | null;
  readonly bytes: number;
  readonly receivedBytes: number;
  readonly parts: readonly { readonly number: number; readonly bytes: number; readonly sha256: string }[];
  readonly expiresAt: string;
  readonly importId: string | null;
}

/** An upload by parts: it survives broken connections and restarts, and each part has a checksum. See docs/upload.md. */
@Controller('uploads')
export class PartsController {
  constructor(
    private readonly uploads: UploadsService,
    private readonly imports: ImportsService,
  ) {}

  /** `POST /uploads?filename=calls.csv&bytes=104857600[&dataset=calls]` */
  @Post()
  @HttpCode(201)
  @Needs('analyst', 'imports:write')
  async start(
    @Context() ctx: RequestContext,
    @Query('dataset') dataset: Parameter,
    @Query('filename') fileName: Parameter,
    @Query('bytes') bytes: Parameter,
  ): Promise<UploadView> {
    const name = fileNameOf(fileName);
    return toView(
      await this.uploads.start(ctx, {
        fileName: name,
        dataset: dataset === undefined ? null : String(dataset),
        bytes: wholeNumber(bytes, 1, Number.MAX_SAFE_INTEGER, 'bytes_missing'),
      }),
    );
  }

  /** What has arrived. */
  @Get(':id')
  @Needs('analyst', 'imports:write')
  async get(@Context() ctx: RequestContext, @Param('id') id: string): Promise<UploadView> {
    return toView(await this.uploads.get(ctx, id));
  }

  /** `PUT /uploads/<id>/parts/1` with `Content-Digest: sha-256=:…:`, body = at most 16 MiB of the file. */
  @Put(':id/parts/:number')
  @Needs('analyst', 'imports:write')
  async receivePart(
    @Context() ctx: RequestContext,
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('number') number: string,
  ): Promise<UploadView> {
    const known = wholeNumber(number, 1, mostParts, 'part_number_wrong');
    const sha256 = digestOf(request);
    if (sha256 === null) throw new ApiFailure('digest_missing', 400);
    return toView(await this.uploads.receivePart(ctx, id, known, { body: bodyOf(request), sha256 }));
  }

  /** `POST /uploads/<id>/finish?parts=7[&sha256=…][&commit=1[&mode=all]][&wait=30]`, answers as `POST /imports`. */
  @Post(':id/finish')
  @HttpCode(201)
  @Needs('analyst', 'imports:write')
  async finish(
    @Context() ctx: RequestContext,
    @Param('id') id: string,
    @Query('parts') parts: Parameter,
    @Query('sha256') sha256: Parameter,
    @Query('commit') commit: Parameter,
    @Query('mode') mode: Parameter,
    @Query('wait') wait: Parameter,
  ): Promise<ImportModel> {
    const { waitMs, ...wish } = wishOf({ commit, mode, wait });
    const count = wholeNumber(parts, 1, mostParts, 'parts_count_wrong');
    if (sha256 !== undefined && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256))) {
      throw new ApiFailure('sha256_malformed', 400);
    }
    const received = await this.uploads.finish(ctx, id, { parts: count, sha256: sha256 ?? null, ...wish });
    return toImportModel(await this.imports.waitFor(ctx, received.id, waitMs));
  }

  /** Forgets the upload and its parts; an import that came of it stays. */
  @Delete(':id')
  @HttpCode(204)
  @Needs('analyst', 'imports:write')
  async remove(@Context() ctx: RequestContext, @Param('id') id: string): Promise<void> {
    await this.uploads.remove(ctx, id);
  }
}

function wholeNumber(text: Parameter, least: number, most: number, code: string): number {
  const value = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) throw new ApiFailure(code, 400);
  return value;
}

function toView({ upload, parts, expiresAt }: UploadState): UploadView {
  return {
    id: upload.id,
    fileName: upload.fileName,
    dataset: upload.requestedDataset === '' ? null : upload.requestedDataset,
    bytes: upload.bytes,
    receivedBytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    parts: parts.map(({ number, bytes, sha256 }) => ({ number, bytes, sha256 })),
    expiresAt: expiresAt.toISOString(),
    importId: upload.importId,
  };
}

import { ImportsService } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Context, Needs } from '../request/context.decorators.js';
import { toImportModel } from './to-import.model.js';
import type { ImportModel } from './import.model.js';
import { announcedBytes, bodyOf, digestOf, fileNameOf, wishOf, type Parameter } from './upload-parameters.js';

/** `POST /imports?dataset=calls&filename=calls.csv[&commit=1[&mode=all]][&wait=30]`, body = the bytes of the file. */
@Controller('imports')
export class UploadController {
  constructor(private readonly imports: ImportsService) {}

  /** Answers with the import as it is after at most `wait` seconds; its check goes on in the background. */
  @Post()
  @HttpCode(201)
  @Needs('analyst', 'imports:write')
  async upload(
    @Context() ctx: RequestContext,
    @Req() request: FastifyRequest,
    @Query('dataset') dataset: Parameter,
    @Query('filename') fileName: Parameter,
    @Query('commit') commit: Parameter,
    @Query('mode') mode: Parameter,
    @Query('wait') wait: Parameter,
  ): Promise<ImportModel> {
    const name = fileNameOf(fileName);
    const { waitMs, ...wish } = wishOf({ commit, mode, wait });
    const received = await this.imports.receive(ctx, bodyOf(request), {
      fileName: name,
      dataset: dataset === undefined ? null : String(dataset),
      bytes: announcedBytes(request),
      sha256: digestOf(request),
      ...wish,
    });
    return toImportModel(await this.imports.waitFor(ctx, received.id, waitMs));
  }
}

import { Readable } from 'node:stream';
import { ImportsService } from '@hotline/imports';
import type { RequestContext } from '@hotline/platform';
import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Context, Needs } from '../request/context.decorators.js';
import { ApiFailure } from '../request/api-failure.js';
import { toImportModel } from './to-import.model.js';
import type { ImportModel } from './import.model.js';

/** As the address has it: absent, once, or several times. */
type Parameter = string | readonly string[] | undefined;

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
    if (typeof fileName !== 'string' || fileName === '') throw new ApiFailure('file_name_missing', 400);
    const seconds = wait === undefined ? 0 : Number(wait);
    if (!(seconds >= 0 && seconds <= 60)) throw new ApiFailure('wait_out_of_range', 400);
    if (mode !== undefined && mode !== 'good' && mode !== 'all') throw new ApiFailure('mode_unknown', 400);
    if (!(request.body instanceof Readable)) throw new ApiFailure('file_missing', 400);
    const received = await this.imports.receive(ctx, request.body, {
      fileName,
      dataset: dataset === undefined ? null : String(dataset),
      commit: commit === '1',
      mode: mode === 'all' ? 'all_or_nothing' : 'good_rows',
    });
    return toImportModel(await this.imports.waitFor(ctx, received.id, seconds * 1000));
  }
}

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Controller, Get, Param, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiFailure } from '../request/api-failure.js';
import { Public } from '../request/context.decorators.js';

/** `dist/web`, three folders above the compiled file. */
const webRoot = fileURLToPath(new URL('../../../../web/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
};

/** The built console and the widget package. */
@Controller()
@Public()
export class WebController {
  @Get()
  async first(@Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    void reply.header('cache-control', 'no-cache');
    return file('index.html');
  }

  @Get('assets/:name')
  async asset(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    // Their names carry a hash of their content.
    void reply.header('cache-control', 'public, max-age=31536000, immutable');
    return file(join('assets', name));
  }

  /** For other people's pages: any origin may load them. */
  @Get('widgets/v1/:name')
  async widget(@Param('name') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile> {
    void reply.header('cache-control', 'public, max-age=300').header('access-control-allow-origin', '*');
    void reply.header('cross-origin-resource-policy', 'cross-origin');
    return file(join('widgets', 'v1', name));
  }
}

async function file(path: string): Promise<StreamableFile> {
  const type = types[extname(path)];
  const full = normalize(join(webRoot, path));
  const found = type !== undefined && full.startsWith(webRoot.endsWith(sep) ? webRoot : webRoot + sep);
  const size = found
    ? await stat(full).then(
        (entry) => (entry.isFile() ? entry.size : null),
        () => null,
      )
    : null;
  if (size === null || type === undefined) throw new ApiFailure('not_found', 404);
  return new StreamableFile(createReadStream(full), { type, length: size });
}

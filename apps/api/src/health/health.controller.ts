import { SharedDb } from '@hotline/platform';
import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../request/context.decorators.js';

@Controller('health')
export class HealthController {
  constructor(private readonly db: SharedDb) {}

  /** The process answers; says nothing about what it depends on. */
  @Get('live')
  @HttpCode(200)
  @Public()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Work can be done: the database answers. */
  @Get('ready')
  @Public()
  async ready(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'ok' | 'down'; database: 'ok' | 'down' }> {
    const database = await this.db.query('select 1').then(
      () => 'ok' as const,
      () => 'down' as const,
    );
    void reply.status(database === 'ok' ? 200 : 503);
    return { status: database, database };
  }
}

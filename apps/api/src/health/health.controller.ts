import { Health, type Readiness } from '@hotline/platform';
import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../request/context.decorators.js';

@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  /** The process answers; says nothing about what it depends on. */
  @Get('live')
  @HttpCode(200)
  @Public()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Work can be done here, or what stands in the way. */
  @Get('ready')
  @Public()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const ready = await this.health.ready();
    void reply.status(ready.status === 'ok' ? 200 : 503);
    return ready;
  }
}

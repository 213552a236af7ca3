import { AssessmentsService, type AssessmentEntity } from '@hotline/assessments';
import { CONFIG, type Config } from '@hotline/platform';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { demoCityOfKey, demoContext } from '../demo/demo-tenants.js';
import { ApiFailure } from '../request/api-failure.js';
import { Public } from '../request/context.decorators.js';
import { publicSummary, publicTree } from './public-result.js';

/** What portals show. So far only demo cities have a key: nothing of a real city is public before it is published. */
@Controller('embed/v1/:key')
@Public()
export class EmbedController {
  constructor(
    private readonly assessments: AssessmentsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('summary.json')
  async summary(@Param('key') key: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const { entity, cityCode } = await this.latest(key);
    openToPortals(reply);
    return publicSummary(entity, cityCode, true);
  }

  @Get('tree.json')
  async tree(@Param('key') key: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const { entity, cityCode } = await this.latest(key);
    openToPortals(reply);
    const days = await this.assessments.allDays(demoContext(cityCode), entity.id);
    return publicTree({ ...entity, days }, cityCode, true);
  }

  private async latest(key: string): Promise<{ entity: AssessmentEntity; cityCode: string }> {
    const cityCode = this.config.demo ? demoCityOfKey(key) : null;
    if (cityCode === null) throw new ApiFailure('embed_unknown', 404);
    const [entity] = await this.assessments.list(demoContext(cityCode), { first: 1, before: null });
    if (!entity) throw new ApiFailure('embed_unknown', 404);
    return { entity, cityCode };
  }
}

function openToPortals(reply: FastifyReply): void {
  void reply.header('access-control-allow-origin', '*').header('cache-control', 'public, max-age=60');
  void reply.header('cross-origin-resource-policy', 'cross-origin');
}

import { AssessmentsService, SubmissionsService, type AssessmentEntity } from '@hotline/assessments';
import { CONFIG, Rates, type Config, type TenantScope } from '@hotline/platform';
import { EmbedKeysService } from '@hotline/tenancy';
import { Controller, Get, Headers, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { demoCityOfKey, demoContext } from '../demo/demo-tenants.js';
import { ApiFailure } from '../request/api-failure.js';
import { Public } from '../request/context.decorators.js';
import { publicSummary, publicTree } from './public-result.js';

/** A result that may be shown, and by whom. */
interface Shown {
  readonly scope: TenantScope;
  readonly entity: AssessmentEntity;
  readonly cityCode: string;
  readonly demo: boolean;
  /** Sites whose pages may read it; null: all. */
  readonly origins: readonly string[] | null;
}

/** What portals show: of a city what it has published, on the sites of the key; the demo cities everywhere. */
@Controller('embed/v1/:key')
@Public()
export class EmbedController {
  constructor(
    private readonly assessments: AssessmentsService,
    private readonly submissions: SubmissionsService,
    private readonly embedKeys: EmbedKeysService,
    private readonly rates: Rates,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('summary.json')
  async summary(
    @Param('key') key: string,
    @Req() { ip }: FastifyRequest,
    @Headers('origin') origin: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { entity, cityCode, demo, origins } = await this.shown(key, ip, reply);
    openToPortals(reply, origin, origins);
    return publicSummary(entity, cityCode, demo);
  }

  @Get('tree.json')
  async tree(
    @Param('key') key: string,
    @Req() { ip }: FastifyRequest,
    @Headers('origin') origin: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { scope, entity, cityCode, demo, origins } = await this.shown(key, ip, reply);
    openToPortals(reply, origin, origins);
    const days = await this.assessments.allDays(scope, entity.id);
    return publicTree({ ...entity, days }, cityCode, demo);
  }

  /** @throws ApiFailure embed_unknown: no such key, or nothing is published; it is never told which */
  private async shown(key: string, ip: string, reply: FastifyReply): Promise<Shown> {
    const shown = key.startsWith('pk_') ? await this.published(key) : await this.ofDemo(key);
    // One address may stand for all readers of a city; only who asks for keys that are none is counted by it.
    if (shown) await this.rates.count('embed', key);
    else await this.rates.count('address', ip);
    if (shown) return shown;
    // Any page may read that there is nothing: else an element took it for a fault, and went on showing what was withdrawn.
    void reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store');
    throw new ApiFailure('embed_unknown', 404);
  }

  private async published(key: string): Promise<Shown | null> {
    const found = await this.embedKeys.resolveEmbedKey(key);
    if (!found) return null;
    const scope = { tenantId: found.tenantId };
    const published = await this.submissions.published(scope);
    if (!published) return null;
    const { entity, cityCode, isDemo } = published;
    return { scope, entity, cityCode, demo: isDemo, origins: found.origins };
  }

  private async ofDemo(key: string): Promise<Shown | null> {
    const cityCode = this.config.demo ? demoCityOfKey(key) : null;
    if (cityCode === null) return null;
    const scope = demoContext(cityCode);
    const [entity] = await this.assessments.list(scope, { first: 1, before: null });
    return entity ? { scope, entity, cityCode, demo: true, origins: null } : null;
  }
}

/** Pages of other sites cannot read the answer; one that asks all the same is told that its site is not on the list. */
function openToPortals(reply: FastifyReply, origin: string | undefined, origins: readonly string[] | null): void {
  if (origins !== null && origin !== undefined && !origins.includes(origin)) {
    // Whoever keeps answers must not give this one to a page that may read.
    void reply.header('cache-control', 'no-store').header('vary', 'origin');
    throw new ApiFailure('embed_origin_refused', 403, { origin });
  }
  void reply.header('cache-control', 'public, max-age=60');
  if (origins !== null) void reply.header('vary', 'origin');
  const readers = origins === null ? '*' : origin;
  if (readers !== undefined) void reply.header('access-control-allow-origin', readers);
}

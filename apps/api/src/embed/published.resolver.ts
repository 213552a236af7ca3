import { SubmissionsService } from '@hotline/assessments';
import { findCity } from '@hotline/registry';
import type { ResolvedEmbedKey } from '@hotline/tenancy';
import { Query, Resolver } from '@nestjs/graphql';
import { toAssessmentModel } from '../assessments/to-assessment.model.js';
import { ForPortals, Portal } from '../request/context.decorators.js';
import { PublishedModel } from './published.model.js';

/** What an embed key opens through GraphQL: by the documents of `widgets/operations` alone. */
@Resolver(() => PublishedModel)
export class PublishedResolver {
  constructor(private readonly submissions: SubmissionsService) {}

  @Query(() => PublishedModel, {
    nullable: true,
    description:
      '嵌入密钥的城市最近发布的结果；只限固定的查询文本 What the city of an embed key published last; by the committed documents only',
  })
  @ForPortals()
  async published(@Portal() { tenantId }: ResolvedEmbedKey): Promise<PublishedModel | null> {
    const found = await this.submissions.published({ tenantId });
    const city = found && findCity(found.cityCode);
    if (!found || !city) return null;
    const { start, end, methodology, methodologyVersion, assessedAt, selfAssessed, demo, index, dimensions } =
      toAssessmentModel(found.entity, found.isDemo);
    return {
      ...{ cityCode: city.code, cityName: city.name, cityNameEn: city.nameEn },
      ...{ start, end, methodology, methodologyVersion, assessedAt, selfAssessed, demo, index, dimensions },
    };
  }
}

import { TenancyModule } from '@hotline/tenancy';
import { Module } from '@nestjs/common';
import { AssessCity } from './assess-city.js';
import { AssessmentsService } from './assessments.service.js';
import { ProvincialReview } from './publication/provincial-review.service.js';
import { SubmissionsService } from './publication/submissions.service.js';

@Module({
  imports: [TenancyModule],
  providers: [AssessmentsService, AssessCity, SubmissionsService, ProvincialReview],
  exports: [AssessmentsService, SubmissionsService, ProvincialReview],
})
export class AssessmentsModule {}

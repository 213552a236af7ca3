import { AssessmentResolver } from './assessments/assessment.resolver.js';
import { AuditResolver } from './audit/audit.resolver.js';
import { DatasetResolver } from './datasets/dataset.resolver.js';
import { PublishedResolver } from './embed/published.resolver.js';
import { ImportReportResolver } from './imports/import-report.resolver.js';
import { ImportResolver } from './imports/import.resolver.js';
import { LayoutResolver } from './imports/layout.resolver.js';
import { JobResolver } from './jobs/job.resolver.js';
import { MethodologyResolver } from './methodology/methodology.resolver.js';
import { ProvinceResolver } from './publication/province.resolver.js';
import { SubmissionResolver } from './publication/submission.resolver.js';
import { CityResolver } from './registry/city.resolver.js';
import { RetentionResolver } from './rights/retention.resolver.js';
import { RightsResolver } from './rights/rights.resolver.js';
import { AccountResolver } from './tenancy/account.resolver.js';
import { InvitationResolver } from './tenancy/invitation.resolver.js';
import { KeyResolver } from './tenancy/key.resolver.js';
import { MemberResolver } from './tenancy/member.resolver.js';
import { SessionResolver } from './tenancy/session.resolver.js';
import { TenantResolver } from './tenancy/tenant.resolver.js';
import { WebhookResolver } from './webhooks/webhook.resolver.js';

/** Everything GraphQL answers. */
export const resolvers = [
  SessionResolver,
  AccountResolver,
  MemberResolver,
  InvitationResolver,
  KeyResolver,
  TenantResolver,
  MethodologyResolver,
  CityResolver,
  DatasetResolver,
  ImportResolver,
  ImportReportResolver,
  LayoutResolver,
  AssessmentResolver,
  SubmissionResolver,
  ProvinceResolver,
  PublishedResolver,
  JobResolver,
  AuditResolver,
  WebhookResolver,
  RightsResolver,
  RetentionResolver,
] as const;

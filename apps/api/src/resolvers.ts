import { AssessmentResolver } from './assessments/assessment.resolver.js';
import { DatasetResolver } from './datasets/dataset.resolver.js';
import { ImportReportResolver } from './imports/import-report.resolver.js';
import { ImportResolver } from './imports/import.resolver.js';
import { JobResolver } from './jobs/job.resolver.js';
import { MethodologyResolver } from './methodology/methodology.resolver.js';
import { CityResolver } from './registry/city.resolver.js';
import { SessionResolver } from './tenancy/session.resolver.js';

/** Everything GraphQL answers. */
export const resolvers = [
  SessionResolver,
  MethodologyResolver,
  CityResolver,
  DatasetResolver,
  ImportResolver,
  ImportReportResolver,
  AssessmentResolver,
  JobResolver,
] as const;

export * from './assessment.entity.js';
export * from './assessment-error.js';
export * from './assessments.service.js';
export * from './assessments.module.js';
export { assessmentEntities, assessmentJobs } from './assessment-parts.js';
export {
  ProvincialReview,
  type ProvinceMatrix,
  type SubmittedPeriod,
} from './publication/provincial-review.service.js';
export type {
  Publication,
  Submission,
  SubmissionReview,
  SubmissionStatus,
  SubmittedObservation,
  SubmittedResult,
} from './publication/submission.js';
export { SubmissionsService, type PublishedAssessment } from './publication/submissions.service.js';
export { methodsOf } from './evidence.js';

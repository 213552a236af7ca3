export * from './assessment.entity.js';
export * from './assessment-error.js';
export * from './assessments.service.js';
export * from './assessments.module.js';
export { assessmentEntities, assessmentJobs } from './assessment-parts.js';
export { methodsOf } from './evidence.js';

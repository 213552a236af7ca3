import { AssessmentEntity } from './assessment.entity.js';
import { assessCityJob } from './assess-city.js';

/** What the data source and the job queue must know for this lib. */
export const assessmentEntities = [AssessmentEntity] as const;
export const assessmentJobs = { assess: assessCityJob } as const;

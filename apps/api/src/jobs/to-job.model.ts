import type { JobView } from '@hotline/platform';
import { apiMessage } from '../request/api-messages.js';
import type { JobModel, JobState } from './job.model.js';

export function toJobModel(job: JobView): JobModel {
  const { id, kind, subject, attempt, progress, cancelRequested, createdAt, startedAt, finishedAt } = job;
  return {
    ...{ id, kind, subject, attempt, progress, cancelRequested, createdAt, startedAt, finishedAt },
    state: job.state as JobState,
    failure: job.state === 'failed' ? failureOf(job) : null,
  };
}

/** Codes of what broke inside are for the log; a person is told what became of the work. */
function failureOf({ id, attempt, errorCode }: JobView): JobModel['failure'] {
  const code = errorCode === 'worker_lost' || errorCode === 'disk_full' ? errorCode : 'job_failed';
  return { code: errorCode ?? code, ...apiMessage(code, { id, attempt }) };
}

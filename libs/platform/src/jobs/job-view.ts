export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** A job as those who asked for it see it. */
export interface JobView {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly progress: { readonly step: string; readonly done: number; readonly total: number } | null;
  /** Why it failed, as a code; null while it has not. */
  readonly errorCode: string | null;
  /** What `completeJob` was given. */
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

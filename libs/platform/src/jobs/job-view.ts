export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** How far an attempt is; nothing of it goes back. */
export interface JobProgress {
  readonly step: string;
  /** In whatever the step counts. */
  readonly done: number;
  readonly total: number;
  /** Of the whole attempt, 0 to 1. */
  readonly share: number;
  /** Of what the step counts; null before there is anything to divide. */
  readonly perSecond: number | null;
  /** At the pace so far; null before there is a pace. */
  readonly secondsLeft: number | null;
}

/** A job as those who asked for it see it. */
export interface JobView {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly state: JobState;
  readonly attempt: number;
  /** Of the present attempt. */
  readonly progress: JobProgress | null;
  /** Somebody asked for its end, which takes a moment where it runs. */
  readonly cancelRequested: boolean;
  /** Why it failed, as a code; null while it has not. */
  readonly errorCode: string | null;
  /** What `completeJob` was given. */
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly createdAt: Date;
  /** Of the present attempt. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** Kinds of the jobs that tell receivers. The first is also written by the database (`announce_event`). */
export const webhookJobs = { announce: 'announce-event', deliver: 'deliver-webhook' } as const;

/** Nobody's files wait for a receiver. */
export const webhookPriority = -10;

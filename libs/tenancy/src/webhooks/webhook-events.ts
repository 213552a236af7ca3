/**
 * Everything a receiver can ask to be told of, each with what its message holds: ids, periods and counts, never rows and
 * never a name. A new kind is one line here, and a `tell` in the transaction that makes it true.
 */
export const webhookEvents = {
  'import.committed': (data: { importId: string; dataset: string; accepted: number; refused: number }) => data,
  'import.reverted': (data: { importId: string; dataset: string }) => data,
  'assessment.ready': (data: { assessmentId: string; start: string; end: string; methodology: string }) => data,
  'submission.returned': (data: { submissionId: string; assessmentId: string; start: string; end: string }) => data,
} as const;

export type WebhookEvent = keyof typeof webhookEvents;
export type WebhookData<E extends WebhookEvent> = Parameters<(typeof webhookEvents)[E]>[0];

export const webhookEventTypes = Object.keys(webhookEvents) as readonly WebhookEvent[];

/** What an administrator sends to see whether a receiver works. */
export const testEventType = 'webhook.test';

/** The body of a message: what happened, when, and to what. */
export function messageBody(type: string, occurredAt: Date, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type, timestamp: occurredAt.toISOString(), data });
}

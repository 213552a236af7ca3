import { Column, Entity, PrimaryColumn } from 'typeorm';

export const deliveryStates = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Why an attempt came to nothing. */
export type DeliveryProblem =
  | 'address_refused'
  | 'timed_out'
  | 'connection_failed'
  | 'redirected'
  | 'not_accepted'
  | 'gone'
  | 'endpoint_disabled'
  | 'cancelled';

/** One message to one receiver, with the last attempt to deliver it. */
@Entity('webhook_delivery')
export class WebhookDeliveryEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'endpoint_id' })
  endpointId!: string;

  /** Sent as `webhook-id`: the same for every receiver, attempt and replay of an event. */
  @Column('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  event!: string;

  @Column('text')
  body!: string;

  @Column('text')
  state!: DeliveryState;

  @Column('integer')
  attempts!: number;

  @Column('timestamptz', { name: 'attempted_at', nullable: true })
  attemptedAt!: Date | null;

  /** Null: there was no answer. */
  @Column('integer', { name: 'response_status', nullable: true })
  responseStatus!: number | null;

  @Column('integer', { name: 'duration_ms', nullable: true })
  durationMs!: number | null;

  @Column('text', { nullable: true })
  problem!: DeliveryProblem | null;

  /** Beginning of an answer that was no success. */
  @Column('text', { nullable: true })
  excerpt!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

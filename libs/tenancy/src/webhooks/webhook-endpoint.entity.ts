import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `gone`: the receiver said that it is no more. `failing`: nothing came through for days. */
export type DisabledFor = 'administrator' | 'gone' | 'failing';

/** A receiver that a tenant wants to be told by. */
@Entity('webhook_endpoint')
export class WebhookEndpointEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  url!: string;

  /** Kinds of events it is told of. */
  @Column('text', { array: true })
  events!: string[];

  /** Sealed: it cannot be a hash, as every message is signed with it. */
  @Column('text', { select: false })
  secret!: string;

  @Column('text', { name: 'previous_secret', nullable: true, select: false })
  previousSecret!: string | null;

  /** Until then the secret before signs as well. */
  @Column('timestamptz', { name: 'previous_until', nullable: true })
  previousUntil!: Date | null;

  @Column('timestamptz', { name: 'secret_changed_at' })
  secretChangedAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** First failure since the last success; null: the last attempt succeeded, or there was none. */
  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column('text', { name: 'disabled_for', nullable: true })
  disabledFor!: DisabledFor | null;
}

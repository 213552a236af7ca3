import { Column, Entity, PrimaryColumn } from 'typeorm';

export const deletionStates = ['requested', 'confirmed', 'withdrawn'] as const;
export type DeletionState = (typeof deletionStates)[number];

/** The wish to have everything of a tenant deleted. It is deleted with the rest; what remains is the certificate. */
@Entity('deletion_request')
export class DeletionRequestEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  /** Also of the certificate. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  state!: DeletionState;

  /** Account of who asked. */
  @Column('uuid', { name: 'requested_by' })
  requestedBy!: string;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt!: Date;

  /** From then on who asked may confirm it, too. */
  @Column('timestamptz', { name: 'alone_from' })
  aloneFrom!: Date;

  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  confirmedAt!: Date | null;
}

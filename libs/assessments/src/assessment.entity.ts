import type { Assessment, Definition } from '@hotline/scoring';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An import that was in force when the assessment was made: the files a figure opens down to. */
export interface EvidenceImport {
  readonly id: string;
  readonly file: string;
  readonly dataset: string;
  readonly sha256: string;
  readonly uploadedAt: string;
  readonly uploadedBy: string;
  readonly accepted: number;
  readonly refused: number;
  readonly duplicates: number;
  /** Headers of the file that no column takes. */
  readonly unmapped: readonly string[];
  readonly months: readonly string[];
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  /** What its figures follow, by topic of the definition ledger; null where it was checked before that was recorded. */
  readonly definition: Definition | null;
}

/** By method id: the days it stands on, each with n (rows, or the denominator where totals are divided) and the sum of its quantity. */
export type EvidenceDays = Readonly<Record<string, readonly (readonly [day: string, n: number, total: number])[]>>;

/** A stored result. It is never changed: the application can add and read, nothing else. */
@Entity('assessment')
export class AssessmentEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** First Shanghai day of the period. */
  @Column('date', { name: 'start_day' })
  startDay!: string;

  /** The day after the last. */
  @Column('date', { name: 'end_day' })
  endDay!: string;

  @Column('text')
  methodology!: string;

  @Column('text', { name: 'methodology_version' })
  methodologyVersion!: string;

  @Column('text', { name: 'methodology_digest' })
  methodologyDigest!: string;

  /** SHA-256 of city, method digest, result and days: the same data and method give the same. */
  @Column('text', { name: 'content_hash' })
  contentHash!: string;

  /** SHA-256 of the list of imports in force. */
  @Column('text', { name: 'evidence_hash' })
  evidenceHash!: string;

  @Column('timestamptz', { name: 'assessed_at' })
  assessedAt!: Date;

  @Column('text', { name: 'requested_by' })
  requestedBy!: string;

  @Column('json')
  result!: Assessment;

  @Column('json')
  imports!: readonly EvidenceImport[];

  /** Only read when a figure is opened. */
  @Column('json', { select: false })
  days!: EvidenceDays;
}

import type { CheckResult, DatasetId, FileMapping, Refusal, RowChanges } from '@hotline/rows';
import type { Definition } from '@hotline/scoring';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const importStates = [
  'received',
  'checking',
  'checked',
  'committing',
  'committed',
  'refused',
  'failed',
  'reverting',
  'reverted',
  'discarded',
] as const;
export type ImportState = (typeof importStates)[number];

const working: readonly ImportState[] = ['received', 'checking', 'committing', 'reverting'];

/** Whether a job has still to do with it. */
export function isWorking({ state }: { readonly state: ImportState }): boolean {
  return working.includes(state);
}

/** States in which the same bytes may come again, as another import. */
export const endedStates: readonly ImportState[] = ['refused', 'failed', 'reverted', 'discarded'];

/** What a commit or revert did to the stored rows. */
export interface ImportChanges {
  /** Months whose segment was rebuilt, as dataset/month. */
  readonly segments: readonly string[];
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** By what happened to the stored row of each key; null for a revert. */
  readonly rows: RowChanges | null;
}

/** `good_rows`: rows that were refused stay out. `all_or_nothing`: with a single one refused, nothing comes into force. */
export const commitModes = ['good_rows', 'all_or_nothing'] as const;
export type CommitMode = (typeof commitModes)[number];

/** A code of ImportError with its parameters. */
export interface CommitRefusal {
  readonly code:
    | 'rows_refused'
    | 'nothing_to_commit'
    | 'preview_stale'
    | 'stored_file_damaged'
    | 'commit_failed'
    | 'commit_disk_full'
    | 'commit_cancelled';
  readonly params: Readonly<Record<string, string | number>>;
}

/** One uploaded file of one dataset. Its place in the list of committed imports is `commitSeq`. */
@Entity('import')
export class ImportEntity {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  state!: ImportState;

  @Column('text', { name: 'file_name' })
  fileName!: string;

  /** Of the file's bytes as sent. */
  @Column('text')
  sha256!: string;

  @Column('bigint', { transformer: { from: Number, to: (value: number) => value } })
  bytes!: number;

  /** Dataset named by the sender; empty when it is to be recognised. */
  @Column('text', { name: 'requested_dataset' })
  requestedDataset!: DatasetId | '';

  /** Known once its headers were found. */
  @Column('text', { nullable: true })
  dataset!: DatasetId | null;

  /** Its filled headers, once they were found. */
  @Column('jsonb', { nullable: true })
  headers!: readonly string[] | null;

  /** The layout it was read with; may have been changed or removed since. */
  @Column('uuid', { name: 'layout_id', nullable: true })
  layoutId!: string | null;

  /** The mapping it was checked with. */
  @Column('jsonb', { nullable: true })
  mapping!: FileMapping | null;

  /** What its figures follow, by topic of the definition ledger; known once checked. */
  @Column('jsonb', { nullable: true })
  definition!: Definition | null;

  @Column('timestamptz', { name: 'uploaded_at' })
  uploadedAt!: Date;

  /** Who sent it: a member or an API key, as the session names it. */
  @Column('text', { name: 'uploaded_by' })
  uploadedBy!: string;

  /** Encrypted source in the file store; null once committed or discarded. */
  @Column('text', { name: 'source_file', nullable: true })
  sourceFile!: string | null;

  @Column('jsonb', { nullable: true })
  result!: CheckResult | null;

  /** Why nothing can be made of the file, or why its check was given up (`disk_full`, `check_failed`). */
  @Column('jsonb', { nullable: true })
  refusal!: Refusal | null;

  /** Asked for with the upload; null: it waits for somebody's word after its check. */
  @Column('text', { name: 'commit_when_checked', nullable: true })
  commitWhenChecked!: CommitMode | null;

  /** Why the last commit that was asked for was not carried out. */
  @Column('jsonb', { name: 'commit_refusal', nullable: true })
  commitRefusal!: CommitRefusal | null;

  @Column('bigint', {
    name: 'commit_seq',
    nullable: true,
    transformer: {
      from: (value: string | null) => (value === null ? null : Number(value)),
      to: (value: number | null) => value,
    },
  })
  commitSeq!: number | null;

  @Column('timestamptz', { name: 'committed_at', nullable: true })
  committedAt!: Date | null;

  @Column('timestamptz', { name: 'reverted_at', nullable: true })
  revertedAt!: Date | null;

  @Column('jsonb', { nullable: true })
  changes!: ImportChanges | null;
}

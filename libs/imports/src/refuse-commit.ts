import type { CheckCounts } from '@hotline/rows';
import type { CommitMode, CommitRefusal } from './import.entity.js';

/** Why checked rows cannot come into force the way they are asked to; null: they can. */
export function refuseCommit({ read, accepted, refused }: CheckCounts, mode: CommitMode): CommitRefusal | null {
  if (accepted === 0) return { code: 'nothing_to_commit', params: {} };
  if (mode === 'all_or_nothing' && refused > 0) return { code: 'rows_refused', params: { read, refused } };
  return null;
}

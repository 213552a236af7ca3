/** An expected failure of an operation on assessments; wording in data/messages.json under the code. */
export class AssessmentError extends Error {
  constructor(
    readonly code: AssessmentErrorCode,
    readonly params: Readonly<Record<string, string | number | readonly string[]>> = {},
  ) {
    super(code);
    this.name = 'AssessmentError';
  }
}

export type AssessmentErrorCode =
  | 'not_a_city'
  | 'invalid_day'
  | 'period_empty'
  | 'period_in_future'
  | 'period_without_data'
  | 'unknown_methodology'
  | 'assessment_not_found'
  | 'assessment_failed'
  | 'stored_file_damaged'
  | 'submission_not_found'
  | 'already_submitted'
  | 'own_submission'
  | 'submission_returned'
  | 'already_published'
  | 'not_published'
  | 'text_missing'
  | 'person_needed';

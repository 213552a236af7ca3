import type { Assessment } from '@hotline/scoring';
import type { ApiClient } from './api-client.js';

/** The year of the sample city. */
export const period = { start: '2023-01-01', end: '2024-01-01' } as const;

export interface ObservationView {
  readonly id: string;
  readonly state: string;
  readonly value: number | null;
  readonly score: number | null;
  readonly n: number;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly method: string | null;
  readonly flags: readonly string[];
}

export interface FileView {
  readonly importId: string;
  readonly file: string;
  readonly dataset: string;
  readonly sha256: string;
}

export interface IndicatorView extends ObservationView {
  readonly components: readonly ObservationView[];
  readonly files: readonly FileView[];
}

export interface AssessmentView {
  readonly id: string;
  readonly contentHash: string;
  readonly index: {
    readonly rated: boolean;
    readonly score: number | null;
    readonly display: string | null;
    readonly coverage: number;
    readonly grade: string | null;
  };
  readonly dimensions: readonly {
    readonly id: string;
    readonly elements: readonly { readonly id: string; readonly indicators: readonly IndicatorView[] }[];
  }[];
  readonly imports: readonly FileView[];
  readonly trace: string;
}

const observation = 'id state value score n numerator denominator method flags';
const file = 'importId file dataset sha256';
export const assessmentFields = `id start end contentHash selfAssessed demo
  index { rated score display coverage grade }
  dimensions { id elements { id indicators { ${observation} components { ${observation} } files { ${file} } } } }
  imports { ${file} } trace`;

/** Has the own city assessed, however long it takes. @throws Error with the failure the server names */
export async function assess(
  client: ApiClient,
  asked: { readonly start: string; readonly end: string } = period,
): Promise<AssessmentView> {
  for (let tries = 0; tries < 6; tries += 1) {
    const answer = await client.ask<AssessmentView | { jobId: string } | { code: string; message: string }>(
      `mutation ($input: AssessInput!) { assess(input: $input) {
         ... on Assessment { ${assessmentFields} } ... on AssessmentStarted { jobId } ... on Failure { code message } } }`,
      { input: asked },
    );
    if ('contentHash' in answer) return answer;
    if ('code' in answer) throw new Error(`${answer.code}: ${answer.message}`);
  }
  throw new Error('the assessment never came');
}

/** The full calculation that is kept with an assessment. */
export function traceOf(assessment: AssessmentView): Assessment {
  return JSON.parse(assessment.trace) as Assessment;
}

import { findCity } from '@hotline/registry';
import { assessFolder } from './assess-folder.js';
import { languageOf, parseArguments } from './arguments.js';
import { printAssessment } from './print-assessment.js';
import { describeRefusal } from './describe-refusal.js';
import { AssessError, sentence } from './sentence.js';
import { toJson } from './to-json.js';

export interface CommandOutput {
  readonly result: (text: string) => void;
  /** What happens on the way and what went wrong. */
  readonly notice: (text: string) => void;
}

/**
 * The command: 0 when an assessment was printed; 1 when there was nothing to assess or the work failed; 2 when the
 * arguments are wrong; 130 when it was interrupted.
 */
export async function runCommand(
  given: readonly string[],
  output: CommandOutput,
  signal: AbortSignal,
): Promise<number> {
  const language = languageOf(given);
  try {
    const { city: code, period, folder, json } = parseArguments(given);
    const city = findCity(code);
    if (!city) throw new AssessError('city_unknown', { code }, 2);
    const reading = json ? undefined : (file: string) => output.notice(sentence(language, 'reading', { file }));
    const result = await assessFolder({ city: code, period, folder, signal, ...(reading ? { reading } : {}) });
    for (const { file, refusal } of result.imports) {
      if (refusal)
        output.notice(sentence(language, 'file_refused', { file, reason: describeRefusal(refusal, language) }));
    }
    const name = { zh: city.name, en: city.nameEn };
    output.result(
      json
        ? JSON.stringify(toJson(code, result), null, 2)
        : printAssessment({ code, name }, result, language).join('\n'),
    );
    return 0;
  } catch (error) {
    if (signal.aborted) {
      output.notice(sentence(language, 'interrupted'));
      return 130;
    }
    if (error instanceof AssessError) {
      output.notice(sentence(language, error.code, error.params));
      for (const { file, refusal } of error.refused) {
        output.notice(sentence(language, 'file_refused', { file, reason: describeRefusal(refusal, language) }));
      }
      if (error.exitCode === 2) output.notice(sentence(language, 'usage'));
      return error.exitCode;
    }
    output.notice(sentence(language, 'failed', { reason: error instanceof Error ? error.message : String(error) }));
    return 1;
  }
}

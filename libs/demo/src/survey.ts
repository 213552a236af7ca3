import { instantText, monthOf, secondsPerDay } from './calendar.js';
import type { Day } from './calendar.js';
import type { CityPlan, Row } from './city-plan.js';
import { clamp } from './demand.js';
import { Random, Weighted } from './random.js';

/** The questionnaire is open all year; the campaign of the year runs from June to August. */
const campaign = 2.2;
const quiet = (365 - 92 * campaign) / (365 - 92);

const modes = new Weighted([
  ['web', 64],
  ['sms', 18],
  ['phone', 12],
  ['face_to_face', 6],
]);

/** Questionnaires answered on a day. */
export function* surveyRows(plan: CityPlan, day: Day): Generator<Row> {
  const random = Random.of(plan.seed, 'survey', day);
  const { surveyMood, channels } = plan.quality;
  const month = monthOf(day);
  const expected = ((plan.surveysPerYear ?? 480) / 365) * (month >= 6 && month <= 8 ? campaign : quiet);
  const count = random.poisson(expected);
  for (let sequence = 1; sequence <= count; sequence++) {
    const collectedAt = day * secondsPerDay + random.between(8 * 3600, 22 * 3600);
    // One person's answers hang together: half of the spread is the person, half the question.
    const leaning = 0.55 * random.normal();
    const rating = (mean: number): number | null =>
      random.chance(0.015) ? null : clamp(Math.round(mean + leaning + 0.55 * random.normal()), 1, 5);
    const mean = 2.75 + 2.1 * surveyMood;
    const used = random.chance(0.5 + 0.47 * (0.5 * channels + 0.5 * surveyMood));
    yield {
      response_id: `W${instantText(collectedAt).slice(2, 10).replaceAll('-', '')}${String(sequence).padStart(4, '0')}`,
      collected_at: instantText(collectedAt),
      mode: modes.draw(random),
      audience: random.chance(0.78) ? 'citizen' : 'enterprise',
      q_awareness: rating(3.1 + 1.75 * (0.5 * channels + 0.5 * surveyMood)),
      q_used_non_phone: used,
      q_solved_self_service: used ? random.chance(0.7 + 0.29 * channels) : null,
      q_overall: rating(mean),
      q_process_access: rating(mean - 0.15),
      q_process_attitude: rating(mean + 0.2),
      q_process_professionalism: rating(mean + 0.05),
      q_process_speed: rating(mean - 0.2),
      q_process_result: rating(mean - 0.1),
      q_status: rating(mean),
      q_trust: rating(mean + 0.15),
    };
  }
}

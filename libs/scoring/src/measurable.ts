import { sourceOf } from './city-rows.js';
import type { CityRows } from './city-rows.js';
import { NOISE } from './numeric.js';
import type { MethodSpec } from './scoring-method.js';

/** Whether the rows of a method may be read at all: the field is kept, and enough of it can be used. */
export function isMeasurable(method: MethodSpec, city: CityRows): boolean {
  return isRecorded(method, city) && isUsable(method, city);
}

/** A column nobody fills in says nothing, rather than 0. */
function isRecorded(method: MethodSpec, city: CityRows): boolean {
  return !method.recorded || sourceOf(city, method.dataset).tally(`${method.id}:recorded`).n > 0;
}

function isUsable(method: MethodSpec, city: CityRows): boolean {
  if (method.usableShare === null) return true;
  const { n, total } = sourceOf(city, method.dataset).tally(`${method.id}:usable`);
  return total + NOISE >= method.usableShare * n;
}

/** What to print of an error that ends a start: the sentence that was written for the person who starts it, or all of it. */
export function startRefusal(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // By name: methods are no concern of this library.
  const forPeople = error.name === 'ConfigError' || error.name === 'MethodologyError';
  return forPeople ? error.message : error;
}

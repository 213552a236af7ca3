/** What the figures of some rows follow, by topic of the definition ledger. */
export type Definition = Readonly<Record<string, DefinitionChoice>>;

export interface DefinitionChoice {
  /** One, unless the files differ. */
  readonly choices: readonly string[];
  /** False: an assumption, because nobody said so of at least one of the files. */
  readonly stated: boolean;
}

/** Whether figures may be added up: who said so does not matter. A topic that one side does not know is no difference. */
export function sameDefinition(a: Definition | undefined, b: Definition | undefined): boolean {
  if (!a || !b) return true;
  return Object.entries(a).every(([topic, { choices }]) => {
    const other = b[topic];
    return other === undefined || choices.join() === other.choices.join();
  });
}

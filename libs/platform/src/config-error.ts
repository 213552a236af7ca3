import { readFileSync } from 'node:fs';

interface Wording {
  readonly zh: string;
  readonly en: string;
}

interface Messages {
  readonly sentences: Readonly<Record<string, Wording>>;
  readonly privileges: Readonly<Record<string, Wording>>;
  readonly expected: Readonly<Record<string, Wording>>;
}

let loaded: Messages | undefined;

function messages(): Messages {
  loaded ??= JSON.parse(readFileSync(new URL('../data/config-messages.json', import.meta.url), 'utf8')) as Messages;
  return loaded;
}

/** A setting or its surroundings keep the process from starting. The message is for the person who starts it, in both languages. */
export class ConfigError extends Error {
  /**
   * @param code which sentence of `data/config-messages.json`
   * @param parameters what fills it; `expected` and `privilege` may name an entry of those lists
   */
  constructor(
    readonly code: string,
    readonly parameters: Readonly<Record<string, string>> = {},
  ) {
    super(`${sentence(code, parameters, 'zh')}\n${sentence(code, parameters, 'en')}`);
    this.name = 'ConfigError';
  }
}

function sentence(code: string, parameters: Readonly<Record<string, string>>, language: 'zh' | 'en'): string {
  const { sentences, expected, privileges } = messages();
  const wording = sentences[code];
  if (!wording) throw new Error(`no sentence for ${code}`);
  return wording[language].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`the sentence ${code} needs ${name}`);
    if (name === 'expected') return expected[value]?.[language] ?? value;
    if (name === 'privilege') return privileges[value]?.[language] ?? value;
    return value;
  });
}

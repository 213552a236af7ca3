import type { Language } from '../../../../widgets/src/index.js';

/** Words of the first page and of the masthead. */
export interface PageTexts {
  readonly language: Language;
  readonly product: string;
  readonly title: string;
  readonly lead: string;
  readonly otherLanguage: string;
  readonly navigation: string;
  readonly signInOrAccount: string;
  readonly firstPage: string;
  readonly demo: string;
  readonly demoNotice: string;
  readonly cities: string;
  readonly count: (shown: number, all: number) => string;
  readonly tier: string;
  readonly region: string;
  readonly all: string;
  readonly noneMatch: string;
  readonly clearFilter: string;
  readonly index: string;
  readonly notRated: string;
  readonly plot: (display: string, low: string | null, high: string | null) => string;
  readonly seeding: (done: number, total: number) => string;
  readonly seedingFirst: string;
  readonly loading: string;
  readonly failed: string;
  readonly failure: Readonly<Record<'unreachable' | 'server' | 'format', string>>;
  readonly keptOld: string;
  readonly retry: string;
  readonly reload: string;
  readonly emptyTitle: string;
  readonly emptyLead: string;
  readonly emptySteps: readonly { readonly does: string; readonly call: string }[];
  readonly noCities: string;
  readonly unknownCity: (code: string) => string;
  readonly detail: string;
  readonly indicators: string;
  readonly indicatorsLead: string;
  readonly statement: string;
  readonly tierName: (zh: string) => string;
  readonly regionName: (zh: string) => string;
  readonly provinceName: (zh: string) => string;
}

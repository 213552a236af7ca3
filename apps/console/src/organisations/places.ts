import { html, type TemplateResult } from 'lit';
import type { Language } from '../../../../widgets/src/index.js';
import type { City, Tenant } from '../api/operations.js';

/** A province as far as choosing one takes. */
export interface Province {
  readonly code: string;
  readonly name: string;
}

export function cityName({ name, nameEn }: City, language: Language): string {
  return language === 'en' ? nameEn : name;
}

/** The provinces of these cities, in the order of their codes. */
export function provincesOf(cities: readonly City[], language: Language): Province[] {
  const found = new Map(
    cities.map(({ provinceCode, province, provinceEn }) => [provinceCode, language === 'en' ? provinceEn : province]),
  );
  return [...found].map(([code, name]) => ({ code, name })).sort((a, b) => a.code.localeCompare(b.code));
}

/** Where an organisation is, in words: 武汉市，湖北省. Empty for one that is nowhere. */
export function placeOf(tenant: Tenant, cities: readonly City[], language: Language): string {
  const city = cities.find(({ code }) => code === tenant.cityCode);
  const provinceCode = tenant.provinceCode ?? city?.provinceCode;
  const province = provincesOf(cities, language).find(({ code }) => code === provinceCode)?.name;
  return [city === undefined ? undefined : cityName(city, language), province]
    .filter((name) => name !== undefined)
    .filter((name, index, names) => names.indexOf(name) === index)
    .join(language === 'en' ? ', ' : '，');
}

/** The choices, after one that stands for nothing chosen yet. */
export function optionsOf(
  choices: readonly { readonly value: string; readonly name: string }[],
  nothingChosen: string,
): TemplateResult[] {
  return [
    html`<option value="">${nothingChosen}</option>`,
    ...choices.map(({ value, name }) => html`<option value=${value}>${name}</option>`),
  ];
}

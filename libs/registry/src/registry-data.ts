import { readFileSync } from 'node:fs';
import type {
  AdminLevelId,
  City,
  InferredWeights,
  NamedClass,
  Province,
  PublishedFigure,
  PublishedIndicator,
  RankingEntry,
  RankingId,
  RegionId,
  TierId,
} from './city.js';

/* The data files as objects, read on first use. Needs no server and no database: the command line uses it too. */

interface Classes {
  readonly regions: readonly NamedClass<RegionId>[];
  readonly tiers: readonly NamedClass<TierId>[];
  readonly admin_levels: readonly (NamedClass<AdminLevelId> & { readonly names: readonly string[] })[];
}

interface Published {
  readonly figures: readonly PublishedFigure[];
  readonly rankings: readonly RankingEntry[];
  readonly indicators: readonly PublishedIndicator[];
  readonly inferred_weights: readonly InferredWeights[];
}

const classes = once(() => JSON.parse(text('classes.json')) as Classes);
const published = once(() => JSON.parse(text('published-2023.json')) as Published);
const provinceList = once(() => table('provinces.csv').map(province));
const cityList = once(() => table('cities.csv').map(city));
const provincesByCode = once(() => new Map(provinceList().map((entry) => [entry.code, entry])));
const citiesByCode = once(() => new Map(cityList().map((entry) => [entry.code, entry])));
const figuresByKey = once(() => new Map(published().figures.map((figure) => [figure.key, figure])));

/** All 334, sorted by code. */
export function cities(): readonly City[] {
  return cityList();
}

/** By its GB/T 2260 code; null for a place the 2023 report does not rate. */
export function findCity(code: string): City | null {
  return citiesByCode().get(code) ?? null;
}

/** All 31, sorted by code. */
export function provinces(): readonly Province[] {
  return provinceList();
}

export function findProvince(code: string): Province | null {
  return provincesByCode().get(code) ?? null;
}

export function regions(): readonly NamedClass<RegionId>[] {
  return classes().regions;
}

export function tiers(): readonly NamedClass<TierId>[] {
  return classes().tiers;
}

export function adminLevels(): readonly NamedClass<AdminLevelId>[] {
  return classes().admin_levels.map(({ id, zh, en }) => ({ id, zh, en }));
}

export function publishedFigures(): readonly PublishedFigure[] {
  return published().figures;
}

export function publishedFigure(key: string): PublishedFigure | null {
  return figuresByKey().get(key) ?? null;
}

export function publishedIndicators(): readonly PublishedIndicator[] {
  return published().indicators;
}

export function inferredWeights(): readonly InferredWeights[] {
  return published().inferred_weights;
}

/** From the first rank on. */
export function ranking(id: RankingId): readonly RankingEntry[] {
  return published().rankings.filter((entry) => entry.ranking === id);
}

type Row = (column: string) => string;

function province(row: Row): Province {
  return {
    code: row('code'),
    name: row('name'),
    nameShort: row('name_short'),
    nameEn: row('name_en'),
    region: row('region') as RegionId,
  };
}

function city(row: Row): City {
  const lies = findProvince(row('province_code'));
  if (!lies) throw new Error(`cities.csv: ${row('code')} lies in no known province`);
  const adminLevelName = row('admin_level');
  const level = classes().admin_levels.find(({ names }) => names.includes(adminLevelName));
  if (!level) throw new Error(`cities.csv: ${row('code')} has the unknown level ${adminLevelName}`);
  return {
    code: row('code'),
    name: row('name'),
    nameShort: row('name_short'),
    nameEn: row('name_en_common') || row('name_en'),
    provinceCode: lies.code,
    region: lies.region,
    tier: row('tier') as TierId,
    tierSource: row('tier_source') as City['tierSource'],
    adminLevel: level.id,
    adminLevelName,
    provincialCapital: row('provincial_capital') === 'true',
    subProvincial: row('sub_provincial') === 'true',
    separatelyPlanned: row('separately_planned') === 'true',
    grade2023: row('grade_2023') as City['grade2023'],
  };
}

/** Our own files hold no quoted cell. */
function table(file: string): Row[] {
  const [head = '', ...lines] = text(file).trimEnd().split('\n');
  const columns = head.split(',');
  return lines.map((line, index) => {
    const cells = line.split(',');
    if (cells.length !== columns.length) throw new Error(`${file}: line ${index + 2} has ${cells.length} cells`);
    return (column) => {
      const cell = cells[columns.indexOf(column)];
      if (cell === undefined) throw new Error(`${file} has no column ${column}`);
      return cell;
    };
  });
}

function text(file: string): string {
  return readFileSync(new URL(`../data/${file}`, import.meta.url), 'utf8');
}

function once<T>(read: () => T): () => T {
  let value: { readonly read: T } | null = null;
  return () => (value ??= { read: read() }).read;
}

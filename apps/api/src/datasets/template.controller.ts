import {
  datasetIds,
  datasetSpec,
  tableSchema,
  templateCsv,
  templateXlsx,
  type DatasetSpec,
  type MessageLanguage,
} from '@hotline/rows';
import { Controller, Get, Header, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiFailure } from '../request/api-failure.js';
import { Public } from '../request/context.decorators.js';
import { download, languageOf, mediaTypes } from '../request/download.js';

const templateWord = { 'zh-CN': '模板', en: 'template' } as const;
const cache = 'public, max-age=300';

/** Files that explain a dataset, `?lang=en` in English. They hold nothing of a tenant. */
@Controller('datasets/:id')
@Public()
export class TemplateController {
  /** Made once for each dataset and language: they never change while the server runs. */
  private readonly workbooks = new Map<string, Promise<Buffer>>();

  @Get('template.csv')
  @Header('cache-control', cache)
  csv(@Param('id') id: string, @Query('lang') lang: string | undefined): StreamableFile {
    const spec = specOf(id);
    const language = languageOf(lang);
    return template(spec, language, 'csv', Buffer.from(templateCsv(spec.id, language), 'utf8'));
  }

  @Get('template.xlsx')
  @Header('cache-control', cache)
  async xlsx(@Param('id') id: string, @Query('lang') lang: string | undefined): Promise<StreamableFile> {
    const spec = specOf(id);
    const language = languageOf(lang);
    const key = `${spec.id} ${language}`;
    const made = this.workbooks.get(key) ?? templateXlsx(spec.id, language);
    this.workbooks.set(key, made);
    return template(spec, language, 'xlsx', await made);
  }

  /** A Table Schema, by which other tools can validate a file before it is sent. */
  @Get('schema.json')
  @Header('cache-control', cache)
  schema(@Param('id') id: string): StreamableFile {
    const spec = specOf(id);
    const name = `${spec.id}.schema.json`;
    const text = `${JSON.stringify(tableSchema(spec.id), null, 2)}\n`;
    return download(Buffer.from(text, 'utf8'), { name, plainName: name, type: 'application/json; charset=utf-8' });
  }
}

function specOf(id: string): DatasetSpec {
  const known = datasetIds.find((each) => each === id);
  if (!known) throw new ApiFailure('unknown_dataset', 404, { dataset: id, known: datasetIds });
  return datasetSpec(known);
}

function template(
  spec: DatasetSpec,
  language: MessageLanguage,
  format: 'csv' | 'xlsx',
  content: Uint8Array,
): StreamableFile {
  return download(content, {
    name: `${language === 'en' ? spec.en : spec.zh}-${templateWord[language]}.${format}`,
    plainName: `${spec.id}-template.${format}`,
    type: mediaTypes[format],
  });
}

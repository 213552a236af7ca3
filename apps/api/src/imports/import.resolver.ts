import { ImportError, ImportSource, ImportsService, requireDataset, type AskedReading } from '@hotline/imports';
import { datasetIds, FileRefused, type DatasetId } from '@hotline/rows';
import type { RequestContext } from '@hotline/platform';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { DefinitionInput } from '../definitions/definition.model.js';
import { toStatedChoices } from '../definitions/to-definition.model.js';
import { Context, Needs } from '../request/context.decorators.js';
import { decodeCursor, pageOf, type Connection } from '../request/connection.js';
import { orFailure } from '../request/expected-failure.js';
import type { Failure } from '../request/failure.model.js';
import { FileReadingInput, ImportFileResult, type ImportFileModel } from './import-file.model.js';
import { ImportPreviewResult, type ImportPreviewModel } from './import-preview.model.js';
import { CommitMode, ImportConnection, ImportModel, ImportPageArgs, ImportResult } from './import.model.js';
import { toImportFileModel } from './to-import-file.model.js';
import { toImportPreviewModel } from './to-import-preview.model.js';
import { toFailure, toImportModel } from './to-import.model.js';

@Resolver(() => ImportModel)
export class ImportResolver {
  constructor(
    private readonly imports: ImportsService,
    private readonly source: ImportSource,
  ) {}

  @Query(() => ImportConnection, { name: 'imports', description: '导入列表，新的在前 Imports, newest first' })
  @Needs('viewer', 'imports:read')
  async list(@Context() ctx: RequestContext, @Args() page: ImportPageArgs): Promise<Connection<ImportModel>> {
    const { dataset } = page;
    const known = datasetIds.find((id) => id === dataset);
    // A dataset that does not exist has no imports.
    if (typeof dataset === 'string' && !known) return pageOf<never, ImportModel>([], page.first, (entity) => entity);
    const found = await this.imports.list(ctx, {
      first: page.first,
      before: decodeCursor(page.after),
      dataset: (known ?? null) satisfies DatasetId | null,
    });
    return pageOf(found, page.first, toImportModel);
  }

  @Query(() => ImportModel, {
    nullable: true,
    description: '一次导入；不存在则为 null One import; null when there is none',
  })
  @Needs('viewer', 'imports:read')
  async import(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ImportModel | null> {
    try {
      return toImportModel(await this.imports.get(ctx, id));
    } catch (error) {
      if (error instanceof ImportError && error.code === 'import_not_found') return null;
      throw error;
    }
  }

  @Query(() => ImportPreviewResult, {
    description: '检查过的导入一旦生效会怎样 What a checked import would do if committed',
  })
  @Needs('viewer', 'imports:read')
  async importPreview(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ImportPreviewModel | Failure> {
    return orFailure(async () => toImportPreviewModel(await this.imports.preview(ctx, id)));
  }

  @Query(() => ImportFileResult, {
    description:
      '上传的文件本身：编码、分隔符、工作表、表头行、前五行与列对应的建议；任何状态均可，直到原文件删除。用 as 换一种读法看看，用 updateMapping 采用 The uploaded file itself: encoding, delimiter, sheets, header row, five rows and proposals for its columns; in any state, as long as the file is kept. Try another reading with as, adopt it with updateMapping',
  })
  @Needs('analyst', 'imports:write')
  async importFile(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('as', { type: () => FileReadingInput, nullable: true, description: '换一种读法 Another way to read it' })
    as?: FileReadingInput | null,
  ): Promise<ImportFileModel | Failure> {
    return orFailure(async () => {
      try {
        return toImportFileModel(await this.source.look(ctx, id, as ? toAskedReading(as) : {}));
      } catch (error) {
        if (error instanceof FileRefused) return toFailure(error.refusal);
        throw error;
      }
    });
  }

  @Mutation(() => ImportResult, { description: '使检查过的导入生效 Put a checked import into force' })
  @Needs('analyst', 'imports:write')
  async commitImport(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
    @Args('mode', {
      type: () => CommitMode,
      defaultValue: CommitMode.GOOD_ROWS,
      description: '有行被拒绝时如何生效 How, where rows were refused',
    })
    mode: CommitMode,
    @Args('onlyIf', {
      type: () => Int,
      nullable: true,
      description:
        '预览的版本：数据已有变化则不生效 Version of a preview: nothing is committed once the rows have changed',
    })
    onlyIf?: number | null,
    @Args('definition', {
      type: () => [DefinitionInput],
      nullable: true,
      description:
        '数据所依据的统计口径，以后的文件沿用；未说明的以方法口径为推定 What the figures follow, remembered for later files; what is not stated is assumed to follow the method',
    })
    definition?: DefinitionInput[] | null,
  ): Promise<ImportModel | Failure> {
    const options = { mode, onlyIf: onlyIf ?? null, definition: toStatedChoices(definition) };
    return orFailure(async () => toImportModel(await this.imports.commit(ctx, id, options)));
  }

  @Mutation(() => ImportResult, { description: '撤销已生效的导入 Take a committed import back' })
  @Needs('analyst', 'imports:write')
  async revertImport(
    @Context() ctx: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ImportModel | Failure> {
    return orFailure(async () => toImportModel(await this.imports.revert(ctx, id)));
  }
}

/** The input without its nulls. @throws ImportError unknown_dataset */
function toAskedReading({ dataset, encoding, delimiter, sheet, headerRow }: FileReadingInput): AskedReading {
  return {
    ...(dataset ? { dataset: requireDataset(dataset) } : {}),
    ...(encoding ? { encoding } : {}),
    ...(delimiter ? { delimiter } : {}),
    ...(sheet ? { sheet } : {}),
    ...(headerRow ? { headerRow } : {}),
  };
}

import { createUnionType, Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { Delimiter, Encoding } from '@hotline/rows';
import { Failure } from '../request/failure.model.js';
import { ColumnMappingModel } from './file-layout.model.js';
import { ImportModel, MatchedColumnModel, UnknownValueModel } from './import.model.js';

@InputType({
  description: '换一种读法看看；未给出的自动识别 Another way to read it, to see; what is left out is found by itself',
})
export class FileReadingInput {
  @Field(() => String, { nullable: true, description: '数据集 Dataset' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  dataset?: string | null;

  @Field(() => String, { nullable: true, description: '编码 Encoding: utf-8, gb18030, utf-16le, utf-16be' })
  @IsOptional()
  @IsIn(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'])
  encoding?: Encoding | null;

  @Field(() => String, { nullable: true, description: '分隔符 Delimiter' })
  @IsOptional()
  @IsIn([',', ';', '\t', '|'])
  delimiter?: Delimiter | null;

  @Field(() => String, { nullable: true, description: '工作表 Sheet' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sheet?: string | null;

  @Field(() => Int, { nullable: true, description: '表头所在行，从 1 起 Row of the headers, from 1' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  headerRow?: number | null;
}

@ObjectType('SheetSize', { description: '工作表及其大小 A sheet and its size' })
export class SheetSizeModel {
  @Field(() => String, { description: '名称 Name' })
  name!: string;

  @Field(() => Int, { description: '有内容的行数，含表头 Rows that hold anything, headers included' })
  rows!: number;

  @Field(() => Int, { description: '有内容的列数 Columns that hold anything' })
  columns!: number;

  @Field(() => Boolean, {
    description: '是否数完；false：至少这么多行 Whether all were counted; false: there are more',
  })
  complete!: boolean;
}

@ObjectType('FileRow', {
  description: '文件中的一行，个人信息已遮盖 A row of the file; what may be personal is hidden',
})
export class FileRowModel {
  @Field(() => Int, { description: '文件中的行号，从 1 起 Row of the file, from 1' })
  row!: number;

  @Field(() => [String], { description: '各格，与 headers 同序 Its cells, in the order of headers' })
  cells!: string[];
}

@ObjectType('ProposalReason', { description: '建议的依据 Why it is proposed' })
export class ProposalReasonModel {
  @Field(() => String, { description: '代码 Code' })
  code!: string;

  @Field(() => String, { description: '中文说明 In Chinese' })
  message!: string;

  @Field(() => String, { description: '英文说明 In English' })
  messageEn!: string;
}

@ObjectType('ColumnProposal', {
  description:
    '建议某标准列取自文件的哪一列；由人确认后用 updateMapping 采用，从不自动采用 Where a column may come from: for a person to confirm by updateMapping; never used by itself',
})
export class ColumnProposalModel {
  @Field(() => ColumnMappingModel, {
    description: '可原样交给 updateMapping Can be handed to updateMapping as it is',
  })
  mapping!: ColumnMappingModel;

  @Field(() => Float, { description: '把握，0–1 Confidence, 0–1' })
  confidence!: number;

  @Field(() => [ProposalReasonModel], { description: '依据 Why' })
  reasons!: ProposalReasonModel[];

  @Field(() => [String], { description: '同样可能的其他表头 Headers that are about as likely' })
  alternatives!: string[];
}

@ObjectType('MissingColumn', { description: '缺少的必需列 A required column that nothing feeds' })
export class MissingColumnModel {
  @Field(() => String, { description: '标准列代码 Canonical column id' })
  column!: string;

  @Field(() => String, { description: '中文名 Name in Chinese' })
  name!: string;

  @Field(() => String, { description: '英文名 Name in English' })
  nameEn!: string;
}

@ObjectType('ImportFile', {
  description:
    '上传的文件本身：怎样读、前五行、建议；不写入任何数据 The uploaded file itself: how it is read, its first rows, proposals; nothing is written',
})
export class ImportFileModel {
  @Field(() => ImportModel, { description: '该导入 The import' })
  import!: ImportModel;

  @Field(() => String, { description: 'csv 或 xlsx csv or xlsx' })
  type!: string;

  @Field(() => String, { nullable: true, description: '编码；工作簿为 null Encoding; null for a workbook' })
  encoding!: string | null;

  @Field(() => String, { nullable: true, description: '分隔符；工作簿为 null Delimiter; null for a workbook' })
  delimiter!: string | null;

  @Field(() => String, { nullable: true, description: '所读的工作表 The sheet that is read' })
  sheet!: string | null;

  @Field(() => [SheetSizeModel], { description: '全部工作表 All sheets' })
  sheets!: SheetSizeModel[];

  @Field(() => Int, { description: '表头所在行，从 1 起 Row of the headers, from 1' })
  headerRow!: number;

  @Field(() => String, {
    nullable: true,
    description: '数据集；认不出且无人指定为 null Dataset; null where nothing tells',
  })
  dataset!: string | null;

  @Field(() => [String], { description: '表头行各格 Cells of the header row' })
  headers!: string[];

  @Field(() => [MatchedColumnModel], { description: '各列对应关系 How the columns are matched' })
  columns!: MatchedColumnModel[];

  @Field(() => [MissingColumnModel], { description: '缺少的必需列 Required columns that nothing feeds' })
  missing!: MissingColumnModel[];

  @Field(() => [FileRowModel], { description: '表头之下的前五行 The first five rows under the headers' })
  rows!: FileRowModel[];

  @Field(() => [ColumnProposalModel], { description: '按取值给出的建议 Proposals from the values' })
  proposals!: ColumnProposalModel[];

  @Field(() => [UnknownValueModel], {
    description:
      '前一千行中不认识的取值，建议的列也算 Unknown spellings among the first thousand rows, proposed columns included',
  })
  unknownValues!: UnknownValueModel[];

  @Field(() => Failure, {
    nullable: true,
    description: '读到此处为止的原因；没有则为 null Why it cannot be read further; null: no reason was seen',
  })
  refusal!: Failure | null;
}

export const ImportFileResult = createUnionType({
  name: 'ImportFileResult',
  description: '文件，或失败原因 The file, or why not',
  types: () => [ImportFileModel, Failure] as const,
  resolveType: (value: object) => ('code' in value ? Failure : ImportFileModel),
});

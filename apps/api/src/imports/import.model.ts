import { ArgsType, Field, Float, ID, Int, ObjectType, createUnionType, registerEnumType } from '@nestjs/graphql';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { FollowedDefinitionModel } from '../definitions/definition.model.js';
import { GraphQLBigInt } from '../request/big-int.scalar.js';
import { connectionOf, PageArgs } from '../request/connection.js';
import { Failure } from '../request/failure.model.js';
import { FileLayoutModel } from './file-layout.model.js';

export enum ImportState {
  received = 'received',
  checking = 'checking',
  checked = 'checked',
  committing = 'committing',
  committed = 'committed',
  refused = 'refused',
  failed = 'failed',
  reverting = 'reverting',
  reverted = 'reverted',
  discarded = 'discarded',
}
registerEnumType(ImportState, {
  name: 'ImportState',
  description: '导入的状态 State of an import',
  valuesMap: {
    received: { description: '已收到，等待检查 Received, waiting for its check' },
    checking: { description: '正在检查 Being checked' },
    checked: { description: '已检查，尚未生效 Checked; nothing counts yet' },
    committing: { description: '正在生效 Coming into force' },
    committed: { description: '已生效 In force' },
    refused: { description: '整份文件被拒绝，原因见 refusal The whole file was refused, see refusal' },
    failed: {
      description: '未能检查，未写入任何数据，原因见 refusal Could not be checked, see refusal; nothing was stored',
    },
    reverting: { description: '正在撤销 Being taken back' },
    reverted: { description: '已撤销 Taken back' },
    discarded: { description: '已放弃 Discarded' },
  },
});

export enum CommitMode {
  GOOD_ROWS = 'good_rows',
  ALL_OR_NOTHING = 'all_or_nothing',
}
registerEnumType(CommitMode, {
  name: 'CommitMode',
  description: '有行被拒绝时如何生效 How to commit where rows were refused',
  valuesMap: {
    GOOD_ROWS: { description: '只导入接受的行 The accepted rows only' },
    ALL_OR_NOTHING: { description: '有一行被拒绝就全部不导入 Nothing if a single row was refused' },
  },
});

@ObjectType({ description: '文件中的一列及其对应关系 A column of the file and what it became' })
export class MatchedColumnModel {
  @Field(() => String, { description: '文件中的表头 Header in the file' })
  header!: string;

  @Field(() => Int, { description: '位置，从 0 起 Position in the file, from 0' })
  position!: number;

  @Field(() => String, {
    nullable: true,
    description: '对应的标准列；null 表示未使用且未存储 Canonical column; null: dropped before storage',
  })
  column!: string | null;

  @Field(() => String, { nullable: true, description: '依据：id、zh、en、alias 或 mapping How it was matched' })
  by!: string | null;
}

@ObjectType({ description: '行数统计：读入 = 接受 + 拒绝 + 重复 Row counts: read = accepted + refused + duplicates' })
export class CheckCountsModel {
  @Field(() => Int, { description: '有内容的行 Rows with content' })
  read!: number;

  @Field(() => Int, { description: '接受的行 Rows accepted' })
  accepted!: number;

  @Field(() => Int, { description: '拒绝的行，原因见报告 Rows refused; the report says why' })
  refused!: number;

  @Field(() => Int, { description: '被同一文件中后面的行替换的行 Rows replaced by a later row of the same file' })
  duplicates!: number;

  @Field(() => Int, { description: '接受但有提示的行 Accepted rows with a warning' })
  warned!: number;

  @Field(() => Int, { description: '空白行 Blank rows' })
  blankRows!: number;

  @Field(() => Int, { description: '合计行 Totals rows' })
  totalRows!: number;
}

@ObjectType('RowChanges', {
  description:
    '导入的行按主键与已存数据比较，三项之和等于接受的行 Rows of an import beside the stored row of their key; they add up to the accepted rows',
})
export class RowChangesModel {
  @Field(() => Int, { description: '新增：此前没有该主键 New: no row had the key' })
  inserted!: number;

  @Field(() => Int, { description: '更改：替换了内容不同的行 Changed: a different row was replaced' })
  changed!: number;

  @Field(() => Int, { description: '未变：与已存的行相同 Unchanged: the row stood just so' })
  unchanged!: number;
}

@ObjectType({ description: '某列上某条规则的命中次数 How often a rule was hit in a column' })
export class IssueCountModel {
  @Field(() => String, { description: '规则代码 Code of the rule' })
  rule!: string;

  @Field(() => String, {
    nullable: true,
    description: '标准列；null 表示整行 Canonical column; null: the row as a whole',
  })
  column!: string | null;

  @Field(() => String, { nullable: true, description: '文件中的表头 Header in the file' })
  header!: string | null;

  @Field(() => String, {
    description: 'error：该行被拒绝；warning：该行保留 error: the row is refused; warning: it is kept',
  })
  level!: string;

  @Field(() => Int, { description: '次数 Count' })
  count!: number;

  @Field(() => String, {
    nullable: true,
    description: '文件中的第一个例子，个人信息已遮蔽 The first example in the file, masked where personal',
  })
  example!: string | null;

  @Field(() => String, { description: '说明，以该例子为例 What it means, told of the example, in Chinese' })
  message!: string;

  @Field(() => String, { description: '英文说明 The same in English' })
  messageEn!: string;
}

@ObjectType('NearCode', {
  description:
    '可能的标准代码；由人确认，从不自动采用 A code it may stand for; for a person to confirm, never used by itself',
})
export class NearCodeModel {
  @Field(() => String, { description: '代码 Code' })
  code!: string;

  @Field(() => String, { description: '中文名 Name in Chinese' })
  zh!: string;

  @Field(() => String, { description: '英文名 Name in English' })
  en!: string;

  @Field(() => Float, { description: '把握，0–1 Confidence, 0–1' })
  confidence!: number;
}

@ObjectType({ description: '不认识的取值，可在映射中一次性对应 A spelling that no code accepts; map it once' })
export class UnknownValueModel {
  @Field(() => String, { description: '标准列 Canonical column' })
  column!: string;

  @Field(() => String, { description: '文件中的取值 Value in the file' })
  value!: string;

  @Field(() => Int, { description: '出现次数 Count' })
  count!: number;

  @Field(() => [NearCodeModel], { description: '最接近的代码，可能的在前 The nearest codes, the likeliest first' })
  nearest!: NearCodeModel[];
}

@ObjectType('Import', { description: '一次导入：某数据集的一份文件 One uploaded file of one dataset' })
export class ImportModel {
  @Field(() => ID, { description: '编号 Id' })
  id!: string;

  @Field(() => ImportState, { description: '状态 State' })
  state!: ImportState;

  @Field(() => String, { description: '文件名 File name as sent' })
  fileName!: string;

  @Field(() => String, { description: '文件内容的 SHA-256 SHA-256 of the bytes as sent' })
  sha256!: string;

  @Field(() => GraphQLBigInt, { description: '字节数 Size in bytes' })
  bytes!: number;

  @Field(() => String, { nullable: true, description: '数据集；未识别前为 null Dataset; null until recognised' })
  dataset!: string | null;

  @Field(() => Date, { description: '上传时间 Uploaded at' })
  uploadedAt!: Date;

  @Field(() => String, { description: '上传人 Who sent it' })
  uploadedBy!: string;

  @Field(() => Date, { nullable: true, description: '生效时间 Committed at' })
  committedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: '撤销时间 Reverted at' })
  revertedAt!: Date | null;

  @Field(() => CheckCountsModel, {
    nullable: true,
    description: '行数统计；检查前为 null Row counts; null before the check',
  })
  counts!: CheckCountsModel | null;

  @Field(() => RowChangesModel, {
    nullable: true,
    description: '生效时对已存数据的更改；未生效为 null What its commit did to the stored rows; null unless in force',
  })
  changes!: RowChangesModel | null;

  @Field(() => [FollowedDefinitionModel], {
    description: '数据所依据的统计口径；检查前为空 What its figures follow; empty before the check',
  })
  definition!: FollowedDefinitionModel[];

  @Field(() => Failure, {
    nullable: true,
    description:
      '请求生效但未生效的原因，可改正后重试 Why a commit that was asked for was not carried out; it can be asked for again',
  })
  notCommitted!: Failure | null;

  @Field(() => [MatchedColumnModel], { description: '各列对应关系 How the columns were matched' })
  columns!: MatchedColumnModel[];

  @Field(() => [IssueCountModel], {
    description: '问题汇总，多的在前 Issues by rule and column, the most frequent first',
  })
  issues!: IssueCountModel[];

  @Field(() => [UnknownValueModel], { description: '不认识的取值 Unknown spellings' })
  unknownValues!: UnknownValueModel[];

  @Field(() => [Failure], { description: '关于整份文件的说明 Remarks on the file as a whole' })
  notes!: Failure[];

  @Field(() => ID, {
    nullable: true,
    description: '读取它所用的版式；null：只凭表头 The remembered layout it was read with; null: by its headers alone',
  })
  layoutId!: string | null;

  @Field(() => String, { nullable: true, description: '编码 Encoding' })
  encoding!: string | null;

  @Field(() => String, { nullable: true, description: '工作表 Sheet' })
  sheet!: string | null;

  @Field(() => [String], {
    description:
      '读取的全部工作表：表头相同的作为一次导入 Every sheet that was read: those with the same headers are one import',
  })
  sheets!: string[];

  @Field(() => Int, { nullable: true, description: '表头所在行，从 1 起 Row of the headers, from 1' })
  headerRow!: number | null;

  @Field(() => String, { nullable: true, description: '最早一天 First day of the rows' })
  firstDay!: string | null;

  @Field(() => String, { nullable: true, description: '最晚一天 Last day of the rows' })
  lastDay!: string | null;

  @Field(() => Failure, {
    nullable: true,
    description: '整份文件被拒绝或检查未成的原因 Why the whole file was refused, or could not be checked',
  })
  refusal!: Failure | null;

  @Field(() => String, { nullable: true, description: '完整问题报告的地址（CSV） Path of the complete report (CSV)' })
  reportPath!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      '问题行工作簿的地址：改正后可直接上传 Path of the workbook of rows with problems; correct and upload it',
  })
  reportWorkbookPath!: string | null;
}

@ObjectType({ description: '列映射已保存 The mapping was saved' })
export class MappingSaved {
  @Field(() => String, { description: '数据集 Dataset' })
  dataset!: string;

  @Field(() => FileLayoutModel, { description: '记住的版式 The layout that is remembered' })
  layout!: FileLayoutModel;

  @Field(() => ImportModel, {
    nullable: true,
    description: '用新映射重新检查的导入 The import that is checked again with it',
  })
  import!: ImportModel | null;
}

@ArgsType()
export class ImportPageArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: '只看某数据集 Of one dataset' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  dataset?: string | null;
}

export const ImportConnection = connectionOf(ImportModel, 'Import');

export const ImportResult = createUnionType({
  name: 'ImportResult',
  description: '导入，或失败原因 The import, or why not',
  types: () => [ImportModel, Failure] as const,
  resolveType: (value: object) => ('code' in value ? Failure : ImportModel),
});

export const MappingResult = createUnionType({
  name: 'MappingResult',
  description: '映射，或失败原因 The mapping, or why not',
  types: () => [MappingSaved, Failure] as const,
  resolveType: (value: object) => ('code' in value ? Failure : MappingSaved),
});

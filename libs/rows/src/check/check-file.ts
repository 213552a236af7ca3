import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { datasetSpec, type DatasetSpec } from '../datasets/dictionary.js';
import type { DecodedFile } from '../decode/decoded-file.js';
import { sqlId } from '../sql.js';
import type { RowConnections } from '../process/row-database.js';
import type { CheckCounts, CheckResult, CheckTask, FileMapping, Note } from '../tasks.js';
import { acceptRows, type KeptRows } from './accept-rows.js';
import { CellFunctions } from './cell-functions.js';
import { cellReader, emptyWords, isNoneOf, markers } from './cell-reader.js';
import { CellSource, readCsvSql } from './cell-source.js';
import { cleanCell } from './clean-cell.js';
import { columnFacts, columnQuestion, noFacts, type ColumnFacts } from './column-facts.js';
import { planColumns, refuseMissingColumns, type ColumnPlan } from './column-plan.js';
import { derivedColumns } from './import-rules.js';
import { clearHashKey, keyedHash, setHashKey } from './keyed-hash.js';
import type { NumberedRows } from './file-rows.js';
import { dropSample, takeSample, type FileSample } from './file-sample.js';
import { hidePersonalValue, maskPersonalNumbers } from './mask-personal.js';
import { LinePicker } from './pick-lines.js';
import { LinesHere, type LineReaders } from './plain/line-threads.js';
import { prepareFile, type PreparedFile } from './regular-file.js';
import { forgetNames, remembered, rememberNames } from './remembered-names.js';
import { sealedValues } from './sealed-value.js';
import { shownColumns, type ShownColumn } from './shown-cell.js';
import { typeRows, type TypedRows, type TypingTask } from './type-rows.js';
import { cellId, type ReadColumn, type TypedRowsInput } from './typing-statements.js';
import { pickIssueRows, writeIssueRows, type IssueRowSource } from './write-issue-rows.js';
import { countIssues, writeIssues } from './write-issues.js';
import { writeMonths, type WrittenMonths } from './write-rows.js';

const longestShown = 200;
const tokenDigits = 8;

/** All that a check finds, before its files are looked at from outside. */
export type CheckedRows = Omit<CheckResult, 'files'>;

/**
 * Types, hashes and tests every row of a decoded file and writes `rows/<month>.parquet`, `issues.parquet` and, where
 * there are issues, `issue-rows.parquet` into `task.outDir`; every row is stored or explained. Personal data is hashed or
 * masked before anything is written. Memory is bounded by the memory limit of the connection, which needs a temporary folder. One
 * check at a time on one database. Throws FileRefused where the file as a whole cannot be read without a question.
 */
export async function checkFile(
  { connection, connect }: RowConnections,
  decoded: DecodedFile,
  task: CheckTask,
  readers: LineReaders = new LinesHere(),
): Promise<CheckedRows> {
  const dataset = datasetSpec(decoded.dataset);
  const { mapping } = decoded;
  const plans = planColumns(dataset, decoded, mapping);
  refuseMissingColumns(dataset, decoded, plans);
  await mkdir(join(task.outDir, 'rows'), { recursive: true });
  const prepared = await prepareFile(decoded);
  const functions = new CellFunctions(connection);
  try {
    await setHashKey(connection, task.hashKey);
    const source = new CellSource(
      decoded,
      mapping,
      functions.call((raw) => cleanCell(raw)),
    );
    const sample = await takeSample(connection, prepared.file);
    const typing = await prepareTyping({
      connection,
      sample,
      dataset,
      plans,
      decoded,
      task,
      prepared,
      functions,
      source,
      mapping,
    });
    const { file, refused } = prepared;
    const picker = new LinePicker(file, decoded.firstDataRow);
    const typed = await typeRows(connection, {
      dataset,
      file,
      picker,
      refused,
      firstDataRow: decoded.firstDataRow,
      hashKey: task.hashKey,
      readers,
      input: typing.input,
      folder: task.outDir,
    });
    try {
      const result = await settle(connection, {
        connect,
        dataset,
        plans,
        decoded,
        task,
        prepared,
        picker,
        typed,
        shown: typing.shown,
      });
      return { ...result, notes: [...decoded.notes, ...typing.notes, ...result.notes] };
    } finally {
      await typed.release();
    }
  } finally {
    functions.release();
    await dropSample(connection);
    await clearHashKey(connection);
    await forgetNames(connection);
    await prepared.remove();
    await rm(join(task.outDir, 'sorted.parquet'), { force: true });
  }
}

interface Typing {
  readonly connection: DuckDBConnection;
  readonly sample: FileSample;
  readonly dataset: DatasetSpec;
  readonly plans: readonly ColumnPlan[];
  readonly decoded: DecodedFile;
  readonly task: CheckTask;
  readonly prepared: PreparedFile;
  readonly functions: CellFunctions;
  readonly source: CellSource;
  readonly mapping: FileMapping | undefined;
}

interface PreparedTyping {
  readonly input: TypingTask['input'];
  readonly notes: readonly Note[];
  readonly shown: readonly ShownColumn[];
}

async function prepareTyping(typing: Typing): Promise<PreparedTyping> {
  const { dataset, plans, decoded, task, functions, source } = typing;
  const present = plans.filter((plan) => plan.source !== null);
  const facts = await askColumns(typing, present);
  const hash = keyedHash(task.hashKey);
  const token = (number: string) => hash(number).slice(0, tokenDigits);
  const keyed = { token, sealed: sealedValues(task.hashKey) };
  const read = present.map((plan): ReadColumn => {
    const reader = cellReader(dataset.id, plan, facts.get(plan.spec.id) ?? noFacts, keyed);
    return { plan, reader, slow: functions.reader(reader.read, markers, reader.spelled), empties: [] };
  });
  const columns = await learnCells(typing, read);
  const showText = functions.call((raw) => maskPersonalNumbers(cleanCell(raw)).slice(0, longestShown));
  const showPersonal = functions.call((raw) => hidePersonalValue(cleanCell(raw)));
  const derived = derivedColumns(dataset.id, plans, (plan) => sqlId(`f:${plan.spec.id}`));
  const input = (rows: string, rowNumbers: boolean): TypedRowsInput => ({
    dataset,
    cells: source.relation(rows, present, rowNumbers),
    rowNumbers,
    columns,
    absent: plans.filter((plan) => plan.source === null).map((plan) => plan.spec),
    derived,
    ...latestInstants(task.uploadedAt),
    shown: (plan, cell) => (plan.spec.personal === undefined ? showText(cell) : showPersonal(cell)),
  });
  const shown = shownColumns({
    decoded,
    mapping: typing.mapping,
    columns: columns.map(({ plan, reader }) => ({ plan, reader, facts: facts.get(plan.spec.id) ?? noFacts })),
    keyed,
    call: (work) => functions.call(work),
  });
  return { input, notes: derived.notes, shown };
}

/** The columns with what the sample shows of their cells: words for empty ones, and names of persons, to be remembered. */
async function learnCells(
  { connection, sample, source }: Typing,
  columns: readonly ReadColumn[],
): Promise<readonly ReadColumn[]> {
  const cells = columns.map(({ plan }) => `${source.cell(plan)} AS ${cellId(plan.spec.id)}`).join(', ');
  const words = columns.map(({ reader }) => emptyWords(reader));
  const asked = columns.map(({ plan }, index) => `bool_or(NOT ${isNoneOf(cellId(plan.spec.id), words[index] ?? [])})`);
  const answers = await connection.runAndReadAll(
    `SELECT ${asked.join(', ')} FROM (SELECT ${cells} FROM ${sample.first})`,
  );
  const emptied = answers.getRows()[0] ?? [];
  const learned = columns.map((column, index) =>
    emptied[index] === true ? { ...column, empties: words[index] ?? [] } : column,
  );
  const person = learned.find(({ plan }) => plan.spec.type === 'person_hash');
  if (!person) return learned;
  const cellsOfPersons = `(SELECT ${source.cell(person.plan)} AS cell FROM ${sample.more})`;
  const known = await rememberNames(connection, person, cellsOfPersons);
  return learned.map((column) => (column === person ? remembered(column, known) : column));
}

/** Limits of instants as wall clock of Shanghai: a day after the upload, three years after it for deadlines. */
function latestInstants(uploadedAt: string): { readonly latest: string; readonly latestDeadline: string } {
  const uploaded = new Date(uploadedAt);
  if (Number.isNaN(uploaded.getTime())) throw new Error(`not an instant: ${uploadedAt}`);
  const shanghai = new Date(uploaded.getTime() + 8 * 3_600_000);
  const written = (instant: Date) => instant.toISOString().slice(0, 19).replace('T', ' ');
  const tomorrow = new Date(shanghai.getTime() + 86_400_000);
  const threeYears = new Date(shanghai);
  threeYears.setUTCFullYear(threeYears.getUTCFullYear() + 3);
  return { latest: written(tomorrow), latestDeadline: written(threeYears) };
}

/** Asks what only whole columns can tell: the first rows settle most of it, the rest of the file is read only if need be. */
async function askColumns(typing: Typing, present: readonly ColumnPlan[]): Promise<ReadonlyMap<string, ColumnFacts>> {
  const { connection, decoded, prepared, sample, source } = typing;
  const questions = present.flatMap((plan) => {
    const cell = `nullif(${source.cell(plan)}, '')`;
    const question = columnQuestion(plan, cell, decoded.type === 'xlsx');
    return question ? [{ plan, ...question }] : [];
  });
  const ask = async (list: typeof questions, rows: string) => {
    const asked = list.flatMap(({ plan, settles, answers }) => [
      `${settles} AS ${sqlId(`${plan.spec.id}:settles`)}`,
      ...Object.entries(answers).map(([name, sql]) => `${sql} AS ${sqlId(`${plan.spec.id}:${name}`)}`),
    ]);
    const reader = await connection.runAndReadAll(`SELECT ${asked.join(', ')} FROM ${rows}`);
    const found = reader.getRowObjectsJson()[0] ?? {};
    return (id: string) =>
      Object.fromEntries(
        Object.entries(found).flatMap(([name, value]) =>
          name.startsWith(`${id}:`) ? [[name.slice(id.length + 1), value] as const] : [],
        ),
      );
  };
  const facts = new Map<string, ColumnFacts>();
  if (questions.length === 0) return facts;
  const sampled = await ask(questions, sample.first);
  const open = questions.filter(({ plan }) => sampled(plan.spec.id)['settles'] !== true);
  const whole = open.length === 0 ? sampled : await ask(open, readCsvSql(prepared.file, null));
  for (const { plan } of questions) {
    const answers = open.some((question) => question.plan === plan) ? whole : sampled;
    facts.set(plan.spec.id, columnFacts(plan, answers(plan.spec.id)));
  }
  return facts;
}

interface Settling {
  readonly connect: RowConnections['connect'];
  readonly dataset: DatasetSpec;
  readonly plans: readonly ColumnPlan[];
  readonly decoded: DecodedFile;
  readonly task: CheckTask;
  readonly prepared: Pick<PreparedFile, 'file' | 'blankRows'>;
  readonly picker: LinePicker;
  readonly typed: TypedRows;
  readonly shown: readonly ShownColumn[];
}

/**
 * At the same time, on two connections: what reports show of cells is made by one thread alone, which would leave half of
 * a processor idle.
 */
async function writeMonthsAndIssueRows(
  connection: DuckDBConnection,
  { connect, shown, task }: Settling,
  kept: KeptRows,
  listed: IssueRowSource,
  issueRowsFile: string,
): Promise<WrittenMonths> {
  const picked = await pickIssueRows(connection, listed);
  const beside = await connect();
  const months = writeMonths(connection, kept, task.outDir);
  const issueRows = writeIssueRows(beside, picked, shown, issueRowsFile);
  // Both have ended before any fault is told: nothing may be at work on tables and files that are given up.
  await Promise.allSettled([months, issueRows]);
  await rm(picked.path, { force: true });
  await issueRows;
  return months;
}

/** Decides which rows are kept, writes them and every issue, and counts. */
async function settle(connection: DuckDBConnection, settling: Settling): Promise<CheckedRows> {
  const { dataset, plans, decoded, task, prepared, typed } = settling;
  const { lines, judged } = typed;
  const kept = await acceptRows(connection, dataset, typed, task);
  try {
    const issuesFile = join(task.outDir, 'issues.parquet');
    const numbered: NumberedRows = {
      typed: typed.relation,
      rowNumbers: typed.rowNumbers,
      firstDataRow: decoded.firstDataRow,
      refusedLines: lines.table,
    };
    await writeIssues(connection, { ...numbered, dataset, plans, judged, findings: kept.findings }, issuesFile);
    const issues = await countIssues(connection, issuesFile);
    const issueRowsFile = issues.issueCounts.length > 0 ? join(task.outDir, 'issue-rows.parquet') : null;
    const { file } = prepared;
    const { picker } = settling;
    const listed = { ...numbered, file, picker, issuesFile, replaced: kept.replaced };
    const span =
      issueRowsFile === null
        ? await writeMonths(connection, kept, task.outDir)
        : await writeMonthsAndIssueRows(connection, settling, kept, listed, issueRowsFile);
    const counts: CheckCounts = {
      read: kept.counts.rows + lines.count,
      accepted: kept.counts.accepted,
      refused: kept.counts.refused + lines.count,
      duplicates: kept.counts.duplicates,
      warned: span.warned,
      blankRows: kept.counts.blankRows + prepared.blankRows + lines.blank,
      totalRows: kept.counts.totalRows,
    };
    return {
      dataset: decoded.dataset,
      layoutId: decoded.layoutId,
      type: decoded.type,
      encoding: decoded.encoding,
      delimiter: decoded.sourceDelimiter,
      sheet: decoded.sheet,
      sheets: decoded.sheets,
      headerRow: decoded.headerRow,
      columns: decoded.columns,
      counts,
      months: span.months,
      issuesFile,
      issueRowsFile,
      ...issues,
      notes: kept.notes,
      firstDay: span.firstDay,
      lastDay: span.lastDay,
    };
  } finally {
    await kept.release();
  }
}

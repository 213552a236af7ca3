import { DOUBLE, DuckDBScalarFunction, UUID, type DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { sqlText } from '../sql.js';
import { numberTokensModule } from './number-tokens.wasm.js';

/** What `libs/rows/assembly/number-tokens.ts` exports. */
interface NumberTokens {
  readonly memory: WebAssembly.Memory;
  readonly ROOM: WebAssembly.Global<'i32'>;
  readonly key: WebAssembly.Global<'i32'>;
  readonly numbers: WebAssembly.Global<'i32'>;
  readonly tokens: WebAssembly.Global<'i32'>;
  setKey(): void;
  clearKey(): void;
  makeTokens(count: number): void;
}

const numberBytes = 8;
const tokenBytes = 16;

const compiled = new WebAssembly.Instance(new WebAssembly.Module(numberTokensModule()))
  .exports as unknown as NumberTokens;
const { buffer } = compiled.memory;
const room = compiled.ROOM.value;
const [numbersAt, tokensAt] = [compiled.numbers.value, compiled.tokens.value];
const numbers = new Uint8Array(buffer, numbersAt, room * numberBytes);

let keyed = false;

/** @param block the key of an HMAC-SHA-256, filled up to 64 bytes with zeros */
export function setNumberKey(block: Uint8Array): void {
  new Uint8Array(buffer, compiled.key.value, block.length).set(block);
  compiled.setKey();
  keyed = true;
}

export function clearNumberKey(): void {
  compiled.clearKey();
  keyed = false;
}

/** Texts of which `numberTokenSql` makes tokens: `+` and a number of at most 15 digits, which a DOUBLE holds exactly. */
const numberText = '[+][1-9][0-9]{4,14}';

/**
 * Teaches a connection `number_token(number)`: the token of `+` and the digits of the number, by the key of the process;
 * for numbers that `numberTokenSql` lets through, and never for NULL. Whole vectors are copied: taking each number and
 * making each token a value of its own costs more than hashing them.
 */
export function registerNumberTokens(connection: DuckDBConnection): void {
  const tokens = new DuckDBScalarFunction();
  tokens.setName('number_token');
  tokens.addParameter(DOUBLE);
  tokens.setReturnType(UUID);
  duckdb.scalar_function_set_function(tokens.scalar_function, (info, input, output) => {
    if (!keyed) return duckdb.scalar_function_set_error(info, 'no key is set');
    const count = duckdb.data_chunk_get_size(input);
    const given = duckdb.vector_get_data(duckdb.data_chunk_get_vector(input, 0), count * numberBytes);
    for (let first = 0; first < count; first += room) {
      const some = Math.min(room, count - first);
      numbers.set(given.subarray(first * numberBytes, (first + some) * numberBytes));
      compiled.makeTokens(some);
      duckdb.copy_data_to_vector(output, first * tokenBytes, buffer, tokensAt, some * tokenBytes);
    }
  });
  connection.registerScalarFunction(tokens);
}

/** SQL: the token of a text, by `number_token` where it is a number, otherwise as `other` has it. */
export function numberTokenSql(text: string, other: string): string {
  return `CASE WHEN regexp_full_match(${text}, ${sqlText(numberText)}) THEN ${knownNumberTokenSql(text)} ELSE ${other} END`;
}

/** SQL: the token of a text that is known to be such a number. */
export function knownNumberTokenSql(text: string): string {
  return `number_token(CAST(substring(${text}, 2) AS DOUBLE))`;
}

import { crc32, deflateRawSync } from 'node:zlib';

export interface HostilePart {
  readonly name: string;
  readonly data: Buffer | string;
  /** Uses the bytes of another part instead of bytes of its own. */
  readonly bytesOf?: string;
  /** Length that the zip claims it inflates to. */
  readonly claims?: number;
}

/** A zip as no honest program writes it. */
export function hostileZip(parts: readonly HostilePart[]): Buffer {
  const places = new Map<string, { offset: number; crc: number; packed: number; size: number }>();
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, data, bytesOf, claims } of parts) {
    let place = bytesOf === undefined ? undefined : places.get(bytesOf);
    if (!place) {
      const bytes = Buffer.from(data);
      const packed = deflateRawSync(bytes);
      place = { offset: at, crc: crc32(bytes), packed: packed.length, size: claims ?? bytes.length };
      const local = Buffer.concat([fields(0x04034b50, [20, 0x800, 8, 0, 0], place, name, [0]), Buffer.from(name)]);
      locals.push(local, packed);
      at += local.length + packed.length;
    }
    places.set(name, place);
    const head = fields(0x02014b50, [20, 20, 0x800, 8, 0, 0], place, name, [0, 0, 0, 0]);
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(place.offset, 4);
    central.push(head, tail, Buffer.from(name));
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

function fields(
  magic: number,
  before: readonly number[],
  place: { crc: number; packed: number; size: number },
  name: string,
  after: readonly number[],
): Buffer {
  const bytes = Buffer.alloc(4 + 2 * before.length + 12 + 2 + 2 * after.length);
  let at = bytes.writeUInt32LE(magic);
  for (const value of before) at = bytes.writeUInt16LE(value, at);
  for (const value of [place.crc, place.packed, place.size]) at = bytes.writeUInt32LE(value, at);
  at = bytes.writeUInt16LE(Buffer.byteLength(name), at);
  for (const value of after) at = bytes.writeUInt16LE(value, at);
  return bytes;
}

import { corrupt } from '../frame.ts'

/**
 * Owns what stands in the body of a checkpoint: what the caller gave, and the small values of channels, each after its length. Guarantees: lengths that do
 * not fit are found out.
 */
type CheckpointBody = { readonly given: Buffer; readonly small: ReadonlyMap<string, Buffer> }

/** Values up to this size stand in the body: a row of their own would be larger than they are. */
export const SMALL_VALUE_BYTES = 128
const LENGTH_BYTES = 4

export function encodeBody({ given, small }: CheckpointBody): Buffer {
  const pieces = [given, ...[...small].flatMap(([name, value]) => [Buffer.from(name), value])]
  const lengths = pieces.map((piece) => {
    const length = Buffer.allocUnsafe(LENGTH_BYTES)
    length.writeUInt32LE(piece.length)
    return length
  })
  return Buffer.concat(pieces.flatMap((piece, index) => [lengths[index] as Buffer, piece]))
}

/** @throws STATE_CORRUPT */
export function decodeBody(body: Buffer): CheckpointBody {
  const pieces: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const end = at + LENGTH_BYTES + (at + LENGTH_BYTES > body.length ? Number.POSITIVE_INFINITY : body.readUInt32LE(at))
    if (end > body.length) throw corrupt('expected a checkpoint, got one that is cut')
    pieces.push(body.subarray(at + LENGTH_BYTES, end))
    at = end
  }
  const [given, ...rest] = pieces
  if (!given || rest.length % 2 === 1) throw corrupt('expected a checkpoint, got a part of one')
  const small = new Map<string, Buffer>()
  for (let index = 0; index < rest.length; index += 2)
    small.set((rest[index] as Buffer).toString(), rest[index + 1] as Buffer)
  return { given, small }
}

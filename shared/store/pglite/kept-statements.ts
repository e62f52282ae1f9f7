import { ONE_PLAN_MARK } from '../planned-once.ts'

/**
 * Owns which statements PGlite keeps parsed and planned: those marked with `onePlan`, for both take it longer than to run them. Without statistics its
 * plans for any parameters can be far worse than those for the parameters at hand, so no other statement is kept.
 * Guarantees: clients notice nothing; a plan ends when tables are changed, and when much has been written, for PGlite tells no plan that its
 * tables have grown.
 */

type KeptStatements = {
  /** The messages to send in place of a piece, and `hear`, which is given each part of the answer and returns what the client is to get. */
  take(piece: readonly Buffer[]): TakenPiece
  /** The messages that close what is not kept any more, undefined when there is nothing to close. Their answer is nobody's. */
  takeClosed(): Buffer | undefined
}

type TakenPiece = { readonly messages: readonly Buffer[]; hear(data: Uint8Array): Uint8Array }
type Kept = { readonly name: string; readonly sinceBytes: number; isParsed: boolean }

/** Each takes some 50 KB. */
const MAX_KEPT = 150
/** A plan that goes through a whole table is for a small one: by then it may have a few thousand rows more. */
const MAX_WRITTEN_BYTES = 256 * 1_024
const WRITES = /\b(?:insert|update|merge)\b/i
/** After these the same text may have another result, or what was kept is gone. */
const CHANGES_TABLES = /\b(?:create|alter|drop|discard|deallocate)\b/i

const [PARSE, BIND, DESCRIBE, EXECUTE, SYNC, CLOSE, QUERY] = [...'PBDESCQ'].map((type) => type.charCodeAt(0))
const PARSE_COMPLETE = Buffer.from([...'1\0\0\0\u0004'].map((byte) => byte.charCodeAt(0)))
const BIND_COMPLETE_TYPE = '2'.charCodeAt(0)
/** Of a message: its type, and its length without that. */
const HEADER_BYTES = 5

/** A PGlite may be served again: no name is used twice. */
let names = 0

/** Starts with nothing kept. */
export function createKeptStatements(): KeptStatements {
  const kept = new Map<string, Kept>()
  const closed: string[] = []
  let writtenBytes = 0

  const close = (text: string, one: Kept) => {
    if (kept.get(text) === one) kept.delete(text)
    closed.push(one.name)
  }
  const closeAll = () => {
    for (const [text, one] of kept) close(text, one)
  }
  const find = (text: string): Kept => {
    const found = kept.get(text)
    const isFresh = found && writtenBytes - found.sinceBytes <= MAX_WRITTEN_BYTES
    if (found && !isFresh) close(text, found)
    const [oldest] = kept
    if (!isFresh && oldest && kept.size === MAX_KEPT) close(...oldest)
    const one = isFresh ? found : { name: `kept_${names++}`, sinceBytes: writtenBytes, isParsed: false }
    // Those used last stand last.
    kept.delete(text)
    kept.set(text, one)
    return one
  }

  return {
    take(piece) {
      const unchanged = { messages: piece, hear: (data: Uint8Array) => data }
      const [first, bind, ...rest] = piece
      if (!first || (first[0] !== PARSE && first[0] !== QUERY)) return unchanged
      const text = first.toString('latin1', HEADER_BYTES)
      if (!bind || !text.includes(ONE_PLAN_MARK) || !isWhole(piece)) {
        if (CHANGES_TABLES.test(text)) closeAll()
        if (WRITES.test(text)) writtenBytes += piece.reduce((sum, { length }) => sum + length, 0)
        return unchanged
      }
      const one = find(text)
      const { name, isParsed } = one
      let isFirst = true
      return {
        messages: [...(isParsed ? [] : [parseAs(name, first)]), bindTo(name, bind), ...rest],
        hear(data) {
          if (!isFirst) return data
          isFirst = false
          one.isParsed = data[0] === (isParsed ? BIND_COMPLETE_TYPE : PARSE_COMPLETE[0])
          if (!one.isParsed) close(text, one)
          return isParsed ? Buffer.concat([PARSE_COMPLETE, data]) : data
        },
      }
    },
    takeClosed() {
      if (closed.length === 0) return undefined
      const closing = closed.splice(0).map((name) => messageOf(CLOSE, Buffer.from(`S${name}\0`)))
      return Buffer.concat([...closing, messageOf(SYNC, Buffer.alloc(0))])
    },
  }
}

/** True for a statement that is parsed, bound and run once without a name, as drivers send those with parameters. */
function isWhole(piece: readonly Buffer[]): boolean {
  const types = [PARSE, BIND, DESCRIBE, EXECUTE, SYNC]
  const [parse, bind, describe] = piece
  return (
    piece.length === types.length &&
    piece.every((message, at) => message[0] === types[at]) &&
    parse?.[HEADER_BYTES] === 0 &&
    bind?.[HEADER_BYTES] === 0 &&
    bind[HEADER_BYTES + 1] === 0 &&
    describe?.[HEADER_BYTES] === 'P'.charCodeAt(0)
  )
}

function parseAs(name: string, parse: Buffer): Buffer {
  return messageOf(PARSE, Buffer.from(name), parse.subarray(HEADER_BYTES))
}

/** The portal has no name. */
function bindTo(name: string, bind: Buffer): Buffer {
  return messageOf(BIND, Buffer.from(`\0${name}`), bind.subarray(HEADER_BYTES + 1))
}

function messageOf(type: number | undefined, ...body: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(type as number)
  header.writeInt32BE(HEADER_BYTES - 1 + body.reduce((sum, { length }) => sum + length, 0), 1)
  return Buffer.concat([header, ...body])
}

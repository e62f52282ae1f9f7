import { readFile, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { AfterturnError } from '../shared/errors.ts'
import { type Transcript, TranscriptFaultError } from './transcript-format.ts'
import { parseJsonl } from './transcript-jsonl.ts'
import { parseLocomo } from './transcript-locomo.ts'

export type { Transcript, TranscriptMessage, TranscriptTurn } from './transcript-format.ts'

/**
 * Owns reading conversations from a file: JSON lines, or the LoCoMo format. Which one it is, the content says.
 * Guarantees: turn ids are stable from run to run and unique in their conversation; broken input names its file and line.
 */

/** The largest file that is read, in bytes: a transcript is held in memory whole. */
const MAX_TRANSCRIPT_BYTES = 64 * 1024 * 1024

/** What a person calls them. */
const READ_FAILURES: Record<string, string> = { ENOENT: 'no such file', EISDIR: 'a directory', EACCES: 'no permission' }

/**
 * The conversations of a file: one for JSON lines `{role, name?, content, at?, turnId?}`, one or more for LoCoMo's JSON array.
 * @throws TRANSCRIPT_INVALID with `FILE:LINE: reason (expected X, got Y)`
 */
export async function readTranscript(file: string, maxBytes: number = MAX_TRANSCRIPT_BYTES): Promise<Transcript[]> {
  try {
    const text = decode(await readBounded(file, maxBytes))
    if (text.trimStart().startsWith('[')) return parseLocomo(text)
    return [parseJsonl(text, basename(file, extname(file)))]
  } catch (error) {
    if (!(error instanceof TranscriptFaultError)) throw error
    const { line, reason, expected, got } = error.fault
    const where = line === undefined ? file : `${file}:${line}`
    throw new AfterturnError('TRANSCRIPT_INVALID', `${where}: ${reason} (expected ${expected}, got ${got})`, {
      cause: error.cause,
      ...(line === undefined && { remedy: 'Name a file that can be read.' }),
    })
  }
}

async function readBounded(file: string, maxBytes: number): Promise<Buffer> {
  let bytes: Buffer
  try {
    const { size } = await stat(file)
    if (size > maxBytes) throw tooLarge(size, maxBytes)
    bytes = await readFile(file)
  } catch (error) {
    if (error instanceof TranscriptFaultError) throw error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const got = READ_FAILURES[code] ?? (code || String(error))
    throw new TranscriptFaultError({ reason: 'the file cannot be read', expected: 'a readable file', got })
  }
  // A pipe tells no size beforehand.
  if (bytes.length > maxBytes) throw tooLarge(bytes.length, maxBytes)
  return bytes
}

function tooLarge(size: number, maxBytes: number): TranscriptFaultError {
  return new TranscriptFaultError({
    reason: 'the file is too large',
    expected: `at most ${maxBytes} bytes`,
    got: `${size}`,
  })
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // The decoder does not say where: the first line that is not UTF-8 by itself is the one.
    let line = 1
    for (let start = 0; start < bytes.length; line++) {
      const newline = bytes.indexOf(10, start)
      const end = newline === -1 ? bytes.length : newline
      const part = bytes.subarray(start, end)
      if (!Buffer.from(part.toString('utf8')).equals(part)) break
      start = end + 1
    }
    throw new TranscriptFaultError({ line, reason: 'the text is not UTF-8', expected: 'UTF-8', got: 'other bytes' })
  }
}

import { AfterturnError } from '../../../shared/errors.ts'
import type { CodeChunk, CodeSymbol } from '../../../shared/repo/index-format/code-chunk.ts'
import type { SkipReason } from '../../../shared/repo/skip-reason.ts'
import type { ParseAnswer, ParseRequest } from './parse-files.ts'
import { type ParseProcess, startParseProcess } from './parse-process.ts'
import type { PartOfFile } from './parsed-parts.ts'

/**
 * Owns the process that reads and parses, and what happens when it does not come back: it is killed, the file is cut by lines, and the others
 * go on in a new one. A file that ends two processes is left out.
 * Guarantees: every file is answered, in the order asked; one process a parser at most, none after `close`.
 */

export type ParsedFile = {
  readonly chunks: readonly CodeChunk[]
  readonly symbols: readonly CodeSymbol[]
  /** Why it was cut by lines and not by its syntax: what the grammar did. */
  readonly fallback: 'deadline' | 'crash' | null
}

/** What a file's bytes became: its text without secrets, in pieces, or why it is left out. */
type FileReading =
  | { readonly skipReason: SkipReason }
  | {
      readonly text: string
      /** As its name and its content tell it. */
      readonly language: string | null
      readonly redacted: number
      readonly parsed: ParsedFile
    }

export type CodeParserOptions = {
  /** Processor time that one file may take before it is cut by lines instead; six times as much may pass on the clock. @default 5000 */
  readonly deadlineMs?: number
  /** What the process that parses may use: half of it for syntax trees, half for its own heap. @default 512 MiB */
  readonly memoryBytes?: number
  /** After so many bytes of files a process makes way for a new one, when it has nothing to do. @default 20,000,000 */
  readonly bytesPerProcess?: number
}

type FileToRead = {
  /** By the file's name; null where that does not tell it. */
  readonly language: string | null
  readonly path: string
  readonly content: Buffer
  /** Said by the repository: no look of it makes it a program's. @default false */
  readonly isHandWritten?: boolean
  readonly signal?: AbortSignal
}

export type CodeParser = {
  /** Decodes, redacts and cuts one file; of a failing grammar `fallback` tells. Rejects only when it is aborted or closed. @throws SHUTTING_DOWN */
  read(file: FileToRead): Promise<FileReading>
  close(): Promise<void>
}

const DEFAULT_DEADLINE_MS = 5_000
const DEFAULT_MEMORY_BYTES = 512 * 1_024 * 1_024
/** What a process has grown to it keeps: 190 MB after 2 MB of source in six languages, 240 after 17, 300 after 50. A new one starts in less than a second. */
const DEFAULT_BYTES_PER_PROCESS = 20_000_000
/** So much is with the process at once, for it to have work while the parent is busy; in bytes. */
const MAX_SENT_BYTES = 1_000_000

type Waiting = Omit<ParseRequest, 'isByLines'> & {
  readonly answer: (answer: ParseAnswer) => void
  readonly fail: (error: unknown) => void
  /** How the process ended that had it first. */
  death: 'deadline' | 'crash' | null
  isSent: boolean
  isSettled: boolean
}

/** Cuts files into chunks and symbols, in a process of its own that starts with the first file. */
export function createCodeParser(options: CodeParserOptions = {}): CodeParser {
  const { deadlineMs = DEFAULT_DEADLINE_MS, memoryBytes = DEFAULT_MEMORY_BYTES } = options
  const { bytesPerProcess = DEFAULT_BYTES_PER_PROCESS } = options
  /** In the order of the answers; the process works on the first. */
  let queue: Waiting[] = []
  let process: ParseProcess | undefined
  let sentToProcess = 0
  let replaced: Promise<unknown> = Promise.resolve()
  let isClosed = false

  function pump(): void {
    if (queue.length === 0) {
      if (sentToProcess >= bytesPerProcess) replace()
      else process?.rest()
      return
    }
    process ??= start()
    let sentBytes = 0
    for (const file of queue) {
      if (sentBytes > MAX_SENT_BYTES) break
      sentBytes += file.content.length
      if (file.isSent) continue
      file.isSent = true
      sentToProcess += file.content.length
      const { language, content, path, isHandWritten, death } = file
      process.send({ language, content, path, isHandWritten, isByLines: death !== null })
    }
  }

  function start(): ParseProcess {
    sentToProcess = 0
    // The end of one that was replaced says nothing of its successor.
    const started: ParseProcess = startParseProcess({
      deadlineMs,
      memoryBytes,
      onAnswer,
      onEnd: (reason) => process === started && onEnd(reason),
    })
    return started
  }

  function replace(): void {
    const old = process
    process = undefined
    sentToProcess = 0
    replaced = Promise.all([replaced, old?.kill()])
  }

  function onAnswer(answer: ParseAnswer): void {
    queue.shift()?.answer(answer)
    pump()
  }

  function onEnd(reason: 'deadline' | 'crash' | 'never_started'): void {
    process = undefined
    if (reason === 'never_started') {
      const error = new AfterturnError('SETUP_FAILED', 'The process that parses code ended before it was ready.')
      for (const file of queue.splice(0)) file.fail(error)
      return
    }
    for (const file of queue) file.isSent = false
    const [first] = queue
    if (first?.isSettled) queue.shift()
    else if (first?.death === null) first.death = reason
    else queue.shift()?.answer({ skipReason: 'unparsable' })
    pump()
  }

  async function ask(file: Omit<ParseRequest, 'isByLines'>, signal: AbortSignal | undefined) {
    signal?.throwIfAborted()
    if (isClosed) throw new AfterturnError('SHUTTING_DOWN', 'The code parser was closed.')
    const { promise, resolve, reject } = Promise.withResolvers<ParseAnswer>()
    const waiting: Waiting = { ...file, death: null, isSent: false, isSettled: false, answer: resolve, fail: reject }
    const onAbort = () => {
      if (!waiting.isSent) queue = queue.filter((other) => other !== waiting)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    queue.push(waiting)
    pump()
    try {
      return { answer: await promise, death: waiting.death }
    } finally {
      waiting.isSettled = true
      signal?.removeEventListener('abort', onAbort)
    }
  }

  return {
    async read({ language, path, content, isHandWritten = false, signal }) {
      const { answer, death } = await ask({ language, path, content, isHandWritten }, signal)
      if ('skipReason' in answer) return answer
      const { text, redacted, language: found, parts, symbols } = answer
      const chunks = parts.map((part) => chunkOf(part, text))
      return { text, language: found, redacted, parsed: { chunks, symbols, fallback: death } }
    },
    async close() {
      isClosed = true
      const error = new AfterturnError('SHUTTING_DOWN', 'The code parser was closed.')
      for (const file of queue.splice(0)) file.fail(error)
      await Promise.all([replaced, process?.kill()])
    },
  }
}

/** A copy with the line ends of Windows needs no vectors of its own. */
const CR_OF_LINE = /\r(?=\n|$)/g

function chunkOf({ from, to, ...part }: PartOfFile, file: string): CodeChunk {
  const text = file.slice(from, to)
  const embeddedText = (part.scope === '' ? text : `${part.scope}\n${text}`).replace(CR_OF_LINE, '')
  return { ...part, text, embeddedText }
}

import { AfterturnError } from '../../../shared/errors.ts'
import type { CodeChunk, CodeSymbol } from '../../../shared/repo/index-format/code-chunk.ts'
import { GRAMMARS } from './grammars.ts'
import { type ParseProcess, startParseProcess } from './parse-process.ts'
import { type ParsedParts, type PartOfFile, partsOf } from './parsed-parts.ts'

/**
 * Owns the process that parses, and what happens when a grammar does not come back: that process is killed, the file is cut by lines, and
 * the others go on in a new one.
 * Guarantees: every file is answered, in the order asked; one process a parser at most, none after `close`.
 */

/** Why a file was cut by lines and not by its syntax: what the grammar did, or that there is none. */
export type ParseFallback = 'deadline' | 'crash' | 'too_large' | 'no_grammar'

export type ParsedFile = {
  readonly chunks: readonly CodeChunk[]
  readonly symbols: readonly CodeSymbol[]
  readonly fallback: ParseFallback | null
}

export type CodeParserOptions = {
  /** What one file may take before it is cut by lines instead. @default 5000 */
  readonly deadlineMs?: number
  /** What the process that parses may use: half of it for syntax trees, half for its own heap. @default 512 MiB */
  readonly memoryBytes?: number
  /** After so many UTF-16 units a process makes way for a new one, when it has nothing to do. @default 20,000,000 */
  readonly charsPerProcess?: number
}

export type FileToParse = { readonly language: string | null; readonly text: string; readonly signal?: AbortSignal }

export type CodeParser = {
  /** Cuts one file. A failing grammar is not a failure: see `fallback`. Rejects only when it is aborted or closed. @throws SHUTTING_DOWN */
  parse(file: FileToParse): Promise<ParsedFile>
  close(): Promise<void>
}

const DEFAULT_DEADLINE_MS = 5_000
const DEFAULT_MEMORY_BYTES = 512 * 1_024 * 1_024
/** What a process has grown to it keeps: 160 MB after 2 MB of source, 260 after 17, 670 after 50. A new one starts in less than a second. */
const DEFAULT_CHARS_PER_PROCESS = 20_000_000
/** Larger files are data, and a tree takes some thirty times their size; in UTF-16 units. */
const MAX_PARSED_CHARS = 2_000_000
/** So many requests are with the process at once, for it to have work while the parent is busy; in UTF-16 units. */
const MAX_SENT_CHARS = 1_000_000

/** Languages whose outline is read without a grammar. */
const TEXT_LANGUAGES = new Set(['markdown', 'sql', 'json', 'yaml', 'toml', 'html', 'text'])

type Waiting = FileToParse & {
  readonly answer: (parts: ParsedParts) => void
  readonly fail: (error: unknown) => void
  fallback: ParseFallback | null
  isSent: boolean
  isSettled: boolean
}

/** Cuts files into chunks and symbols, in a process of its own that starts with the first file. */
export function createCodeParser(options: CodeParserOptions = {}): CodeParser {
  const { deadlineMs = DEFAULT_DEADLINE_MS, memoryBytes = DEFAULT_MEMORY_BYTES } = options
  const { charsPerProcess = DEFAULT_CHARS_PER_PROCESS } = options
  /** In the order of the answers; the process works on the first. */
  let queue: Waiting[] = []
  let process: ParseProcess | undefined
  let sentToProcess = 0
  let replaced: Promise<unknown> = Promise.resolve()
  let isClosed = false

  function pump(): void {
    if (queue.length === 0) {
      if (sentToProcess >= charsPerProcess) replace()
      else process?.rest()
      return
    }
    process ??= start()
    let sentChars = 0
    for (const file of queue) {
      if (sentChars > MAX_SENT_CHARS) break
      sentChars += file.text.length
      if (file.isSent) continue
      file.isSent = true
      sentToProcess += file.text.length
      process.send({ language: file.fallback === null ? file.language : null, text: file.text })
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

  function onAnswer(parts: ParsedParts): void {
    queue.shift()?.answer(parts)
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
    else if (first?.fallback === null) first.fallback = reason
    else if (first) queue.shift()?.answer(cutWithoutProcess(first.text))
    pump()
  }

  return {
    async parse(file) {
      file.signal?.throwIfAborted()
      if (isClosed) throw new AfterturnError('SHUTTING_DOWN', 'The code parser was closed.')
      const { promise, resolve, reject } = Promise.withResolvers<ParsedParts>()
      const waiting: Waiting = {
        ...file,
        fallback: fallbackFrom(file),
        isSent: false,
        isSettled: false,
        answer: resolve,
        fail: reject,
      }
      const onAbort = () => {
        if (!waiting.isSent) queue = queue.filter((other) => other !== waiting)
        reject(file.signal?.reason)
      }
      file.signal?.addEventListener('abort', onAbort, { once: true })
      queue.push(waiting)
      pump()
      try {
        const { parts, symbols } = await promise
        return { chunks: parts.map((part) => chunkOf(part, file.text)), symbols, fallback: waiting.fallback }
      } finally {
        waiting.isSettled = true
        file.signal?.removeEventListener('abort', onAbort)
      }
    },
    async close() {
      isClosed = true
      const error = new AfterturnError('SHUTTING_DOWN', 'The code parser was closed.')
      for (const file of queue.splice(0)) file.fail(error)
      await Promise.all([replaced, process?.kill()])
    },
  }
}

function fallbackFrom({ language, text }: FileToParse): ParseFallback | null {
  if (language === null || !(GRAMMARS.has(language) || TEXT_LANGUAGES.has(language))) return 'no_grammar'
  return text.length > MAX_PARSED_CHARS ? 'too_large' : null
}

/** A text that its process could not even cut by lines, as one with too little memory; the number of tokens is a guess that is too high. */
function cutWithoutProcess(text: string): ParsedParts {
  return partsOf(text, text.split('\n'), [], (part) => Math.ceil(part.length / 2))
}

function chunkOf({ from, to, ...part }: PartOfFile, file: string): CodeChunk {
  const text = file.slice(from, to)
  return { ...part, text, embeddedText: part.scope === '' ? text : `${part.scope}\n${text}` }
}

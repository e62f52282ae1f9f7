import type { CodeChunk, CodeSymbol } from '../../shared/repo/code-chunk.ts'

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
  /** What the process that parses may use. @default 512 MiB */
  readonly memoryBytes?: number
}

export type CodeParser = {
  /** Cuts one file. A failing grammar is not a failure: see `fallback`. Rejects only when aborted or closed. */
  parse(file: {
    readonly language: string | null
    readonly text: string
    readonly signal?: AbortSignal
  }): Promise<ParsedFile>
  close(): Promise<void>
}

/** Cuts files into chunks and symbols, in a process of its own. */
export function createCodeParser(_options: CodeParserOptions = {}): CodeParser {
  return {
    async parse({ text }) {
      const lines = text.split('\n').length
      const chunk: CodeChunk = {
        startLine: 1,
        endLine: lines,
        kind: 'window',
        symbol: null,
        scope: '',
        text,
        embeddedText: text,
        tokens: Math.ceil(text.length / 3),
      }
      return { chunks: text.trim() === '' ? [] : [chunk], symbols: [], fallback: 'no_grammar' }
    },
    async close() {},
  }
}

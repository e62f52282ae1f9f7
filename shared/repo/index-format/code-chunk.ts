/**
 * Owns what a file of a repository is cut into: chunks, which are searched, and symbols, which are listed.
 * Neither holds the file's path: the same content under another path is the same chunks.
 */

export type ChunkKind = 'function' | 'method' | 'class' | 'block' | 'section' | 'window'

export type CodeChunk = {
  /** 1-based, both included. Every line of a file that is not blank is in a chunk. */
  readonly startLine: number
  readonly endLine: number
  readonly kind: ChunkKind
  /** The name of what the chunk defines; null for a part of the file that has none. */
  readonly symbol: string | null
  /** Where it stands: `class Foo > method bar`; empty at the top of a file. */
  readonly scope: string
  /** The source of these lines as it is; a part of a line where one line is longer than a chunk may be. */
  readonly text: string
  /** The text that is embedded, and of which its terms are made: the scope, then the text, with the line ends of Unix. */
  readonly embeddedText: string
  /** Of `text`. */
  readonly tokens: number
}

export type CodeSymbol = {
  readonly name: string
  /** `function`, `method`, `class`, `interface`, `type`, `constant` and the like. */
  readonly kind: string
  /** 1-based, both included, without the comments before it. */
  readonly startLine: number
  readonly endLine: number
  /** What it stands in: `class Foo`; empty at the top of a file. */
  readonly scope: string
}

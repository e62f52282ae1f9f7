/** What a file defines, as a tree, by 0-based lines: what a grammar or the rules of a text format read and what the cutting goes by. */
export type Definition = {
  /** `function`, `method`, `class`, `section` and so on. */
  readonly kind: string
  readonly name: string
  /** With the comments and attributes before it. */
  readonly firstLine: number
  /** Where the definition itself begins. */
  readonly line: number
  readonly lastLine: number
  readonly members: readonly Definition[]
}

/** A definition that begins on a line, and its depth; it reaches to the next that is no deeper. */
export type Heading = { readonly line: number; readonly level: number; readonly kind: string; readonly name: string }

import type { RepoFile } from './git-objects.ts'
import type { Selected } from './skip-rules.ts'

export type TreeFile = RepoFile & Selected

/** The files of one commit, or of a working tree, and the way to what they hold. */
export type SourceTree = {
  /** Hexadecimal; null for a working tree. */
  readonly commit: string | null
  readonly files: readonly TreeFile[]
  /** Changes when what the repository says of its own files does. */
  readonly rules: Buffer
  /** What the files hold, in their order; null for what cannot be read. */
  read(
    files: readonly { readonly oid: string; readonly path: string }[],
  ): AsyncGenerator<{ readonly content: Buffer | null }>
}

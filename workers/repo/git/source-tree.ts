import type { RepoFile } from './git-objects.ts'
import type { GitRules } from './git-rules.ts'

/** The files of one commit, or of a working tree, and the way to what they hold. */
export type SourceTree = {
  /** Hexadecimal; null for a working tree. */
  readonly commit: string | null
  readonly files: readonly RepoFile[]
  readonly rules: GitRules
  /** What the files hold, in their order; null for what cannot be read. */
  read(
    files: readonly { readonly oid: string; readonly path: string }[],
  ): AsyncGenerator<{ readonly content: Buffer | null }>
}

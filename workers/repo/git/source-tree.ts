import type { RepoFile } from './git-objects.ts'
import { createGitRules } from './git-rules.ts'
import type { RuleFile } from './rule-files.ts'
import { type Selected, skipFiles } from './skip-rules.ts'

/** Owns what is known of a tree before it is read, and what becomes of the files of a commit by the rules among them. */

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

/** The files of a commit, with those among them that hold rules. */
export type CommitFiles = { readonly files: readonly RepoFile[]; readonly ruleFiles: readonly RuleFile[] }

/** What becomes of each file, in their order. */
export type ListedCommit = { readonly selected: readonly Selected[]; readonly rules: Uint8Array }

/** To start a thread takes twice as long. */
const AT_ONCE_MS = 50
/** With more, what is done before the first step may take longer than that, whoever wrote them. */
const MAX_FILES_AT_ONCE = 20_000
/** The same of a single step; in characters of all paths, and of all rules. */
const MAX_PATHS_AT_ONCE = 500_000
const MAX_RULES_AT_ONCE = 2_000

/** Follows the rules of a commit; `step` is called on the way. @throws REPO_BROKEN, REPO_TOO_LARGE */
export function listCommit({ files, ruleFiles }: CommitFiles, step: () => void, maxTimeMs?: number): ListedCommit {
  const rules = createGitRules(ruleFiles, maxTimeMs === undefined ? {} : { maxTimeMs })
  return { selected: skipFiles(files, rules, undefined, step), rules: rules.fingerprint() }
}

/** The same where it is done in next to no time; else, and where it fails, undefined. */
export function listAtOnce(commit: CommitFiles): ListedCommit | undefined {
  if (commit.files.length > MAX_FILES_AT_ONCE) return undefined
  if (lengthOf(commit.files.map(({ path }) => path)) > MAX_PATHS_AT_ONCE) return undefined
  if (lengthOf(commit.ruleFiles.map(({ text }) => text)) > MAX_RULES_AT_ONCE) return undefined
  const endMs = performance.now() + AT_ONCE_MS
  const step = () => {
    if (performance.now() > endMs) throw new Error('It takes longer.')
  }
  try {
    return listCommit(commit, step, AT_ONCE_MS)
  } catch {
    return undefined
  }
}

function lengthOf(texts: readonly (string | null)[]): number {
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0)
}

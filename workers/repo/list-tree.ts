import type { SkipReason } from '../../shared/repo/skip-reason.ts'
import type { RepoFile } from './git/git-objects.ts'
import { createGitRules } from './git/git-rules.ts'
import { skipByPath } from './git/skip-rules.ts'
import { type ListedDirectory, listWorkingTree } from './git/working-tree.ts'
import { answerInThread } from './in-thread.ts'
import type { RuleFile } from './rule-files.ts'

/**
 * A thread of its own, started by `open-repo.ts`: it walks directories and follows the rules of repositories, which may have been made to keep
 * it busy.
 */

/** A directory to walk, or the files of a commit with the files among them that hold rules. */
export type ListRequest =
  | { readonly kind: 'directory'; readonly root: string }
  | { readonly kind: 'commit'; readonly files: readonly RepoFile[]; readonly ruleFiles: readonly RuleFile[] }

/** Why each file is left out, in their order. */
export type ListedCommit = { readonly skipReasons: readonly (SkipReason | null)[]; readonly rules: Uint8Array }

await answerInThread<ListRequest>((request, step): Promise<ListedDirectory> | ListedCommit => {
  if (request.kind === 'directory') return listWorkingTree(request.root, step)
  const rules = createGitRules(request.ruleFiles)
  const skipReasons = request.files.map((file) => {
    step()
    return skipByPath(file, rules)
  })
  return { skipReasons, rules: rules.fingerprint() }
})

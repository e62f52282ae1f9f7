import type { RepoFile } from './git-objects.ts'
import { createGitRules } from './git-rules.ts'
import { answerInThread } from './in-thread.ts'
import type { RuleFile } from './rule-files.ts'
import { type Selected, skipFiles } from './skip-rules.ts'
import type { WorkingPlace } from './working-place.ts'
import { type ListedDirectory, listWorkingTree } from './working-tree.ts'

/**
 * A thread of its own, started by `open-repo.ts`: it walks directories and follows the rules of repositories, which may have been made to keep
 * it busy.
 */

/** A directory to walk, or the files of a commit with the files among them that hold rules. */
export type ListRequest =
  | { readonly kind: 'directory'; readonly place: WorkingPlace }
  | { readonly kind: 'commit'; readonly files: readonly RepoFile[]; readonly ruleFiles: readonly RuleFile[] }

/** What becomes of each file, in their order. */
export type ListedCommit = { readonly selected: readonly Selected[]; readonly rules: Uint8Array }

await answerInThread<ListRequest>((request, step): ListedDirectory | ListedCommit => {
  if (request.kind === 'directory') return listWorkingTree(request.place, step)
  const rules = createGitRules(request.ruleFiles)
  return { selected: skipFiles(request.files, rules, undefined, step), rules: rules.fingerprint() }
})

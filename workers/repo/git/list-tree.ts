import { answerInThread } from '../in-thread.ts'
import { type CommitFiles, type ListedCommit, listCommit } from './source-tree.ts'
import type { WorkingPlace } from './working-place.ts'
import { type ListedDirectory, listWorkingTree } from './working-tree.ts'

/**
 * A thread of its own, started by `open-repo.ts`: it walks directories and follows the rules of repositories, which may have been made to keep
 * it busy.
 */

/** A directory to walk, or a commit. */
export type ListRequest =
  | { readonly kind: 'directory'; readonly place: WorkingPlace }
  | (CommitFiles & { readonly kind: 'commit' })

await answerInThread<ListRequest>((request, step): ListedDirectory | ListedCommit =>
  request.kind === 'directory' ? listWorkingTree(request.place, step) : listCommit(request, step),
)

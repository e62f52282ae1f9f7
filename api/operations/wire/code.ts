import { z } from 'zod'

/** Owns code and its places as they travel. */

export const repoId = z.string().min(1).meta({ description: "The app's own name of the repository" })
export const ref = z
  .string()
  .min(1)
  .meta({ description: 'A branch, a tag, a commit, or :worktree for the files on disk; by default HEAD' })

/** Where code is looked for. */
export const codeScope = {
  repoIds: z.array(z.string().min(1)).min(1).optional().meta({ description: 'By default all repositories' }),
  ref: ref.optional(),
  pathGlob: z.string().min(1).optional().meta({ description: 'Paths as patterns of git, for example src/**/*.ts' }),
  language: z.string().min(1).optional().meta({ description: 'For example typescript, ts or c++' }),
}

export const placeShape = {
  repoId: z.string(),
  ref: z.string(),
  commit: z.string().nullable(),
  path: z.string(),
  language: z.string().nullable(),
  startLine: z.int(),
  endLine: z.int(),
  blobId: z.string(),
  permalink: z.string(),
}
export const symbolShape = { name: z.string(), kind: z.string(), scope: z.string() }

import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { count, DAY_SECONDS, MINUTE_MS, text } from './value-checks.ts'

const GIB = 1_024 ** 3
const rootsExpected = 'absolute paths, with : between them'

/** Where repositories may come from, how large they may be, and what search keeps of them. */
export const repoSettings = {
  repoRoots: z
    .union([z.string().transform((paths) => paths.split(':')), z.array(z.string())], rootsExpected)
    .pipe(z.array(z.string().refine(isAbsolute, rootsExpected), rootsExpected).min(1, rootsExpected))
    .optional()
    .describe(
      'Directories under which paths and file:// addresses may be indexed, with : between them. Without it: any in development, none in production',
    ),
  repoMirrorDir: text
    .default('.data/mirrors')
    .describe(
      'Where workers keep bare mirrors of what they clone; it can be deleted at any time, and is then fetched again',
    ),
  repoMaxBytes: count(1_024, 1_024 * GIB)
    .default(2 * GIB)
    .describe('The size of a mirror; what is fetched beyond it is refused'),
  repoFetchTimeoutMs: count(1_000, 24 * 60 * MINUTE_MS)
    .default(10 * MINUTE_MS)
    .describe('The time that fetching a repository may take'),
  repoGarbageGraceMs: count(0, 365 * DAY_SECONDS * 1_000)
    .default(DAY_SECONDS * 1_000)
    .describe('How long what is found in a file is kept after no branch has the file any more'),
  repoSearchMemoryBytes: count(1_024 * 1_024, 64 * GIB)
    .default(256 * 1_024 * 1_024)
    .describe(
      'What each process keeps in its memory of the repositories that it searches; more than that is read again each time',
    ),
}

import { z } from 'zod'
import { idSchema } from '../shared/parse-input.ts'
import { compositeKey } from '../shared/redis/keys.ts'
import { refSchema } from '../shared/repo/repo-source.ts'
import { defineQueue, orgPayload, orgSlots } from './define-queue.ts'

/** Enough for the first index of a large repository with a remote embedding model. */
const TIMEOUT_MS = 4 * 3_600_000

/** A wake-up for one ref of a repository: brings its index to the newest commit. A push during a run causes one more run. */
export const repoIndexing = defineQueue({
  name: 'repo-indexing',
  description: "Brings the index of a repository's ref to its newest commit",
  payload: z.strictObject({ ...orgPayload, repoId: idSchema, ref: refSchema }),
  concurrency: 1,
  deduplicationKey: ({ orgId, repoId, ref }) => compositeKey(orgId, repoId, ref),
  isRepeatedWhenActive: true,
  timeoutMs: TIMEOUT_MS,
  slots: orgSlots,
})

import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { bySchema, idSchema, isStorable, parseInput, STORABLE } from '../parse-input.ts'
import { isRedacted } from '../redact/redact-secrets.ts'
import { statesSecret } from '../redact/states-secret.ts'
import type { Database } from '../store/database.ts'
import {
  type OrgInstructions,
  readExtractionInstructions,
  writeExtractionInstructions,
} from '../store/memories/extraction-instructions.ts'
import { requestReextraction } from '../store/memories/reextractions.ts'
import { withStoreErrors } from '../store/with-store-errors.ts'
import { timeSchema } from './recording/turn-input.ts'

/** Changes that an org makes to extraction: its own instructions, and extracting turns again. */
export type ReextractionApi = {
  /**
   * Extracts turns again in the fleet, with the current model and instructions: facts that a turn no longer yields end, and new ones are added. Written,
   * reviewed and forgotten facts stay as they are: a forgotten fact does not come back. `memory.status` shows the progress.
   * @throws INPUT_INVALID and the codes of the store
   */
  reextract(input: ReextractInput): Promise<{ readonly id: number }>
  /** The org's additions to the model's prompt of extraction. The local rules ignore them. */
  readonly instructions: {
    /**
     * Sets the instructions, which apply from the next extraction on; `reextract` applies them to earlier turns. They affect which memories are kept and
     * how they are worded; the rules on speakers, quotes and secrets do not change.
     * @throws INPUT_INVALID, also if they state a secret; the codes of the store
     */
    set(input: { readonly orgId: string; readonly text: string; readonly by?: string | undefined }): Promise<void>
    /** Returns the instructions, and who set them when; null without any. */
    get(input: { readonly orgId: string }): Promise<OrgInstructions | null>
    /** Removes the instructions. */
    clear(input: { readonly orgId: string }): Promise<void>
  }
}

export type ReextractInput = {
  readonly orgId: string
  readonly workstreamId?: string | undefined
  /** Only turns from this time on. @default all */
  readonly since?: Date | undefined
  /** Who requests it, by the host's name for them. @default 'app' */
  readonly by?: string | undefined
}

type ReextractionServices = {
  readonly database: Database
  readonly clock: Clock
  /** Enqueues the wake-up; it may fail, the sweeper makes up for it. */
  scheduleReextraction(orgId: string): Promise<unknown>
}

const MAX_INSTRUCTION_CHARS = 2_000

const orgSchema = z.strictObject({ orgId: idSchema })
const reextractSchema = z.strictObject({
  orgId: idSchema,
  workstreamId: idSchema.optional(),
  since: timeSchema.optional(),
  by: bySchema,
})
const instructionsSchema = z.strictObject({
  orgId: idSchema,
  text: z
    .string()
    .max(MAX_INSTRUCTION_CHARS)
    .transform((text) => text.trim())
    .refine(isStorable, STORABLE)
    .refine((text) => text !== '', 'expected words, got none')
    .refine(
      (text) => !statesSecret(text) && !isRedacted(text),
      'expected a text without secrets, got one with a secret',
    ),
  by: bySchema,
})

/** Binds both to a runtime's services. */
export function bindReextraction({ database, clock, scheduleReextraction }: ReextractionServices): ReextractionApi {
  return {
    async reextract(input) {
      const { by, ...scope } = parseInput(reextractSchema, input, 'selection')
      const requested = await withStoreErrors(requestReextraction(database, scope, { by, at: clock.now() }))
      await scheduleReextraction(scope.orgId)
      return requested
    },
    instructions: {
      async set(input) {
        const { orgId, text, by } = parseInput(instructionsSchema, input, 'instructions')
        await withStoreErrors(writeExtractionInstructions(database, orgId, { text, setBy: by, setAt: clock.now() }))
      },
      async get(input) {
        const { orgId } = parseInput(orgSchema, input, 'selection')
        return (await withStoreErrors(readExtractionInstructions(database, orgId))) ?? null
      },
      async clear(input) {
        const { orgId } = parseInput(orgSchema, input, 'selection')
        await withStoreErrors(writeExtractionInstructions(database, orgId, undefined))
      },
    },
  }
}

import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { AfterturnError } from '../errors.ts'
import type { WithOrgMemoryLock } from '../lock/org-memory-lock.ts'
import { type Metadata, metadataSchema } from '../metadata.ts'
import { bySchema, idSchema, isStorable, parseInput, STORABLE } from '../parse-input.ts'
import { isRedacted } from '../redact/redact-secrets.ts'
import { statesSecret } from '../redact/states-secret.ts'
import type { Database } from '../store/database.ts'
import { fencedTransaction } from '../store/memories/org-fences.ts'
import { endMemories, type OpenFact, readOpenFact } from '../store/memories/written-facts.ts'
import type { MemoryScope } from '../store/scopes.ts'
import { withStoreErrors } from '../store/with-store-errors.ts'
import { withoutInjected } from './injected-blocks.ts'
import { MEMORY_KINDS, type MemoryKind } from './memory-kinds.ts'
import { momentSchema } from './recording/turn-input.ts'

/**
 * Facts that an app writes into memory itself, in addition to those that turns state. The source of such a fact is a turn without messages, so that
 * history, export and erasing treat it like any other memory. Each call waits for the org's memory lock.
 */
export type MemoryWrites = {
  /**
   * Adds a fact, under the same rules as a fact stated in a turn: a known fact is observed once more, a new value replaces the old value of the same
   * property, and a fact that reads like an order to a model is held for review.
   * @throws INPUT_INVALID, also if the fact states a secret; what the models, the lock and the store throw
   */
  add(input: AddMemoryInput): Promise<WrittenMemory>
  /**
   * Writes a new version of a current memory; the old one is superseded and stays in its history.
   * @throws INPUT_INVALID, MEMORY_UNKNOWN; what the models, the lock and the store throw
   */
  update(input: UpdateMemoryInput): Promise<WrittenMemory>
  /**
   * Ends a memory now without replacing it: no search returns it, and its history shows who ended it and when. `erase` deletes it instead.
   * @throws INPUT_INVALID, MEMORY_UNKNOWN; what the lock and the store throw
   */
  forget(input: ForgetMemoryInput): Promise<void>
}

export type AddMemoryInput = {
  readonly orgId: string
  /** The user whom the fact is about unless it names somebody else, and who finds it. */
  readonly userId?: string | undefined
  readonly agentId?: string | undefined
  readonly workstreamId?: string | undefined
  /** Who finds it. @default 'user' with a userId, else 'agent' with an agentId, else 'workstream' with a workstreamId, else 'org' */
  readonly scope?: MemoryScope | undefined
  /** One sentence of at most 1,000 characters that can be understood on its own. */
  readonly fact: string
  /** @default 'fact' */
  readonly kind?: MemoryKind | undefined
  /** The name of the person or thing that the fact is about. @default the one that the sentence names, else the user */
  readonly subject?: string | undefined
  /** The property that the fact states, if it has one value at a time, such as `residence`. @default what the sentence says, in English */
  readonly attribute?: string | undefined
  /** 0 to 1. @default 0.5 */
  readonly importance?: number | undefined
  /** What a search may filter by. @default none */
  readonly metadata?: Metadata | undefined
  /** When it was said, also as ISO 8601 with its zone. At most a day ahead. @default now */
  readonly at?: Date | string | undefined
  /** The writer, by the host's name for them. @default 'app' */
  readonly by?: string | undefined
}
export type UpdateMemoryInput = {
  readonly orgId: string
  readonly memoryId: number
  readonly fact: string
  /** @default that of the version before */
  readonly metadata?: Metadata | undefined
  /** @default 'app' */
  readonly by?: string | undefined
}
export type ForgetMemoryInput = Omit<UpdateMemoryInput, 'fact' | 'metadata'>

export type WrittenMemory = {
  readonly memoryId: number
  /** `known`: it was observed once more. `held`: it is held for review, and no search returns it. */
  readonly outcome: 'added' | 'known' | 'held'
}

/** A fact that an app wrote, checked. */
export type WrittenFact = Omit<AddMemoryInput, 'orgId' | 'kind' | 'importance' | 'at' | 'by' | 'scope'> & {
  readonly kind: MemoryKind
  readonly importance: number
  readonly scope: MemoryScope
  readonly at: Date
  readonly by: string
}

/** Stores a fact; with `replaces` as the next version of that memory. */
export type StoreFact = (
  orgId: string,
  fact: WrittenFact,
  replaces?: OpenFact & { readonly id: number },
) => Promise<WrittenMemory>

type MemoryWriteServices = {
  readonly database: Database
  readonly clock: Clock
  readonly withOrgMemoryLock: WithOrgMemoryLock
  readonly storeFact: StoreFact
}

const MAX_FACT_CHARS = 1_000
const MAX_SUBJECT_CHARS = 200
const MAX_ATTRIBUTE_CHARS = 100
/** Spaces, marks and invisible characters alone say nothing. */
const SHOWN = /[\p{L}\p{N}\p{S}]/u

function textSchema(maxChars: number) {
  return z
    .string()
    .max(maxChars)
    .transform((text) => text.trim())
    .refine(isStorable, STORABLE)
    .refine((text) => SHOWN.test(text), 'expected words, got none')
    .refine(
      (text) => SHOWN.test(withoutInjected(text, '')),
      'expected words of its own, got a block of recalled memory',
    )
    .refine(
      (text) => !statesSecret(text) && !isRedacted(text),
      'expected a text without secrets, got one with a secret',
    )
}

const memoryIdSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

function addSchema(now: () => Date) {
  return z
    .strictObject({
      orgId: idSchema,
      userId: idSchema.optional(),
      agentId: idSchema.optional(),
      workstreamId: idSchema.optional(),
      scope: z.enum(['org', 'user', 'agent', 'workstream']).optional(),
      fact: textSchema(MAX_FACT_CHARS),
      kind: z.enum(MEMORY_KINDS).default('fact'),
      subject: textSchema(MAX_SUBJECT_CHARS).optional(),
      attribute: textSchema(MAX_ATTRIBUTE_CHARS).optional(),
      importance: z.number().min(0).max(1).default(0.5),
      metadata: metadataSchema.optional(),
      at: momentSchema(now).default(now),
      by: bySchema,
    })
    .transform((input) => ({ ...input, scope: input.scope ?? narrowestScope(input) }))
    .refine((input) => input.scope === 'org' || input[`${input.scope}Id`] !== undefined, {
      path: ['scope'],
      error: 'expected the id that the scope names beside it, got none',
    })
}

const updateSchema = z.strictObject({
  orgId: idSchema,
  memoryId: memoryIdSchema,
  fact: textSchema(MAX_FACT_CHARS),
  metadata: metadataSchema.optional(),
  by: bySchema,
})
const forgetSchema = z.strictObject({ orgId: idSchema, memoryId: memoryIdSchema, by: bySchema })

/** The error of a memory that does not hold, or is none of the org. */
export function notOpen(memoryId: number): AfterturnError {
  return new AfterturnError('MEMORY_UNKNOWN', `Expected a memory that holds now, got ${memoryId}, which does not.`)
}

/** Binds the writes to a runtime's services. */
export function createMemoryWrites(services: MemoryWriteServices): MemoryWrites {
  const { database, clock, withOrgMemoryLock, storeFact } = services
  const additions = addSchema(() => clock.now())
  return {
    async add(input) {
      const { orgId, ...fact } = parseInput(additions, input, 'memory')
      return withStoreErrors(storeFact(orgId, fact))
    },
    async update(input) {
      const { orgId, memoryId, fact, metadata, by } = parseInput(updateSchema, input, 'memory')
      const open = await withStoreErrors(readOpenFact(database, orgId, memoryId))
      if (!open) throw notOpen(memoryId)
      const { userId, agentId, workstreamId } = open
      const written = {
        fact,
        kind: open.kind as MemoryKind,
        importance: open.importance,
        userId: userId ?? undefined,
        agentId: agentId ?? undefined,
        workstreamId: workstreamId ?? undefined,
        scope: scopeOfOwner(open),
        metadata: metadata ?? open.metadata,
        at: clock.now(),
        by,
      }
      return withStoreErrors(storeFact(orgId, written, { ...open, id: memoryId }))
    },
    async forget(input) {
      const { orgId, memoryId, by } = parseInput(forgetSchema, input, 'memory')
      const ended = await withStoreErrors(
        withOrgMemoryLock(orgId, ({ fence }) =>
          fencedTransaction(database, fence, (transaction) =>
            endMemories(transaction, [memoryId], { by, at: clock.now() }),
          ),
        ),
      )
      if (ended === 0) throw notOpen(memoryId)
    },
  }
}

function narrowestScope(input: Pick<AddMemoryInput, 'userId' | 'agentId' | 'workstreamId'>): MemoryScope {
  if (input.userId !== undefined) return 'user'
  if (input.agentId !== undefined) return 'agent'
  return input.workstreamId === undefined ? 'org' : 'workstream'
}

function scopeOfOwner({ owner }: OpenFact): MemoryScope {
  if (owner.userId !== null) return 'user'
  if (owner.agentId !== null) return 'agent'
  return owner.workstreamId === null ? 'org' : 'workstream'
}

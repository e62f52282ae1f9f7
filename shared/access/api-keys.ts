import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { AfterturnError } from '../errors.ts'
import { bySchema, idSchema, parseInput } from '../parse-input.ts'
import { type ApiKeyRow, insertApiKey, type KeyPlace, readApiKeys, revokeApiKey } from '../store/control/api-keys.ts'
import type { Database } from '../store/database.ts'
import { readInTime, withStoreErrors } from '../store/with-store-errors.ts'
import { cleanText } from '../text/clean-text.ts'
import { createKeyText } from './api-key-text.ts'
import { SCOPES, type Scope } from './scopes.ts'

/** The keys with which programs reach the API. In addition to the errors named, each call throws the codes of the store (STORE_…). */
export type ApiKeys = {
  /**
   * Creates a key. Its text is returned only this once and stored nowhere.
   * @throws INPUT_INVALID
   */
  create(input: CreateKeyInput): Promise<CreatedKey>
  /** Lists the keys of an org, including revoked ones, newest first; `after` is the last key of the previous page. @default limit 100 */
  list(input: {
    readonly orgId: string
    readonly userId?: string | undefined
    readonly limit?: number
    readonly after?: KeyPlace | undefined
  }): Promise<ApiKey[]>
  /**
   * Revokes a key. Every process refuses it from then on.
   * @throws INPUT_INVALID, KEY_UNKNOWN
   */
  revoke(input: { readonly orgId: string; readonly keyId: string }): Promise<void>
}

export type CreateKeyInput = {
  /** The only org that it reaches; `*` for every org, for a host whose customers are orgs. */
  readonly orgId: string
  /** The only user for whom it may act. @default each user */
  readonly userId?: string | undefined
  /** A note for people on its purpose. @default '' */
  readonly name?: string | undefined
  readonly scopes: readonly Scope[]
  /** @default never */
  readonly expiresAt?: Date | undefined
  /** @default 'app' */
  readonly by?: string | undefined
}

/** A key as people see it; its secret is nowhere. */
export type ApiKey = ApiKeyRow
/** `key` is what a program sends as `Authorization: Bearer KEY`. */
export type CreatedKey = { readonly keyId: string; readonly key: string }

type ApiKeysServices = {
  readonly database: Database
  readonly clock: Clock
  /** Lets every process forget what it knows of a key. */
  announce(keyId: string): Promise<unknown>
}

const MAX_NAME_LENGTH = 200
const MAX_LISTED = 1_000

const createSchema = z.strictObject({
  orgId: idSchema,
  userId: idSchema.optional(),
  name: z
    .string()
    .max(MAX_NAME_LENGTH)
    .transform((name) => cleanText(name, MAX_NAME_LENGTH))
    .default(''),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  expiresAt: z.date().optional(),
  by: bySchema,
})
const listSchema = z.strictObject({
  orgId: idSchema,
  userId: idSchema.optional(),
  limit: z.number().int().min(1).max(MAX_LISTED).default(100),
  after: z.object({ keyId: idSchema, createdAt: z.date() }).optional(),
})
const revokeSchema = z.strictObject({ orgId: idSchema, keyId: idSchema })

/** Binds the keys to a runtime's services. */
export function createApiKeys({ database, clock, announce }: ApiKeysServices): ApiKeys {
  return {
    async create(input) {
      const { orgId, userId, name, scopes, expiresAt, by } = parseInput(createSchema, input, 'key')
      const { id, text, secretHash } = createKeyText()
      const row = { keyId: id, orgId, userId: userId ?? null, name, scopes: [...new Set(scopes)], createdBy: by }
      const times = { createdAt: clock.now(), expiresAt: expiresAt ?? null }
      await withStoreErrors(insertApiKey(database, { ...row, ...times, secretHash }))
      return { keyId: id, key: text }
    },
    async list(input) {
      return readInTime(readApiKeys(database, parseInput(listSchema, input, 'selection')))
    },
    async revoke(input) {
      const { orgId, keyId } = parseInput(revokeSchema, input, 'selection')
      if (!(await withStoreErrors(revokeApiKey(database, orgId, keyId, clock.now()))))
        throw new AfterturnError('KEY_UNKNOWN', `The org has no key ${JSON.stringify(keyId)}.`, { recorded: 'no' })
      await announce(keyId)
    },
  }
}

import { hash, randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { AfterturnError } from '../errors.ts'
import { readJson } from '../json-value.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import {
  deleteSession,
  deleteSessionsOfUser,
  insertSession,
  listSessionsOfUser,
  readSession,
  rotateSession,
  type SessionRow,
  touchSession,
  updateSessionData,
} from '../store/sessions.ts'
import { readInTime, withStoreErrors } from '../store/with-store-errors.ts'
import { cleanText } from '../text/clean-text.ts'
import {
  ended,
  obtainAccessToken,
  type RefreshTokens,
  type SessionSealing,
  type SessionTokens,
  sealTokens,
  tokensSchema,
} from './session-tokens.ts'

/**
 * Owns sessions of users. Guarantees: the rows are the truth and are read each time, so once `end` has resolved, no later call finds the session, in any process; only the
 * SHA-256 of an id is stored; if the store is down, calls throw STORE_UNAVAILABLE and never report "logged out". Must not know cookies or login pages.
 */
export type Sessions = {
  /** Starts a session; its id has 43 characters made of 256 random bits, and is shown only now. @throws INPUT_INVALID, CONFIG_INVALID for tokens without SECRET_KEYS, the codes of the store */
  start(session: SessionStart): Promise<{ readonly sessionId: string; readonly expiresAt: Date }>
  /** Returns the session; undefined if it is unknown, has expired or was ended. @throws the codes of the store */
  find(which: SessionId): Promise<Session | undefined>
  /** Changes the data of a session; the function runs again if another call was faster. @throws SESSION_ENDED, STORE_BUSY after five tries, INPUT_INVALID */
  update(which: SessionId, change: (data: SessionData) => SessionData | Promise<SessionData>): Promise<Session>
  /** Gives a session a new id, after a login or a change of rights; the old one is unknown at once. @throws SESSION_ENDED */
  rotate(which: SessionId): Promise<{ readonly sessionId: string }>
  /** Ends a session; an unknown one is ignored. */
  end(which: SessionId): Promise<void>
  /** Ends all sessions of a user, except the one that is named; returns how many. */
  endAll(of: SessionUser & { readonly except?: string }): Promise<{ readonly ended: number }>
  /** Lists a user's sessions, newest first, without ids and tokens. */
  list(of: SessionUser): Promise<readonly Session[]>
  /** Returns a valid access token; one process at a time calls `refresh`. @throws SESSION_ENDED, STORE_BUSY, and what `refresh` throws */
  accessToken(which: SessionId & { readonly refresh: RefreshTokens }): Promise<string>
}

export type SessionId = { readonly sessionId: string | undefined }
/** Unset `orgId`: an operator, of no org. */
export type SessionUser = { readonly orgId?: string | undefined; readonly userId: string }
export type SessionData = Readonly<Record<string, unknown>>

export type SessionStart = SessionUser & {
  /** At most 64 KiB as JSON. @default {} */
  readonly data?: SessionData
  readonly tokens?: SessionTokens
  /** The user's name for the browser. @default '' */
  readonly device?: string
  /** Ends the session after this long without use. @default the life */
  readonly idleMs?: number
  /** Ends the session, used or not. @default 8 hours */
  readonly lifeMs?: number
}

export type Session = SessionUser & {
  readonly data: SessionData
  readonly device: string
  readonly createdAt: Date
  /** To the minute. */
  readonly lastSeenAt: Date
  readonly expiresAt: Date
  /** Grows with each change of its data. */
  readonly revision: number
}

type SessionServices = {
  readonly database: Database
  readonly clock: Clock
  /** Undefined without SECRET_KEYS: then tokens are refused. */
  readonly sealing: SessionSealing | undefined
  /** Beyond this number, the oldest session of a user ends. @default 100 */
  readonly maxPerUser?: number
}

const ID_BYTES = 32
const ID_FORM = /^[\w-]{43}$/
const MAX_DATA_BYTES = 64 * 1_024
const DEFAULT_LIFE_MS = 8 * 3_600_000
const MAX_LIFE_MS = 400 * 86_400_000
const MAX_PER_USER = 100
const UPDATE_TRIES = 5
const MAX_DEVICE_LENGTH = 200

const span = z.number().int().min(1_000).max(MAX_LIFE_MS)
const userSchema = z.object({ orgId: idSchema.optional(), userId: idSchema })
const startSchema = userSchema.extend({
  device: z
    .string()
    .max(MAX_DEVICE_LENGTH)
    .transform((name) => cleanText(name, MAX_DEVICE_LENGTH))
    .optional(),
  idleMs: span.optional(),
  lifeMs: span.optional(),
  tokens: tokensSchema.optional(),
})

export function createSessions({ database, clock, sealing, maxPerUser = MAX_PER_USER }: SessionServices): Sessions {
  const services = { database, clock, sealing }
  const find = async (idHash: Buffer) => {
    const row = await readInTime(readSession(database, idHash))
    if (row?.isUnseen) await readInTime(touchSession(database, idHash))
    return row
  }

  return {
    async start({ data = {}, ...session }) {
      const {
        orgId = '',
        userId,
        device = '',
        lifeMs = DEFAULT_LIFE_MS,
        idleMs = lifeMs,
        tokens,
      } = parseInput(startSchema, session, 'session')
      const [sessionId, key] = [createId(), randomUUID()]
      const row = { key, idHash: hashOf(sessionId), orgId, userId, device, idleMs, lifeMs, data: toText(data) }
      const sealed = tokens ? sealTokens(services, key, tokens) : null
      const expiresAt = await readInTime(insertSession(database, { ...row, tokens: sealed }, maxPerUser))
      return { sessionId, expiresAt }
    },
    async find({ sessionId }) {
      if (!isId(sessionId)) return undefined
      const row = await find(hashOf(sessionId))
      return row && toSession(row)
    },
    async update({ sessionId }, change) {
      if (!isId(sessionId)) throw ended()
      for (let tries = 0; tries < UPDATE_TRIES; tries++) {
        const row = await find(hashOf(sessionId))
        if (!row) throw ended()
        const data = toText(await change(toSession(row).data))
        const { revision } = row
        if (await readInTime(updateSessionData(database, hashOf(sessionId), { data, revision })))
          return toSession({ ...row, data, revision: revision + 1 })
      }
      throw new AfterturnError('STORE_BUSY', `A session was changed by others ${UPDATE_TRIES} times during one update.`)
    },
    async rotate({ sessionId }) {
      const next = createId()
      if (isId(sessionId) && (await readInTime(rotateSession(database, hashOf(sessionId), hashOf(next)))))
        return { sessionId: next }
      throw ended()
    },
    async end({ sessionId }) {
      if (isId(sessionId)) await readInTime(deleteSession(database, hashOf(sessionId)))
    },
    async endAll({ except, ...of }) {
      const { orgId = '', userId } = parseInput(userSchema, of, 'user')
      const kept = isId(except) ? hashOf(except) : undefined
      return { ended: await readInTime(deleteSessionsOfUser(database, { orgId, userId }, kept)) }
    },
    async list(of) {
      const { orgId = '', userId } = parseInput(userSchema, of, 'user')
      return (await readInTime(listSessionsOfUser(database, { orgId, userId }))).map(toSession)
    },
    async accessToken({ sessionId, refresh }) {
      if (!isId(sessionId)) throw ended()
      return withStoreErrors(obtainAccessToken(services, hashOf(sessionId), refresh))
    },
  }
}

function createId(): string {
  return randomBytes(ID_BYTES).toString('base64url')
}

/** Anything else is answered without a question to the store. */
function isId(sessionId: string | undefined): sessionId is string {
  return sessionId?.length === 43 && ID_FORM.test(sessionId)
}

function hashOf(sessionId: string): Buffer {
  return hash('sha256', sessionId, 'buffer')
}

function toText(data: SessionData): string {
  const { value, faults } = readJson(data)
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const [fault = isObject ? undefined : { path: [], message: 'expected an object' }] = faults
  if (fault)
    throw new AfterturnError(
      'INPUT_INVALID',
      `The data of a session is not valid: ${['data', ...fault.path].join('.')}: ${fault.message}.`,
    )
  const text = JSON.stringify(value)
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_DATA_BYTES)
    throw new AfterturnError(
      'INPUT_INVALID',
      `The data of a session is not valid: expected at most ${MAX_DATA_BYTES} bytes, got ${bytes}.`,
    )
  return text
}

function toSession({ orgId, userId, data, device, createdAt, lastSeenAt, expiresAt, revision }: SessionRow): Session {
  return {
    ...(orgId !== '' && { orgId }),
    userId,
    data: JSON.parse(data) as SessionData,
    device,
    createdAt,
    lastSeenAt,
    expiresAt,
    revision,
  }
}

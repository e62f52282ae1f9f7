import { describeValue } from '../describe-value.ts'
import { parseNodeList } from './node-list.ts'

/** Owns the form of addresses: what is wrong with one, and how Redis's is made from its parts. Guarantees: a fault never shows an address, which may hold a password. */

const DEFAULT_REDIS_PORT = 6_379
const MAX_PORT = 65_535

/** The variables that stand for `REDIS_URL` where an address comes in parts. */
const REDIS_PARTS = ['REDIS_PORT', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_DB', 'REDIS_TLS'] as const

/** Whether the address of a Redis is one that the client understands as it is meant. */
export function isRedisUrl(text: string): boolean {
  const url = parse(text)
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !hasReadableLogin(url)) return false
  const { db } = Object.fromEntries(url.searchParams)
  return /^\/?\d*$/.test(url.pathname) && (db === undefined || isWhole(db, Number.MAX_SAFE_INTEGER))
}

/** Whether the address of a store is one: PostgreSQL's, or the directory of a PGlite's socket. */
export function isDatabaseUrl(text: string): boolean {
  const socketDir = /^pglite:\/\/(.+)$/s.exec(text)?.[1]
  if (socketDir !== undefined) return decoded(socketDir) !== undefined
  if (!/^postgres(ql)?:\/\//.test(text)) return false
  // The driver takes a `%` that starts no escape as it stands, and no host for the local socket.
  const lenient = /%(?![a-f0-9]{2})/i.test(text) ? text.replace(/%(?![a-f0-9]{2})/gi, '%25') : text
  const url = parse(lenient) ?? parse(lenient.replace('@/', '@local/'))
  return url !== undefined && hasReadableLogin(url) && decoded(url.pathname) !== undefined
}

/** The address of the durable Redis from its parts, if there are any, and what is wrong with those. */
export function redisUrlFromParts(environment: Record<string, string | undefined>): {
  readonly url?: string
  readonly faults: readonly string[]
} {
  const given = REDIS_PARTS.filter((part) => environment[part])
  // Beside sentinels or a cluster the parts say how the servers are reached: the first listed stands for them.
  const listed = environment.REDIS_SENTINELS || environment.REDIS_CLUSTER
  const [node] = (given.length > 0 && listed && parseNodeList(listed, DEFAULT_REDIS_PORT)) || []
  const host = environment.REDIS_HOST || node?.host
  if (!host) {
    const faults = given.map((part) => `${part}: expected REDIS_HOST beside it, got nothing; set REDIS_HOST`)
    return { faults }
  }
  const { REDIS_PORT: port, REDIS_USERNAME: user, REDIS_PASSWORD: password, REDIS_DB: db, REDIS_TLS: tls } = environment
  const isTls = /^(1|true|yes|on)$/i.test(tls ?? '')
  const login = user || password ? `${encodeURIComponent(user ?? '')}:${encodeURIComponent(password ?? '')}@` : ''
  const address = `${/^[^[].*:/.test(host) ? `[${host}]` : host}:${port || DEFAULT_REDIS_PORT}/${db || 0}`
  const url = `${isTls ? 'rediss' : 'redis'}://${login}${address}`
  const faults: string[] = []
  const expect = (part: string, isRight: boolean, expected: string) => {
    if (!isRight) faults.push(`${part}: expected ${expected}, got ${describeValue(environment[part])}; set ${part}`)
  }
  expect('REDIS_PORT', !port || (isWhole(port, MAX_PORT) && Number(port) > 0), `a whole number from 1 to ${MAX_PORT}`)
  expect('REDIS_DB', !db || isWhole(db, Number.MAX_SAFE_INTEGER), 'the number of a database')
  expect('REDIS_TLS', !tls || isTls || /^(0|false|no|off)$/i.test(tls), 'true or false')
  if (faults.length === 0) expect('REDIS_HOST', isRedisUrl(url), 'the name or address of a host')
  return faults.length === 0 ? { url, faults } : { faults }
}

function hasReadableLogin({ username, password }: URL): boolean {
  return decoded(username) !== undefined && decoded(password) !== undefined
}

function isWhole(text: string, maximum: number): boolean {
  return /^\d+$/.test(text) && Number(text) <= maximum
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

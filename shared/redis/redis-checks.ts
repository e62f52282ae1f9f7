import type { Redis } from 'ioredis'
import { AfterturnError } from '../errors.ts'
import { type RedisFacts, readRedisFacts } from './redis-stats.ts'
import { findTlsMismatch, MISMATCH_TIMEOUT_MS } from './tls-mismatch.ts'
import { addressToTry, type RedisTopology } from './topology/topology.ts'

/** Owns what a Redis must be before queues run on it: new enough, and never evicting. */

const MINIMUM_VERSION = [6, 2] as const

/** Why queues must not run on a server; empty when they may. */
export function faultsOfDurableRedis(
  facts: Pick<RedisFacts, 'version' | 'evictionPolicy'>,
  options: { allowEvictingRedis: boolean },
): string[] {
  const [major = 0, minor = 0] = facts.version.split('.').map(Number)
  const faults: string[] = []
  if (major < MINIMUM_VERSION[0] || (major === MINIMUM_VERSION[0] && minor < MINIMUM_VERSION[1])) {
    faults.push(`expected Redis >= ${MINIMUM_VERSION.join('.')}, got ${facts.version}`)
  }
  if (facts.evictionPolicy && facts.evictionPolicy !== 'noeviction' && !options.allowEvictingRedis) {
    faults.push(
      `expected maxmemory-policy noeviction, got ${facts.evictionPolicy}: it would drop jobs without a word; set it, or ALLOW_EVICTING_REDIS=true in development`,
    )
  }
  return faults
}

/** Why a server does not suit the cache role; empty when it does. */
export function faultsOfCacheRedis(facts: Pick<RedisFacts, 'evictionPolicy'>): string[] {
  if (facts.evictionPolicy !== 'noeviction') return []
  return ['expected a maxmemory-policy that evicts (allkeys-lru), got noeviction: a full cache would refuse writes']
}

/**
 * Waits for a server and checks it; answers why it could not when none answers within the timeout: it may come back.
 * @throws REDIS_UNSUITABLE for a wrong version, policy, login or certificate, and for TLS where there is none or none where there is.
 */
export async function checkDurableRedis(
  redis: Redis,
  options: { topology: RedisTopology; allowEvictingRedis: boolean },
  timeoutMs: number,
): Promise<Error | undefined> {
  const address = addressToTry(options.topology, 'durable')
  const facts = await factsWithin(redis, timeoutMs - MISMATCH_TIMEOUT_MS)
  if (facts instanceof Error) {
    if (/WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(facts.message)) {
      throw new AfterturnError('REDIS_UNSUITABLE', `The durable Redis refuses the login: ${facts.message}`, {
        cause: facts,
        remedy: 'Check the user and the password in REDIS_URL, or REDIS_USERNAME and REDIS_PASSWORD.',
      })
    }
    if (/certificate|CERT_|ALTNAME/i.test(`${(facts as { code?: string }).code ?? ''} ${facts.message}`)) {
      throw new AfterturnError(
        'REDIS_UNSUITABLE',
        `The certificate of the durable Redis is refused: ${facts.message}`,
        {
          cause: facts,
          remedy:
            'Name its authority in REDIS_CA_FILE or NODE_EXTRA_CA_CERTS, and in REDIS_URL the host as the certificate does.',
        },
      )
    }
    const mismatch = address && (await findTlsMismatch(address.url, address.variable))
    if (!mismatch) return facts
    throw new AfterturnError('REDIS_UNSUITABLE', `The durable Redis ${mismatch.fault}: ${facts.message}`, {
      cause: facts,
      remedy: mismatch.remedy,
    })
  }
  const faults = faultsOfDurableRedis(facts, options)
  if (facts.isClusterNode && options.topology.kind !== 'cluster')
    faults.push('expected a server of its own, got a node of a cluster: name its nodes in REDIS_CLUSTER instead')
  if (faults.length > 0)
    throw new AfterturnError('REDIS_UNSUITABLE', `The durable Redis does not fit: ${faults.join('; ')}.`)
  return undefined
}

async function factsWithin(redis: Redis, timeoutMs: number): Promise<RedisFacts | Error> {
  let timer: NodeJS.Timeout | undefined
  let lastError = new Error(`no answer within ${timeoutMs} ms`)
  const onError = (error: Error) => {
    lastError = error
  }
  redis.on('error', onError)
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(lastError), timeoutMs)
  })
  try {
    // That it gave up says less than what it met.
    const reasonOf = (error: Error) => (error.name === 'MaxRetriesPerRequestError' ? lastError : error)
    return await Promise.race([readRedisFacts(redis).catch(reasonOf), late])
  } finally {
    clearTimeout(timer)
    redis.off('error', onError)
  }
}

import { createConnection, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AbstractConnector, type CommonRedisOptions, Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../../observe/log.ts'
import { createPrimaryLocator, type PrimaryLocator } from './primary-locator.ts'
import type { RedisTopology } from './topology.ts'

export type OpenOptions = Pick<
  CommonRedisOptions,
  | 'maxRetriesPerRequest'
  | 'enableOfflineQueue'
  | 'commandTimeout'
  | 'connectTimeout'
  | 'connectionName'
  | 'lazyConnect'
  | 'reconnectOnError'
  | 'retryStrategy'
>

/**
 * Opens connections to the Redis of a topology. Guarantees: each is an ordinary connection to one server, the primary at the time, so that scripts, transactions,
 * subscriptions and scans are the same in every topology; BullMQ's copies of one follow the primary too.
 */
type RedisOpener = {
  open(options: OpenOptions): Redis
  /** Stops looking where the primary is. */
  close(): void
}

/** The time that a server may take to close its side of a connection that is given up; a client between two attempts keeps its process alive for as long. */
const disconnectTimeout = 200

export function createRedisOpener(topology: RedisTopology, connectionName: string, log: Log): RedisOpener {
  if (topology.kind === 'single') {
    const { url, servers } = topology
    return { open: (options) => new Redis(url, { ...options, ...servers, disconnectTimeout }), close() {} }
  }
  if (topology.kind === 'none') return { open: openNowhere, close() {} }
  const locator = createPrimaryLocator(topology, connectionName, log)
  const Connector = followingConnector(locator)
  const { servers } = topology
  return {
    open: (options) => new Redis({ ...options, ...servers, disconnectTimeout, Connector }),
    close: locator.close,
  }
}

/** Where no Redis is configured every command fails at once. */
function openNowhere(options: OpenOptions): Redis {
  class NoConnector extends AbstractConnector {
    constructor() {
      super(0)
    }
    override async connect() {
      this.firstError = new Error('no Redis is configured')
      return new Socket().destroy()
    }
  }
  const redis = new Redis({ ...options, Connector: NoConnector, retryStrategy: () => null })
  redis.on('error', () => {})
  return redis
}

/** The way to the primary, in the form that the client asks for its own. A copy of a connection makes another of this class. */
function followingConnector(locator: PrimaryLocator) {
  return class PrimaryConnector extends AbstractConnector {
    readonly #tls: RedisOptions['tls']

    constructor(options: unknown) {
      const { disconnectTimeout = 0, tls } = options as RedisOptions
      super(disconnectTimeout)
      this.#tls = tls
    }

    override async connect() {
      this.connecting = true
      // A refusal would end the connection for good; one that is closed is tried again.
      const primary = await locator.locate().catch((error: Error) => this.#fail(error))
      if (primary instanceof Socket) return primary
      if (!this.connecting) return this.#fail(new Error('Connection is closed.'))
      const stream = this.#tls ? connectTls({ ...primary, ...this.#tls }) : createConnection(primary)
      stream.once('error', (error) => {
        this.firstError = error
      })
      locator.follow(primary, stream)
      this.stream = stream
      return stream
    }

    #fail(error: Error): Socket {
      this.firstError = error
      return new Socket().destroy()
    }
  }
}

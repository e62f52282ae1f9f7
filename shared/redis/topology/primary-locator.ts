import type { Socket } from 'node:net'
import type { Redis } from 'ioredis'
import type { Log } from '../../observe/log.ts'
import { agree } from './agree.ts'
import { askNode, connectNode, type Followed } from './ask-node.ts'
import { type Endpoint, endpointText } from './topology.ts'

/**
 * Owns which server is the primary right now: sentinels, or the nodes of a cluster, are asked, and most decide. Guarantees: a connection to a server that is
 * no longer the primary is cut within `LOOK_INTERVAL_MS` and an answer, even if that server is silent, so that it connects anew.
 */
export type PrimaryLocator = {
  /** Throws who said what, while the primary is unknown or disputed. */
  locate(): Promise<Endpoint>
  /** Cuts the connection once the primary is another. */
  follow(primary: Endpoint, connection: Socket): void
  close(): void
}

const LOOK_INTERVAL_MS = 1_000
/** Of a large cluster some nodes tell as much as all. */
const MAX_ASKED = 7

export function createPrimaryLocator(topology: Followed, connectionName: string, log: Log): PrimaryLocator {
  const connections = new Map<string, { readonly node: Endpoint; readonly redis: Redis }>()
  const followed = new Map<Socket, string>()
  let learned: readonly Endpoint[] = []
  let locating: Promise<Endpoint> | undefined
  let timer: NodeJS.Timeout | undefined

  /** The listed nodes first, then those that they named. */
  const nodesToAsk = () => {
    const nodes = new Map([...topology.nodes, ...learned].map((node) => [endpointText(node), node]))
    return [...nodes].slice(0, Math.max(MAX_ASKED, topology.nodes.length))
  }

  const ask = async (name: string, node: Endpoint) => {
    let known = connections.get(name)
    if (!known) {
      known = { node, redis: connectNode(topology, node, connectionName) }
      connections.set(name, known)
    }
    try {
      const knowledge = await askNode(known.redis, topology, node)
      return { from: name, said: knowledge }
    } catch (error) {
      return { from: name, error: error as Error }
    }
  }

  const locateNow = async (): Promise<Endpoint> => {
    const asked = nodesToAsk()
    const names = new Set(asked.map(([name]) => name))
    for (const [name, { redis }] of connections)
      if (!names.has(name)) {
        redis.disconnect()
        connections.delete(name)
      }
    const { primary, nodes } = await agree(
      asked.map(([name, node]) => ask(name, node)),
      { textOf: (knowledge) => endpointText(knowledge.primary), what: 'the primary' },
    )
    learned = nodes
    return primary
  }

  const locate = () => {
    locating ??= locateNow().finally(() => {
      locating = undefined
    })
    return locating
  }

  const look = async () => {
    // While nobody knows a primary, what is connected stays so.
    const primary = await locate().catch(() => undefined)
    const left = primary && [...followed].filter(([, name]) => name !== endpointText(primary))
    if (!left || left.length === 0) return
    log.warn({ primary: endpointText(primary), connections: left.length }, 'the primary of Redis is another server now')
    for (const [connection] of left) connection.destroy()
  }

  return {
    locate,
    follow(primary, connection) {
      followed.set(connection, endpointText(primary))
      timer ??= setInterval(look, LOOK_INTERVAL_MS).unref()
      connection.once('close', () => followed.delete(connection))
    },
    close() {
      clearInterval(timer)
      for (const { redis } of connections.values()) redis.disconnect()
      connections.clear()
    },
  }
}

/** Owns the form of a list of servers: `HOST:PORT,HOST:PORT`, each also as an address with a login and TLS. Guarantees: what it refuses is never shown. */

/** One server of a list. */
export type ListedNode = {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
  /** Undefined where the entry does not say. */
  readonly isTls?: boolean
}

/** More than any sensible set of sentinels, and enough to find a cluster by. */
const MAX_NODES = 32

/** The servers of a list; undefined when it is none. */
export function parseNodeList(list: string, defaultPort: number): readonly ListedNode[] | undefined {
  const entries = list.split(',').map((entry) => entry.trim())
  if (entries.length > MAX_NODES) return undefined
  const nodes = entries.flatMap((entry) => parseNode(entry, defaultPort) ?? [])
  return nodes.length === entries.length ? nodes : undefined
}

function parseNode(entry: string, defaultPort: number): ListedNode | undefined {
  const isAddress = /^rediss?:\/\//.test(entry)
  const text = isAddress ? entry : `redis://${entry}`
  if (/\s/.test(entry) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.hostname === '' || url.search !== '' || url.hash !== '' || !/^\/?$/.test(url.pathname)) return undefined
  try {
    const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || defaultPort),
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
      ...(isAddress && { isTls: url.protocol === 'rediss:' }),
    }
  } catch {
    return undefined
  }
}

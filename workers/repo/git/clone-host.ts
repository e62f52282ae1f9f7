import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { AfterturnError } from '../../../shared/errors.ts'
import type { RepoSource } from '../../../shared/repo/repo-source.ts'
import type { GitOptions } from './git.ts'

/**
 * Owns which hosts are cloned from: those that the configuration names, else any that is on the public internet. Guarantees: git connects to
 * the address that was looked at, whatever the name means a moment later, so that no source leads into the network of the worker.
 */

export type RemoteSource = Extract<RepoSource, { kind: 'url' }>
type Lookup = (host: string) => Promise<readonly string[]>

const DEFAULT_PORTS = { https: '443', ssh: '22' } as const

/** What IANA's special-purpose registry keeps from the public internet, https://www.iana.org/assignments/iana-ipv4-special-registry. */
const NOT_PUBLIC = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(network, bits)
/** What stands for addresses of IPv4, tunnels and documentation, inside what is public of IPv6. */
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  NOT_PUBLIC.addSubnet(network, bits, 'ipv6')
const PUBLIC_IPV6 = new BlockList()
PUBLIC_IPV6.addSubnet('2000::', 3, 'ipv6')

/**
 * How git is to connect to a source, if it may.
 * @throws REPO_REFUSED, REPO_UNREACHABLE
 */
export async function admitHost(
  { protocol, url }: RemoteSource,
  named: readonly string[] | undefined,
  lookUp: Lookup = systemLookup,
): Promise<Pick<GitOptions, 'settings' | 'sshAddress'>> {
  if (protocol === 'file') return {}
  const { hostname, port } = new URL(url)
  const host = hostname.toLowerCase().replace(/\.$/, '')
  const withPort = `${host}:${port || DEFAULT_PORTS[protocol]}`
  if (named) {
    if (named.includes(host) || named.includes(withPort)) return {}
    throw refused('one of REPO_HOSTS', withPort)
  }
  const bare = host.replace(/^\[|\]$/g, '')
  const addresses = await lookUp(bare).catch((error: NodeJS.ErrnoException) => {
    throw new AfterturnError(
      'REPO_UNREACHABLE',
      `The host ${host} has no address (${error.code}); name one that only REPO_PROXY can resolve in REPO_HOSTS.`,
    )
  })
  if (!addresses.every(isPublic))
    throw refused('one whose addresses are all public', `${host}, which has one that is not`)
  const [first = ''] = addresses
  if (isIP(bare) > 0) return {}
  if (protocol === 'ssh')
    return { sshAddress: { address: first, alias: port === '' || port === '22' ? host : `[${host}]:${port}` } }
  return { settings: { 'http.curloptResolve': `${withPort}:${addresses.join(',')}` } }
}

function isPublic(address: string): boolean {
  if (isIPv6(address)) return PUBLIC_IPV6.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6')
  return !NOT_PUBLIC.check(address)
}

async function systemLookup(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

function refused(expected: string, got: string): AfterturnError {
  return new AfterturnError('REPO_REFUSED', `The host in the source of a repository: expected ${expected}, got ${got}.`)
}

import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { count, DAY_SECONDS, MINUTE_MS, secret, text } from './value-checks.ts'

const GIB = 1_024 ** 3
const rootsExpected = 'absolute paths, separated by :'
const hostsExpected = 'host names, each with or without a port, separated by commas'
const proxyExpected = 'http://HOST:PORT, https://… or socks5h://…, without a user'
const HOST = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/

function isProxy(url: string): boolean {
  const parsed = URL.parse(url)
  return (
    parsed !== null && /^(?:https?|socks5h?):$/.test(parsed.protocol) && parsed.host !== '' && parsed.username === ''
  )
}

/** Where repositories may come from, how large they may be, and how much of them search keeps in memory. */
export const repoSettings = {
  repoRoots: z
    .union([z.string().transform((paths) => paths.split(':')), z.array(z.string())], rootsExpected)
    .pipe(z.array(z.string().refine(isAbsolute, rootsExpected), rootsExpected).min(1, rootsExpected))
    .optional()
    .describe(
      'Directories under which paths and file:// URLs may be indexed, separated by `:`. Unset: any in development, none in production',
    ),
  repoHosts: z
    .union([z.string().transform((hosts) => hosts.split(',')), z.array(z.string())], hostsExpected)
    .pipe(z.array(z.string().trim().toLowerCase().regex(HOST, hostsExpected), hostsExpected).min(1, hostsExpected))
    .optional()
    .describe(
      'Hosts from which repositories may be cloned, whatever their addresses, separated by commas: `git.example.org,git.example.org:8443`. Unset: any host whose addresses are all public',
    ),
  repoCaFile: text
    .optional()
    .describe("Certificates that authenticate https hosts, in PEM, in place of the system's; for your own git server"),
  repoProxy: secret(z.string().refine(isProxy, proxyExpected))
    .optional()
    .describe(
      'The proxy through which https repositories are fetched, without credentials. The proxy resolves host names itself: if it can reach private hosts, list the allowed ones in REPO_HOSTS',
    ),
  repoMirrorDir: text
    .default('.data/mirrors')
    .describe(
      'Where workers keep bare mirrors of cloned repositories. It may be deleted at any time; the repositories are then fetched again',
    ),
  repoMaxBytes: count(1_024, 1_024 * GIB)
    .default(2 * GIB)
    .describe('Largest size of a mirror; a larger fetch is refused'),
  repoFetchTimeoutMs: count(1_000, 24 * 60 * MINUTE_MS)
    .default(10 * MINUTE_MS)
    .describe('Timeout of fetching a repository'),
  repoGarbageGraceMs: count(0, 365 * DAY_SECONDS * 1_000)
    .default(DAY_SECONDS * 1_000)
    .describe(
      'How long the index of a file is kept after the last branch dropped the file. Keep it longer than an indexing run; blobs collected during a run are rebuilt',
    ),
  repoSearchMemoryBytes: count(1_024 * 1_024, 64 * GIB)
    .default(512 * 1_024 * 1_024)
    .describe(
      'Memory that each process uses for the indexes it searches, about 1.8 KB per chunk; indexes that do not fit are read again for each search',
    ),
}

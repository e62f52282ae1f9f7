import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { count, DAY_SECONDS, MINUTE_MS, text } from './value-checks.ts'

const GIB = 1_024 ** 3
const rootsExpected = 'absolute paths, with : between them'
const hostsExpected = 'names of hosts, each with or without a port, with commas between them'
const HOST = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/

/** Where repositories may come from, how large they may be, and what search keeps of them. */
export const repoSettings = {
  repoRoots: z
    .union([z.string().transform((paths) => paths.split(':')), z.array(z.string())], rootsExpected)
    .pipe(z.array(z.string().refine(isAbsolute, rootsExpected), rootsExpected).min(1, rootsExpected))
    .optional()
    .describe(
      'Directories under which paths and file:// addresses may be indexed, with : between them. Without it: any in development, none in production',
    ),
  repoHosts: z
    .union([z.string().transform((hosts) => hosts.split(',')), z.array(z.string())], hostsExpected)
    .pipe(z.array(z.string().trim().toLowerCase().regex(HOST, hostsExpected), hostsExpected).min(1, hostsExpected))
    .optional()
    .describe(
      'Hosts from which repositories may be cloned, such as `git.example.org` or `git.example.org:8443`, with commas between them, whatever their addresses are. Without it: any host whose addresses are all public',
    ),
  repoCaFile: text
    .optional()
    .describe(
      "The certificates by which https hosts are known, in PEM, in place of the system's: of your own git server",
    ),
  repoMirrorDir: text
    .default('.data/mirrors')
    .describe(
      'Where workers keep bare mirrors of what they clone; it can be deleted at any time, and is then fetched again',
    ),
  repoMaxBytes: count(1_024, 1_024 * GIB)
    .default(2 * GIB)
    .describe('The size of a mirror; what is fetched beyond it is refused'),
  repoFetchTimeoutMs: count(1_000, 24 * 60 * MINUTE_MS)
    .default(10 * MINUTE_MS)
    .describe('The time that fetching a repository may take'),
  repoGarbageGraceMs: count(0, 365 * DAY_SECONDS * 1_000)
    .default(DAY_SECONDS * 1_000)
    .describe(
      'How long what is found in a file is kept after no branch has the file any more. Let it be longer than a run takes: what is collected under one is made again',
    ),
  repoSearchMemoryBytes: count(1_024 * 1_024, 64 * GIB)
    .default(512 * 1_024 * 1_024)
    .describe(
      'What each process keeps in its memory of the repositories that it searches, some 1.8 KB for each chunk; more than that is read again each time',
    ),
}

import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { AfterturnError, isAfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import { hasPendingIndex, type IndexKey, requestIndex } from '../store/code/code-indexes.ts'
import { type ListedRepo, listRepos, removeIndexes } from '../store/code/code-removal.ts'
import { type IndexStatus, readIndexStatuses, readSkippedFiles } from '../store/code/code-served.ts'
import { repoStream } from '../store/events/product-events.ts'
import { readInTime, withStoreErrors } from '../store/with-store-errors.ts'
import { type CodeSearchInput, type CodeSearchResult, type CodeSearchServices, searchCode } from './code-search.ts'
import {
  findSymbols,
  type Outline,
  type OutlineInput,
  outlineFile,
  type SymbolHit,
  type SymbolsInput,
} from './code-symbols.ts'
import { parseSource, refSchema, sourceSchema, sourceText, WORKING_TREE } from './repo-source.ts'
import type { SkippedFile } from './skip-reason.ts'

/**
 * The repositories of apps: indexing and searching. Every call is scoped by org in its type.
 * In addition to the errors named, each call throws the codes of the store (STORE_…), and RUNTIME_CLOSED after `disconnect()`.
 */
export type Repos = {
  /**
   * Requests that a ref of a repository be indexed, or its index brought up to date, for example on each push. The request is stored, then queued; a request
   * during a run causes one more run. `source` is a path that the worker sees, or an https, ssh or file URL without credentials.
   * @throws INPUT_INVALID, REPO_REFUSED, ENQUEUE_TIMEOUT: the request is stored, and the sweep queues it again
   * @example
   * const runtime = createRuntime(readConfig(process.env))
   * await runtime.connect()
   * await runtime.repos.index({ orgId: 'acme', repoId: 'shop', source: 'https://github.com/acme/shop' })
   * await runtime.repos.untilIndexed({ orgId: 'acme', repoId: 'shop', signal: AbortSignal.timeout(600_000) })
   * const { hits } = await runtime.repos.search({ orgId: 'acme', query: 'where is the cart priced?', budgetTokens: 2_000 })
   * for (const { path, startLine, endLine, text } of hits) console.log(path, startLine, endLine, text)
   * await runtime.disconnect()
   */
  index(input: IndexInput): Promise<{ readonly jobId: string }>
  /**
   * Keeps the index of a working tree up to date while people edit: it is requested at once, and again after each burst of saves of files that git does
   * not ignore. Let one process watch a tree; `close` ends the watch, and so does `disconnect()`.
   * @throws INPUT_INVALID, REPO_REFUSED, REPO_NOT_FOUND, REPO_TOO_LARGE, ENQUEUE_TIMEOUT
   */
  watch(input: WatchInput): Promise<RepoWatch>
  /**
   * Finds code by what it does and by its words, symbols and paths. Searches the last complete index of each repository.
   * @throws INPUT_INVALID, REPO_UNKNOWN, and what the embedding model throws
   */
  search(input: CodeSearchInput): Promise<CodeSearchResult>
  /**
   * Finds symbols by name or part of a name.
   * @throws INPUT_INVALID, REPO_UNKNOWN
   */
  symbols(input: SymbolsInput): Promise<SymbolHit[]>
  /**
   * Lists what a file defines, top to bottom; undefined when the index has no such file.
   * @throws INPUT_INVALID, REPO_UNKNOWN
   */
  outline(input: OutlineInput): Promise<Outline | undefined>
  /**
   * Removes one ref of a repository, or without `ref` all of them, from the index; returns how many were removed, 0 for an unknown one.
   * @throws INPUT_INVALID
   */
  remove(input: { readonly orgId: string; readonly repoId: string; readonly ref?: string }): Promise<number>
  /**
   * Lists an org's repositories with their refs.
   * @throws INPUT_INVALID
   */
  list(input: { readonly orgId: string }): Promise<ListedRepo[]>
  /**
   * Resolves once no request to index the repository, or the ref, is pending; `status` says how it ended. Without workers this may never happen: pass a
   * signal.
   * @throws INPUT_INVALID, and the reason of the signal
   */
  untilIndexed(input: UntilIndexedInput): Promise<void>
  /**
   * Reports the state of an org's repositories, ref by ref, each with the files that were skipped and why.
   * @throws INPUT_INVALID
   */
  status(input: { readonly orgId: string; readonly repoId?: string }): Promise<RepoStatus[]>
}

export type IndexInput = {
  readonly orgId: string
  /** The app's own name for it. */
  readonly repoId: string
  readonly source: string
  /** A branch, a tag, a commit, or `WORKING_TREE` for a path as it lies there, uncommitted changes included. @default HEAD */
  readonly ref?: string
}

export type UntilIndexedInput = {
  readonly orgId: string
  readonly repoId: string
  /** @default all of its refs */
  readonly ref?: string
  readonly signal?: AbortSignal
}

type WatchInput = Omit<IndexInput, 'ref'> & {
  /** Told what went wrong while it watched; the watch itself continues. @default it is logged */
  readonly onError?: (error: unknown) => void
}

/** A tree that is watched. */
type RepoWatch = { close(): void }

/** One ref of a repository. */
export type RepoStatus = Omit<IndexStatus, 'id'> & {
  /** The first thousand skipped files, by path. */
  readonly skippedFiles: readonly SkippedFile[]
}

type ReposServices = CodeSearchServices & {
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  /** Calls at the start and after each burst of changes, until it is closed. */
  watchTree(path: string, on: { onChange(): Promise<unknown>; onError(error: unknown): void }): Promise<RepoWatch>
  /** Answers the job's id. */
  enqueueIndexing(key: IndexKey): Promise<string>
  /** Waits by the events of the repository. */
  untilSettled(
    place: { readonly orgId: string; readonly stream: readonly string[] },
    isPending: () => Promise<boolean>,
    signal: AbortSignal | undefined,
  ): Promise<void>
}

const REPORTED_FILES = 1_000

const repoFields = { orgId: idSchema, repoId: idSchema }
const indexSchema = z.strictObject({ ...repoFields, source: sourceSchema, ref: refSchema.default('HEAD') })
const watchSchema = z.strictObject({
  ...repoFields,
  source: sourceSchema,
  onError: z.custom<WatchInput['onError']>((given) => given === undefined || typeof given === 'function').optional(),
})
const removeSchema = z.strictObject({ ...repoFields, ref: refSchema.optional() })
const untilSchema = removeSchema.extend({ signal: z.instanceof(AbortSignal).optional() })
const listSchema = z.strictObject({ orgId: idSchema })
const statusSchema = z.strictObject({ orgId: idSchema, repoId: idSchema.optional() })

/** Binds the functions of repositories to a runtime's services. */
export function bindRepos(services: ReposServices): Repos {
  const { database, clock } = services
  const request = async (key: IndexKey, source: string) => {
    await withStoreErrors(requestIndex(database, key, source, clock.now()))
    try {
      return { jobId: await services.enqueueIndexing(key) }
    } catch (error) {
      if (!isAfterturnError(error, 'ENQUEUE_TIMEOUT')) throw error
      const message = `The request is stored, and queued once Redis answers. ${error.message}`
      throw new AfterturnError('ENQUEUE_TIMEOUT', message, { cause: error, recorded: 'yes' })
    }
  }
  return {
    async index(input) {
      const { source, ...key } = parseInput(indexSchema, input, 'repository')
      return request(key, sourceText(parseSource(source)))
    },
    async watch(input) {
      const { source, onError, ...scope } = parseInput(watchSchema, input, 'repository')
      const parsed = parseSource(source)
      if (parsed.kind !== 'path')
        throw new AfterturnError('INPUT_INVALID', 'Expected source to be a path: what is cloned has no working tree.')
      const key = { ...scope, ref: WORKING_TREE }
      const started = await services.watchTree(parsed.path, {
        onChange: () => request(key, parsed.path),
        onError(error) {
          if (isAfterturnError(error, 'RUNTIME_CLOSED')) started.close()
          else if (onError) onError(error)
          else services.log.warn({ ...scope, error: String(error) }, 'a watched tree could not be indexed')
        },
      })
      return started
    },
    search: (input) => withStoreErrors(searchCode(services, input)),
    symbols: (input) => withStoreErrors(findSymbols(services, input)),
    outline: (input) => withStoreErrors(outlineFile(services, input)),
    async remove(input) {
      return withStoreErrors(removeIndexes(database, parseInput(removeSchema, input, 'selection'), clock.now()))
    },
    async list(input) {
      return readInTime(listRepos(database, parseInput(listSchema, input, 'selection').orgId))
    },
    async untilIndexed(input) {
      const { signal, ...scope } = parseInput(untilSchema, input, 'selection')
      const place = { orgId: scope.orgId, stream: repoStream(scope.repoId) }
      await services.untilSettled(place, () => readInTime(hasPendingIndex(database, scope)), signal)
    },
    async status(input) {
      const { orgId, repoId } = parseInput(statusSchema, input, 'selection')
      const statuses = await readInTime(readIndexStatuses(database, orgId, repoId))
      if (repoId !== undefined && statuses.length === 0)
        throw new AfterturnError('REPO_UNKNOWN', `Expected a repository of the org, got ${JSON.stringify(repoId)}.`)
      return readInTime(
        Promise.all(
          statuses.map(async ({ id, ...status }) => ({
            ...status,
            skippedFiles: (await readSkippedFiles(database, orgId, id, REPORTED_FILES)) as SkippedFile[],
          })),
        ),
      )
    },
  }
}

import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AfterturnError } from '../../../shared/errors.ts'
import { parseSource, WORKING_TREE } from '../../../shared/repo/repo-source.ts'
import { runInThread } from '../in-thread.ts'
import type { RepoServices } from '../repo-services.ts'
import { allowedRoots, type Roots, realPathUnder, refuseLinksOut } from './allowed-roots.ts'
import { type GitOptions, runGit } from './git.ts'
import { fetchMirror } from './git-mirror.ts'
import { type GitStore, listFiles, readBlobs, resolveCommit } from './git-objects.ts'
import { gitVersion, refuseOldGit } from './git-version.ts'
import type { ListRequest } from './list-tree.ts'
import { decodeRules, MAX_RULE_FILE_BYTES } from './rule-files.ts'
import { MAX_FILE_BYTES, type Selected } from './skip-rules.ts'
import { type CommitFiles, type ListedCommit, listAtOnce, type SourceTree } from './source-tree.ts'
import { findWorkingPlace, NO_REPOSITORY } from './working-place.ts'
import { type ListedDirectory, workingTreeOf } from './working-tree.ts'

/** Owns the way from what was asked for to the files of one commit. Must not read outside the roots that the host allows. */

const MAX_FILES = 1_000_000
/** Of all files with rules together. */
const MAX_RULES_BYTES = 16 * 1_024 * 1_024
/** A listing that finds no file and follows no rule for this long stands still. */
const LIST_SILENCE_MS = 60_000
const LIST_HEAP_MB = 2_048
const PARTIAL_CLONE = String.raw`^(extensions\.partialclone|remote\..*\.promisor)$`

type Wanted = { readonly orgId: string; readonly repoId: string; readonly ref: string; readonly source: string }

/**
 * Opens a ref of a repository.
 * @throws REPO_REFUSED, REPO_NOT_FOUND, REPO_UNREACHABLE, REPO_BROKEN, REPO_TOO_LARGE, REF_UNKNOWN, GIT_MISSING
 */
export async function openRepo(services: RepoServices, wanted: Wanted, signal: AbortSignal): Promise<SourceTree> {
  const source = parseSource(wanted.source)
  const roots = allowedRoots(services.config)
  if (source.kind === 'url' || wanted.ref !== WORKING_TREE) refuseOldGit(await gitVersion(signal), 'any')
  if (source.kind === 'path') {
    const path = await realPathUnder(source.path, roots)
    if (wanted.ref === WORKING_TREE) {
      const place = await findWorkingPlace(path, roots, signal)
      return workingTreeOf(path, await listInThread<ListedDirectory>({ kind: 'directory', place }, signal), signal)
    }
    const store = { gitDir: await findGitDir(path, roots, signal), options: { signal } }
    return committedTree(store, signal, await resolveCommit(store, wanted.ref))
  }
  if (wanted.ref === WORKING_TREE)
    throw new AfterturnError('REF_UNKNOWN', 'Expected a ref: what is cloned has no working tree.')
  const url = source.protocol === 'file' ? await servedDirectory(source.url, roots, signal) : source.url
  const mirror = await fetchMirror(services, wanted, { ...source, url }, signal)
  return committedTree(mirror, signal, await resolveCommit(mirror, mirror.fetchedRef))
}

/** The git directory of a path; all that git reads of it lies under the roots. */
async function findGitDir(path: string, roots: Roots, signal: AbortSignal): Promise<string> {
  const options: GitOptions = { signal, ceiling: dirname(path) }
  const args = ['-C', path, 'rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir']
  const { output, code, complaint } = await runGit(args, options)
  if (code !== 0 && NO_REPOSITORY.test(complaint))
    throw new AfterturnError('REPO_NOT_FOUND', `Expected the top of a git repository at ${JSON.stringify(path)}.`)
  if (code !== 0) throw new AfterturnError('REPO_BROKEN', `The repository cannot be read: ${complaint}`)
  const gitDirs = output.toString('utf8').trimEnd().split('\n')
  await refuseLinksOut(gitDirs, roots, signal)
  return gitDirs[0] as string
}

/**
 * A `file://` address without links. The git that serves a fetch may itself fetch what a partial clone lacks, by a command that the repository's
 * configuration names: only newer versions leave that.
 */
async function servedDirectory(url: string, roots: Roots, signal: AbortSignal): Promise<string> {
  const path = await realPathUnder(fileURLToPath(url), roots)
  const gitDir = await findGitDir(path, roots, signal)
  const { code } = await runGit(['--git-dir', gitDir, 'config', '--get-regexp', PARTIAL_CLONE], { signal })
  if (code === 0)
    throw new AfterturnError(
      'REPO_BROKEN',
      'Expected a repository with all its objects, got a partial clone; give its path in place of its address.',
    )
  return pathToFileURL(path).href
}

async function committedTree(store: GitStore, signal: AbortSignal, commit: string): Promise<SourceTree> {
  const files = await listFiles(store, commit, MAX_FILES)
  const inFiles = (name: string) =>
    files.filter(({ mode, path }) => mode === 'file' && (path === name || path?.endsWith(`/${name}`)))
  const ruleFiles = [
    ...inFiles('.afterturnignore').map((file) => ({ ...file, kind: 'afterturnignore' as const })),
    ...inFiles('.gitattributes').map((file) => ({ ...file, kind: 'attributes' as const })),
  ]
  const texts = new Map<string, string | null>()
  let bytesLeft = MAX_RULES_BYTES
  const readable = ruleFiles.filter(({ bytes = Number.POSITIVE_INFINITY }) => {
    if (bytes > Math.min(bytesLeft, MAX_RULE_FILE_BYTES)) return false
    bytesLeft -= bytes
    return true
  })
  const oids = [...new Set(readable.map(({ oid }) => oid))]
  for await (const { oid, content } of readBlobs(store, oids, MAX_RULE_FILE_BYTES))
    texts.set(oid, content && decodeRules(content))
  const request: CommitFiles = {
    files,
    ruleFiles: ruleFiles.map(({ path, oid, kind }) => ({ path: path as string, kind, text: texts.get(oid) ?? null })),
  }
  const listed = listAtOnce(request) ?? (await listInThread<ListedCommit>({ kind: 'commit', ...request }, signal))
  return {
    commit,
    files: files.map((file, at) => ({ ...file, ...(listed.selected[at] as Selected) })),
    rules: Buffer.from(listed.rules),
    read: (files) =>
      readBlobs(
        store,
        files.map(({ oid }) => oid),
        MAX_FILE_BYTES,
      ),
  }
}

/** Walking and matching rules take as long as who wrote the repository wants. */
function listInThread<Listed>(request: ListRequest, signal: AbortSignal): Promise<Listed> {
  return runInThread<Listed>(new URL('./list-tree.ts', import.meta.url), request, {
    signal,
    silenceMs: LIST_SILENCE_MS,
    maxHeapMb: LIST_HEAP_MB,
    onStuck: () =>
      new AfterturnError('REPO_TOO_LARGE', `Listing its files took more than ${LIST_HEAP_MB} MB, or stood still.`),
  })
}

import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { programmingLanguageOf } from '../../shared/repo/languages.ts'
import type { SkipReason } from '../../shared/repo/skip-reason.ts'
import { type BlobName, blobKey, findBlobs } from '../../shared/store/code/code-blobs.ts'
import type { FileRow, IndexRow } from '../../shared/store/code/code-indexes.ts'
import type { Database } from '../../shared/store/database.ts'
import type { SourceTree } from './git/source-tree.ts'

/** Owns what a run has to do: which files keep what they had, which are known by their blob, and which blobs must be read. */

/** A blob that is not indexed yet, with the first path that has it. */
export type NewBlobFile = BlobName & { readonly path: string; readonly bytes: number; readonly isHandWritten: boolean }

type IndexPlan = {
  readonly files: readonly PlannedFile[]
  /** Each once, whatever paths have it. */
  readonly todo: readonly NewBlobFile[]
  readonly rules: Buffer
}

/** A file of the new index: decided, or waiting for its blob. */
export type PlannedFile = Omit<FileRow, 'blob' | 'skipReason'> & {
  readonly settled: Pick<FileRow, 'blob' | 'skipReason'> | undefined
  readonly key: string
  /** Whether the index has just this already. */
  readonly isKept: boolean
}

/** Blobs that are looked up in one statement. */
const PAGE_BLOBS = 5_000
/** What the event loop waits for: leases are to be renewed, and cancels heard. */
const FILES_PER_TURN = 1_000
/** The rules by which files are skipped; raise it when they change, and unchanged files are looked at again. */
const SKIP_RULES_VERSION = 6
/** Reasons that the content of a file does not tell: it may be readable by now, of another mode, or have other neighbours. */
const CHANGEABLE: ReadonlySet<string | null> = new Set<SkipReason>(['unreadable', 'symlink', 'vendored', 'built'])

export async function planIndex(
  database: Database,
  space: number,
  tree: SourceTree,
  before: { readonly index: IndexRow; readonly files: readonly FileRow[] },
  now: Date,
  signal: AbortSignal,
): Promise<IndexPlan> {
  const rules = createHash('sha256').update(`${SKIP_RULES_VERSION} `).update(tree.rules).digest()
  const isSame = before.index.space === space && before.index.rules?.equals(rules)
  const known = new Map(isSame ? before.files.map((file) => [file.path, file]) : [])
  const planned = new Map<string, PlannedFile>()
  const unknown = new Map<string, NewBlobFile>()
  for (const [at, file] of tree.files.entries()) {
    if (at % FILES_PER_TURN === 0) await setImmediate(undefined, { signal })
    const row = { path: file.shownPath, oid: file.oid, bytes: file.bytes ?? 0, key: '' }
    // Two names of a hostile tree may be shown alike; the first stands.
    if (planned.has(row.path)) continue
    const old = known.get(row.path)
    const { skipReason } = file
    if (old?.oid === file.oid && isStillSo(old.skipReason, skipReason)) {
      planned.set(row.path, { ...row, settled: old, isKept: true })
      continue
    }
    if (skipReason !== null) {
      planned.set(row.path, { ...row, settled: { blob: null, skipReason }, isKept: false })
      continue
    }
    const name = { oid: file.oid, language: file.language ?? programmingLanguageOf(row.path) ?? '' }
    const key = blobKey(name)
    const isHandWritten = file.isHandWritten === true || unknown.get(key)?.isHandWritten === true
    unknown.set(key, { ...name, path: unknown.get(key)?.path ?? row.path, bytes: row.bytes, isHandWritten })
    planned.set(row.path, { ...row, key, settled: undefined, isKept: false })
  }
  const found = new Map<string, number>()
  const names = [...unknown.values()]
  for (let from = 0; from < names.length; from += PAGE_BLOBS)
    for (const entry of await findBlobs(database, space, names.slice(from, from + PAGE_BLOBS), now)) found.set(...entry)
  return {
    files: [...planned.values()].map((file) => {
      const blob = file.settled ? undefined : found.get(file.key)
      return blob === undefined ? file : { ...file, settled: { blob, skipReason: null } }
    }),
    todo: names.filter((name) => !found.has(blobKey(name))),
    rules,
  }
}

/** Whether a file that has the same content ends as it did: `now` is what is known without reading it. */
function isStillSo(before: string | null, now: SkipReason | null): boolean {
  return now === null ? !CHANGEABLE.has(before) : before === now && now !== 'unreadable'
}

import { LRUCache } from 'lru-cache'
import { readSegments } from '../store/code-blobs.ts'
import type { Database } from '../store/database.ts'
import { readServedFiles, type ServedFile, type ServedGeneration, type ServedIndex } from '../store/served-code.ts'
import { decodeSegment, hashTerm, type Segment } from './code-segment.ts'
import { codeTerms } from './code-terms.ts'

/**
 * Owns what a process holds of the code that it searches: the files of each index, and the segments of their blobs. Guarantees: what is served
 * is one generation of an index, whole; a new commit loads only the blobs that are new; memory is bounded, beyond it segments are read again.
 */

export type LoadedFile = ServedFile & {
  readonly segment: Segment
  /** The hashes of the terms of its path. */
  readonly pathTerms: readonly number[]
}

export type LoadedIndex = ServedIndex & { readonly files: readonly LoadedFile[] }

export type LoadedCode = {
  load(orgId: string, index: ServedIndex): Promise<LoadedIndex>
}

type Tree = ServedGeneration & {
  readonly files: readonly (ServedFile & { readonly pathTerms: readonly number[] })[]
}

/** Blobs whose segments are read in one statement. */
const PAGE_BLOBS = 500
/** What a file of a tree takes beside its path. */
const FILE_BYTES = 300
/** What was erased is gone from memory after this time. */
const MAX_AGE_MS = 3_600_000
/** The share of the memory that trees may take. */
const TREE_SHARE = 0.25

export function createLoadedCode(database: Database, memoryBytes: number): LoadedCode {
  const trees = new LRUCache<string, Tree>({
    ttl: MAX_AGE_MS,
    maxSize: Math.ceil(memoryBytes * TREE_SHARE),
    sizeCalculation: ({ files }) => files.reduce((sum, { path }) => sum + 2 * path.length + FILE_BYTES, FILE_BYTES),
  })
  const segments = new LRUCache<string, Segment>({
    ttl: MAX_AGE_MS,
    maxSize: Math.ceil(memoryBytes * (1 - TREE_SHARE)),
    sizeCalculation: (segment) => segment.memoryBytes,
  })

  const treeOf = async (orgId: string, index: ServedIndex): Promise<Tree> => {
    const key = JSON.stringify([orgId, index.id])
    const known = trees.get(key)
    if (known?.generation === index.generation) return known
    // It may be of a newer generation than the index was read with: then all of it is.
    const { files, ...generation } = (await readServedFiles(database, orgId, index.id)) ?? { ...index, files: [] }
    const tree = {
      ...generation,
      files: files.map((file) => ({ ...file, pathTerms: [...new Set(codeTerms(file.path).map(hashTerm))] })),
    }
    trees.set(key, tree)
    return tree
  }

  const loadOnce = async (orgId: string, index: ServedIndex): Promise<LoadedIndex & { isWhole: boolean }> => {
    const tree = await treeOf(orgId, index)
    const found = new Map<number, Segment>()
    const missing = new Set<number>()
    for (const { blob } of tree.files) {
      const segment = segments.get(`${orgId} ${blob}`)
      if (segment) found.set(blob, segment)
      else missing.add(blob)
    }
    const ids = [...missing]
    for (let from = 0; from < ids.length; from += PAGE_BLOBS) {
      for (const row of await readSegments(database, orgId, ids.slice(from, from + PAGE_BLOBS))) {
        const segment = decodeSegment(row.segment, row.vectors, tree.dims)
        segments.set(`${orgId} ${row.id}`, segment)
        found.set(row.id, segment)
      }
    }
    const files = tree.files.flatMap((file) => {
      const segment = found.get(file.blob)
      return segment ? [{ ...file, segment }] : []
    })
    const { generation, commit, model, dims } = tree
    return { ...index, generation, commit, model, dims, files, isWhole: files.length === tree.files.length }
  }

  return {
    async load(orgId, index) {
      const { isWhole, ...loaded } = await loadOnce(orgId, index)
      if (isWhole) return loaded
      // A blob went with an older generation: the newer one is there by now.
      trees.delete(JSON.stringify([orgId, index.id]))
      return loadOnce(orgId, index)
    },
  }
}

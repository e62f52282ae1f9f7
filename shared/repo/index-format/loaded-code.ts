import { LRUCache } from 'lru-cache'
import { readSegments } from '../../store/code/code-blobs.ts'
import { readServedFiles, type ServedFile, type ServedIndex } from '../../store/code/code-served.ts'
import type { Database } from '../../store/database.ts'
import { type FileFilter, filterFiles } from '../filter-files.ts'
import { type CodeCorpus, createCorpus, type RankedFile } from '../ranking/code-corpus.ts'
import { codeTerms } from '../ranking/code-terms.ts'
import { decodeSegment, hashTerm, type Segment } from './code-segment.ts'

/**
 * Owns what a process holds of the code that it searches: the files of each index with the segments of their blobs, and what searches of them
 * have in common. Guarantees: what is served is one generation of an index, whole; a new commit loads only the blobs that are new, and a blob
 * that several indexes have is held once; memory is bounded, beyond it indexes are read again.
 */

export type LoadedFile = ServedFile & RankedFile

export type LoadedIndex = ServedIndex & { readonly files: readonly LoadedFile[] }

/** A file as a search finds it, with the index that it is of. */
export type SearchedFile = LoadedFile & { readonly index: LoadedIndex }

export type LoadedCode = {
  load(orgId: string, index: ServedIndex): Promise<LoadedIndex>
  /** What the files of some indexes are searched by: a blob that several of them have is searched once, as the one with the shortest path. */
  corpusOf(orgId: string, indexes: readonly ServedIndex[], filter: FileFilter): Promise<CodeCorpus<SearchedFile>>
  /** Lets go of all code. */
  clear(): void
}

type Held = { readonly orgId: string; readonly index: LoadedIndex; readonly segments: ReadonlyMap<number, Segment> }
type HeldCorpus = { readonly of: readonly string[]; readonly corpus: CodeCorpus<SearchedFile> }

/** Blobs whose segments are read in one statement. */
const PAGE_BLOBS = 500
/** What a file takes beside its path and its segment. */
const FILE_BYTES = 300
/** What was erased is gone from memory after this time. */
const MAX_AGE_MS = 3_600_000
/** The share of the memory that corpora may take, beside the files that they are of. */
const CORPUS_SHARE = 0.2

export function createLoadedCode(database: Database, memoryBytes: number): LoadedCode {
  const corpora = new LRUCache<string, HeldCorpus>({
    maxSize: Math.ceil(memoryBytes * CORPUS_SHARE),
    sizeCalculation: ({ corpus }) => corpus.memoryBytes + 1,
  })
  const held = new LRUCache<string, Held>({
    ttl: MAX_AGE_MS,
    ttlAutopurge: true,
    maxSize: Math.ceil(memoryBytes * (1 - CORPUS_SHARE)),
    sizeCalculation: sizeOf,
    // What is made of an index would keep it in memory.
    dispose: (_, key) => {
      for (const [name, { of }] of corpora) if (of.includes(key)) corpora.delete(name)
    },
  })
  const making = new Map<string, Promise<CodeCorpus<SearchedFile>>>()
  const readingOf = new Map<string, Promise<LoadedIndex>>()

  const findSegment = (orgId: string, blob: number): Segment | undefined => {
    for (const other of held.values()) {
      const segment = other.orgId === orgId ? other.segments.get(blob) : undefined
      if (segment) return segment
    }
    return undefined
  }

  /** `isWhole` is false when a blob went with an older generation. */
  const read = async (orgId: string, index: ServedIndex): Promise<{ loaded: LoadedIndex; isWhole: boolean }> => {
    // It may be of a newer generation than the index was read with: then all of it is.
    const { files, ...generation } = (await readServedFiles(database, orgId, index.id)) ?? { ...index, files: [] }
    const segments = new Map<number, Segment>()
    const missing: number[] = []
    for (const blob of new Set(files.map((file) => file.blob))) {
      const segment = findSegment(orgId, blob)
      if (segment) segments.set(blob, segment)
      else missing.push(blob)
    }
    for (let from = 0; from < missing.length; from += PAGE_BLOBS)
      for (const row of await readSegments(database, orgId, missing.slice(from, from + PAGE_BLOBS)))
        segments.set(row.id, decodeSegment(row.segment, row.vectors, generation.dims))
    const found = files.flatMap((file): LoadedFile[] => {
      const segment = segments.get(file.blob)
      if (segment === undefined) return []
      const language = segment.language ?? file.language
      return [{ ...file, language, segment, pathTerms: [...new Set(codeTerms(file.path).map(hashTerm))] }]
    })
    const isWhole = found.length === files.length
    const loaded = { ...index, ...generation, files: found }
    if (isWhole) held.set(keyOf(orgId, index), { orgId, index: loaded, segments })
    return { loaded, isWhole }
  }

  const load = async (orgId: string, index: ServedIndex): Promise<LoadedIndex> => {
    const known = held.get(keyOf(orgId, index))?.index
    if (known?.generation === index.generation) return { ...known, ...index }
    // Searches that come at once read an index once: each copy would take its memory again.
    const name = `${index.generation} ${keyOf(orgId, index)}`
    const reading = readingOf.get(name) ?? readWhole(orgId, index).finally(() => readingOf.delete(name))
    readingOf.set(name, reading)
    return reading
  }

  const readWhole = async (orgId: string, index: ServedIndex): Promise<LoadedIndex> => {
    const { loaded, isWhole } = await read(orgId, index)
    // The newer generation is there by now.
    return isWhole ? loaded : (await read(orgId, index)).loaded
  }

  const make = async (orgId: string, indexes: readonly ServedIndex[], filter: FileFilter) => {
    const loaded: LoadedIndex[] = []
    for (const served of indexes) loaded.push(await load(orgId, served))
    const byBlob = new Map<number, SearchedFile>()
    for (const file of filterFiles(loaded, filter)) {
      const other = byBlob.get(file.blob)
      if (!other || file.path.length < other.path.length) byBlob.set(file.blob, file)
    }
    // Patterns of paths are too many to keep what is made for each.
    return createCorpus([...byBlob.values()], filter.pathGlob === undefined)
  }

  return {
    load,
    async corpusOf(orgId, indexes, filter) {
      if (filter.pathGlob !== undefined) return make(orgId, indexes, filter)
      const name = JSON.stringify([orgId, filter.language, indexes])
      const of = indexes.map((index) => keyOf(orgId, index))
      const known = corpora.get(name)
      // What is used stays.
      if (known && of.every((key) => held.get(key) !== undefined)) return known.corpus
      const made = making.get(name) ?? make(orgId, indexes, filter).finally(() => making.delete(name))
      making.set(name, made)
      const corpus = await made
      if (of.every((key) => held.has(key))) corpora.set(name, { of, corpus })
      return corpus
    },
    // With an index goes what was made of it.
    clear: () => held.clear(),
  }
}

function keyOf(orgId: string, { id }: ServedIndex): string {
  return `${id} ${orgId}`
}

function sizeOf({ index, segments }: Held): number {
  let bytes = FILE_BYTES
  for (const { path } of index.files) bytes += 2 * path.length + FILE_BYTES
  for (const { memoryBytes } of segments.values()) bytes += memoryBytes
  return bytes
}

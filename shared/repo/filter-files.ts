import { programmingLanguageOf } from './languages.ts'
import { createPathFilter, type PathFilter } from './path-filter.ts'
import { WORKING_TREE } from './repo-source.ts'

/** Owns which files of some indexes a search may find, and what it says of refs that it did not read and filters that let none through. */

export type FileFilter = { readonly language?: readonly string[] | undefined; readonly pathGlob?: string | undefined }

type Filtered = { readonly path: string; readonly language: string }
type Files<File> = { readonly files: readonly File[] }

/** The files that pass. */
export function filterFiles<File extends Filtered, Index extends Files<File>>(
  indexes: readonly (Index & Files<File>)[],
  { language, pathGlob }: FileFilter,
): (File & { readonly index: Index })[] {
  const isPath = readGlob(indexes, pathGlob)?.isPath
  return indexes.flatMap((index) =>
    index.files
      .filter((file) => isIn(language, file) && (!isPath || isPath(file.path)))
      .map((file) => ({ ...file, index })),
  )
}

/** Why no file passed, or how a glob was read that does not mean these paths, in words; empty where the indexes hold none. */
export function explainFiles(indexes: readonly Files<Filtered>[], { language, pathGlob }: FileFilter): string[] {
  const files = indexes.flatMap((index) => index.files)
  if (files.length === 0) return []
  const glob = readGlob(indexes, pathGlob)
  const isFound = !glob || files.some(({ path }) => glob.isPath(path))
  const notes: string[] = []
  if (glob?.readAs !== undefined && isFound)
    notes.push(`pathGlob ${JSON.stringify(pathGlob)} matches no path; it was read as ${JSON.stringify(glob.readAs)}.`)
  if (!isFound) notes.push(`pathGlob ${JSON.stringify(pathGlob)} matches none of the ${files.length} indexed paths.`)
  if (files.some((file) => isIn(language, file) && glob?.isPath(file.path) !== false)) return notes
  if (language !== undefined && !files.some((file) => isIn(language, file)))
    notes.push(`None of the ${files.length} indexed files is in the language ${JSON.stringify(language.join(' or '))}.`)
  if (notes.length === 0) notes.push('No indexed file passes both pathGlob and language.')
  return notes
}

/** More would hide the hits. */
const NAMED_REPOS = 3

/** Notes on refs that were not searched: a ref that no repository has, or working trees beside what is searched by default. */
export function explainRefs(
  indexes: readonly { readonly repoId: string; readonly hasTreeBeside: boolean }[],
  ref: string | undefined,
): string[] {
  if (ref !== undefined)
    return indexes.length === 0 ? [`No repository has the ref ${JSON.stringify(ref)} indexed.`] : []
  const beside = indexes.filter(({ hasTreeBeside }) => hasTreeBeside).map(({ repoId }) => JSON.stringify(repoId))
  if (beside.length === 0) return []
  const more = beside.length > NAMED_REPOS ? ` and ${beside.length - NAMED_REPOS} more` : ''
  const named = `${beside.slice(0, NAMED_REPOS).join(', ')}${more}`
  return [`The working tree of ${named} is indexed too; search it with the ref ${JSON.stringify(WORKING_TREE)}.`]
}

/** A notebook is one by its name, and is written in the language of its code. */
function isIn(languages: FileFilter['language'], { path, language }: Filtered): boolean {
  if (languages === undefined || languages.includes(language)) return true
  return languages.includes('notebook') && programmingLanguageOf(path) === 'notebook'
}

type GlobReading = { readonly isPath: PathFilter; readonly readAs?: string }

/** The first reading of a glob that lets a path through: brackets as letters, as git reads it, in any case, and last with `\` for `/`. */
function readGlob(indexes: readonly Files<Filtered>[], pathGlob: string | undefined): GlobReading | undefined {
  if (pathGlob === undefined) return undefined
  const isFound = ({ isPath }: GlobReading) => indexes.some(({ files }) => files.some(({ path }) => isPath(path)))
  const readings: (() => GlobReading)[] = [
    () => ({ isPath: createPathFilter(pathGlob) }),
    () => ({ isPath: createPathFilter(pathGlob, true) }),
  ]
  // All but one path may pass what is negated: that says nothing of how it is meant.
  const isNegated = pathGlob.startsWith('!')
  if (!isNegated && pathGlob.includes('['))
    readings.unshift(() => ({ isPath: createPathFilter(pathGlob.replace(/[[\]]/g, '\\$&')) }))
  if (!isNegated && pathGlob.includes('\\')) {
    const readAs = pathGlob.replaceAll('\\', '/')
    readings.push(() => ({ isPath: createPathFilter(readAs, true), readAs }))
  }
  for (const read of readings) {
    const reading = read()
    if (isFound(reading)) return reading
  }
  return { isPath: () => false }
}

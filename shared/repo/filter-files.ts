import { createPathFilter, type PathFilter } from './path-filter.ts'

/** Owns which files of some indexes a search may find, and what it says when its own filters let none through. */

export type FileFilter = { readonly language?: readonly string[] | undefined; readonly pathGlob?: string | undefined }

type Filtered = { readonly path: string; readonly language: string }
type Files<File> = { readonly files: readonly File[] }

/** The files that pass. Where no path is what the glob says to the letter, upper and lower case are alike. */
export function filterFiles<File extends Filtered, Index extends Files<File>>(
  indexes: readonly (Index & Files<File>)[],
  { language, pathGlob }: FileFilter,
): (File & { readonly index: Index })[] {
  const isPath = pathFilterFor(indexes, pathGlob)
  return indexes.flatMap((index) =>
    index.files
      .filter((file) => (language === undefined || language.includes(file.language)) && (!isPath || isPath(file.path)))
      .map((file) => ({ ...file, index })),
  )
}

/** Why no file passed, in words; empty where the indexes themselves hold none. */
export function explainNoFiles(indexes: readonly Files<Filtered>[], { language, pathGlob }: FileFilter): string[] {
  const files = indexes.flatMap((index) => index.files)
  if (files.length === 0) return []
  const isPath = pathFilterFor(indexes, pathGlob)
  const notes: string[] = []
  if (isPath && !files.some(({ path }) => isPath(path)))
    notes.push(`pathGlob ${JSON.stringify(pathGlob)} matches none of the ${files.length} indexed paths.`)
  if (language !== undefined && !files.some((file) => language.includes(file.language)))
    notes.push(`None of the ${files.length} indexed files is in the language ${JSON.stringify(language.join(' or '))}.`)
  if (notes.length === 0) notes.push('No indexed file passes both pathGlob and language.')
  return notes
}

function pathFilterFor(indexes: readonly Files<Filtered>[], pathGlob: string | undefined): PathFilter | undefined {
  if (pathGlob === undefined) return undefined
  const exact = createPathFilter(pathGlob)
  const isFound = indexes.some(({ files }) => files.some(({ path }) => exact(path)))
  return isFound ? exact : createPathFilter(pathGlob, true)
}

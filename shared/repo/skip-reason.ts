/** Why a file is not indexed, with what it means; `docs` and reports show the words. */
export const SKIP_REASONS = {
  binary: 'no text, by its bytes, its name or .gitattributes',
  encoding: 'text in an encoding that could not be told; store it as UTF-8',
  too_large: 'larger than 1.5 MB, or a notebook or Markdown with more text than that',
  minified: 'written by a minifier, by its name or its lines',
  generated: 'written by a program, by its name, its first lines or .gitattributes',
  built: 'written by a build, by its directory',
  vendored: "somebody else's code, by its directory or .gitattributes",
  lock_file: 'the lock file of a package manager',
  ignored: 'left out by .afterturnignore, or .gitignore in a working tree',
  symlink: 'a symbolic link; what it points to is indexed where it lies',
  submodule: 'another repository; index it by itself',
  lfs_pointer: 'a pointer of Git LFS, whose content is not in the repository',
  path_encoding: 'its name is no UTF-8',
  path_too_long: 'its path has more than 4,096 characters, which no file system takes',
  unparsable: 'the process that reads it died of it twice, or took too long',
  unreadable:
    'missing or corrupt in the object database, not readable, or saved during the run; the next run tries again',
} as const

export type SkipReason = keyof typeof SKIP_REASONS

/** A line of the skip report. */
export type SkippedFile = { readonly path: string; readonly reason: SkipReason; readonly bytes: number }

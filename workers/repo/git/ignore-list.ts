import type { GitPattern } from './git-pattern.ts'

/**
 * Owns what one kind of ignore files leaves out, of all directories together. Guarantees: deeper files decide over those above them, later lines
 * over earlier ones, and nothing is let in again below a directory that is left out.
 */
type IgnoreList = {
  readonly isEmpty: boolean
  /** The patterns of a directory, `''` for the top. */
  add(directory: string, patterns: readonly GitPattern[]): void
  /** Whether a file, or a directory, is left out, or one above it. */
  isIgnored(names: readonly string[], isDirectory: boolean): boolean
}

/** @param check called at each pattern, for it to end what takes too long */
export function createIgnoreList(check: () => void): IgnoreList {
  const all: ByDirectory<GitPattern> = new Map()
  /** The directories of the path that was asked for last: the next is likely to share them. */
  const last: { readonly name: string; readonly isIgnored: boolean }[] = []

  const isNamed = (names: readonly string[], isDirectory: boolean): boolean => {
    let isIgnored = false
    for (const [pattern, below] of rulesFor(all, names)) {
      check()
      if ((isDirectory || !pattern.isForDirectories) && pattern.isNegated === isIgnored && pattern.matches(below))
        isIgnored = !pattern.isNegated
    }
    return isIgnored
  }

  return {
    get isEmpty() {
      return all.size === 0
    },
    add(directory, patterns) {
      last.length = 0
      addTo(all, directory, patterns)
    },
    isIgnored(names, isDirectory) {
      if (all.size === 0) return false
      let depth = 0
      while (depth < Math.min(last.length, names.length - 1) && last[depth]?.name === names[depth]) depth++
      last.length = depth
      let isIgnored = last.at(-1)?.isIgnored ?? false
      for (; depth < names.length - 1; depth++) {
        isIgnored ||= isNamed(names.slice(0, depth + 1), true)
        last.push({ name: names[depth] as string, isIgnored })
      }
      return isIgnored || isNamed(names, isDirectory)
    },
  }
}

/** The rules of each directory that has some, in the order in which they stand there. */
export type ByDirectory<Rule> = Map<string, Rule[]>

export function addTo<Rule>(all: ByDirectory<Rule>, directory: string, rules: readonly Rule[]): void {
  if (rules.length > 0) all.set(directory, [...(all.get(directory) ?? []), ...rules])
}

/** The rules of the directories above a path, from the top, each with the path as that directory sees it. */
export function* rulesFor<Rule>(
  all: ByDirectory<Rule>,
  names: readonly string[],
): Generator<readonly [Rule, readonly string[]]> {
  let left = all.size
  let directory = ''
  for (let depth = 0; depth < names.length && left > 0; depth++) {
    if (depth > 0) directory += `${depth > 1 ? '/' : ''}${names[depth - 1]}`
    const rules = all.get(directory)
    if (!rules) continue
    left -= 1
    const below = depth === 0 ? names : names.slice(depth)
    for (const rule of rules) yield [rule, below]
  }
}

import { createHash } from 'node:crypto'
import { AfterturnError } from '../../../shared/errors.ts'
import { type AttributeRule, attributeRulesOf, ignorePatternsOf, type MarkedAs, type RuleFile } from '../rule-files.ts'
import { createTimeBudget } from '../time-budget.ts'
import type { GitPattern } from './git-pattern.ts'

/**
 * Owns what a repository's own files say of others: `.gitattributes` of what is vendored, generated or binary, ignore files of what to leave out.
 * Guarantees: what `.afterturnignore` leaves out no `.gitignore` lets back in; an ignore file that cannot be followed ends the run, since what
 * it leaves out may be private; and all of them together take a bounded time, whoever wrote them.
 */

export type GitRules = {
  /** Files of a directory are added before what lies in it is asked for. @throws REPO_BROKEN */
  add(file: RuleFile): void
  /** Whether an ignore file leaves it, or a directory above it, out. @throws REPO_TOO_LARGE */
  isIgnored(path: string): boolean
  /** The same of a directory, without looking above it. @throws REPO_TOO_LARGE */
  isDirectoryIgnored(path: string): boolean
  /** What `.gitattributes` set: true, false for an unset one, undefined where nothing is said. @throws REPO_TOO_LARGE */
  attributesOf(path: string): MarkedAs
  /** Changes when any of them does. */
  fingerprint(): Buffer
}

const MAX_TIME_MS = 60_000

/** The rules of each directory that has some, in the order in which they stand there. */
type ByDirectory<Rule> = Map<string, Rule[]>

/** Joins rule files; those of deeper directories decide over those above them, later ones over earlier ones. */
export function createGitRules(files: readonly RuleFile[] = [], maxTimeMs = MAX_TIME_MS): GitRules {
  const ignores = { gitignore: new Map(), afterturnignore: new Map() } satisfies Record<string, ByDirectory<GitPattern>>
  const attributes: ByDirectory<AttributeRule> = new Map()
  const added: RuleFile[] = []
  /** The directories of the path that was asked for last: the next is likely to share them. */
  const last: { readonly name: string; readonly isIgnored: boolean }[] = []
  const tookTooLong = () =>
    new AfterturnError('REPO_TOO_LARGE', `Its ignore and attributes files took more than ${maxTimeMs} ms.`)
  const { within, check } = createTimeBudget(maxTimeMs, tookTooLong)

  const isLeftOut = (segments: readonly string[], isDirectory: boolean): boolean =>
    [ignores.gitignore, ignores.afterturnignore].some((rules) => {
      let isIgnored = false
      for (const [pattern, names] of rulesFor<GitPattern>(rules, segments)) {
        check()
        if ((isDirectory || !pattern.isForDirectories) && pattern.isNegated === isIgnored && pattern.matches(names))
          isIgnored = !pattern.isNegated
      }
      return isIgnored
    })

  const isInIgnored = (segments: readonly string[]): boolean => {
    let depth = 0
    while (depth < Math.min(last.length, segments.length - 1) && last[depth]?.name === segments[depth]) depth++
    last.length = depth
    let isIgnored = last.at(-1)?.isIgnored ?? false
    for (; depth < segments.length - 1; depth++) {
      isIgnored ||= isLeftOut(segments.slice(0, depth + 1), true)
      last.push({ name: segments[depth] as string, isIgnored })
    }
    return isIgnored
  }

  const rules: GitRules = {
    add(file) {
      added.push(file)
      last.length = 0
      const directory = file.path.split('/').slice(0, -1).join('/')
      if (file.kind === 'attributes')
        addTo(
          attributes,
          directory,
          within(() => attributeRulesOf(file)),
        )
      else
        addTo(
          ignores[file.kind],
          directory,
          within(() => ignorePatternsOf(file)),
        )
    },
    isIgnored(path) {
      if (ignores.gitignore.size + ignores.afterturnignore.size === 0) return false
      const segments = path.split('/')
      return within(() => isInIgnored(segments) || isLeftOut(segments, false))
    },
    isDirectoryIgnored: (path) => within(() => isLeftOut(path.split('/'), true)),
    attributesOf(path) {
      if (attributes.size === 0) return {}
      return within(() => {
        const marks: MarkedAs = {}
        for (const [rule, names] of rulesFor(attributes, path.split('/'))) {
          check()
          if (rule.pattern.matches(names)) Object.assign(marks, rule.marks)
        }
        return marks
      })
    },
    fingerprint() {
      const parts = added.map(({ path, kind, text }) => JSON.stringify([path, kind, text])).sort()
      return createHash('sha256').update(parts.join('\n')).digest()
    },
  }
  for (const file of files) rules.add(file)
  return rules
}

function addTo<Rule>(all: ByDirectory<Rule>, directory: string, rules: readonly Rule[]): void {
  if (rules.length > 0) all.set(directory, [...(all.get(directory) ?? []), ...rules])
}

/** The rules of the directories above a path, from the top, each with the path as that directory sees it. */
function* rulesFor<Rule>(
  all: ByDirectory<Rule>,
  segments: readonly string[],
): Generator<readonly [Rule, readonly string[]]> {
  let left = all.size
  let directory = ''
  for (let depth = 0; depth < segments.length && left > 0; depth++) {
    if (depth > 0) directory += `${depth > 1 ? '/' : ''}${segments[depth - 1]}`
    const rules = all.get(directory)
    if (!rules) continue
    left -= 1
    const within = depth === 0 ? segments : segments.slice(depth)
    for (const rule of rules) yield [rule, within]
  }
}

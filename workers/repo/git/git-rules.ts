import { createHash } from 'node:crypto'
import { AfterturnError } from '../../../shared/errors.ts'
import { asciiLower } from '../../../shared/repo/git-glob.ts'
import { builtInMacros, type MarkedAs, marksOf } from './attribute-marks.ts'
import { asBytes } from './git-pattern.ts'
import { addTo, type ByDirectory, createIgnoreList, rulesFor } from './ignore-list.ts'
import { type AttributeRule, attributeRulesOf, ignorePatternsOf, type RuleFile } from './rule-files.ts'
import { createTimeBudget } from './time-budget.ts'

/**
 * Owns what a repository's own files say of others: `.gitattributes` of what is vendored, generated or binary, ignore files of what to leave out.
 * Guarantees: what `.afterturnignore` leaves out no `.gitignore` lets back in; an ignore file that cannot be followed ends the run, since what
 * it leaves out may be private; and all of them together take a bounded time, whoever wrote them.
 */

export type GitRules = {
  /** Files of a directory are added before what lies in it is asked for. @throws REPO_BROKEN, REPO_TOO_LARGE */
  add(file: RuleFile): void
  /** Whether an ignore file leaves it, or a directory above it, out. @throws REPO_TOO_LARGE */
  isIgnored(path: string): boolean
  /** The same of one that git keeps, whatever its ignore files say: only `.afterturnignore` leaves it out. @throws REPO_TOO_LARGE */
  isTrackedIgnored(path: string, isDirectory?: boolean): boolean
  /** Whether nothing of a directory is to be looked at, but what git keeps. @throws REPO_TOO_LARGE */
  isDirectoryIgnored(path: string): boolean
  /** What `.gitattributes` set: true, false for an unset one, undefined where nothing is said. @throws REPO_TOO_LARGE */
  attributesOf(path: string): MarkedAs
  /** Whether some file is said to be nobody else's, whatever its directory is called. */
  hasOwned(): boolean
  /** Changes when any of them does. */
  fingerprint(): Buffer
}

const MAX_TIME_MS = 60_000

/** Joins rule files; those of deeper directories decide over those above them, later ones over earlier ones. */
export function createGitRules(
  files: readonly RuleFile[] = [],
  { maxTimeMs = MAX_TIME_MS, isCaseFolded = false }: { maxTimeMs?: number; isCaseFolded?: boolean } = {},
): GitRules {
  const tookTooLong = () =>
    new AfterturnError('REPO_TOO_LARGE', `Its ignore and attributes files took more than ${maxTimeMs} ms.`)
  const { within, check } = createTimeBudget(maxTimeMs, tookTooLong)
  const ignores = { gitignore: createIgnoreList(check), afterturnignore: createIgnoreList(check) }
  const attributes: ByDirectory<AttributeRule> = new Map()
  const strong: AttributeRule[] = []
  const macros = builtInMacros()
  const strongMacros: typeof macros = new Map()
  const added: RuleFile[] = []
  const fold = (text: string) => (isCaseFolded ? asciiLower(asBytes(text)) : asBytes(text))
  const namesOf = (path: string) => fold(path).split('/')

  const rules: GitRules = {
    add(file) {
      added.push(file)
      const directory = fold(file.path.slice(0, Math.max(0, file.path.lastIndexOf('/'))))
      if (file.kind === 'strong-attributes')
        strong.push(...within(() => attributeRulesOf(file, strongMacros, isCaseFolded)))
      else if (file.kind === 'attributes')
        addTo(
          attributes,
          directory,
          within(() => attributeRulesOf(file, macros, isCaseFolded)),
        )
      else
        ignores[file.kind].add(
          directory,
          within(() => ignorePatternsOf(file, isCaseFolded)),
        )
      for (const [name, words] of strongMacros) macros.set(name, words)
    },
    isIgnored(path) {
      if (ignores.gitignore.isEmpty && ignores.afterturnignore.isEmpty) return false
      const names = namesOf(path)
      return within(() => ignores.gitignore.isIgnored(names, false) || ignores.afterturnignore.isIgnored(names, false))
    },
    isTrackedIgnored: (path, isDirectory = false) =>
      within(() => ignores.afterturnignore.isIgnored(namesOf(path), isDirectory)),
    isDirectoryIgnored: (path) =>
      within(() => Object.values(ignores).some((list) => list.isIgnored(namesOf(path), true))),
    attributesOf(path) {
      if (attributes.size === 0 && strong.length === 0) return {}
      return within(() => {
        const lines: AttributeRule['words'][] = []
        const follow = (rule: AttributeRule, below: readonly string[]) => {
          check()
          if (rule.pattern.matches(below)) lines.push(rule.words)
        }
        const names = namesOf(path)
        for (const [rule, below] of rulesFor(attributes, names)) follow(rule, below)
        for (const rule of strong) follow(rule, names)
        return marksOf(lines, macros)
      })
    },
    hasOwned: () =>
      [...macros.values(), ...[...attributes.values(), strong].flat().map(({ words }) => words)].some((words) =>
        words.some(([name, value]) => name === 'linguist-vendored' && (value === false || value === 'false')),
      ),
    fingerprint() {
      const parts = added.map(({ path, kind, text }) => JSON.stringify([path, kind, text])).sort()
      return createHash('sha256').update(`${isCaseFolded}\n`).update(parts.join('\n')).digest()
    },
  }
  for (const file of files) rules.add(file)
  return rules
}

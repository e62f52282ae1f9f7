/**
 * Owns which directories hold somebody else's code, or what a build writes: those that only a package manager makes, and those that are called
 * so and have proof beside or in them. A domain may have vendors, pods and third parties of its own.
 */
export type ForeignPlaces = {
  isVendored(path: string): boolean
  /** Whether it lies where a build writes. */
  isBuilt(path: string): boolean
}

const PACKAGE_DIRECTORIES = new Set([
  ...['node_modules', 'bower_components', 'jspm_packages', 'site-packages', '.venv', '.yarn'],
])
const BUILD_DIRECTORIES = new Set(['__pycache__', '.next', '.nuxt'])
/** Directories of this name are foreign when one of these lies beside them, and at the top. */
const MANIFESTS_BESIDE: ReadonlyMap<string, readonly string[]> = new Map([
  ['vendor', ['go.mod', 'composer.json', 'Gemfile', 'Cargo.toml']],
  ['third_party', []],
  ['third-party', []],
  ['Pods', ['Podfile']],
  ['Carthage', ['Cartfile']],
  ['Godeps', ['go.mod']],
])
/** The same of these, but never by their place alone. */
const FOREIGN_NAMES = /^(?:_?vendors?|third[-_]?party|pods|carthage|godeps)$/i
/** People keep packages of their own in these: only a licence of its own says that one is not theirs. */
const DEPENDENCY_NAMES = /^(?:deps|extern(?:als?)?|subprojects)$/
const BUILD_MANIFESTS = ['package.json', 'setup.py', 'pyproject.toml', 'deno.json']
const LICENCE = /^(?:licen[cs]e|copying|copyright|notice|unlicense)(?:[.-].{0,20})?$/i
/** Other files that a package that was copied in brings along. */
const PROOF =
  /^(?:package|bower|composer|component)\.json$|^(?:cargo|pyproject)\.toml$|^go\.mod$|^setup\.py$|\.(?:gemspec|podspec)$|^README\.chromium$/i
/** Files that lie beside packages, and in none, for those who build with them. */
const NOTE =
  /^(?:readme(?:\..{0,20})?|build|workspace|buck|makefile|cmakelists\.txt|requirements\.txt|package\.json|\.git[a-z]{1,20})$|\.(?:bazel|bzl|cmake|mk)$/i
/** What a package manager writes into the directory itself. */
const OWN_PROOF = new Set(['modules.txt', 'autoload.php', 'Manifest.lock', 'Godeps.json'])
/** Below the directory: `vendor/github.com/owner/name/LICENSE`. */
const MAX_PROOF_DEPTH = 4

/** Whether only a package manager makes a directory of this name. */
export function isPackageDirectory(path: string): boolean {
  return PACKAGE_DIRECTORIES.has(path.slice(path.lastIndexOf('/') + 1))
}

export function createForeignPlaces(paths: readonly string[]): ForeignPlaces {
  const all = new Set(paths)
  const { proven, licensed } = provenDirectories(paths)
  const isBeside = (directory: string, names: readonly string[]) => {
    const parent = directory.slice(0, directory.lastIndexOf('/') + 1)
    return names.some((name) => all.has(parent + name))
  }
  return {
    isVendored: (path) =>
      hasDirectory(path, (name, end) => {
        if (PACKAGE_DIRECTORIES.has(name)) return true
        if (DEPENDENCY_NAMES.test(name)) {
          const next = path.indexOf('/', end + 1)
          return next >= 0 && proven.has(path.slice(0, next))
        }
        if (!FOREIGN_NAMES.test(name)) return false
        const directory = path.slice(0, end)
        if (isBeside(directory, MANIFESTS_BESIDE.get(name) ?? [])) return true
        if (!proven.has(directory) && (directory !== name || !MANIFESTS_BESIDE.has(name))) return false
        return path.includes('/', end + 1) || !NOTE.test(path.slice(end + 1)) || licensed.has(directory)
      }),
    isBuilt: (path) =>
      hasDirectory(path, (name, end) => {
        if (name !== 'dist') return BUILD_DIRECTORIES.has(name)
        return end === name.length || isBeside(path.slice(0, end), BUILD_MANIFESTS)
      }),
  }
}

/** Directories with a name of foreign code in which a package was copied, and those that are one. */
function provenDirectories(paths: readonly string[]): Record<'proven' | 'licensed', Set<string>> {
  const proven = new Set<string>()
  const licensed = new Set<string>()
  for (const path of paths) {
    const names = path.split('/')
    const file = names.at(-1) as string
    const isLicence = LICENCE.test(file)
    const isProof = isLicence || PROOF.test(file)
    if (isLicence) licensed.add(names.slice(0, -1).join('/'))
    if (!isProof && !OWN_PROOF.has(file)) continue
    const first = Math.max(0, names.length - 1 - (isProof ? MAX_PROOF_DEPTH : 1))
    const last = names.length - (isProof ? 3 : 2)
    for (let at = first; at <= last; at++) {
      const directory = names.slice(0, at + 1)
      if (FOREIGN_NAMES.test(names[at] as string)) proven.add(directory.join('/'))
      // The one package, and not its neighbours.
      if (isLicence && at === names.length - 3 && DEPENDENCY_NAMES.test(names[at] as string))
        proven.add(names.slice(0, -1).join('/'))
    }
  }
  return { proven, licensed }
}

/** Paths may be long and deep: a directory is its name and where that ends, and only one with a name in question is looked at whole. */
function hasDirectory(path: string, test: (name: string, end: number) => boolean): boolean {
  for (let from = 0, end = path.indexOf('/'); end >= 0; from = end + 1, end = path.indexOf('/', from))
    if (test(path.slice(from, end), end)) return true
  return false
}

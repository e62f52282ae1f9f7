import { ALL_BELOW, ANY_DIRECTORIES, createGlob, type Glob, type GlobPart, globPartOf } from './git-glob.ts'

/**
 * Owns what `pathGlob` means: paths as git's patterns name them, a directory for all that lies in it, `{a,b}` for either. A part that has the
 * letters of a pattern matches a name of just these letters too, since frameworks name routes `[slug]`. Linear, as `git-glob.ts` is.
 */

export type PathFilter = (path: string) => boolean

/** What `{...}` may multiply a pattern to; beyond it braces are letters. */
const MAX_ALTERNATIVES = 64

/** @param isFolded whether `App` is `app` too, and an accented letter the same in one character or two */
export function createPathFilter(pathGlob: string, isFolded = false): PathFilter {
  const text = isFolded ? fold(pathGlob.trim()) : pathGlob
  const isNegated = text.length > 1 && text.startsWith('!')
  const whole = withoutDot(text)
  const globs = (isNegated ? alternativesOf(text.slice(1)) : [text, ...alternativesOf(text)]).flatMap(globsOf)
  return (given) => {
    const path = isFolded ? fold(given) : given
    if (path === whole) return true
    const names = path.split('/')
    return globs.some((glob) => glob(names)) !== isNegated
  }
}

function globsOf(alternative: string): Glob[] {
  const text = withoutDot(alternative)
  const isDirectory = text.endsWith('/')
  const bare = isDirectory ? text.slice(0, -1) : text
  const names = (bare.startsWith('/') ? bare.slice(1) : bare).split('/')
  // Without a slash it is a name at any depth.
  const isAnchored = bare.includes('/')
  const found = names.map((name, at): [GlobPart, string?] =>
    name === '**' ? [at === names.length - 1 ? ALL_BELOW : ANY_DIRECTORIES] : [globPartOf(name) ?? name, name],
  )
  const parts = isAnchored ? found : [[ANY_DIRECTORIES] as [GlobPart, string?], ...found]
  const globOf = (own: readonly [GlobPart, string?][]) =>
    createGlob(
      own.map(([part]) => part),
      (at, name) => own[at]?.[1] === name,
    )
  if (isDirectory) return [globOf([...parts, [ALL_BELOW]])]
  // What ends in a name means the directory of that name as well, `[slug]` too; `src/*` means what lies in `src`.
  const last = names.at(-1) ?? ''
  const below = globOf([...parts.slice(0, -1), [last, last], [ALL_BELOW]])
  return last === '**' ? [globOf(parts)] : [globOf(parts), below]
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

function withoutDot(glob: string): string {
  return glob.startsWith('./') ? glob.slice(2) : glob
}

/** `src/{a,b}/*.ts` as two patterns; braces that hold no comma, or never close, are letters. */
function alternativesOf(glob: string): string[] {
  let done: string[] = ['']
  for (let at = 0; at < glob.length; at++) {
    const choices = glob[at] === '{' ? choicesAt(glob, at) : undefined
    if (choices === undefined) {
      done = done.map((one) => one + glob[at])
      continue
    }
    const inner = choices.texts.flatMap(alternativesOf)
    if (done.length * inner.length > MAX_ALTERNATIVES) return [glob]
    done = done.flatMap((one) => inner.map((choice) => one + choice))
    at = choices.end
  }
  return done
}

/** What stands between the commas of a brace, of its own level. */
function choicesAt(glob: string, from: number): { texts: string[]; end: number } | undefined {
  const texts: string[] = []
  let depth = 0
  let start = from + 1
  for (let at = from; at < glob.length; at++) {
    if (glob[at] === '{') depth += 1
    else if (glob[at] === '}') depth -= 1
    const isEnd = depth === 0
    if (isEnd || (depth === 1 && glob[at] === ',')) {
      texts.push(glob.slice(start, at))
      start = at + 1
    }
    if (isEnd) return texts.length > 1 ? { texts, end: at } : undefined
  }
  return undefined
}

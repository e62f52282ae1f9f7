import { languagesNamed, PROSE_LANGUAGES, programmingLanguageOf } from '../../../shared/repo/languages.ts'
import type { SkipReason } from '../../../shared/repo/skip-reason.ts'
import { decodeText } from '../parsing/decode-text.ts'
import { hasGeneratedHeader } from '../parsing/generated-header.ts'
import { withoutInlineData } from '../parsing/inline-data.ts'
import type { MarkedAs } from './attribute-marks.ts'
import { createForeignPlaces, type ForeignPlaces } from './foreign-places.ts'
import { MAX_PATH_LENGTH, type RepoFile } from './git-objects.ts'
import type { GitRules } from './git-rules.ts'

/** Owns which files are not indexed, and why: by what is known without reading them, and by what they hold. */

/** Larger files are data; source that people read is smaller. */
const MAX_TEXT = 1_500_000
/** Most of these may be pictures, which are left out of their text. */
const HOLDS_PICTURES = /\.(?:ipynb|md|mdx|markdown)$/i
const MAX_WITH_PICTURES = 20_000_000
/** No file that is read is larger. */
export const MAX_FILE_BYTES = Math.max(MAX_TEXT, MAX_WITH_PICTURES)

const GENERATED =
  /\.(map|snap|g\.dart|freezed\.dart|designer\.cs|g\.cs)$|_pb2(_grpc)?\.pyi?$|\.pb\.\w{1,20}$|(^|\/)zz_generated\.[\w.-]{1,80}$/i
const MINIFIED = /[.-]min\.(js|mjs|cjs|css)$/i
const LOCK_FILE =
  /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|composer\.lock|Gemfile\.lock|Cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|go\.sum|mix\.lock|flake\.lock|pubspec\.lock|Podfile\.lock|Package\.resolved|packages\.lock\.json|gradle\.lockfile|pixi\.lock|conan\.lock|shard\.lock|MODULE\.bazel\.lock|Cartfile\.resolved|\.terraform\.lock\.hcl)$/
/** Templates: their headers, and the lengths of their lines, are those of the output that a program makes of them. */
const TEMPLATE =
  /\.(?:tmpl|gotmpl|tpl|ejs|eta|erb|mustache|handlebars|hbs|jinja2?|j2|njk|liquid|twig|ftl|mako|stg|cshtml|razor|jspx?)$/i
const BINARY =
  /\.(png|jpe?g|gif|bmp|ico|icns|webp|avif|tiff?|psd|ai|eps|svgz|mp[34]|m4[av]|mov|avi|mkv|webm|wav|ogg|flac|zip|gz|tgz|bz2|xz|zst|7z|rar|tar|jar|war|ear|class|pyc|pyo|o|a|so|dylib|dll|exe|lib|obj|bin|dat|db|sqlite3?|pdf|docx?|xlsx?|pptx?|odt|woff2?|ttf|otf|eot|wasm|node|pack|idx|parquet|npy|npz|pt|onnx|pkl|h5)$/i

/** The largest file whose text is read, in bytes. */
export function maxBytesOf(path: string): number {
  return HOLDS_PICTURES.test(path) ? MAX_WITH_PICTURES : MAX_TEXT
}

/** True for a text that is data by its length, wherever it was taken from. */
export function isTooLarge(text: string): boolean {
  return text.length > MAX_TEXT
}

export type Selected = {
  /** Why it is not read; null if it is. */
  readonly skipReason: SkipReason | null
  /** The repository says that no program wrote it, or a program is to fill it in. */
  readonly isHandWritten?: boolean
  /** In which language the repository says that it is written. */
  readonly language?: string
}

/**
 * Why each file is not read, or null, in their order. Marks of the repository's own `.gitattributes` decide over names, both ways.
 * @param isTracked whether git keeps a file whatever its ignore files say
 */
export function skipFiles(
  files: readonly RepoFile[],
  rules: GitRules,
  isTracked: (path: string) => boolean = () => false,
  step: () => void = () => {},
): Selected[] {
  const places = createForeignPlaces(files.flatMap(({ path }) => path ?? []))
  return files.map((file) => {
    step()
    const marks = file.path === null || file.path.length > MAX_PATH_LENGTH ? {} : rules.attributesOf(file.path)
    const skipReason = skipReasonOf(file, rules, marks, places, isTracked)
    const language = marks.language === undefined ? undefined : languageMarked(file.path ?? '', marks.language)
    return {
      skipReason,
      ...((marks.generated === false || TEMPLATE.test(file.path ?? '')) && { isHandWritten: true }),
      ...(language !== undefined && { language }),
    }
  })
}

function skipReasonOf(
  file: RepoFile,
  rules: GitRules,
  marks: MarkedAs,
  places: ForeignPlaces,
  isTracked: (path: string) => boolean,
): SkipReason | null {
  const { mode, path } = file
  if (path === null) return mode === 'file' ? 'path_encoding' : mode
  if (path.length > MAX_PATH_LENGTH) return 'path_too_long'
  if (isTracked(path) ? rules.isTrackedIgnored(path) : rules.isIgnored(path)) return 'ignored'
  if (mode !== 'file') return mode
  if (file.bytes === undefined) return 'unreadable'
  if (marks.binary) return 'binary'
  if (marks.vendored ?? places.isVendored(path)) return 'vendored'
  if (marks.generated !== false) {
    if (LOCK_FILE.test(path)) return 'lock_file'
    if (marks.generated || GENERATED.test(path)) return 'generated'
    if (places.isBuilt(path)) return 'built'
    if (MINIFIED.test(path)) return 'minified'
  }
  if (BINARY.test(path)) return 'binary'
  return file.bytes > maxBytesOf(path) ? 'too_large' : null
}

const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n/
const LFS_MAX_BYTES = 1_024
/** Beyond these nobody wrote the lines by hand. */
const MINIFIED_LINE_LENGTH = 5_000
const MINIFIED_AVERAGE_LENGTH = 300
const MINIFIED_MIN_LENGTH = 2_000
/** Prose and what is filled into it may keep a paragraph on a line, data a record. */
const LONG_LINED = new Set([
  ...PROSE_LANGUAGES,
  'json',
  'html',
  'sql',
  'yaml',
  'xml',
  'csv',
  'latex',
  'ini',
  'notebook',
  'pug',
  'haml',
  'eex',
  'gherkin',
  'typst',
  'mathematica',
  'autohotkey',
])

/** Extensions of several languages. */
const SHARED_EXTENSION = /\.(?:h|inl|m|v|pl|fs|d|res|s)$/i

/** Only where the name leaves it open: `*.ipynb linguist-language=Python` and `*.js linguist-language=Java` are there for a repository's statistics. */
function languageMarked(path: string, language: string): string | undefined {
  const own = programmingLanguageOf(path)
  return own === null || own === 'text' || SHARED_EXTENSION.test(path) ? languagesNamed(language)?.[0] : undefined
}

/**
 * The text of a file, or why it is not indexed.
 * @param isHandWritten no look of it makes it a program's
 */
export function readableTextOf(
  content: Buffer,
  language: string | null,
  isHandWritten: boolean,
): { text: string } | { reason: SkipReason } {
  if (content.length <= LFS_MAX_BYTES && LFS_POINTER.test(content.toString('latin1'))) return { reason: 'lfs_pointer' }
  const found = decodeText(content)
  if ('reason' in found) return found
  const text = withoutInlineData(found.text)
  if (isHandWritten) return { text }
  if (hasGeneratedHeader(text)) return { reason: 'generated' }
  if (text.length >= MINIFIED_MIN_LENGTH && !LONG_LINED.has(language ?? 'text') && isMinified(text))
    return { reason: 'minified' }
  return { text }
}

function isMinified(text: string): boolean {
  let lines = 1
  let longest = 0
  let literals = 0
  for (let from = 0; ; lines += 1) {
    const found = text.indexOf('\n', from)
    const end = found < 0 ? text.length : found
    if (end - from > MINIFIED_AVERAGE_LENGTH && isOneLiteral(text.slice(from, end))) literals += end - from
    else longest = Math.max(longest, end - from)
    if (found < 0) break
    from = end + 1
  }
  const length = text.length - literals
  return length / lines > MINIFIED_AVERAGE_LENGTH || (longest > MINIFIED_LINE_LENGTH && longest > length / 2)
}

/** Data that somebody put on a line of its own: strings, regular expressions, numbers and escapes, with few other characters around them. What is evaluated is code. */
function isOneLiteral(line: string): boolean {
  if (/^[^"'`]{0,200}\beval\(/.test(line)) return false
  let around = 0
  for (let at = 0; at < line.length; ) {
    const end = endOfString(line, at)
    LITERAL.lastIndex = at
    if (end > at) at = end
    else if (LITERAL.test(line)) at = LITERAL.lastIndex
    else {
      at += 1
      around += 1
      if (around > MAX_AROUND_LITERAL) return false
    }
  }
  return true
}

/** An escape, a number, and what is between the items of a list. */
const LITERAL =
  /\\u\{[\da-f]{1,6}\}|\\u[\da-f]{4}|\\x[\da-f]{2}|0x[\da-f]{1,40}|\d[\d_.]{0,40}(?:e[-+]?\d{1,4})?|[\s[\]{},:|+-]{1,40}/iy
const MAX_AROUND_LITERAL = 100

/** Behind the string or regular expression that begins there; the place itself where none does, or none that ends: "// it's data". */
function endOfString(line: string, start: number): number {
  const quote = line[start] as string
  const isRegex = quote === '/' && BEFORE_REGEX.test(line.slice(Math.max(0, start - MAX_BEFORE_REGEX), start))
  if (!isRegex && !/["'`]/.test(quote)) return start
  let isInClass = false
  for (let at = start + 1; at < line.length; at++) {
    const one = line[at]
    if (one === '\\') at += 1
    else if (one === quote && !isInClass) return at + 1
    else if (isRegex && (one === '[' || one === ']')) isInClass = one === '['
  }
  return start
}

const BEFORE_REGEX = /(?:[=(,:[]|\breturn)\s{0,2}$/
const MAX_BEFORE_REGEX = 12

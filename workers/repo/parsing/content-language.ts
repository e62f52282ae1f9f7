/**
 * Owns the language of files whose extension several languages share, such as headers of C, C++ and Objective-C, or is unknown. Pure and in linear time;
 * comments, strings and what only a C++ compiler reads of a C header say nothing.
 */

/** What a header says of itself stands near its top; in UTF-16 units. */
const MAX_LOOKED_AT = 200_000
const MAX_LINE = 400
const MAX_TOP = 10_000

const OBJECTIVE_C =
  /^\s{0,40}(?:@(?:interface|implementation|protocol|class|import|property|end|optional|required)\b|#\s{0,9}import\b|[-+]\s{0,4}\([^)]{1,80}\)\s{0,4}\w)|\bNS_ASSUME_NONNULL_BEGIN\b/
const CPP: readonly RegExp[] = [
  /^\s{0,40}(?:template\s{0,4}<|namespace\b|using\s{1,4}\w|(?:public|private|protected)\s{0,4}:(?!:)|class\s{1,4}\w|friend\s{1,4}\w|explicit\s{1,4}\w|virtual\s{1,4}[\w~]|enum\s{1,4}(?:class|struct)\b|concept\s{1,4}\w)/,
  /^\s{0,40}#\s{0,9}include\s{0,9}<[a-z_0-9]{1,40}>/,
  /\b(?:std|boost|absl)::\w|\b[A-Za-z_]\w{0,80}::[A-Za-z_~]|\bconst\s{1,4}[\w:<>]{1,80}\s{0,4}&/,
  /\)\s{0,4}(?:const|noexcept|override|final)\b|\boperator\s{0,4}(?:[=+\-*/<>![(]|bool\b)|\)\s{0,4}=\s{0,4}(?:default|delete|0)\s{0,4};|\b(?:nullptr|decltype|static_cast|dynamic_cast|mutable|typename)\b/,
  /^\s{0,40}(?:struct|union)\s{1,4}\w{1,80}\s{0,4}(?:final\s{0,4})?:\s{0,4}(?:public|private|protected|virtual|[A-Z])/,
]

const SHARED_EXTENSION = /\.(?:ts|fs|pl|m|cls)$/i
/** What only one of the languages has that share an extension, or files without a known one; the first that is there decides. */
const MARKS: readonly (readonly [extension: RegExp, mark: RegExp, language: string])[] = [
  [/\.ts$/i, /^\s{0,40}<(?:\?xml\b|!DOCTYPE TS>)/, 'xml'],
  [/\.fs$/i, /^\s{0,40}(?:#version \d|precision \w|uniform \w)/, 'shader'],
  [
    /\.pl$/i,
    /^:-[ \t]{0,4}(?:module|use_module|dynamic|discontiguous|multifile|initialization|ensure_loaded|include|table|op|set_prolog_flag)\b/m,
    'prolog',
  ],
  [/\.m$/i, /^\s{0,40}(?:\(\*|BeginPackage\[)/, 'mathematica'],
  [/\.cls$/i, /^\s{0,40}\\(?:NeedsTeXFormat|ProvidesClass|LoadClass)\b/m, 'latex'],
  [/\.cls$/i, /^VERSION \d|^Attribute VB_/m, 'visual-basic'],
  [/\.t$/i, /^(?:use|package) \w/m, 'perl'],
  [/^/, /^\s{0,40}<\?php\b/, 'php'],
  [/^/, /^\s{0,40}<\?xml\b/, 'xml'],
  [/^/, /^\s{0,40}<!doctype html\b/i, 'html'],
]

/** The language of a file as its content tells it, where its extension is one of several languages. */
export function languageOfContent(path: string, named: string | null, text: string): string | null {
  if (/\.h$/i.test(path)) return headerLanguage(text)
  if (named !== null && !SHARED_EXTENSION.test(path)) return named
  const top = text.slice(0, MAX_TOP)
  const marked = MARKS.find(([extension, mark]) => extension.test(path) && mark.test(top))?.[2]
  if (marked !== undefined || !/\.m$/i.test(path)) return marked ?? named
  return linesOfCode(text).some((line) => OBJECTIVE_C.test(line)) ? 'objective-c' : 'matlab'
}

function headerLanguage(text: string): 'c' | 'cpp' | 'objective-c' {
  const lines = linesOfCode(text)
  if (lines.some((line) => OBJECTIVE_C.test(line))) return 'objective-c'
  return lines.some((line) => CPP.some((mark) => mark.test(line))) ? 'cpp' : 'c'
}

/** The lines without comments, strings, and the parts between `#ifdef __cplusplus` and its end. */
function linesOfCode(text: string): string[] {
  const kept: string[] = []
  /** Of each open condition: whether its part is for C++ alone. */
  const conditions: boolean[] = []
  for (const whole of withoutComments(text.slice(0, MAX_LOOKED_AT)).split('\n')) {
    const line = whole.slice(0, MAX_LINE)
    const directive = /^\s{0,40}#\s{0,9}(ifdef|ifndef|if|elif|else|endif)\b(.*)/.exec(line)
    const [, word, rest = ''] = directive ?? []
    const isCpp = rest.includes('__cplusplus') && word !== 'ifndef' && !rest.includes('!')
    if (word === 'endif') conditions.pop()
    else if (word === 'elif') conditions.splice(-1, 1, isCpp)
    else if (word === 'else') conditions.splice(-1, 1, false)
    else if (word !== undefined) conditions.push(isCpp)
    else if (!conditions.includes(true)) kept.push(line)
  }
  return kept
}

function withoutComments(text: string): string {
  let kept = ''
  let from = 0
  for (const { index } of text.matchAll(/\/[/*]|["\n]/g)) {
    if (index < from) continue
    const mark = text[index] === '/' ? text.slice(index, index + 2) : text[index]
    if (mark === '\n') continue
    const end = mark === '"' ? endOfString(text, index + 1) : endOfComment(text, index, mark === '/*')
    kept += text.slice(from, index)
    // A string is still a value.
    if (mark === '"') kept += '""'
    from = end
  }
  return kept + text.slice(from)
}

function endOfComment(text: string, start: number, isBlock: boolean): number {
  const end = text.indexOf(isBlock ? '*/' : '\n', start + 2)
  return end < 0 ? text.length : isBlock ? end + 2 : end
}

/** A string that is not closed ends with its line. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
    else if (text[at] === '\n') return at
  }
  return text.length
}

import type { TextSpan } from './cut-text.ts'
import {
  announcesText,
  EVERYDAY_FIELD,
  FORWARD_MARK,
  FORWARD_SUBJECT,
  MAIL_FIELD,
  reportedFrom,
  SALUTATION,
  SAYS_SOMETHING,
  SENT_FIELD,
  SHOWS_FICTION,
  SIGN_OFF,
  TEXT_TASK,
} from './report-words.ts'
import { supposedSpans } from './supposed.ts'

/**
 * Tells a speaker's own words from other people's: mails, chats, letters, quotations, code, texts that are to be translated, corrected or made up,
 * and what is only supposed. Guarantees linear time. It reads forms and a table of words, no meaning: a text that is pasted without any mark passes.
 */

type Line = TextSpan & { readonly text: string; readonly head: string }

/** Of a line only this much decides what it is. */
const HEAD_CHARS = 200

/** Where a message holds other people's words; in order, without overlaps. `speaker` is whose own lines may begin with the name. */
export function foreignSpans(message: string, speaker = ''): TextSpan[] {
  const lines = linesOf(message)
  return joined([
    ...foreignLines(message, lines, speaker),
    ...quotations(message),
    ...supposedSpans(message, paragraphEnds(message)),
  ])
}

/** The share of `piece` that lies in any of the spans, by length. */
export function foreignShare(piece: TextSpan, spans: readonly TextSpan[]): number {
  const covered = spans.reduce(
    (sum, { start, end }) => sum + Math.max(0, Math.min(end, piece.end) - Math.max(start, piece.start)),
    0,
  )
  return covered / Math.max(1, piece.end - piece.start)
}

function linesOf(message: string): Line[] {
  return [...message.matchAll(/[^\n]+/g)].map(({ 0: text, index }) => {
    return { start: index, end: index + text.length, text, head: text.slice(0, HEAD_CHARS).trim() }
  })
}

function foreignLines(message: string, lines: readonly Line[], speaker: string): TextSpan[] {
  const spans: TextSpan[] = []
  const end = message.length
  const isChat = chatLineTest(lines, speaker)
  const signOffAfter = nextSignOffs(lines)
  const paragraphEnd = paragraphEnds(message)
  let fence: string | undefined
  for (const [index, line] of lines.entries()) {
    const { head } = line
    if (fence !== undefined || FENCE.test(head)) {
      spans.push(line)
      const mark = FENCE.exec(head)?.[0]
      if (fence === undefined) fence = head.slice(3).includes(mark ?? '') ? undefined : mark
      else if (head.endsWith(fence)) fence = undefined
      continue
    }
    const next = lines[index + 1]
    if (FORWARD_MARK.test(head) || FORWARD_SUBJECT.test(head) || isMailHead(lines, index)) {
      spans.push({ start: line.start, end })
      break
    }
    if ((/[:：]$/.test(head) && announcesText(head)) || (next && SHOWS_FICTION.test(head)) || SCENE.test(head)) {
      spans.push({ start: line.start, end })
      break
    }
    if (isAttribution(head)) {
      spans.push({ start: line.start, end: /\d/.test(head) ? end : paragraphEnd(line.end) })
    } else if (signOffAfter[index] !== undefined && SALUTATION.test(head)) {
      // With the signature below.
      spans.push({ start: line.start, end: lines[signOffAfter[index] + 1]?.end ?? end })
    } else if (TEXT_TASK.test(head)) {
      spans.push({ start: line.start, end: isOpenTask(line) ? end : paragraphEnd(line.end) })
    } else if (/^[>|]/.test(head) || isChat(line)) {
      spans.push(line)
    } else {
      const reported = reportedFrom(head)
      const indent = line.text.length - line.text.trimStart().length
      if (reported !== undefined) spans.push({ start: line.start + indent + reported, end: paragraphEnd(line.end) })
    }
  }
  return spans
}

/** The head of a scene in a screenplay. */
const SCENE = /^(?:INT|EXT|INNEN|AUSSEN)\.(?:\/(?:INT|EXT)\.?)? \p{Lu}{2}/u
const FENCE = /^(?:```|~~~|""")/

/**
 * Two fields in a row are the head of a mail, one beside a blank is a label. Where the fields are words of every day ("Fra: Odense, Til: Aarhus")
 * it is three, or one of them is of mails alone.
 */
function isMailHead(lines: readonly Line[], index: number): boolean {
  const [first = '', second = '', third = ''] = lines.slice(index, index + 3).map(({ head }) => head)
  if (MAIL_FIELD.test(first) && MAIL_FIELD.test(second)) return true
  const isSure = [first, second].some((head) => SENT_FIELD.test(head) || head.includes('@'))
  return [first, second].every(isField) && (isSure || isField(third))
}

function isField(head: string): boolean {
  return [MAIL_FIELD, SENT_FIELD, EVERYDAY_FIELD].some((field) => field.test(head))
}

/** "On 3 March Anna wrote:" */
function isAttribution(head: string): boolean {
  return /[:：]$/.test(head) && SAYS_SOMETHING.test(head)
}

/** By line, the next line below it that closes a letter. */
function nextSignOffs(lines: readonly Line[]): (number | undefined)[] {
  const below: (number | undefined)[] = []
  let next: number | undefined
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    below[index] = next
    if (SIGN_OFF.test(lines[index]?.head ?? '')) next = index
  }
  return below
}

/** With a colon at its end, or a word that points at it, the text follows; else it ends with the paragraph. */
function isOpenTask({ head }: Line): boolean {
  return /[:：]["“«「]?\s?$/u.test(head) || POINTS_AT_TEXT.test(head)
}
const POINTS_AT_TEXT =
  /^[^.!?]{0,80}(?<!\p{L})(?:this|these|the following|below|diese[snmr]?|folgende\p{L}{0,2}|ceci|cette?|suivant\p{L}{0,2}|est[aeo]|questo|questa|dit|deze|это|этот)(?!\p{L})[^.!?]{0,60}[.!?]?$/iu

/** Where the paragraph of a place ends; each end is looked for once, as the places asked for only grow. */
function paragraphEnds(message: string): (from: number) => number {
  const blank = /\n[ \t\r]{0,20}\n/g
  let known = -1
  return (from) => {
    if (known < from) {
      blank.lastIndex = from
      known = blank.exec(message)?.index ?? message.length
    }
    return known
  }
}

const TIME = String.raw`\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?`
const DATE = String.raw`\d{1,4}[./年-] ?\d{1,2}[./月-] ?\d{1,4}日?`
const NAME = String.raw`[\p{L}@~+][^\n:：<>\[\]"“„«]{0,40}`
/** `08/03/2026, 10:15 - Anna: …`, `[10:15] Anna: …`, `<anna> …`. */
const STAMPED = new RegExp(
  String.raw`^(?:\[?\(?(?:${DATE},?\s?)?(?:${TIME})\)?\]?\s?[-–—|]?\s?${NAME}[:：]|\[${DATE}[^\]\n]{0,20}\]\s?${NAME}[:：]|<${NAME}> )`,
  'u',
)
/** `Tom, 09:14`, `Anna — 03/08/2026 10:15 AM`, `Eva 9:14 AM`: the words follow on the next lines. */
const STAMP_ALONE = new RegExp(String.raw`^${NAME}?[,—–|·\s-]{1,4}\[?(?:${DATE}[, ]{0,3})?(?:${TIME})\]?$`, 'u')
const NAMED = /^(?<name>\p{L}[\p{L}\p{M}.'’-]{0,30}(?: \p{L}[\p{L}\p{M}.'’-]{0,30}){0,2}) ?[:：] ?(?=\S)/u
/** Labels are words of their language; names are not followed by these. */
const LABEL =
  /^(?:update|corrections?|typo|erratum|korrektur|corrección|correção|correzione|correctie|sprostowanie|поправка|düzeltme|更正|訂正|정정|تصحيح|note|notes?|nb|ps|p\.s|todo|to do|task|reminder|question|answer|idea|summary|result|fact|info|fyi|btw|edit|warning|error|example|context|goal|problem|issue|fix|status|plan|decision|decisions|action|actions|news|confession|spoiler|background|instruction|instructions|rule|rules|preference|preferences|important|remember|also|first|second|third|finally|name|age|job|city|home|address|phone|email|e-mail|birthday|allergy|allergies|diet|hinweis|frage|antwort|wichtig|aufgabe|beispiel|remarque|important|exemple|nota|pregunta|importante|ejemplo|dúvida|domanda|esempio|vraag|belangrijk|uwaga|pytanie|важно|вопрос|пример|not|soru|önemli|注意|备注|问题|質問|メモ|질문|메모|ملاحظة|سؤال|नोट|सवाल|(?:\p{L}+ ){0,3}(?:is|are|was|were|ist|sind|est|es|é|è))$/iu

/** The speaker of a transcript's line, by a role: of a model's talk, of an interview, of a call. */
const ROLE_LINE =
  /^[*_[#"' ]{0,3}(?:user|human|assistant|ai|bot|chatbot|model|system|agent|customer|client|caller|support|rep|interviewer|interviewee|candidate|patient|doctor|therapist|teacher|student|host|guest|speaker ?\d?|person ?[a-d\d]|[qab]|nutzer(?:in)?|kunde|kundin|benutzer|utilisateur|assistante?|usuario|asistente|cliente|usuário|assistente|utente|gebruiker|klant|użytkownik|asystent|пользователь|ассистент|клиент|kullanıcı|asistan|用户|助手|客户|ユーザー|アシスタント|客|사용자|어시스턴트|고객|المستخدم|المساعد|उपयोगकर्ता|सहायक)[*_\]"']{0,3} ?[:：]/iu

/** Which lines are of a chat: with a time and a name, below such a line, or with a name that is not the speaker's. */
function chatLineTest(lines: readonly Line[], speaker: string): (line: Line) => boolean {
  const alone = lines.filter(({ head }) => head.length <= 80 && STAMP_ALONE.test(head)).length
  const isExport = alone >= 2
  const isTranscript = lines.filter(({ head }) => ROLE_LINE.test(head)).length >= 2
  const foreign = new Set<Line>()
  let isInside = false
  for (const [index, line] of lines.entries()) {
    const isAfterBlank = index > 0 && line.start - (lines[index - 1]?.end ?? 0) > 1
    if (isTranscript && ROLE_LINE.test(line.head)) isInside = true
    else if (STAMPED.test(line.head) || (isExport && STAMP_ALONE.test(line.head))) isInside = true
    else if (isSaidByAnother(line.head, speaker)) {
      foreign.add(line)
      continue
    } else if (isAfterBlank) isInside = false
    if (isInside) foreign.add(line)
  }
  return (line) => foreign.has(line)
}

function isSaidByAnother(head: string, speaker: string): boolean {
  const name = NAMED.exec(head)?.groups?.name
  if (name === undefined || LABEL.test(name)) return false
  const isNameLike = name.split(' ').every((word) => /^[\p{Lu}\p{Lo}]/u.test(word))
  return isNameLike && name.toLowerCase() !== speaker.toLowerCase()
}

/** Opening marks, each with those that close it. */
const CLOSING: Readonly<Record<string, string>> = {
  '“': '”"',
  '„': '“”"',
  '«': '»',
  '»': '«',
  '「': '」',
  '『': '』',
  '‹': '›',
  '‘': '’',
}
const MAX_QUOTATION_CHARS = 2_000

/** Quotations that state something: a title or a term is nobody's statement. */
function quotations(message: string): TextSpan[] {
  const spans: TextSpan[] = []
  const closingAfter = closingFinder(message)
  const straightEnds = endsOfStraight(message)
  let next = 0
  for (const { 0: mark, index } of message.matchAll(/["“„«»「『‹‘]/g)) {
    if (index < next || (mark === '"' && /[\p{L}\p{N}]/u.test(message[index - 1] ?? ' '))) continue
    const end = mark === '"' ? straightEnds.get(index) : closingAfter(mark, index)
    if (end === undefined || end - index > MAX_QUOTATION_CHARS) continue
    next = end
    if (isStatement(message.slice(index + 1, end - 1))) spans.push({ start: index, end })
  }
  return spans
}

/** Behind the next mark that closes; each place is looked up once, as the places asked for only grow. */
function closingFinder(message: string): (mark: string, open: number) => number | undefined {
  const places = new Map<string, number>()
  return (mark, open) => {
    const ends = [...(CLOSING[mark] ?? '')].map((closing) => {
      const known = places.get(closing) ?? -1
      const at = known > open ? known : message.indexOf(closing, open + 1)
      places.set(closing, at < 0 ? Number.POSITIVE_INFINITY : at)
      return at < 0 ? Number.POSITIVE_INFINITY : at
    })
    const end = Math.min(...ends)
    return Number.isFinite(end) ? end + 1 : undefined
  }
}

/** By straight mark, behind the one that closes it; a quotation inside the quotation counts its own marks. Each mark waits and is closed once. */
function endsOfStraight(message: string): Map<number, number> {
  const ends = new Map<number, number>()
  const waiting = new Map<number, number[]>()
  let depth = 0
  for (let at = message.indexOf('"'); at >= 0; at = message.indexOf('"', at + 1)) {
    const opensAgain = /[\s:(]/.test(message[at - 1] ?? '') && /\p{L}/u.test(message[at + 1] ?? '')
    if (opensAgain) depth += 1
    else {
      for (const open of waiting.get(depth) ?? []) ends.set(open, at + 1)
      waiting.delete(depth)
      depth -= 1
    }
    const beside = waiting.get(depth)
    if (beside) beside.push(at)
    else waiting.set(depth, [at])
  }
  return ends
}

const MIN_STATEMENT_WORDS = 3
const MIN_DENSE_LETTERS = 6
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu

function isStatement(words: string): boolean {
  if ((words.match(DENSE)?.length ?? 0) >= MIN_DENSE_LETTERS) return true
  const all = words.match(/[\p{L}\p{M}\p{N}'’-]+/gu) ?? []
  if (all.length < MIN_STATEMENT_WORDS) return false
  const content = all.slice(1).filter((word) => !SMALL.test(word))
  const capitals = content.filter((word) => /^\p{Lu}/u.test(word)).length
  const isTitle = content.length > 0 && capitals / content.length >= TITLE_SHARE
  return !isTitle
}

/** Titles write these small. */
const SMALL =
  /^(?:the|an?|of|and|or|in|on|to|for|with|at|by|from|der|die|das|und|von|de|des|du|la|le|les|et|el|los|y|e|di|il|van|het|en)$/
const TITLE_SHARE = 0.8

function joined(spans: readonly TextSpan[]): TextSpan[] {
  const all: { start: number; end: number }[] = []
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else all.push({ start, end })
  }
  return all
}

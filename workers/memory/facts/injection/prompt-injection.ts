import { CLAIMS_POWER, ENGLISH_ORDERS, TO_ANY_MODEL } from './english-orders.ts'
import { foldLetters, spacedOutWords } from './fold-letters.ts'
import * as phrases from './injection-phrases.ts'
import * as takeover from './takeover-phrases.ts'

/**
 * Tells an order to a model from a statement about the world and from what a user asks of an assistant; an order must not become a memory by itself.
 * It reads words, whatever their letters are made of, and how they are placed: an order begins its clause, or ends it where verbs come last. What is
 * put in other words or encoded passes, and is data like all else.
 */

/** Of the scripts that put spaces between words. */
const LETTER = String.raw`[\p{Script=Latin}\p{Script=Cyrillic}]`
const BEGINS_WITH_LETTER = new RegExp(`^${LETTER}`, 'u')
/** Within a sentence. */
const GAP = '[^.!?;。！？।]{0,40}?'
const SHORT_GAP = '[^.!?;,。！？、।]{0,14}?'

const MARKUP =
  /<\|?(?:im_start|im_end|system|assistant|endoftext)\|?>|\[\/?inst\]|^ ?#{1,4} ?(?:system|instruction)s? ?:/
/** What is said to whoever reads, if it is a model. */
const TO_A_MODEL =
  /\b(?:note|message|attention|instructions?|important|dear|notice) ?(?:to|for|:)? ?(?:the |any |all )?(?:ais?|llms?|language models?|ai assistants?|ai models?|assistants?|chatbots?|bots|agents|models|extraction models?|summari[sz]ers?)(?: [a-z]{1,14}){0,2} ?[:,!-]|\bif you are an? (?:ai|llm|language model|assistant|bot)\b|\b(?:hinweis|nachricht|anweisung) an (?:die |alle )?(?:ki|ais?|sprachmodelle?|assistenten) ?:|(?:note|message|instructions?|nota|mensaje|instrucciones|messaggio|mensagem|opmerking|bericht|uwaga|wiadomość|сообщение|инструкция|примечание) (?:à|aux|pour|a|para|per|all'|aan|voor|do|dla|для|к) ?(?:l[ae]s? |l'|de |o |a )?(?:ias?|ki|ai|ии|sztucznej inteligencji|modello|modelo|modèle|model[u]?|модели|assistant|asistente|assistente|asystenta|ассистента) ?[:,]|(?:ai|人工智能|助手|模型)(?:请注意|注意)|(?:aiへの|aiへ)(?:注意|指示|メモ)|ai에게 ?(?:알림|지시|참고)/

/** What people who build with models say of attacks: a quotation, beside a word for what it is. */
const MENTION = /["'“‘«„「『][^"'”’»“」』]{4,120}["'”’»“」』]/g
const ATTACK =
  /attack|inject|jailbreak|attempt|red[- ]?team|eval|benchmark|test|filter|detect|classif|guardrail|phishing|angriff|einschleus|attaque|ataque|attacco|aanval|атак|攻击|注入|攻撃|インジェクション|공격|هجوم|हमल|saldırı|angrepp|útok|serangan/

type Patterns = {
  readonly spaced: readonly RegExp[]
  readonly more: readonly RegExp[]
  readonly squeezed: readonly RegExp[]
}

let patterns: Patterns | undefined

/** Not made for processes that never ask. */
function madePatterns(): Patterns {
  patterns ??= {
    spaced: spacedPatterns(),
    more: ENGLISH_ORDERS.map(({ source }) => new RegExp(`${beginning()}(?:${source})`, 'u')),
    squeezed: squeezedPatterns(),
  }
  return patterns
}

/** Whether the text reads like an order to a model rather than a statement about the world. */
export function isInstructionLike(text: string): boolean {
  const said = ATTACK.test(text.toLowerCase()) ? text.replace(MENTION, ' ') : text
  const lines = said.split(/\r?\n/)
  return isOrder(said) || (lines.length > 1 && lines.some(isOrder))
}

function isOrder(text: string): boolean {
  const folded = foldLetters(text)
  const said = text.normalize('NFKC').toLowerCase()
  const { spaced, more, squeezed } = madePatterns()
  return (
    spaced.some((pattern) => pattern.test(folded)) ||
    more.some((pattern) => pattern.test(folded)) ||
    [MARKUP, TO_A_MODEL, TO_ANY_MODEL, CLAIMS_POWER].some((pattern) => pattern.test(said)) ||
    spacedOutWords(text).some((word) => squeezed.some((pattern) => pattern.test(word)))
  )
}

/** What ends a clause. */
function ending(): string {
  return `(?= ?(?:$|[.,!?;:。！？、，；।)"”»』」-]|(?:and|und|et|y|e|en|i|и|ve|और|you|that you|given|which) |${anyOf(phrases.VERBATIM)}))`
}

/** As the words stand in their clauses. */
function spacedPatterns(): RegExp[] {
  const { IGNORE, IGNORE_LAST, EARLIER, ALL, MINE, RULES, YOU_ARE_NOW, KINDS_OF_MODEL } = phrases
  const { SYSTEM_PROMPT, SHOW, SHOW_LAST, DO_NOT_TELL, DO_NOT_TELL_LAST, TELL, NOTHING, THE_USER } = phrases
  const [earlier, rules, user, system] = [anyOf(EARLIER), anyOf(RULES), anyOf(THE_USER), anyOf(SYSTEM_PROMPT)]
  const ignore = `${anyOf(IGNORE)}(?! ?(?:nicht|niet|pas|not)(?!${LETTER}))(?!${SHORT_GAP}${anyOf(MINE)})`
  const last = anyOf(IGNORE_LAST)
  const [begin, end] = [beginning(), ending()]
  return [
    [begin, ignore, GAP, earlier, GAP, rules],
    [begin, ignore, GAP, rules, GAP, earlier],
    [begin, ignore, SHORT_GAP, anyOf(ALL), SHORT_GAP, rules, end],
    [earlier, GAP, rules, GAP, last, end],
    [begin, anyOf(ALL), SHORT_GAP, rules, SHORT_GAP, last, end],
    [anyOf(YOU_ARE_NOW), GAP, anyOf(KINDS_OF_MODEL)],
    [begin, anyOf(SHOW), SHORT_GAP, system, end],
    [system, GAP, anyOf(SHOW_LAST), end],
    [begin, anyOf(DO_NOT_TELL), GAP, user],
    [user, GAP, anyOf(DO_NOT_TELL_LAST)],
    [begin, anyOf(TELL), GAP, user, GAP, anyOf(NOTHING)],
    [begin, anyOf(TELL), GAP, anyOf(NOTHING), GAP, user],
    ...takeoverParts(begin, end),
  ].map((parts) => new RegExp(parts.join(''), 'u'))
}

/** Without a word between that says whose or of what they are: "the earlier rules of the club". */
const NEXT_TO = '[^.!?;,。！？、，।]{0,6}?'

/** Rules that are over, new ones, what every model is told, and what is done behind the user's back. */
function takeoverParts(begin: string, end: string): string[][] {
  const { RELEASE, RELEASE_LAST, YOUR, BOUNDS, YOUR_BOUNDS, VOID, NEW, INSTRUCTIONS, NEW_INSTRUCTIONS } = takeover
  const {
    IF_YOU_ARE,
    A_MODEL,
    WITHOUT_TELLING,
    WITHOUT_TELLING_LAST,
    DO,
    DO_LAST,
    AS_IF,
    OUTPUT,
    ABOVE,
    FOLLOW_NO_MORE,
    TOLD,
  } = takeover
  const [earlier, rules, user] = [anyOf(phrases.EARLIER), anyOf(phrases.RULES), anyOf(phrases.THE_USER)]
  const system = anyOf(phrases.SYSTEM_PROMPT)
  const yours = `(?:${anyOf(YOUR)}${SHORT_GAP}${anyOf(BOUNDS)}|${anyOf(YOUR_BOUNDS)})`
  const stale = `(?:${earlier}${NEXT_TO}${rules}|${rules} (?:that )?you (?:were|have|had|got|received)[^.!?;,]{0,24}?|${rules}${NEXT_TO}${earlier})`
  const [does, last, silently] = [anyOf(DO), anyOf(DO_LAST), anyOf(WITHOUT_TELLING_LAST)]
  return [
    [begin, anyOf(RELEASE), SHORT_GAP, yours],
    [yours, GAP, anyOf(RELEASE_LAST), end],
    [anyOf(AS_IF), SHORT_GAP, yours],
    [anyOf(YOUR), ' ', earlier, NEXT_TO, anyOf(BOUNDS), NEXT_TO, anyOf(VOID)],
    [begin, anyOf(OUTPUT), GAP, anyOf(ABOVE)],
    [begin, anyOf(phrases.IGNORE), GAP, anyOf(TOLD)],
    [anyOf(TOLD), GAP, anyOf(phrases.IGNORE_LAST), end],
    [begin, anyOf(phrases.IGNORE), NEXT_TO, user],
    [begin, anyOf(phrases.IGNORE), SHORT_GAP, system, end],
    [system, GAP, anyOf(phrases.IGNORE_LAST), end],
    [
      begin,
      anyOf(phrases.SHOW),
      SHORT_GAP,
      anyOf(takeover.YOUR),
      SHORT_GAP,
      rules,
      `(?: ${anyOf(takeover.KEPT_BACK)})?`,
      end,
    ],
    [begin, does, GAP, ' (?:and|und|et|y|e|en|i|и|then|but) ', anyOf(phrases.DO_NOT_TELL), GAP, user],
    [rules, NEXT_TO, anyOf(FOLLOW_NO_MORE)],
    [begin, anyOf(phrases.IGNORE), SHORT_GAP, anyOf(YOUR_BOUNDS)],
    [earlier, GAP, rules, NEXT_TO, anyOf(takeover.IGNORING), GAP, last, end],
    [`(?<!${anyOf(phrases.MINE)} ?)`, stale, NEXT_TO, anyOf(VOID)],
    [
      `(?:^|[.!?。！？।]) ?(?:(?:begin|start|here are|these are|follow) (?:the |your )?)?(?:${anyOf(NEW)} ?${anyOf(INSTRUCTIONS)}|${anyOf(NEW_INSTRUCTIONS)}) ?[:：]`,
    ],
    [anyOf(IF_YOU_ARE), SHORT_GAP, anyOf(A_MODEL)],
    [begin, does, GAP, anyOf(WITHOUT_TELLING), SHORT_GAP, user],
    [begin, does, GAP, user, GAP, silently],
    [user, SHORT_GAP, silently, GAP, last],
  ]
}

const PUNCTUATION = String.raw`[.!?;:,…。！？、，；：।—–()"“”«»「」『』<>\[\]{}|#/\\-]`

/** Where a clause begins, with what may come before its verb; or where somebody is said to tell a model something. */
function beginning(): string {
  return `(?:(?:^|${PUNCTUATION}) ?(?:${anyOf(phrases.LEAD_INS)},? ?){0,3}|${anyOf(phrases.ADDRESSEE)} )(?<!${LETTER})`
}

/** Spelled letter by letter, where no gap tells words apart: whoever does that hides something. */
function squeezedPatterns(): RegExp[] {
  const { IGNORE, EARLIER, ALL, RULES, SYSTEM_PROMPT } = phrases
  const which = anyOfSqueezed([...EARLIER, ...ALL])
  return [[anyOfSqueezed(IGNORE), which, anyOfSqueezed(RULES)], [anyOfSqueezed(SYSTEM_PROMPT)]].map(
    (parts) => new RegExp(parts.join('.{0,40}?'), 'u'),
  )
}

/** Any of the phrases, as a piece of a pattern for folded text. What stands beside a word is tried once for all: compiling it takes longest. */
function anyOf(given: readonly string[]): string {
  const all = phrasesOf(given)
  const [words, anywhere] = [all.filter(isSpaced), all.filter((phrase) => !isSpaced(phrase))]
  return `(?:${oneOf(whole(anywhere))}|${oneOf(stems(anywhere))}${ENDING}|(?<!${LETTER})(?:${oneOf(stems(words))}${LETTER}{0,12}|${oneOf(whole(words))})(?!${LETTER}))`
}

/** Of scripts without spaces, or with endings of several letters. */
const ENDING = '(?!い[るたま])[^ .,!?;。、！？；।]{0,8}'
const isSpaced = (phrase: string) => BEGINS_WITH_LETTER.test(phrase)
const stems = (all: readonly string[]) =>
  all.filter((phrase) => phrase.endsWith('*')).map((phrase) => phrase.slice(0, -1))
const whole = (all: readonly string[]) => all.filter((phrase) => !phrase.endsWith('*'))

function anyOfSqueezed(phrases: readonly string[]): string {
  return oneOf(phrasesOf(phrases).map((phrase) => phrase.replace(/\P{L}/gu, '')))
}

/** None of nothing. */
function oneOf(phrases: readonly string[]): string {
  return phrases.length === 0 ? '(?!)' : `(?:${phrases.map(escaped).join('|')})`
}

function phrasesOf(phrases: readonly string[]): string[] {
  return phrases.flatMap((row) =>
    row.split('|').map((phrase) => (phrase.endsWith('*') ? `${foldLetters(phrase)}*` : foldLetters(phrase))),
  )
}

function escaped(phrase: string): string {
  return phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

import { foldLetters, spacedOutWords } from './fold-letters.ts'
import * as phrases from './injection-phrases.ts'

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
/** Orders in English that name what they are after. */
const MORE_ORDERS = [
  /(?:reveal|print|output|leak|exfiltrate|send|forward|upload|post|email|share)\b[^.!?]{0,40}\b(?:credentials|api keys?|passwords?|secrets|access tokens?|memories|chat history|conversation|private data)\b[^.!?]{0,20}\bto (?:this|that|the following|http|www|me at|an? (?:external|remote)|[\w.+-]{1,40}@)/,
  /(?:add|save|store|write|commit|put)\b[^.!?]{0,30}\b(?:to|in|into) (?:your )?long[- ]term memor(?:y|ies)\b/,
  /(?:add|save|store|write|commit|record)\b[^.!?]{0,30}\b(?:to|in|into) your memor(?:y|ies)\b(?![^.!?]{0,60}\b(?:i|i'm|my|me|we|our)\b)/,
  /(?:ignore|disregard|forget) (?:everything|anything|all|whatever) (?:above|before|prior|earlier|you (?:were|have been|know|have|learned)|that (?:was|came) (?:said |written )?(?:above|before))/,
  /(?:pretend|act|behave|respond|answer)\b[^.!?]{0,30}\b(?:you have no|you had no|without(?: any)?|there are no|free (?:of|from)) (?:\w{1,12} )?(?:rules|restrictions|limits|limitations|guidelines|filters|guardrails)/,
  /(?:all )?(?:your )?(?:previous|earlier|prior|original|former) (?:instructions|rules|guidelines|prompts?) (?:are|do|have been|is|no) [^.!?]{0,12}(?:void|invalid|cancell?ed|revoked|superseded|apply|valid)\b/,
  /(?:enter|activate|switch to|enable|go into) (?:developer|admin|debug|god|dan|jailbreak) mode(?= ?(?:$|[.,!?;:]|and ))/,
  /(?:extract|record|remember|store|save|mark|treat)\b[^.!?]{0,40}\b(?:as (?:an? )?(?:verified|confirmed|trusted|true|highest[- ]importance) (?:fact|memory)|with importance 1)/,
]
/** What is said to whoever reads, if it is a model. */
const TO_A_MODEL =
  /\b(?:note|message|attention|instructions?|important|dear|notice) ?(?:to|for|:)? ?(?:the |any |all )?(?:ais?|llms?|language models?|ai assistants?|ai models?|assistants?|chatbots?|extraction models?|summari[sz]ers?) ?[:,!-]|\bif you are an? (?:ai|llm|language model|assistant|bot)\b|\b(?:hinweis|nachricht|anweisung) an (?:die |alle )?(?:ki|ais?|sprachmodelle?|assistenten) ?:|(?:note|message|instructions?|nota|mensaje|instrucciones|messaggio|mensagem|opmerking|bericht|uwaga|wiadomość|сообщение|инструкция|примечание) (?:à|aux|pour|a|para|per|all'|aan|voor|do|dla|для|к) ?(?:l[ae]s? |l'|de |o |a )?(?:ias?|ki|ai|ии|sztucznej inteligencji|modello|modelo|modèle|model[u]?|модели|assistant|asistente|assistente|asystenta|ассистента) ?[:,]|(?:ai|人工智能|助手|模型)(?:请注意|注意)|(?:aiへの|aiへ)(?:注意|指示|メモ)|ai에게 ?(?:알림|지시|참고)/

/** What people who build with models say of attacks: a quotation, beside a word for what it is. */
const MENTION = /["'“‘«„「『][^"'”’»“」』]{4,120}["'”’»“」』]/g
const ATTACK =
  /attack|inject|jailbreak|attempt|red[- ]?team|eval|benchmark|test|filter|detect|classif|guardrail|phishing|angriff|einschleus|attaque|ataque|attacco|aanval|атак|攻击|注入|攻撃|インジェクション|공격/

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
    more: MORE_ORDERS.map(({ source }) => new RegExp(`${beginning()}(?:${source})`, 'u')),
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
    [MARKUP, TO_A_MODEL].some((pattern) => pattern.test(said)) ||
    spacedOutWords(text).some((word) => squeezed.some((pattern) => pattern.test(word)))
  )
}

/** What ends a clause. */
function ending(): string {
  return `(?= ?(?:$|[.,!?;:。！？、，；।)"”»』」-]|(?:and|und|et|y|e|en|i|и|ve|you|that you|given|which) |${anyOf(phrases.VERBATIM)}))`
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
  ].map((parts) => new RegExp(parts.join(''), 'u'))
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

import { CLAIMS_POWER, ENGLISH_ORDERS, TO_ANY_MODEL } from './english-orders.ts'
import { foldLetters, spacedOutWords } from './fold-letters.ts'
import * as phrases from './injection-phrases.ts'
import { isLikelyOrder } from './order-model.ts'
import { anyOf, anyOfSqueezed, GAP, LETTER, SHORT_GAP } from './phrase-patterns.ts'
import { MENTIONED_IN_TAKEOVERS, takeoverParts } from './takeover-patterns.ts'

/**
 * Tells an order to a model from a statement about the world and from what a user asks of an assistant; an order must not become a memory by itself.
 * It reads words, whatever their letters are made of, and how they are placed: an order begins its clause, or ends it where verbs come last. What is
 * put in other words or encoded passes, and is data like all else.
 */

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
  /** Without one of these there is no order that `spaced` knows. */
  readonly mentions: RegExp
  readonly spaced: readonly RegExp[]
  readonly more: RegExp
  readonly squeezed: readonly RegExp[]
}

let patterns: Patterns | undefined

/** Not made for processes that never ask. */
function madePatterns(): Patterns {
  patterns ??= {
    mentions: mentionsPattern(),
    spaced: spacedPatterns(),
    more: new RegExp(`${beginning()}(?:${ENGLISH_ORDERS.map(({ source }) => source).join('|')})`, 'u'),
    squeezed: squeezedPatterns(),
  }
  return patterns
}

/** Whether the text reads like an order to a model rather than a statement about the world. */
export function isInstructionLike(text: string): boolean {
  const said = ATTACK.test(text.toLowerCase()) ? text.replace(MENTION, ' ') : text
  const lines = said.split(/\r?\n/)
  return isOrder(said) || (lines.length > 1 && lines.some(isOrder)) || isLikelyOrder(said)
}

function isOrder(text: string): boolean {
  const folded = foldLetters(text)
  const said = text.normalize('NFKC').toLowerCase()
  const { mentions, spaced, more, squeezed } = madePatterns()
  return (
    (mentions.test(folded) && spaced.some((pattern) => pattern.test(folded))) ||
    more.test(folded) ||
    [MARKUP, TO_A_MODEL, TO_ANY_MODEL, CLAIMS_POWER].some((pattern) => pattern.test(said)) ||
    spacedOutWords(text).some((word) => squeezed.some((pattern) => pattern.test(word)))
  )
}

/** What ends a clause. */
function ending(): string {
  return `(?= ?(?:$|[.,!?;:。！？、，；।)"”»』」-]|(?:and|und|et|y|e|en|i|и|ve|और|you|that you|given|which) |${anyOf(phrases.VERBATIM)}))`
}

/** What an order is about: every one of `spacedPatterns` has one of these. */
function mentionsPattern(): RegExp {
  const { RULES, THE_USER, SYSTEM_PROMPT, KINDS_OF_MODEL } = phrases
  return new RegExp(anyOf([...RULES, ...THE_USER, ...SYSTEM_PROMPT, ...KINDS_OF_MODEL, ...MENTIONED_IN_TAKEOVERS]), 'u')
}

/** As the words stand in their clauses. */
function spacedPatterns(): RegExp[] {
  const { IGNORE, IGNORE_LAST, EARLIER, ALL, MINE, RULES, YOU_ARE_NOW, KINDS_OF_MODEL } = phrases
  const { SYSTEM_PROMPT, SHOW, SHOW_LAST, DO_NOT_TELL, DO_NOT_TELL_LAST, TELL, NOTHING, THE_USER } = phrases
  const [earlier, rules, user, system] = [anyOf(EARLIER), anyOf(RULES), anyOf(THE_USER), anyOf(SYSTEM_PROMPT)]
  const ignore = `${anyOf(IGNORE)}(?! ?(?:nicht|niet|pas|not)(?!${LETTER}))(?!${SHORT_GAP}${anyOf(MINE)})`
  const last = anyOf(IGNORE_LAST)
  const [begin, end] = [beginning(), ending()]
  const all = [
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
  ]
  const begun = all.filter(([first]) => first === begin).map((parts) => parts.slice(1).join(''))
  const others = all.filter(([first]) => first !== begin).map((parts) => parts.join(''))
  return [`${begin}(?:${begun.join('|')})`, ...others].map((source) => new RegExp(source, 'u'))
}

const PUNCTUATION = String.raw`[.!?;:,…。！？、，；：।—–()"“”«»「」『』<>\[\]{}|#/\\-]`

/** The part that takes longest to compile, so that it stands in a pattern once: the beginning of a clause, or somebody who tells a model something. */
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

import { datesNamedIn } from '../facts/dates/named-dates.ts'
import { naturalLanguageOf } from '../facts/natural-language.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { isStandingOrder, ORDER_WORDS } from '../local-rules/standing-orders.ts'
import { DENIES, NOW } from '../local-rules/words/change-words.ts'
import { languagesNamedIn } from '../local-rules/words/language-names.ts'
import { wordPattern } from '../local-rules/words/word-pattern.ts'

/**
 * Tells, without a model, that a standing instruction takes the place of an earlier one: another language of answers, name or number of the same thing, or
 * the opposite. Guarantees: both are standing instructions, and what they say beside this value is the same, so that each may have others beside it.
 */

/** What is asked for of answers, in two ways that exclude each other. */
const OPPOSITES = [
  [
    'short|shorter|brief|briefly|concise|terse|kurz|knapp|kürzer|court*|bref|brève*|concis*|cort[oa]s?|breves?|curt[oa]s?|brev[ei]|kort|bondig|krótko|zwięźle|кратко|коротко|стисло|kısa|kortfattat|stručně|röviden|lyhyesti|简短|简洁|短く|簡潔|짧게|간결|باختصار|संक्षेप',
    'long|longer|detailed|verbose|thorough|ausführlich|detailliert|länger|long*|détaill*|larg[oa]s?|detallad*|long[oa]s?|detalhad*|lung[oh]*|dettagliat*|uitgebreid|lang|szczegółowo|подробно|докладно|uzun|detaylı|ayrıntılı|utförligt|podrobně|részletesen|详细|详尽|詳しく|長く|자세히|길게|بالتفصيل|विस्तार',
  ],
  [
    'formal|formally|förmlich|sieze|vouvoie*|formel*|formale?|formeel|u|formalnie|формально|официально|resmi|formellt|formelt|正式|丁寧|敬語|존댓말|رسمي|औपचारिक',
    'informal|informally|casual|casually|locker|duze|tutoie*|tutéame|dammi del tu|tutoyeer|nieformalnie|неформально|samimi|口语|タメ口|반말',
  ],
  ['tabs?', 'spaces?'],
  ['metric', 'imperial'],
  ['light (?:mode|theme)', 'dark (?:mode|theme)'],
  ['single[- ]quotes?', 'double[- ]quotes?'],
].map((sides) => sides.map((words) => wordPattern(words)) as [RegExp, RegExp])
/** How somebody is to be called: nothing else stands in the sentence, which has capitals. */
const CALL_ME =
  /^(?:[Pp]lease,? |[Bb]itte )?(?:call me|address me as|nenn(?:e)? mich|appelle(?:z)?[- ]moi|llámame|chama-me|me chame|chiamami|noem (?:me|mij)|mów mi|nazywaj mnie|называй меня|зови меня|kalla mig|kald mig|kall meg) \p{Lu}[\p{Ll}'’-]{1,20}(?:\.? \p{Lu}[\p{Ll}'’-]{1,20})?(?<!day)(?: instead| stattdessen)?\s{0,3}[.!]?$/u
/** It is not to be so, or no longer. */
const STOPS = wordPattern(
  'stop|avoid|without|no more|refrain|skip|hör auf|vermeide|ohne|arrête*|évite*|sans|deja de|evita|sin|para de|evite|sem|smetti|senza|stop met|vermijd|zonder|przestań|unikaj|bez|перестань|прекрати|избегай|без|sluta|undvik|stop med|undgå|别|不要|请勿|やめて|ないでください|마세요|말아|मत|توقف',
)
/** It may be so again. */
const ALLOWS = wordPattern(
  'you can|you may|feel free to|du kannst|du darfst|tu peux|puedes|podes|puoi|je mag|możesz|можешь',
)
/** A denial that takes nothing back: "not only". */
const NOT_ALL =
  /(?:not|n['’]t|never|nicht|pas|non|não|niet|nie|не)\s{1,2}(?:\p{L}{1,12} )?(?:only|just|all|every|nur|seulement|solo|só|alleen|tylko|только)(?!\p{L})|(?<!\p{L})no s[oó]lo(?!\p{L})/iu
/** The amount with which an instruction ends: "2 spaces", "under 100 words". The time of a clock or a date is none: there may be several. */
const AMOUNT =
  /(?<!(?:at|on|um|à|om|a las|às|alle|в|о|kl)\s{1,2})(?<![\p{L}\p{N}.,:])(?<amount>\p{Nd}{1,6})[ -](?<unit>(?!(?:am|pm|uhr|heures?|horas?|uur|часов|часа)(?!\p{L}))\p{L}{2,20})\s{0,3}[.!]?\s{0,3}$/iu
/** What is done in a language. */
const ANSWERS = wordPattern(
  'respond*|répond*|antwort*|antwoord*|отвеча*|відповіда*|odpowiada*|rispond*|cevap ver*|yanıtla*|svar*|odpovíd*|答えて|回答して|回答|回复|答复|返信して|대답해|답변해|답해',
  'giu',
)
const INDENTATION = /(?<=(?:spaces?|tabs?) )for indent(?:ation|ing)(?!\p{L})/giu
const FRAME = wordPattern(
  [
    'from now on|from here on|going forward|in (?:the )?future|henceforth|always|never|ever|please|actually|instead|again|just|only|also|ok|okay|now|any ?more|any longer|after all|use|using|do|does|switch back|switch|go back|back|give|show|keep|make|prefer|want|me|your|you|the|all|every|to|in|with|for|a|an|as|of|be|my|and|but|not',
    'answers?|answer|reply|replies|respond|responses?|messages?|speak|talk|write|say|explanations?|sentences?',
    'bitte|ab jetzt|ab sofort|immer|stattdessen|künftig|mir|auf|in|deine?|antworten?|verwende|benutze',
    "à partir de maintenant|désormais|toujours|s'il te plaît|en|plutôt|tes|réponses?|a partir de ahora|siempre|por favor|mejor|tus|respuestas?|a partir de agora|sempre|em|respostas?|d'ora in poi|in|le|tue|risposte|per favore|vanaf nu|voortaan|altijd|het|de|alsjeblieft|antwoorden|od teraz|zawsze|po|proszę|теперь|всегда|на|по|пожалуйста|отныне|відтепер|завжди|bundan sonra|her zaman|lütfen|från och med nu|alltid|på|fra nu af|altid|od teď|vždy|अब से|हमेशा|में|दो|من الآن فصاعدا|دائما",
    '请|請|以后|以後|始终|总是|一直|用|从现在起|要|いつも|これから|は|で|を|に|ください|常に|항상|앞으로는?|이제부터|주세요|로',
  ]
    .join('|')
    .split('|')
    // "A partir de ahora" before "a".
    .sort((a, b) => b.length - a.length)
    .join('|'),
  'giu',
)
const MAX_CHARS = 160

/** True for a fact that may be an instruction in the place of another. */
export function mayBeOrder(fact: string): boolean {
  const said = saidIn(fact)
  return said !== fact && said.length <= MAX_CHARS && isOrder(said)
}

/** True if `later` is an instruction that leaves no room for `earlier`. */
export function isOtherOrder(later: string, earlier: string): boolean {
  const [now, then] = [saidIn(later), saidIn(earlier)]
  if (now === later || then === earlier || now.length > MAX_CHARS || then.length > MAX_CHARS) return false
  if (!isOrder(now) || !isOrder(then)) return false
  const [denials, denialsThen] = [denialsIn(now), denialsIn(then)]
  if (denials + denialsThen > 1) return false
  if (denials + denialsThen === 1) {
    // A name has no forms: "Max" is not "Maxi".
    if (isName(now) || isName(then)) return false
    const [words, wordsThen] = [wordsIn(now), wordsIn(then)]
    return !NOT_ALL.test(denials > 0 ? now : then) && words.length > 0 && isSame(words, wordsThen)
  }
  if (isName(now) && isName(then)) return true
  return (
    OPPOSITES.some((sides) => isOpposed(sides, now, then)) || isOtherLanguage(now, then) || isOtherAmount(now, then)
  )
}

/** "Never without" denies twice. */
function denialsIn(said: string): number {
  return Number(STOPS.test(said)) + Number(DENIES.test(said.replace(STOPS_ALL, ' ')))
}

function isName(said: string): boolean {
  return CALL_ME.test(
    said
      .replace(NOW, ' ')
      .replace(/\s{2,}/gu, ' ')
      .trim()
      .replace(/^\p{Lu}/u, (first) => first.toLowerCase()),
  )
}

function isOrder(said: string): boolean {
  return ALLOWS.test(said) || isStandingOrder(said, naturalLanguageOf(said) ?? 'en')
}

function isOpposed([a, b]: readonly [RegExp, RegExp], now: string, then: string): boolean {
  const isTurned = (a.test(now) && b.test(then)) || (b.test(now) && a.test(then))
  const without = (said: string) => wordsIn(said.replace(a, ' ').replace(b, ' '))
  return isTurned && isSame(without(now), without(then))
}

/** Another language of answers, about which nothing else is said. */
function isOtherLanguage(now: string, then: string): boolean {
  const [a, b] = [now, then].map((said) => {
    const named = languagesNamedIn(said)
    const [language] = named
    return language && named.length === 1 && wordsIn(said.replace(ANSWERS, ' '), language.name).length === 0
      ? language.code
      : undefined
  })
  return a !== undefined && b !== undefined && a !== b
}

function isOtherAmount(now: string, then: string): boolean {
  const [a, b] = [now, then].map(
    (said) => AMOUNT.exec(said.replace(NOW, ' ').replace(INSTEAD, ' ').replace(INDENTATION, ' '))?.groups,
  )
  if (!a?.unit || !b?.unit || a.amount === b.amount || !isForm(a.unit.toLowerCase(), b.unit.toLowerCase())) return false
  if (datesNamedIn(now).length + datesNamedIn(then).length > 0) return false
  const [words, wordsThen] = [wordsIn(now, a.amount), wordsIn(then, b.amount)]
  return isSame(words, wordsThen) && ![...words, ...wordsThen].some((word) => /\p{N}/u.test(word))
}
const INSTEAD = / instead(?=[.!]?$)/iu

/** What an instruction is about, without the words by which it is one. */
function wordsIn(said: string, value = ''): string[] {
  const language = naturalLanguageOf(said) ?? 'en'
  const { does, always } = ORDER_WORDS[language] ?? {}
  const plain = said
    .toLowerCase()
    .replace(value, ' ')
    .replace(INDENTATION, ' ')
    .replace(/(?<!\p{L})(?:do|does)n['’]t(?!\p{L})/giu, ' ')
  const bare = [always, does].reduce<string>(
    (left, words) => (words === undefined ? left : left.replace(wordPattern(words, 'giu'), ' ')),
    plain.replace(FRAME, ' '),
  )
  const left = [NOW, STOPS_ALL, ALLOWS_ALL, FRAME, DENIES_ALL].reduce<string>(
    (text, words) => text.replace(words, ' '),
    bare,
  )
  return left.match(/[\p{L}\p{M}\p{N}]{1,40}/gu) ?? []
}
const [STOPS_ALL, ALLOWS_ALL, DENIES_ALL] = [STOPS, ALLOWS, DENIES].map(({ source }) => new RegExp(source, 'giu')) as [
  RegExp,
  RegExp,
  RegExp,
]

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && areIn(a, b) && areIn(b, a)
}

function areIn(some: readonly string[], all: readonly string[]): boolean {
  return some.every((word) => all.some((one) => isForm(one, word)))
}

/** "Adding" and "add". */
function isForm(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return a === b || (short.length >= MIN_STEM && long.length - short.length <= MAX_ENDING && long.startsWith(short))
}
const MIN_STEM = 3
const MAX_ENDING = 3

import { naturalLanguageOf } from '../facts/natural-language.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { isStandingOrder, ORDER_WORDS } from '../local-rules/standing-orders.ts'
import { DENIES, NOW } from '../local-rules/words/change-words.ts'
import { languagesNamedIn } from '../local-rules/words/language-names.ts'
import { wordPattern } from '../local-rules/words/word-pattern.ts'

/**
 * Tells, without a model, that a standing instruction takes the place of an earlier one: another language, name, number or kind of the same thing, or the
 * opposite. Guarantees: both are standing instructions, and what they say beside this value is the same, so that each may have others beside it.
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
].map((sides) => sides.map((words) => wordPattern(words)) as [RegExp, RegExp])
/** How somebody is to be called. */
const CALL_ME = wordPattern(
  'call me|address me as|nenn mich|nenne mich|appelle[- ]moi|appelez[- ]moi|llámame|chama-me|me chama|me chame|chiamami|noem me|noem mij|mów mi|nazywaj mnie|называй меня|зови меня|kalla mig|kald mig|kall meg|叫我|称呼我|と呼んで|라고 불러',
)
/** It is not to be so, or no longer. */
const STOPS = wordPattern(
  'stop|avoid|without|no more|refrain|skip|hör auf|vermeide|ohne|arrête*|évite*|sans|deja de|evita|sin|para de|evite|sem|smetti|senza|stop met|vermijd|zonder|przestań|unikaj|bez|перестань|прекрати|избегай|без|sluta|undvik|stop med|undgå|别|不要|请勿|やめて|ないでください|마세요|말아|मत|توقف',
)
/** It may be so again. */
const ALLOWS = wordPattern(
  'you can|you may|feel free to|du kannst|du darfst|tu peux|puedes|podes|puoi|je mag|możesz|можешь',
)
const FRAME = wordPattern(
  [
    'from now on|from here on|going forward|in (?:the )?future|henceforth|always|never|ever|please|actually|instead|again|just|only|also|ok|okay|now|any ?more|any longer|after all|use|using|do|does|switch|switch back|back|go|give|show|keep|make|prefer|want|me|your|you|the|all|every|to|in|with|for|a|an|as|of|be|my|and|but|not',
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
  if (CALL_ME.test(now) && CALL_ME.test(then)) return true
  const [language, languageThen] = [now, then].map((said) => languagesNamedIn(said))
  if (language?.length === 1 && languageThen?.length === 1) {
    const [a, b] = [language[0], languageThen[0]] as const
    return a?.code !== b?.code && isSame(wordsIn(now, a?.name), wordsIn(then, b?.name))
  }
  const isDenied = [now, then].map((said) => DENIES.test(said) || STOPS.test(said))
  if (isDenied[0] !== isDenied[1]) return isSame(wordsIn(now), wordsIn(then))
  if (ALLOWS.test(now) && isDenied[1]) return isSame(wordsIn(now), wordsIn(then))
  if (isDenied[0]) return false
  return OPPOSITES.some((sides) => isOpposed(sides, now, then)) || isOtherKind(wordsIn(now), wordsIn(then))
}

function isOrder(said: string): boolean {
  return ALLOWS.test(said) || isStandingOrder(said, naturalLanguageOf(said) ?? 'en')
}

function isOpposed([a, b]: readonly [RegExp, RegExp], now: string, then: string): boolean {
  const isTurned = (a.test(now) && b.test(then)) || (b.test(now) && a.test(then))
  const without = (said: string) => wordsIn(said.replace(a, ' ').replace(b, ' '))
  return isTurned && areIn(without(now), without(then))
}

/** "Metric units" and "imperial units", "4 spaces" and "2 spaces": one word differs, right before what both are about. */
function isOtherKind(now: readonly string[], then: readonly string[]): boolean {
  const at = now.findIndex((word) => !then.some((one) => isForm(one, word)))
  const [value, noun] = [now[at], now[at + 1]]
  if (at < 0 || value === undefined || noun === undefined || !areIn(now.toSpliced(at, 1), then)) return false
  const place = then.findIndex((one) => isForm(one, noun))
  const old = then[place - 1]
  return old !== undefined && !now.some((word) => isForm(word, old)) && /\p{N}/u.test(value) === /\p{N}/u.test(old)
}

/** What an instruction is about, without the words by which it is one. */
function wordsIn(said: string, value = ''): string[] {
  const language = naturalLanguageOf(said) ?? 'en'
  const { does, always } = ORDER_WORDS[language] ?? {}
  const plain = said
    .toLowerCase()
    .replace(value, ' ')
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
  return a.length === b.length && areIn(a, b)
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

import type { DayOfYear } from './named-dates.ts'

/**
 * Tells in which year a day lies that is named without one: "we move on 3 May", "am 14. Januar habe ich unterschrieben". The last such day where the
 * sentence tells of a past, else the coming one. What comes round each year, a limit ("by 3 May") and an end of a span have no day of their own.
 */

/** Of languages other than English: forms of the past, the commonest of each language. No grammar; what is not found lies ahead. */
const SCANDINAVIAN = String.raw`(?:har|hade|havde|hadde) (?!(?:et|ett|mitt|vårt|vort|\p{L}{0,16}tid)(?!\p{L}))\p{L}{2,20}(?:t|d|tt|it)|(?<!(?:har|en|ei|et|ett) )(?!(?:inte|måste|både|skulle|ville|ikke|dette|disse|jede)(?!\p{L}))\p{L}{2,20}[td]e|var|blev|ble|fick|fikk|gick|gikk|kom`
const CYRILLIC = String.raw`\p{Script=Cyrillic}{2,20}[аеиоуыяё]л(?:а|и|о|ся|ась|ись|ось)?|был[аои]?|був|бул[аио]`
const PAST: Readonly<Record<string, string>> = {
  de: String.raw`(?:habe|hat|haben|hast|bin|ist|sind)(?=[^!?]{0,80}(?<!\p{L})(?-i:(?:[a-zäöü]{0,8}ge|be|er|ver|ent|zer|über|unter|um|miss|wieder)[a-zäöüß]{2,20}(?:t|en)|[a-zäöüß]{2,20}iert)(?!\p{L}))(?![^.!?]{0,60} (?:werden|vor|geplant|angesetzt))|(?:wurde|wurden|hatte|hatten|war|waren|ging|gingen|kam|kamen|zog|zogen|fand|bekam|begann|starb|kaufte|heiratete)(?!\p{L})(?![^.!?]{0,60} (?:werden|vor|geplant|angesetzt))`,
  fr: String.raw`(?:j['’]ai|ai|as|a|avons|avez|ont) (?!(?:une?|des|du|le|la|les|mon|ma|mes|notre|nos|rendez)(?!\p{L}))(?!lieu|(?:\p{L}{2,12} )?lieu)(?:\p{L}{2,12} ){0,2}\p{L}{1,20}(?:é|i|u|is|it|ert)e?s?|me suis|nous sommes (?:mari|install|rencontr)\p{L}{1,4}|s['’]est (?!prév)|étais|était|étaient`,
  es: String.raw`(?:he|ha|hemos|han) \p{L}{2,20}[aid]do|(?!(?:\p{L}{1,20}[aei]r[éá]|aquí|ahí|allí|así)(?!\p{L}))\p{L}{2,20}(?:é|ó|í|aron|ieron|imos)|fui|fue|fuimos|hice|hizo|hicimos|tuve|tuvo|tuvimos|estuv\p{L}{1,4}`,
  pt: String.raw`(?!\p{L}{1,20}[aei]rei(?!\p{L}))(?!(?:estou|vou|sou|dou|meu|teu|seu|museu)(?!\p{L}))\p{L}{2,20}(?:ei|ou|eu|iu|aram|eram|iram)|foi|fomos|fiz|fez|tive|teve|fizemos|tivemos`,
  it: String.raw`(?:ho|abbiamo|hanno|hai) (?!(?:un|uno|una|il|lo|la|i|gli|le|mio|mia|nostro|nostra)(?!\p{L}))(?:\p{L}{2,12} ){0,2}\p{L}{1,20}[tse]o|mi sono|ci siamo|si è|era|erano|(?:sono|siamo) \p{L}{2,20}[ati]t[oaie]`,
  nl: String.raw`(?:(?:heb|heeft|hebben|ben|is|zijn)(?= (?:.{0,60} )?\p{L}{0,4}(?:ge|be|ver|her|ont)\p{L}{2,20}(?:[dt]|en)(?!\p{L}))|had|hadden|was|waren|werd|ging|gingen|kwam|kreeg|kocht)`,
  pl: String.raw`\p{L}{2,20}(?:łem|łam|liśmy|łyśmy)|był[aoiy]?|byli|został[aoiy]?`,
  ru: CYRILLIC,
  uk: CYRILLIC,
  tr: String.raw`\p{L}{2,20}[dt][ıiuü](?:m|k|n|ler|lar|niz)?(?=[.!]|$)`,
  sv: SCANDINAVIAN,
  da: SCANDINAVIAN,
  no: SCANDINAVIAN,
  cs: String.raw`\p{L}{1,20}l[aio]? (?:jsem|jsme)|(?:jsem|jsme) [^.!?]{0,40}\p{L}{2,20}l[aiy]?|był|bol[ai]?|byl[aoiy]?`,
  ar: String.raw`كان|كانت|كنت|كنا|لقد|قد|\p{Script=Arabic}{2,12}(?:ت|نا)(?= )`,
  hi: `(?:मैंने|हमने|उसने|उन्होंने|ने|था|थी|थे|गया|गई|गए|गये|हुआ|हुई|आया|आई)`,
}
/** Their verbs say it at the end. */
const NO_TABLE = new Set(['zh', 'ja', 'ko'])
const pastWords = new Map<string, RegExp>()
const PAST_ENDS =
  /(?:ました|でした|した|った|んだ)(?:。|！|$)|[었았였했갔왔됐났샀셨](?:어요|습니다|다|어|지요|죠|네요)?(?:[.!]|$)|(?<![要将會会])(?:了|过|過)(?=[。，！]|$|\p{Script=Han})/u
const TO_COME = /(?:要|将|將|会|會|打算|计划)|ます。?$|거예요|예정|겠|ेगा|ेगी|ेंगे|ूँगा|ूंगा|रहे हैं|रहा हूँ|रही हूँ/u

/** "Until", "before" and the beginning of a span, before the day or behind it; "since" where it may be "from" as well. */
const LIMIT_BEFORE =
  /(?:^|[^\p{L}])(?:until|till|by|before|through|bis(?: zum)?|vor dem|ab(?: dem)?|jusqu['’]au|avant le|à partir du|hasta el|antes del?|desde el|a partir del|até|antes de|desde|a partir de|fino al|entro il|prima del|dal|tot|voor|vanaf|do|przed|od|до|к|перед|с|حتى|قبل|من|till|före|från|før|fra|innan|sebelum|sampai|đến|trước)\s$|\d{1,2}(?:st|nd|rd|th|\.|º|er)?\s?(?:to|through|until|and|or|und|oder|bis(?: zum)?|et|au|ou|y|o|al|a|e|à|i|lub|и|или|по|tot|en|of|do|[-–—/])\s?$/iu
const LIMIT_BEHIND =
  /^(?:st|nd|rd|th|\.)?(?:\s?(?:to|through|until|and|[-–—])\s?\d|\s?(?:まで|までに|以前|から|까지|부터|전에|之前|前|以前|起|तक|से|के पहले)|['’]?\p{L}{0,3} (?:kadar|önce|itibaren))/u
const SINCE_BEFORE = /(?:^|[^\p{L}])(?:since|seit(?: dem)?|depuis le|sinds|منذ|sedan|siden)\s$/iu
/** A meeting moved to a day lies ahead, though its moving is past. */
const MOVED_TO =
  /(?:moved|postponed|rescheduled|pushed|shifted|brought forward|changed|set|scheduled|planned|booked|verschoben|verlegt|vorgezogen|angesetzt|geplant|repoussée?s?|reportée?s?|déplacée?s?|avancée?s?|prévue?s?|fixée?s?|aplazad[oa]|movid[oa]|fijad[oa]|programad[oa]|adiad[oa]|marcad[oa]|rinviat[oa]|spostat[oa]|fissat[oa]|verplaatst|verzet|gepland|przełożon\p{L}{1,2}|перенес\p{L}{1,4}|перенёс\p{L}{0,4}|назнач\p{L}{1,4}|flyttats?|utsatt|utsat)(?: (?:back|forward|from [^.!?]{1,30}))? (?:to|for|auf(?: den)?|für(?: den)?|vom [^.!?]{1,20} auf den|au|pour le|al|para(?: el| o)?|para|a|naar|op|na|на|till|til)(?: the)?\s$|(?<!\p{L})(?:auf den|naar)\s$/iu
/** Days that come round each year. */
const YEARLY =
  /(?<!\p{L})(?:birthdays?|anniversar\p{L}{1,3}|name ?days?|born|every|each|yearly|annual\p{L}{0,2}|geburtstag\p{L}{0,2}|namenstag|hochzeitstag|jahrestag|gebor\p{L}{1,3}|jede[nsr]?|jährlich|anniversaire|né|née|chaque|tous les|cumpleaños|cumplo|cumple|nac\p{L}{1,6}|cada|todos los|aniversário|anos em|nasc\p{L}{1,4}|todos os|compleanno|nat[oa]|ogni|verjaardag|jarig|elke?|ieder\p{L}?|urodziny|urodzi\p{L}{1,5}|imieniny|co roku|родил\p{L}{1,3}|рождения|именины|кажд\p{L}{2,3}|doğum günü\p{L}{0,3}|doğdu\p{L}{0,1}|her yıl|födelsedag|född|fødselsdag|født|bursdag|narozeniny|naroz\p{L}{1,4}|syntymäpäiv\p{L}{1,4}|születésnap\p{L}{0,3})(?!\p{L})|生日|出生|每年|誕生日|生まれ|毎年|생일|태어|매년|ميلاد|ولدت|كل عام|जन्म|हर साल/iu

/** With one that is so near, the other that is so far is not certainly meant. */
const NEAR_DAYS = 60
const FAR_DAYS = 270
const DAY_MS = 86_400_000

/** On which side of the day on which it was said a day lies, or undefined where nothing tells. `side` is what the rules for English say. */
export function sideOfDay(
  { start, end }: DayOfYear,
  sentence: string,
  language: string,
  side: Side | undefined,
): Side | undefined {
  const [before, behind] = [sentence.slice(0, start), sentence.slice(end)]
  if (YEARLY.test(sentence) || LIMIT_BEFORE.test(before) || LIMIT_BEHIND.test(behind)) return undefined
  if (MOVED_TO.test(before)) return 'coming'
  if (SINCE_BEFORE.test(before)) return 'last'
  if (language === 'en') return side
  if (isToldOfPast(sentence, language)) return 'last'
  return isToldAhead(sentence, language) ? 'coming' : undefined
}

/** True where the forms of the past of a language are known, and the sentence has none. */
export function isToldAhead(sentence: string, language: string): boolean {
  return (Object.hasOwn(PAST, language) || NO_TABLE.has(language)) && !isToldOfPast(sentence, language)
}

/** True for "since 3 May". */
export function isSince(sentence: string, { start }: DayOfYear): boolean {
  return SINCE_BEFORE.test(sentence.slice(0, start))
}

type Side = 'last' | 'coming'

/** The year of a day on that side of `at`. Guarantees: unless `isSure`, where only the form of a word tells of a past, no day but one that is just over. */
export function yearOfDay({ month, day }: DayOfYear, at: Date, side: Side, isSure: boolean): number | undefined {
  const today = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate())
  const years = [-1, 0, 1].map((step) => at.getUTCFullYear() + step)
  const away = years
    .filter((year) => new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day)
    .map((year) => ({ year, days: Math.round((Date.UTC(year, month - 1, day) - today) / DAY_MS) }))
  const last = away.findLast(({ days }) => days <= 0)
  const coming = away.find(({ days }) => days >= 0)
  const [meant, other] = side === 'last' ? [last, coming] : [coming, last]
  if (meant === undefined) return undefined
  const [far, otherFar] = [meant, other].map((one) => Math.abs(one?.days ?? Number.POSITIVE_INFINITY)) as [
    number,
    number,
  ]
  if (side === 'last' && !isSure && (far > NEAR_DAYS || otherFar < far)) return undefined
  const isDoubtful = far > FAR_DAYS && otherFar < NEAR_DAYS
  return isDoubtful ? undefined : meant.year
}

function isToldOfPast(sentence: string, language: string): boolean {
  if (PAST_ENDS.test(sentence) && !TO_COME.test(sentence)) return true
  const words = PAST[language]
  if (words === undefined) return false
  const known = pastWords.get(language) ?? new RegExp(`(?<![\\p{L}\\p{M}])(?:${words})(?![\\p{L}\\p{M}])`, 'iu')
  pastWords.set(language, known)
  return known.test(sentence)
}

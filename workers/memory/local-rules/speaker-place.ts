import { isPlace, nameKind } from './words/name-kinds.ts'

/**
 * Reads where the speaker lives, and for whom they work, in languages other than English. A sentence that says anything more states neither: what is past,
 * denied, supposed or shared needs words of its own.
 */

const SINCE =
  "(?:seit|ab|depuis|desde|da|dal|od|с|со|sinds|vanaf|sedan|siden|fra) (?!(?:Kindheit|Geburt|pequeñ|niñ|bambin|dziecka))[\\p{L}\\p{N}’' ]{2,20}?"
const NOW =
  'jetzt|nun|inzwischen|mittlerweile|neuerdings|maintenant|désormais|ahora|agora|adesso|ora|teraz|теперь|сейчас|nu|nå'
const LATELY =
  'letzten Monat|letzte Woche|kürzlich|gerade|le mois dernier|la semaine dernière|récemment|el mes pasado|la semana pasada|hace poco|no mês passado|na semana passada|há pouco|il mese scorso|la settimana scorsa|da poco|vorige maand|vorige week|onlangs|w zeszłym miesiącu|niedawno|в прошлом месяце|на прошлой неделе|недавно|förra månaden|sidste måned|forrige måned'
const WHEN = `(?: (?:${NOW}|${LATELY}|${SINCE}))?`
const WORD = String.raw`\p{Lu}(?:[\p{L}\p{N}’'.&-]{0,30}[\p{L}\p{N}])?`
const NAME = `(?<value>${WORD}(?: (?:${WORD}|de|do|da|del|la|am|der|den)){0,3})`

const HOMES = [
  `(?:ich (?:wohne|lebe)|(?:wohne|lebe) ich)${WHEN} in ${NAME}|(?:ich bin|bin ich|wir sind|sind wir)${WHEN} nach ${NAME} (?:um)?gezogen`,
  `(?:j['’]habite|je vis)${WHEN} (?:à|au|aux|en) ${NAME}|(?:j['’]ai|on a|nous avons)${WHEN} déménagé${WHEN} (?:à|au|aux|en) ${NAME}`,
  `(?:yo )?(?:vivo|resido)${WHEN} en ${NAME}|(?:me mudé|me he mudado|nos hemos mudado|nos mudamos)${WHEN} a ${NAME}`,
  `(?:eu )?(?:moro|vivo)${WHEN} em ${NAME}|(?:eu me mudei|me mudei|mudei-me|nos mudamos)${WHEN} para ${NAME}`,
  `(?:vivo|abito)${WHEN} (?:a|ad|in) ${NAME}|(?:mi sono trasferit[oa]|ci siamo trasferiti)${WHEN} (?:a|ad|in) ${NAME}`,
  `(?:ik woon|woon ik)${WHEN} in ${NAME}|(?:ik ben|ben ik|we zijn|zijn we)${WHEN} naar ${NAME} verhuisd`,
  `mieszkam${WHEN} we? ${NAME}|przeprowadził[ea]m się${WHEN} do ${NAME}|przeprowadziliśmy się${WHEN} do ${NAME}`,
  `я${WHEN} живу${WHEN} во? ${NAME}|(?:я${WHEN} переехала?|мы${WHEN} переехали)${WHEN} во? ${NAME}`,
  `(?:jag|jeg) bor${WHEN} i ${NAME}|bor (?:jag|jeg) i ${NAME}|(?:jag|jeg) (?:har|er) (?:flyttat|flyttet)${WHEN} til{1,2} ${NAME}`,
]
const EMPLOYERS = [
  `(?:ich arbeite|arbeite ich)${WHEN} (?:bei|für) (?:der |dem )?${NAME}`,
  `je travaille${WHEN} (?:chez|pour) ${NAME}`,
  `(?:yo )?trabajo${WHEN} (?:en|para) (?:la |el )?${NAME}`,
  `(?:eu )?trabalho${WHEN} (?:na|no|para a|para o) ${NAME}`,
  `lavoro${WHEN} (?:alla|al|per|presso|in|da) ${NAME}`,
  `(?:ik werk|werk ik)${WHEN} bij ${NAME}`,
  `pracuję${WHEN} (?:w|we|dla) ${NAME}`,
  `я${WHEN} работаю${WHEN} во? ${NAME}`,
]
/** Names in scripts without spaces, and no word for a house, an office or a family. */
const DENSE = String.raw`(?<value>(?!.{0,12}(?:家|宿舍|公司|学校|學校|楼|樓|房|酒店|父母|里|裡|里面|寮|会社|学校|近く))[\p{Script=Han}\p{Script=Katakana}ー]{2,12}?)`
const DENSE_HOMES = [
  String.raw`(?:şimdi |artık |şu an )?(?<value>\p{L}{2,30})['’](?:[dt][ae] (?:yaşıyorum|oturuyorum|yaşıyoruz|oturuyoruz)|y?[ae] taşındı[mk])`,
  `(?:私は|僕は|俺は)?(?:今は?、?|先月、?|先週、?|最近、?)?${DENSE}に(?:住んで(?:い?ます|い?る)|引っ越し(?:ました|た))`,
  `我(?:现在|現在|目前)?住在${DENSE}|我们?(?:上个月|上個月|上周|最近|刚刚?|剛剛?)?搬(?:到|去)了?${DENSE}了?`,
  String.raw`(?:저는 |나는 )?(?:지금 |이제 |지난달에? )?(?<value>\p{Script=Hangul}{2,8}?)(?:에 (?:살아요?|살고 있(?:어요?|습니다)|삽니다)|(?:으로|로) 이사(?:했|갔)(?:어요?|습니다))`,
]

const patternOf = (core: string) =>
  new RegExp(`^(?:(?:${NOW}|${LATELY}|${SINCE}),? )?(?:${core})${WHEN}[.!。！]?$`, 'u')
/** Made for the first sentence that states any of them. */
const statedKinds = () => [
  ...HOMES.map((core) => ({ attribute: 'residence', isGerman: core === HOMES[0], pattern: patternOf(core) })),
  ...EMPLOYERS.map((core) => ({ attribute: 'employer', isGerman: core === EMPLOYERS[0], pattern: patternOf(core) })),
  ...DENSE_HOMES.map((core) => ({ attribute: 'residence', isGerman: false, pattern: patternOf(core) })),
]
let stated: ReturnType<typeof statedKinds> | undefined
/** Nearly no sentence says either, and what may stand around it takes longest to compile: here it stands once. */
const STATED_BY_ANY = patternOf([...HOMES, ...EMPLOYERS, ...DENSE_HOMES].join('|'))

/** The speaker's home or employer, if a sentence says just that. */
export function speakerPlaceIn(sentence: string): { readonly attribute: string; readonly value: string } | undefined {
  const begun = sentence.replace(/^\p{Lu}/u, (first) => first.toLowerCase())
  if (!STATED_BY_ANY.test(begun)) return undefined
  stated ??= statedKinds()
  for (const { attribute, isGerman, pattern } of stated) {
    const value = pattern.exec(begun)?.groups?.value
    if (value !== undefined && isNamed(attribute, value, isGerman)) return { attribute, value }
  }
  return undefined
}

/** German writes every noun as a name: "in Untermiete", "bei Nacht". And "en Sevilla" says where one works, not for whom. */
function isNamed(attribute: string, value: string, isGerman: boolean): boolean {
  // Who lives in a city lives in its country, too.
  if (attribute === 'residence') return (!isGerman || isPlace(value)) && !countryNames().has(value.toLowerCase())
  return isGerman ? nameKind(value) === 'company' : !isPlace(value) && nameKind(value) !== 'thing'
}

const LANGUAGES = ['de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ru', 'sv', 'da', 'nb', 'ja', 'zh', 'ko']
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
let countries: ReadonlySet<string> | undefined

function countryNames(): ReadonlySet<string> {
  if (countries) return countries
  const regions = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
  countries = new Set(
    LANGUAGES.flatMap((language) => {
      const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' })
      return regions.flatMap((region) => names.of(region)?.toLowerCase() ?? [])
    }),
  )
  return countries
}

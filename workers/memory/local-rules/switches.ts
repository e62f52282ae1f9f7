import { DENIES, IS, SUPPOSES, USES } from './words/change-words.ts'
import { wordPattern } from './words/word-pattern.ts'

/**
 * Reads that the speaker now uses one thing in the place of another: "we switched from Jest to Vitest", "wir sind von Jenkins auf Drone umgestiegen".
 * Guarantees: the verb says that it has happened, to whoever speaks, and each word beside the two names says that it is new or stands in what is ended
 * as well; any other word may limit the switch or take it back.
 */

type Switch = {
  /** Undefined where only the purpose tells it. */
  readonly old: string | undefined
  /** What the sentence says beside the two, as "for the staging account". */
  readonly purpose: string
  /** One person's own, which ends nothing of a team. */
  readonly isMine: boolean
}

const MAX_CHARS = 200
const WORD = String.raw`(?:[^\s,;.!?()"、，。！？]|\.(?=[\p{L}\p{N}])){1,30}`
const NAME = `${WORD}(?: ${WORD}){0,2}?`
const OLD = `(?<old>${NAME})`
const NEW = `(?<by>${NAME})`
/** In a script without spaces only other letters divide a name from what follows. */
const LATIN = String.raw`(?<by>[\p{Script=Latin}\d](?:[\p{Script=Latin}\d .+#-]{0,28}[\p{Script=Latin}\d+#])?)`
const THE = `(?:(?:the|our|my|den|die|das|dem|le|la|les|el|los|las|o|a|os|il|lo|de|het) )?`
const WE = `(?:(?:ok|so|and|also|well|btw|update|fyi)[,:]? ){0,2}(?:i|we|our team|the (?:whole )?team)(?:['’]ve| have)?(?: (?:just|finally|also|now|recently|completely|all)){0,2}`
const WHAT = `(?:(?<what>(?:the|our|my|all|everything)(?: [\\p{L}\\d-]{1,20}){0,2}) )?`
const MOVED = '(?:switched|moved|migrated|changed|gone|went|converted|transitioned|swapped|upgraded|ported)'
/** Of every language the ways to say it, with the purpose behind. */
const FORMS = [
  `^${WE} ${MOVED} ${WHAT}(?:over )?(?:away )?from ${THE}${OLD} (?:over )?(?:to|onto) ${THE}${NEW}`,
  `^${WE} (?:swapped|replaced|traded|ditched|dropped|exchanged|dumped|abandoned|retired) ${THE}${OLD} (?:out )?(?:for|with|by|in favou?r of) ${THE}${NEW}`,
  `^${WE} (?:moved|migrated|switched) (?:off(?: of)?|away from) ${THE}${OLD} (?:to|onto|and (?:moved )?(?:on)?to) ${THE}${NEW}`,
  `^(?:wir sind|ich bin)(?: (?:jetzt|nun|inzwischen|endlich|komplett|letzte woche|gestern)){0,2} von ${THE}${OLD} (?:auf|zu|nach) ${THE}${NEW} (?:umgestiegen|gewechselt|umgezogen|migriert)`,
  `^(?:wir haben|ich habe) ${THE}${OLD} (?:durch|gegen) ${THE}${NEW} (?:ersetzt|getauscht|ausgetauscht|eingetauscht)`,
  `^(?:on est|nous sommes|je suis) passée?s? de ${THE}${OLD} (?:à|vers) ${THE}${NEW}`,
  `^(?:on a|nous avons|j['’]ai) (?:migré de ${THE}(?<old2>${NAME}) vers|remplacé ${THE}${OLD} par) ${THE}${NEW}`,
  `^(?:(?:hemos|he) )?(?:pasamos|pasé|pasado|cambiamos|cambié|cambiado|migramos|migré|migrado) (?:de ${THE}(?<old2>${NAME}) a|${THE}${OLD} por) ${THE}${NEW}`,
  `^(?:(?:hemos|he) )?(?:reemplazamos|reemplacé|reemplazado|sustituimos|sustituí|sustituido) ${THE}${OLD} por ${THE}${NEW}`,
  `^(?:mud[aá]mos|mudei|pass[aá]mos|passei|migr[aá]mos|migrei) d[eoa] ${OLD} para ${THE}${NEW}`,
  `^(?:troc[aá]mos|troquei|substituímos|substituí) ${THE}${OLD} (?:pel[oa]|por) ${NEW}`,
  `^(?:siamo passati|sono passat[oa]|abbiamo migrato|siamo migrati) da(?:l|lla|l')? ?${OLD} a(?:l|lla)? ?${NEW}`,
  `^(?:abbiamo|ho) sostituito ${THE}${OLD} con ${THE}${NEW}`,
  `^(?:we zijn|ik ben) van ${THE}${OLD} naar ${THE}${NEW} (?:overgestapt|gegaan|gemigreerd|verhuisd)`,
  `^(?:we hebben|ik heb) ${THE}${OLD} (?:vervangen door|ingeruild voor) ${THE}${NEW}`,
  `^(?:przeszliśmy|przesz(?:edłem|łam)|przesiedliśmy się|zmieniliśmy|przenieśliśmy się) z(?:e)? ${OLD} na ${NEW}`,
  `^(?:zamieniliśmy|zamienił[ea]m) ${OLD} na ${NEW}`,
  `^(?:мы |я |ми )?(?:перешли|перешёл|перешел|перешла|переехали|мигрировали|перейшли|перейшов|перейшла) (?:с|со|з|із) ${OLD} на ${NEW}`,
  `^(?:мы |я |ми )?(?:заменили|заменила?|замінили) ${OLD} на ${NEW}`,
  `^(?:vi|jag|jeg) (?:har )?(?:bytte|bytt|gick|gått|gik|gået|skiftede|skiftet|byttet|gikk|migrerade) från ${OLD} till ${NEW}`,
  `^(?:vi|jag|jeg) (?:har )?(?:bytte|bytt|gik|gået|skiftede|skiftet|byttet|gikk|gått) fra ${OLD} til ${NEW}`,
  `^(?:přešli jsme|přešel jsem|přešla jsem) z(?:e)? ${OLD} na ${NEW}`,
  `^(?<old>${WORD})['’][td][ae]n ${NEW}['’]y?[ae] (?:geçtik|geçtim|taşındık)`,
  `^(?:我们|我們|我)?(?:已经|已經|刚刚?)?从(?<old>[^，。、换換迁切改转]{1,20}?)(?:换成|换到|换为|換成|迁移到|迁到|切换到|改用|改成|转到|转向)了?${LATIN}`,
  `^(?:我们|我們|我)?(?:已经|已經)?把(?<old>[^，。、换換]{1,20}?)(?:换成|換成|替换为|替换成)了?${LATIN}`,
  `^(?:私たち?は、?)?(?<old>[^、。]{1,20}?)から${LATIN}[にへ](?:移行|変更|乗り換え|切り替え|移り|移っ|変え)し?(?:ました|た)(?=[。！.!]|$)`,
  `^(?:우리는|저는|저희는)? ?(?<old>[^\\s,.]{1,20}?)에서 ${LATIN}(?:으로|로) (?:옮|바꿨|바꾸었|전환|이전|갈아)[가-힣]{0,8}(?=[.!]|$)`,
].map((source) => new RegExp(source, 'iu'))
/** The purpose alone tells what it takes the place of. */
const TO_NEW = new RegExp(`^${WE} (?:switched|moved|changed|gone|went) (?:over )?to ${THE}${NEW} (?=for )`, 'iu')
/** Behind the first word of a name its others have capitals or are numbers; a year is none. */
const MORE_OF_NAME =
  /^(?: (?:\p{Lu}[\p{L}\p{N}.+#-]{0,29}|(?!(?:19|20)\d\d(?!\d))\d[\d.]{0,5}(?![\p{L}\d]))){0,2}(?![\p{L}\p{N}])/u
/** Not for long, or not yet. */
const PASSING =
  /\b(?:today|tonight|this (?:week|month|time|once)|next (?:week|month|time|year)|for (?:now|a (?:day|week|while)|once)|temporarily|back then|years ago|almost|nearly)\b/iu

/** The switch that a sentence tells of. */
export function switchIn(statement: string): Switch | undefined {
  if (statement.length > MAX_CHARS || /[?？]\s{0,3}$/u.test(statement)) return undefined
  if (PASSING.test(statement) || SUPPOSES.test(statement) || DENIES.test(statement)) return undefined
  for (const form of [...FORMS, TO_NEW]) {
    const match = form.exec(statement)
    if (!match) continue
    const { old, old2, by = '', what = '' } = match.groups ?? {}
    if (by.replace(/^\S+/u, '').replace(MORE_OF_NAME, '') !== '') continue
    const behind = statement.slice(match[0].length)
    const rest = behind.replace(MORE_OF_NAME, '')
    const whole = by + behind.slice(0, behind.length - rest.length)
    const used = old ?? old2
    // What bears the old name as well may be the same.
    const alike = used !== undefined && whole.toLowerCase().includes(used.toLowerCase()) ? whole : ''
    return { old: used, purpose: `${what} ${alike} ${rest}`, isMine: MINE.test(statement) }
  }
  return undefined
}
const MINE = /^(?:[\p{L}]{1,10}[,:]? ){0,2}(?:i|ich|je|j['’]|ik|jag|jeg|я)(?!\p{L})/iu
const OF_TEAM =
  /(?<!\p{L})(?:we|our|team|wir|unsere?\p{L}?|on|nous|notre|ons|onze|vi|vår\p{L}?|vores|мы|ми|наш\p{L}{0,2})(?!\p{L})/iu

/** True if what `earlier` says is used is no longer used after a switch. */
export function endsUse({ old, purpose, isMine }: Switch, earlier: string): boolean {
  if (DENIES.test(earlier) || SUPPOSES.test(earlier) || (isMine && OF_TEAM.test(earlier))) return false
  const purposes = contentOf(purpose.replace(LATELY, ' '))
  if (old === undefined) {
    const own = /^(?:i|we) (?:use|uses|am using|are using) .{1,40}? (?=for )/iu.exec(earlier)
    return own !== null && areAlike(purposes, contentOf(earlier.slice(own[0].length)))
  }
  const at = placeOf(old.toLowerCase(), earlier.toLowerCase())
  if (at < 0) return false
  const [before, behind] = [earlier.slice(0, at), earlier.slice(at + old.length)]
  if (!isUsed(before, behind)) return false
  const others = contentOf(`${before} ${behind}`)
  return purposes.every((word) => others.some((one) => isForm(one, word)))
}

function placeOf(old: string, earlier: string): number {
  const at = earlier.indexOf(old)
  const beside = [earlier[at - 1], earlier[at + old.length]]
  return at > 0 && !beside.some((one) => /[\p{Script=Latin}\p{N}]/u.test(one ?? '')) ? at : -1
}

const OWN =
  /(?<!\p{L})(?:i|we|our|my|wir|ich|unsere?\p{L}?|on|nous|je|notre|ik|ons|onze|vi|jag|jeg)(?!\p{L})|^(?:\p{L}{1,20}(?:amos|emos|imos|iamo|amy|emy|imy|áme|íme)|uso|utilizo)(?!\p{L})|мы|я |ми |我|私|우리|저|(?:yoruz|yorum)[.!]?$/iu
const BEFORE_TOOL =
  /(?<!\p{L})(?:on|in|with|via|through|auf|mit|sur|avec|dans|en|con|su|op|met|на|в|på|med)(?: the| our)? $/iu
/** What is done with a thing, right beside its name. */
function isUsed(before: string, behind: string): boolean {
  // Others that are used beside it still are, and "React Native" or "Google Maps" is another thing.
  if (!OWN.test(before + behind) || BESIDE.test(before + behind) || !ENDS_NAME.test(behind)) return false
  if (/(?<=\s)\p{Lu}\S{0,30} $/u.test(before)) return false
  const verb = before.trimEnd().split(' ').slice(-2).join(' ')
  return (
    USES.test(verb) ||
    USES.test(behind) ||
    IS.test(verb) ||
    (BEFORE_TOOL.test(before) && !USES.test(before)) ||
    DENSE_USE.test(before + behind)
  )
}
const BESIDE = /[,;、，]|(?<!\p{L})(?:and|plus|und|et|y|e|en|i|и|och|og|ve)(?!\p{L})|[和と]|하고/iu
const ENDS_NAME =
  /^(?:[.!?。！]|$| \d[\d.]{0,5}(?![\p{L}\d])| ?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]|['’]?\p{Ll}{0,5} kullan| (?:for|when|in|on|at|as|to|für|bei|pour|dans|para|per|in|voor|do|dla|w|для|в|för|til|till)(?!\p{L}))/iu
const DENSE_USE = /用|使|사용|써|쓰/u

/** When it was, if it was of late; and all of it. */
const LATELY = wordPattern(
  [
    'now|recently|completely|entirely|yesterday|last (?:week|month|quarter|year)|this (?:quarter|year)|(?:on |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day',
    "jetzt|kürzlich|gestern|letzte woche|letzten monat|letztes jahr|maintenant|récemment|la semaine dernière|le mois dernier|l'année dernière",
    "ahora|ayer|la semana pasada|el mes pasado|el año pasado|agora|ontem|(?:na )?semana passada|(?:no )?mês passado|(?:no )?ano passado|ieri|la settimana scorsa|il mese scorso|l'anno scorso",
    'vorige week|vorige maand|vorig jaar|gisteren|wczoraj|w zeszłym tygodniu|w zeszłym miesiącu|w zeszłym roku|вчера|недавно|на прошлой неделе|в прошлом месяце|в прошлом году',
    'dün|geçen hafta|geçen ay|geçen yıl|igår|i går|förra veckan|förra månaden|förra året|sidste uge|minulý týden',
  ].join('|'),
  'giu',
)
const SMALL =
  /^(?:for|in|on|at|as|the|our|my|für|bei|die|den|das|unsere?|pour|les?|la|para|en|em|per|voor|dla|для|of|all|everything)$/iu

function contentOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{M}\p{N}]{1,40}/gu) ?? []).filter((word) => !SMALL.test(word))
}

function areAlike(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((word) => b.some((one) => isForm(one, word)))
}

function isForm(a: string, b: string): boolean {
  return a === b || (Math.min(a.length, b.length) >= MIN_STEM && a.slice(0, MIN_STEM) === b.slice(0, MIN_STEM))
}
const MIN_STEM = 4

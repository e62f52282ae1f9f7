import { dependsOnDate } from './dates/fact-dates.ts'

/**
 * Owns telling that a sentence calls something off, by the marks of many languages. What is said behind the mark is why, and names no plan.
 * Guarantees linear time. It reads no grammar: what broke or is switched off is told from a plan by a noun of the agenda only.
 */

type CalledOff = {
  /** The sentence without its mark. */
  readonly what: string
  /** What may name a plan by one word alone, up to the mark; undefined where the words might mean another plan, or none. */
  readonly briefly: string | undefined
}

const MARKS = [
  "(?:(?:is|are|was|were|has been|have been|got|gets|i|we)? ?(?:['’]ve )?cancel{1,2}ed|called off|scrapped|axed|(?:is|are|was) not happening|(?:isn['’]t|aren['’]t|wasn['’]t) happening|(?:won['’]t|will not) (?:happen|take place)|no longer (?:need|have) to|(?:do not|don['’]t) (?:need|have) to)",
  'abgesagt|storniert|hinfällig|gecancelt|gestrichen|(?:findet|finden) nicht statt|fällt flach',
  "annulée?s?|supprimée?s?|n['’](?:aura|a) (?:finalement )?pas lieu|tombe à l['’]eau|est tombée? à l['’]eau",
  'cancelad[oa]s?|suspendid[oa]s?|anulad[oa]s?|se (?:canceló|cancela|suspendió|suspende|anuló)|(?:cancelaron|anularon|suspenderam|cancelaram|desmarcaram)|desmarcad[oa]s?|foi desmarcad[oa]',
  'annullat[oaie]|disdett[oaie]|cancellat[oaie]|non si (?:fa|terrà)(?: più)?',
  'geannuleerd|afgezegd|afgelast|gecanceld|(?:gaat|gaan) niet door',
  'odwołan\\p{L}{1,3}|odwołal[ia]|anulowan\\p{L}{1,3}|nie odbędzie się',
  'отмен\\p{L}{1,8}|не состоится|скасован\\p{L}{1,3}|скасували|відмінили|не відбудеться',
  'iptal(?: edildi| ettim| oldu| ettiler)?',
  'inställ[dt]a?|avbokade?|blir inte av|aflyst|avlyst|bliver ikke til noget|blir ikke noe av|peruttu|peruutettu|peruuntui|zrušen\\p{L}{0,2}|zrušili|anulat[ăe]?|s-a anulat|elmarad|lemondták|törölték',
  'dibatalkan|batal|(?:đã )?bị h(?:ủy|uỷ)|ακυρώθηκ\\p{L}{1,3}|בוטל[הו]?|لغو شد|كنسل شد|أ?لغيت|ألغي|تم إلغاؤ\\p{L}{1,2}|रद्द',
].join('|')
const MARKS_ANYWHERE =
  '取消了?|中止(?:になりました|になった|です)?|キャンセル(?:しました|された|になりました)?|취소\\p{L}*'
const MARK = new RegExp(`(?<![\\p{L}\\p{M}])(?:${MARKS})(?![\\p{L}\\p{M}])|${MARKS_ANYWHERE}`, 'iu')

/** What machines, people and lights are as well: only of these nouns it is said of a plan. */
const AGENDA_MARK =
  /(?<=(?<!\p{L})(?:thing|plans?|deal|appointment|meeting|visit|trip|flight|dinner|lunch|brunch|party|wedding|interview|call|date|lesson|class|session|match|concert|race|exam|gig|tour|holiday|vacation|booking|rehearsal|surgery|operation|check-?up)(?: (?:with|at|to|in|for) [^.,;:\n]{1,30})?)(?: (?:is|are|was)|['’]s) (?:now |definitely |also )?off(?=[.!,;]|$| because| since)|(?<=(?<!\p{L})\p{L}{0,20}(?:termin|treffen|besuch|flug|essen|feier|party|hochzeit|kurs|unterricht|training|konzert|prüfung|stunde|sitzung|zahnarzt|frisör|friseur|reise|ausflug|gespräch)) (?:fällt (?:leider )?aus|ist (?:leider )?ausgefallen)(?!\p{L})|(?<=(?<!\p{L})(?:appuntamento|dentista|riunione|volo|viaggio|cena|visita|incontro|esame|colloquio|concerto|partita|lezione|festa)) (?:è saltat[oa]|salta)(?!\p{L})/iu
/** "Not doing the marathon after all." */
const NOT_AFTER_ALL =
  /^(?:(?:i|we)(?:['’]m| am|['’]re| are) )?not (?:doing|going (?:to|on)|running|having|attending|(?:travell?ing|flying) to) (?<what>.{2,60}) after all(?!\p{L})/iu
/** What the speaker ended may be a contract of the same name. */
const OWN_DOING =
  /^(?:(?:i|we|ich|wir|je|nous|on|yo|eu|io|ik|wij|ja|jag|jeg|vi|я|мы|ми)(?!\p{L})|j['’]|(?:he|hemos|ho|abbiamo|já|ya) )/iu
/** Words around a plan that name none. */
const FILLERS = /(?<!\p{L})(?:things?|stuff|plans?|sorry|unfortunately|sadly|leider|malheureusement)(?!\p{L})/giu
/** Somebody else's plan. */
const OF_ANOTHER =
  /(?<![\p{L}\p{M}])(?:his|her|their|your|seine?[mnrs]?|ihre?[mnrs]?|eure?|deine?[mnr]?|sa|ses|leurs?|ton|ta|tes|votre|sus?|tus?|seus?|suas?|dele|dela|teu|tua|suo|tuo|loro|zijn|haar|hun|jouw|jego|jej|ich|twój|twoja|его|её|их|твой|твоя|його|її|onun|senin|hans|hennes|deras|din|ditt)(?![\p{L}\p{M}])|他|她|你|彼|あなた|그의|그녀/iu

/** True where a plan is said to be somebody else's. */
export function isOfAnother(words: string): boolean {
  return OF_ANOTHER.test(words)
}

/** Undefined where the sentence calls nothing off. */
export function calledOffIn(statement: string): CalledOff | undefined {
  const given = NOT_AFTER_ALL.exec(statement)?.groups?.what
  if (given !== undefined) return { what: given, briefly: brieflyIn(given, '') }
  const mark = MARK.exec(statement) ?? AGENDA_MARK.exec(statement)
  if (!mark) return undefined
  const [before, behind] = [statement.slice(0, mark.index), statement.slice(mark.index + mark[0].length)]
  return { what: `${before} ${behind}`, briefly: OWN_DOING.test(statement) ? undefined : brieflyIn(before, behind) }
}

/** Behind the mark the next clause is why. */
function brieflyIn(before: string, behind: string): string | undefined {
  const words = `${before} ${behind.split(WHY)[0]}`
  const isOfSomeTime = WEEKDAY.test(words) || dependsOnDate(words.replace(/['’]s(?!\p{L})/gu, ''))
  return isOfSomeTime ? undefined : words.replace(FILLERS, ' ')
}
const WEEKDAY = /(?<!\p{L})(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?!\p{L})/iu
const WHY = /[,;:–—.!，。]|(?<!\p{L})(?:because|since|weil|denn|parce que|porque|perché|omdat|bo|потому)(?!\p{L})/iu

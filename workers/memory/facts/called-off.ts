import { dependsOnDate } from './dates/fact-dates.ts'

/**
 * Owns telling that a sentence calls something off, by the marks of many languages. What is said behind the mark is why, and names no plan.
 * Guarantees linear time. It reads no grammar: what broke or is switched off is told from a plan by a noun of the agenda only.
 */

type CalledOff = {
  /** The sentence without its mark. */
  readonly what: string
  /** The words that may name a plan by one word alone, up to the mark; undefined where the words might mean another plan, or none. */
  readonly briefly: string | undefined
}

const MARKS = [
  "(?:(?:is|are|was|were|has been|have been|got|gets|i|we)? ?(?:['’]ve )?cancel{1,2}ed|called off|scrapped|axed|(?:is|are|was) not happening|(?:isn['’]t|aren['’]t|wasn['’]t) happening|(?:won['’]t|will not) (?:happen|take place)|no longer (?:need|have) to|(?:do not|don['’]t) (?:need|have) to)",
  'abgesagt|storniert|hinfällig|gecancelt|(?:findet|finden) nicht statt|fällt flach',
  "annulée?s?|n['’](?:aura|a) (?:finalement )?pas lieu|tombe à l['’]eau|est tombée? à l['’]eau",
  'cancelad[oa]s?|anulad[oa]s?|se (?:canceló|cancela|suspendió|suspende|anuló)|(?:cancelaron|anularon|suspenderam|cancelaram|desmarcaram)|desmarcad[oa]s?|foi desmarcad[oa]',
  'annullat[oaie]|disdett[oaie]|cancellat[oaie]|non si (?:fa|terrà)(?: più)?',
  'geannuleerd|afgezegd|afgelast|gecanceld|(?:gaat|gaan) niet door',
  'odwołan\\p{L}{1,3}|odwołal[ia]|anulowan\\p{L}{1,3}|nie odbędzie się',
  'отмен\\p{L}{1,8}|не состоится|скасован\\p{L}{1,3}|скасували|відмінили|не відбудеться',
  'iptal(?: (?:edildi|ettim|ettik|oldu|ettiler|olmuş|edilmiş))?(?=[.!,;…]|$)',
  'inställ[dt]a?|avbokade?|blir inte av|aflyst|avlyst|bliver ikke til noget|blir ikke noe av|peruttu|peruutettu|peruuntui|zrušen\\p{L}{0,2}|zrušili|anulat[ăe]?|s-a anulat|elmarad|lemondták|törölték',
  'dibatalkan|batal|(?:đã )?bị h(?:ủy|uỷ)|ακυρώθηκ\\p{L}{1,3}|בוטל[הו]?|لغو شد|كنسل شد|أ?لغيت|ألغي|تم إلغاؤ\\p{L}{1,2}|रद्द',
].join('|')
const MARKS_ANYWHERE =
  '取消了?|中止(?:になりました|になった|です)?|キャンセル(?:しました|された|になりました)?|취소(?:됐|되었|했|하였|돼[서요]|됨)(?!\\p{L}{0,2}(?:으면|을까|다면))\\p{L}*|취소(?=[.!]|$)'
const MARK = new RegExp(`(?<![\\p{L}\\p{M}])(?:${MARKS})(?![\\p{L}\\p{M}])|${MARKS_ANYWHERE}`, 'iu')

/** Said of machines, people and lights as well: only of these nouns it means a plan. */
const AGENDA_MARK =
  /(?<=(?<!\p{L})(?:thing|plans?|deal|appointment|meeting|visit|trip|flight|dinner|lunch|brunch|party|wedding|interview|call|lesson|class|session|match|concert|race|exam|gig|tour|holiday|vacation|booking|rehearsal|surgery|operation|check-?up)(?: (?:with|at|to|in|for) [^.,;:\n]{1,30})?)(?: (?:is|are|was)|['’]s) (?:now |definitely |also )?off(?=[.!,;]|$| because| since)|(?<=(?<!\p{L})\p{L}{0,20}(?:termin|treffen|besuch|flug|essen|feier|party|hochzeit|kurs|unterricht|training|konzert|prüfung|stunde|sitzung|zahnarzt|frisör|friseur|reise|ausflug|gespräch)) (?:fällt (?:leider )?aus|ist (?:leider )?ausgefallen)(?!\p{L})|(?<=(?<!\p{L})(?:appuntamento|dentista|riunione|volo|viaggio|cena|visita|incontro|esame|colloquio|concerto|partita|lezione|festa)) (?:è saltat[oa]|salta)(?!\p{L})/iu
/** "Not doing the marathon after all." */
const NOT_AFTER_ALL =
  /^(?:(?:i|we)(?:['’]m| am|['’]re| are) )?not (?:doing|going (?:to|on)|running|having|attending|(?:travell?ing|flying) to) (?<what>.{2,60}) after all(?!\p{L})/iu
/** The speaker may have ended a contract of the same name. */
const OWN_DOING =
  /^(?:(?:i|we|ich|wir|je|nous|on|yo|eu|io|ik|wij|ja|jag|jeg|vi|я|мы|ми)(?!\p{L})|j['’]|(?:he|hemos|ho|abbiamo|já|ya) )/iu
/** Denied, supposed or wished beside the mark, in words that `NOT_DONE` has not, as some are words of other languages. */
const NOT_CALLED_OFF = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${[
    'inte|ikke|ikkje|ej|ei|nem|není|nejsou|neby\\p{L}{1,3}|nu (?:e|este|s-a|a fost|se)|δεν|μην|tidak|belum|jangan|không|chưa|đừng|לא|نیست|نشد\\p{L}?|नहीं|मत',
    'hvis|jestli|pokud|jestliže|dacă|αν|εάν|jika|kalau|nếu|якщо|אם|اگر|gdyby|ob|whether|în caz',
    'maybe|perhaps|possibly|probably|supposedly|apparently|vielleicht|vermutlich|wahrscheinlich|peut-être|sans doute|quizás?|tal vez|talvez|forse|probabilmente|misschien|waarschijnlijk|może|chyba|podobno|возможно|может|наверное|можливо|мабуть|belki|galiba|kanske|kanskje|måske|ehkä|možná|talán|poate|ίσως|mungkin|có lẽ|אולי|ربما|شاید|शायद',
    // Wished, or told by others.
    'бы|б|би|якби|oby|kéž|keby|ojalá|oxalá|tomara|magari|pourvu|bárcsak|bare|keşke|umarım|wäre|würde|serait|seraient|sería|seria|sarebbe|seja|fosse|fuera|fuese|dicen|dizem|dicono|parece que|pare che|il paraît|on dit|angeblich|es heißt|naar verluidt|говорят|кажуть|ponoć',
    'rumou?rs?|afraid|fear|worried|almost|nearly|threat\\p{L}*',
  ].join(
    '|',
  )})(?![\\p{L}\\p{M}])|^(?:om|jos|ha|in case|(?:was|ware|werd) [^.!]{2,60} maar)(?!\\p{L})|[别勿吗]|(?:想|打算|可能|也许|或许|是否|会|(?<!重)要)取消|かも|たい|ないで|ください|でしょう|だろう|らしい|(?<!\\p{L})마(?:[.!세]|$)|싶|을까|으면|할까`,
  'iu',
)
/** Some, most or other ones, of which the plan need not be one. */
const OF_SEVERAL =
  /(?<![\p{L}\p{M}])(?:some|most|many|several|few|half|other|another|others|manche[rs]?|einige|meisten|viele|andere[nrs]?|anderer|certaine?s|quelques|plupart|plusieurs|autres?|algun[oa]s|much[oa]s|otr[oa]s?|mayoría|varios|alguns|algumas|muit[oa]s|outr[oa]s?|maioria|alcun[ie]|molt[ie]|altr[aeio]|maggior|sommige|meeste|veel|enkele|niektóre|inn[yae]|większość|wiele|некоторые|другие|другой|другая|многие|большинство|деякі|інші|bazı|diğer|çoğu|bir ?çok|några|andra|flesta|många|nogle|andre|noen|fleste|mange|některé|jiné|většina|most|egyes|többi|unele|alte|alt|altă|μερικ\p{L}{1,2}|άλλ\p{L}{1,2}|beberapa|lain|sebagian|một số|khác)(?![\p{L}\p{M}])|一些|有些|有的|其他|别的|另|大部分|一部|他の|ほか|ほとんど|일부|다른|대부분|بعض|कुछ|दूसर/iu
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
  // A mark has denials of its own: "blir inte av".
  if (NOT_CALLED_OFF.test(`${before}取消${behind}`) || OF_SEVERAL.test(before)) return undefined
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

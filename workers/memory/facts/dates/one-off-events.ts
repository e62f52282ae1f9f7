import { wordPattern } from '../../local-rules/words/word-pattern.ts'

/** Nouns of what has one day and is over after it. What is so each week, such as a training or a lesson, is none of them. */
const ONE_OFF = wordPattern(
  [
    'exam|exams|driving test|appointment*|interview*|wedding|flight|surgery|funeral|dentist|check-up|checkup|viewing|visit|hearing|eye test|blood test|graduation|marathon|dinner with|lunch with|brunch with',
    '*prüfung|prüfung|klausur|*klausur|*termin|termin|vorstellungsgespräch|hochzeit|flug|*flug|operation|beerdigung|zahnarzt|umzug',
    'examen|examens|rendez-vous|rdv|entretien|mariage|vol|opération|enterrement|dentiste|déménagement',
    'examen|cita|entrevista|boda|vuelo|operación|entierro|dentista|mudanza',
    'prova|exame|consulta|casamento|voo|cirurgia|enterro|mudança|esame|appuntamento|colloquio|matrimonio|volo|funerale|trasloco',
    'tentamen|afspraak|*afspraak|sollicitatiegesprek|bruiloft|vlucht|operatie|begrafenis|tandarts|verhuizing',
    'egzamin*|wizyt*|rozmow* kwalifikacyjn*|ślub|wesel*|operacj*|pogrzeb|dentyst*|przeprowadzk*|zkoušk*|svatb*|pohovor*|vizsg*|esküvő*|tentti*|häät',
    'экзамен*|собеседован*|свадьб*|рейс|операци*|похорон*|стоматолог*|переезд|іспит*|співбесід*|весілля|переїзд',
    'sınav*|randevu*|düğün*|uçağ*|ameliyat*|cenaze*|dişçi*|tenta*|eksamen|intervju*|bröllop*|bryllup*|begravning*|begravelse*|tandläkar*|tannlege*|tandlæge*',
    'امتحان*|موعد*|زفاف|جنازة|परीक्षा|इंटरव्यू|ujian|wawancara|pernikahan|examen*|nunt*|εξετάσεις|ραντεβού|מבחן|חתונה|عروسی',
    '考试|面试|婚礼|航班|手术|葬礼|牙医|試験|面接|結婚式|フライト|手術|葬式|歯医者|시험|면접|결혼식|비행기|수술|장례식|치과',
  ].join('|'),
)

/** Said of all of them: "Freitags habe ich oft Termine". */
const MOSTLY =
  /(?<![\p{L}\p{M}])(?:always|usually|often|immer|meist\p{L}{0,3}|oft|toujours|souvent|siempre|a menudo|suelo|sempre|spesso|muitas vezes|altijd|vaak|meestal|zawsze|często|zwykle|всегда|часто|обычно|завжди|her zaman|genellikle|alltid|ofta|oftast|دائما|عادة|हमेशा|अक्सर)(?![\p{L}\p{M}])|总是|通常|经常|いつも|よく|항상|보통/iu

/** Said of days that come more than once: "un vendredi sur deux", "einmal im Monat". */
const REPEATED =
  /(?<![\p{L}\p{M}])(?:\p{L}{0,10}mal|fois|vez|veces|vezes|volta|volte|keer|razy?|раза?|разів|kez|defa|gång\p{L}{0,2}|gang\p{L}{0,2}|\p{L}{0,10}krát|jede\p{L}?|alle(?! \d)|alle \d{1,2} (?:tage|wochen|monate)|chaque|tous les|toutes les|sur (?:deux|trois)|cada|todos (?:os|los)|todas as|ogni|elke|iedere|om de|co|każd\p{L}{1,4}|кажд\p{L}{1,4}|кожн\p{L}{1,4}|через|her|varje|varannan|anna[nt]hver|annenhver|hver|hveranden|každ\p{L}{1,3}|al mes|por m[eê]s|al mese|(?:im|pro) monat|par mois|per maand|w miesiącu|в месяц|на місяць|ayda|haftada|كل|हर)(?![\p{L}\p{M}])|隔週|隔周|每隔|[每毎]|[月年週]に|격주|매[주달월]|(?:달|년|주)에/iu
/** By language: the present or future of what one has, has to do or goes to. Nouns follow "a" and "is", as participles would tell of a past. */
const AHEAD: Readonly<Record<string, RegExp>> = {
  de: /(?<!\p{L})(?:(?:hab|habe|hat|haben)(?![^.!?,]{0,80} (?-i:\p{Ll}{1,20}(?:t|en))(?:[.!?,]|$))|(?:ich|wir) (?:muss|müssen)|(?:muss|müssen) (?:ich|wir)|schreibe|schreiben|gehe|gehen|fliege|fliegen|werde|werden|wird|findet|ist (?:am|mein|meine|die|der|das|unsere?))(?!\p{L})/iu,
  fr: /(?<!\p{L})(?:(?:j['’]ai|a|avons|ont) (?:une?|mon|ma|rendez|rdv|l['’])|vais|va|allons|vont|dois|doit|passe|passons|aurai|aura|sera|est (?:le|la|mon|ma|notre|l['’]))(?!(?<=\p{L})\p{L})/iu,
  es: /(?<!\p{L})(?:tengo|tiene|tenemos|tienen|voy|vamos|debo|será|tendré|me caso|es (?:el|la|mi|nuestr[oa]))(?!\p{L})/iu,
  pt: /(?<!\p{L})(?:tenho|tem|temos|têm|vou|vamos|devo|será|terei|é (?:o|a|meu|minha))(?!\p{L})/iu,
  it: /(?<!\p{L})(?:(?:ho|ha|abbiamo|hanno) (?:una?|un['’]|il|la|l['’])|devo|dobbiamo|vado|andiamo|sarà|avrò|c['’]è|è (?:il|la|l['’]))(?!(?<=\p{L})\p{L})/iu,
  nl: /(?<!\p{L})(?:heb|heeft|hebben|moet|moeten|ga|gaan|zal|is (?:de|het|mijn|onze|op))(?!\p{L})/iu,
  pl: /(?<!\p{L})(?:mam|ma|mamy|mają|idę|idziemy|jadę|lecę|będę|będzie|muszę|zdaję|piszę|czeka)(?!\p{L})/iu,
  ru: /(?<!\p{L})(?:у (?:меня|нас|него|неё|нее|них)|буду|будет|иду|сдаю|пишу|предстоит|надо|нужно)(?!\p{L})/iu,
  uk: /(?<!\p{L})(?:[ув] (?:мене|нас|нього|неї|них)|маю|має|маємо|буде|складаю|мушу)(?!\p{L})/iu,
  tr: /(?<!\p{L})(?:var|\p{L}{2,20}(?:acak|ecek|acağım|eceğim|acağız|eceğiz))(?!\p{L})/iu,
  sv: /(?<!\p{L})(?:ska|skall|måste|har (?:jag|vi|han|hon))(?!\p{L})(?! (?!(?:ett|\p{L}{0,16}tid)(?!\p{L}))\p{L}{2,20}[td](?!\p{L}))/iu,
  da: /(?<!\p{L})(?:skal|har (?:jeg|vi|han|hun))(?!\p{L})(?! (?!(?:et|\p{L}{0,16}tid)(?!\p{L}))\p{L}{2,20}[td](?!\p{L}))/iu,
  no: /(?<!\p{L})(?:skal|har (?:jeg|vi|han|hun))(?!\p{L})(?! (?!(?:et|\p{L}{0,16}tid)(?!\p{L}))\p{L}{2,20}[td](?!\p{L}))/iu,
  cs: /(?<!\p{L})(?:mám|má|máme|jdu|budu|bude|musím|čeká)(?!\p{L})/iu,
  ar: /(?<!\p{L})(?:عندي|لدي|عندنا|لدينا|سوف)(?!\p{L})/u,
  hi: /(?<![\p{L}\p{M}])(?:मेरी|मेरा|मेरे|हमारी|हमारा|मुझे|हमें)(?![\p{L}\p{M}]).{1,60}है/u,
  zh: /[有要会會将將](?![点點])/u,
  ja: /があ(?:る|ります)|を受け(?:る|ます)|予定|(?:試験|面接|結婚式|手術|葬式|歯医者|フライト)(?:だ|です)(?:。|$)/u,
  ko: /있(?:어요?|습니다|다|음)(?![\p{L}])|예정|거예요/u,
}
/** States of what is over: "w piątek mam egzamin za sobą". */
const OVER =
  /(?<!\p{L})(?:zdan[aey]|oblan[aey]|zaliczon[aey]|za sobą|za sebou|složen[aá]|сдан[аоы]?|завален[аоы]?|провален[аоы]?|позади|складен[аоиі]|позаду|vorbei|hinter (?:mir|uns)|derrière (?:moi|nous)|achter de rug|bakom mig|bag mig|bak meg)(?!\p{L})/iu

/** True if a sentence names one thing that has its day: an exam, an appointment, a flight. */
function namesOneOff(sentence: string): boolean {
  return ONE_OFF.test(sentence) && !MOSTLY.test(sentence)
}

/** "I have an exam on", "my flight is on": what has the day, and what is said of it. */
const HAS_DAY =
  /^(?:(?:and|so|also|but|then),? )?(?:(?:I|we)(?:['’]ve(?: got)?| have(?: got)?| got| see) (?:(?:an?|my|the|our) )?(?<had>(?:(?!with )[\p{L}'’-]{1,20} ){0,3}[\p{L}'’-]{1,20}) (?:on|at|with|for|in|tomorrow|next|this) |(?:(?:my|our|the|\p{L}{2,20}['’]s) )?(?<is>(?:(?!with )[\p{L}'’-]{1,20} ){0,3}[\p{L}'’-]{1,20}) (?:with [^,.]{1,40} )?(?:is (?:(?:now|scheduled|booked|set|planned) )?(?:(?:on|at|for) (?:the )?(?:\d|\p{L}{3,6}day|(?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec))|tomorrow|next|this)|takes place|leaves|departs))/iu
/** Said of things that go on from that day, and of what stands beside. */
const GOES_ON =
  /(?<!\p{L})(?:as|since|until|till|valid|new|from (?:now|today|next|\d{1,2}(?:st|nd|rd|th)? (?:of )?\p{L}{3}|\p{L}{3,6}day|(?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec)\p{L}{0,6} \d)|and|but|because|so|where|who|then|after|will)(?!\p{L})|[,;–—]|:(?!\d)/iu

/** True if an English sentence tells nothing but that such a thing has a day: who becomes a dentist on that day is one afterwards. */
export function isOneOffArranged(sentence: string): boolean {
  const { had, is } = HAS_DAY.exec(sentence)?.groups ?? {}
  const noun = /(?:(?:driving|eye|blood) )?[\p{L}-]{1,20}$/iu.exec(had ?? is ?? '')?.[0]
  if (noun === undefined) return false
  // A meal has its day if it is with somebody.
  return (
    namesOneOff(sentence.includes(`${noun} with `) ? `${noun} with` : noun) &&
    !GOES_ON.test(sentence) &&
    !REPEATED.test(sentence)
  )
}

/** True if a sentence in that language says that such a thing is to come, once. */
export function isOneOffAhead(sentence: string, language: string): boolean {
  const isAhead = AHEAD[language]?.test(sentence) === true && !OVER.test(sentence)
  return isAhead && namesOneOff(sentence) && !REPEATED.test(sentence)
}

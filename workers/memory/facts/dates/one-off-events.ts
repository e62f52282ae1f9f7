import { wordPattern } from '../../local-rules/words/word-pattern.ts'

/** Nouns of what has one day and is over after it. What is so each week, such as a training or a lesson, is none of them. */
const ONE_OFF = wordPattern(
  [
    'exam|exams|driving test|appointment*|interview*|wedding|flight|surgery|funeral|dentist|check-up|checkup|viewing|visit|hearing|eye test|blood test|graduation|marathon',
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

/** What is said of all of them: "Freitags habe ich oft Termine". */
const MOSTLY =
  /(?<![\p{L}\p{M}])(?:always|usually|often|immer|meist\p{L}{0,3}|oft|toujours|souvent|siempre|a menudo|suelo|sempre|spesso|muitas vezes|altijd|vaak|meestal|zawsze|często|zwykle|всегда|часто|обычно|завжди|her zaman|genellikle|alltid|ofta|oftast|دائما|عادة|हमेशा|अक्सर)(?![\p{L}\p{M}])|总是|通常|经常|いつも|よく|항상|보통/iu

/** True if a sentence names one thing that has its day: an exam, an appointment, a flight. */
export function namesOneOff(sentence: string): boolean {
  return ONE_OFF.test(sentence) && !MOSTLY.test(sentence)
}

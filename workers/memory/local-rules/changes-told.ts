import { isAtHand } from './at-hand.ts'
import { isCodeTalk } from './code-talk.ts'
import { switchIn } from './switches.ts'
import { SUPPOSES } from './words/change-words.ts'
import { wordPattern } from './words/word-pattern.ts'
import { isWorldNews } from './words/world-knowledge.ts'

/**
 * Tells that a short sentence says what became of something or somebody: "standup moved to 10", "quit the band", "Lena ist nach Wien gezogen". It names
 * no speaker and no property, and without it what was said before stands as if nothing had happened. Guarantees: it is no question and no guess, is not
 * about code at hand, and says itself what it is about.
 */

const MAX_CHARS = 160

/** Changes that plans and people go through. */
const BECAME =
  'brought forward|postponed|delayed|rescheduled|rebooked|cancell?ed|called off|approved|rejected|resigned|quit|laid off|promoted|transferred|fell through|retired|left (?:the|our|my) (?:company|team|firm|project|band|school|club|board)|broke up|split up|gave birth|passed away|(?:got|gotten) (?:married|engaged|divorced|pregnant|fired|promoted|laid off|a new job|the job)'
/** Changes that count only of people one knows, and of things one owns. */
const BECAME_OWN = 'died|expired|renewed|fired|hired|moved (?:out|back|away|in)|raised|cut'
/** Changes that have their new value behind them: "moved to 10". */
const CHANGED =
  'moved|shifted|pushed|pulled|bumped|cut|raised|reduced|increased|lowered|extended|shortened|upgraded|downgraded|renamed'
const VALUE = String.raw`(?: [\p{L}\p{N}'’-]{1,20}){0,4}? (?:(?:to|by|until|till) (?:[^\s]{0,3}\p{Nd}|(?:next|early|late|mid) |(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|tomorrow)|(?:back|forward) (?:to|by|a|an|one|two|three|four|\p{Nd}))`
const AUX =
  '(?:(?:has|have|had|was|were|is|are|got|been|being|just|finally|already|now|also|officially|all|both) ){0,4}'
/** Things of code, of games and of stories, to which this happens all day. */
const AT_WORK =
  'code|function|method|class|variable|test|tests|build|query|page|button|column|row|table|file|files|branch|commit|request|response|job|error|exception|server|container|process|daemon|goroutine|socket|jwt|cert|certificate|div|lint|cursor|window|image|text|element|field|line|value|key|object|array|component|package|module|import|endpoint|connection|session|token|payment|card|order|screen|tab|menu|header|footer|modal|form|pipeline|script|mouse|pod|node|cluster|index|cache|message|character|player|hero|avatar|king|queen|movie|film|novel|story'
const NOT_NAMED =
  'it|this|that|these|those|there|he|she|they|you|we|i|what|who|which|someone|something|everything|nothing|everyone|nobody|if|when|since|because|although|after|before|until|once|while|then|so|but|and|or|not|no|never|almost|nearly|please|don|has|have|was|were|is|are|had|got|to|be|wants?|wanted|hopes?|hoped|asked|said|says|thinks?|thought|tell|in|on|at'
const NAME = String.raw`(?:(?!(?:${NOT_NAMED}|${AT_WORK})\b)[\p{L}\d][\p{L}\d'’&/.-]{0,30} ){1,4}`
const OPENING = '(?:(?:and|so|oh|ok|okay|well|also|btw|update|fyi)[,:]? ){0,2}'
const NAMED_BECAME = new RegExp(
  String.raw`^${OPENING}(?:(?:(?:the|our|my) )?${NAME}${AUX}(?:(?:${BECAME})\b|(?:${CHANGED})${VALUE})|(?:my|our) ${NAME}${AUX}(?:${BECAME_OWN})\b)`,
  'iu',
)
const PERSON_BECAME = new RegExp(
  String.raw`^(?:\p{Lu}\p{Ll}{1,20} ){1,2}${AUX}(?:${BECAME_OWN}|moved to \p{Lu})\b(?! (?:for|in) (?:his|her|their|our|the)\b)`,
  'u',
)
/** Where nobody in particular does it: "they cut the Q3 budget to 32k". */
const THEY_DID = new RegExp(
  String.raw`^(?:(?:and|so|but|oh|ok|well|btw)[,:]? )?they(?:['’]ve| have)? (?:just |finally |also |already )?(?:(?:${CHANGED})${VALUE}|(?:rebooked|rescheduled|promoted|fired|hired|transferred|switched|upgraded|bumped) (?:me|us)\b|(?:gave|offered) (?:me|us) (?:the |an? )?(?:job|offer|raise|promotion|flat|apartment|place|contract|notice|\S{0,3}\p{Nd})|(?:approved|rejected|accepted|cancell?ed|postponed) (?:my|our|the) )`,
  'iu',
)
const STANDING =
  'job|band|team|gym|course|class|choir|club|company|firm|flat|apartment|house|car|bike|boat|phone|plan|dog|cat|puppy|kitten|lease|contract|passport|visa|exam|driving test|thesis|degree|major|subscription|membership|trip|flight|holiday|party|wedding|diet|doctor|dentist|bank|number|email|address|name|meds|medication|acl|ankle|wrist|leg|arm|foot|knee|toe|finger|shoulder|collarbone|rib|hip|husband|wife'
/** The speaker leaves itself out: "quit the band", "upgraded prod to 16". */
const LEFT_OUT = new RegExp(
  String.raw`^(?:(?:just|finally|already|so|and|also|recently|officially|ok|oh|well|btw)[,:]? ){0,2}(?:(?:quit|left|joined|sold|bought|adopted|renewed|passed|failed|dropped|tore|broke|sprained|cancell?ed|booked|rebooked|signed|changed|finished|started|stopped|switched) (?:(?:my|our|the|an?|at an?|at the) (?:new |old )?(?:${STANDING})\b|jobs\b|teams\b|careers\b)(?! (?:engine|key|keys))|(?:moved|switched|migrated|upgraded|downgraded) (?:[\p{L}\d-]{1,20} ){0,3}(?:to|from|into) (?:an? |our |my )?(?:\p{Lu}|\d|new |different |bigger |smaller )|moved (?:out|in with|back)\b|got (?:a (?:new )?(?:place|flat|job|dog|cat|puppy|kitten|car|bike|raise|promotion)|married|engaged|divorced|promoted|fired|laid off|the job)\b)`,
  'u',
)

/** The same in other languages, of somebody or something with a name. */
const BECAME_ELSEWHERE = wordPattern(
  [
    'umgezogen|gezogen|gestorben|verstorben|gekündigt|geheiratet|verlobt|getrennt|verlassen|entlassen|befördert|abgesagt|verschoben|verlegt|verlängert|gekürzt|erhöht',
    'déménagée?|décédée?|est morte?|démissionné|licenciée?|virée?|mariée?s?|fiancée?s?|séparée?s?|annulée?|reportée?|déplacée?|avancée?|promue?',
    'se mudó|se ha mudado|murió|ha muerto|falleció|lo echaron|la echaron|despidieron|renunció|dimitió|se casó|se casaron|se separó|se separaron|cancelaron|cancelad[oa]|aplazad[oa]|aplazaron|ascendid[oa]|ascendieron',
    'se mudou|mudou-se|morreu|faleceu|demitid[oa]|demitiram|se demitiu|casou|casaram|separou|separaram|cancelad[oa]|adiad[oa]|adiaram|promovid[oa]|si è trasferit[oa]|trasferit[oa]|è mort[oa]|licenziat[oa]|si è licenziat[oa]|sposat[oaie]|annullat[oa]|rimandat[oa]|rinviat[oa]|spostat[oa]|promoss[oa]',
    'verhuisd|overleden|ontslagen|ontslag genomen|getrouwd|gescheiden|afgezegd|afgelast|uitgesteld|verzet|verplaatst|przeprowadził[a]?|zmarł[a]?|zwolnili|zwolniono|odszedł|odeszła|ożenił|wyszła za mąż|odwołano|odwołan[eya]|przełożono|przesunięto',
    'переехала?|умер(?:ла)?|уволили|уволился|уволилась|женился|вышла замуж|развелись|отменили|отменён|перенесли|перенесён|повысили|переїхала?|помер(?:ла)?|звільнили|одружився|скасували|taşındı|öldü|vefat etti|kovuldu|işten çıkarıldı|istifa etti|evlendi|boşandı|iptal edildi|ertelendi|terfi etti',
    'flyttat|flyttet|døde|avliden|sagt upp|opsagt|gift sig|giftet seg|inställd|aflyst|avlyst|uppskjuten|zemřela?|přestěhovala?|zrušen[aoy]?',
    '搬到|搬去|去世|过世|辞职|离职|被裁|结婚了|离婚了|取消了|推迟|改到|引っ越し|亡くな|退職し|転職し|結婚し|離婚し|中止|延期|이사했|이사 갔|돌아가셨|죽었|그만뒀|퇴사했|결혼했|이혼했|취소됐|연기됐|미뤄졌',
  ].join('|'),
)
/** Somebody's own, or a name: no word that asks, or begins half a sentence. */
const OWN_ELSEWHERE =
  /^(?:[Mm]eine?|[Uu]nsere?|[Mm]on|[Mm]a|[Mm]es|[Nn]otre|[Mm]is?|[Nn]uestr[oa]|[Mm]eu|[Mm]inha|[Nn]oss[oa]|[Ii]l mio|[Ll]a mia|[Mm]i[oa]|[Mm]ijn|[Oo]nze?|[Mm]ój|[Mm]oja|[Nn]asza?|[Мм]о[йяи]|[Нн]аша?|[Мм]і[йя]|[Dd]er|[Dd]ie|[Dd]as|[Ll]e|[Ll]a|[Ee]l|[Ll]os|[Oo]|[Ii]l|[Hh]et|[Dd]e) \p{L}{2}/u
const NAME_ELSEWHERE =
  /^(?:[aà] )?(?!(?:wann|warum|hat|haben|ist|war|wenn|als|falls|sag|sagt|hier|da|es|man|cuando|si|dile|di|quand|dis|ici|on|wanneer|toen|zeg|er|quando|se|kiedy|gdy|jeśli|когда|если|скажи|ne|når|när|om|hvis|hvornår|hvem|vem)(?!\p{L}))\p{L}{2,30}(?!\p{L})/iu
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
/** Words of requests, of reported speech, and of things on a screen. */
const OTHER_TALK =
  /(?<!\p{L})(?:dass|daß|que|dat|che|że|что|що|att|joke|jk|kidding|schaltfläche|bouton|botón|pulsante|knop|кнопк\p{L}{1,2})(?!\p{L})|[帮请]|ください|ボタン|해 ?줘/iu
/** Of the world, long ago. */
const LONG_AGO = /(?<!\p{N})(?:1\d{3}|20[01]\d)(?!\p{N})/u
const DENIED =
  /(?<!\p{L})(?:not|never|almost|nearly|nicht|nichts|nie|pas|plus|jamais|rien|no se|nada|não|non|niente|niet|niets|не|ничего|değil|inte|ikke)(?!\p{L})|n['’]t(?!\p{L})/iu
const NOT_TOLD = [/[?？؟]\s{0,3}$/u, SUPPOSES, DENIED, LONG_AGO, OTHER_TALK]

/** True if the sentence says what became of something that it names. */
export function saysWhatChanged(statement: string): boolean {
  if (statement.length > MAX_CHARS || NOT_TOLD.some((pattern) => pattern.test(statement))) return false
  if (switchIn(statement)) return true
  if (BECAME_ELSEWHERE.test(statement)) return isNamedElsewhere(statement) && !isCodeTalk(statement)
  const isSaid =
    NAMED_BECAME.test(statement) ||
    PERSON_BECAME.test(statement) ||
    THEY_DID.test(statement) ||
    LEFT_OUT.test(statement.charAt(0).toLowerCase() + statement.slice(1))
  return isSaid && !isWorldNews(statement) && !isAtHand(statement) && !isAtHand(`I ${statement}`)
}

function isNamedElsewhere(statement: string): boolean {
  if (DENSE.test(statement) || OWN_ELSEWHERE.test(statement)) return true
  return NAME_ELSEWHERE.test(statement)
}

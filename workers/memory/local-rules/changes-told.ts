import { isAtHand } from './at-hand.ts'
import { isCodeTalk } from './code-talk.ts'
import { SUPPOSES } from './words/change-words.ts'
import { wordPattern } from './words/word-pattern.ts'

/**
 * Tells that a short sentence says what became of something or somebody: "standup moved to 10", "quit the band", "Lena ist nach Wien gezogen". It names
 * no speaker and no property, and without it what was said before stands as if nothing had happened. Guarantees: it is no question and no guess, is not
 * about code at hand, and says itself what it is about.
 */

const MAX_CHARS = 160

/** What becomes of plans, things and people. */
const BECAME =
  'moved|shifted|pushed|pulled|bumped|brought forward|postponed|delayed|rescheduled|rebooked|cancell?ed|called off|upgraded|downgraded|migrated|renamed|replaced|cut|raised|reduced|increased|lowered|extended|shortened|approved|rejected|resigned|quit|died|passed away|fired|laid off|hired|promoted|transferred|fell through|expired|renewed|retired|left (?:the|our|my) (?:company|team|firm|project|band|school|club|board)|broke up|split up|gave birth|(?:got|gotten) (?:married|engaged|divorced|pregnant|fired|promoted|laid off|a new job|the job)'
const AUX =
  '(?:(?:has|have|had|was|were|is|are|got|been|being|just|finally|already|now|also|officially|all|both) ){0,4}'
/** Things of code, which are moved and renamed all day. */
const AT_WORK =
  'code|function|method|class|variable|test|tests|build|query|page|button|column|row|table|file|files|branch|commit|request|response|job|error|exception|server|container|process|cursor|window|image|text|element|field|line|value|key|object|array|component|package|module|import|endpoint|connection|session|token|payment|card|order|screen|tab|menu|header|footer|modal|form|pipeline|script|mouse|pod|node|cluster|index|cache|message'
const NAMED = String.raw`(?!(?:it|this|that|these|those|there|he|she|they|you|we|i|what|who|which|someone|something|everything|nothing|everyone|nobody|if|when|since|because|although|after|before|until|once|while|then|so|but|and|or|not|no|never|almost|nearly|please|don['’]t|has|have|was|were|is|are|had|got)\b)`
const NAMED_BECAME = new RegExp(
  String.raw`^(?:(?:and|so|oh|ok|okay|well|also|btw|update|fyi)[,:]? ){0,2}(?:(?:the|our|my) )?(?:${NAMED}(?!(?:${AT_WORK})\b)[\p{L}\d][\p{L}\d'’&/.-]{0,30} ){1,4}${AUX}(?:${BECAME})\b`,
  'iu',
)
/** Where nobody in particular does it: "they cut the Q3 budget to 32k". */
const THEY_DID =
  /^(?:(?:and|so|but|oh|ok|well|btw)[,:]? )?they(?:['’]ve| have)? (?:just |finally |also |already )?(?:moved|pushed|bumped|shifted|cut|raised(?! an? (?:exception|error))|reduced|lowered|extended|rebooked|rescheduled|cancell?ed|postponed|approved|rejected|accepted|fired|promoted|hired|transferred|renamed|offered|gave|switched|upgraded) (?=.{0,100}\b(?:me|us|my|our|the [\p{L}\d]|\p{Nd}))/iu
/** The speaker leaves itself out: "quit the band", "upgraded prod to 16". */
const LEFT_OUT =
  /^(?:(?:just|finally|already|so|and|also|recently|officially|ok|oh|well|btw)[,:]? ){0,2}(?:(?:quit|left|joined|sold|bought|adopted|renewed|passed|failed|dropped|tore|broke|sprained|cancell?ed|booked|rebooked|signed|changed|finished|started|stopped|switched) (?:my (?!code|test|build|query|mind|branch)|our |(?:the|a|an|at a|at the) (?:new )?(?:band|team|gym|job|course|class|choir|club|company|firm|flat|apartment|house|car|bike|dog|cat|puppy|kitten|boat|lease|contract|exam|degree|subscription|membership|trip|flight|holiday|party|wedding|diet)\b|jobs\b|teams\b|careers\b)|(?:moved|switched|migrated|upgraded|downgraded) (?:[\p{L}\d-]{1,20} ){0,3}(?:to|from|into) (?:an? |the |our |my )?(?:[\p{Lu}\d]|new\b|different\b|bigger\b|smaller\b)|moved (?:out|in with|back)\b|got (?:a (?:new )?(?:place|flat|job|dog|cat|puppy|kitten|car|bike|raise|promotion)|married|engaged|divorced|promoted|fired|laid off|the job)\b)/iu

/** The same in other languages, of somebody or something with a name. */
const BECAME_ELSEWHERE = wordPattern(
  [
    'umgezogen|gezogen|gestorben|verstorben|gekündigt|geheiratet|verlobt|getrennt|verlassen|entlassen|befördert|abgesagt|verschoben|verlegt|verlängert|gekürzt|erhöht',
    'déménagée?|décédée?|est morte?|démissionné|licenciée?|virée?|mariée?s?|fiancée?s?|séparée?s?|annulée?|reportée?|déplacée?|avancée?|promue?',
    'se mudó|se ha mudado|murió|ha muerto|falleció|lo echaron|la echaron|despidieron|renunció|dimitió|se casó|se casaron|se separó|se separaron|cancelaron|cancelad[oa]|aplazad[oa]|aplazaron|ascendid[oa]|ascendieron',
    'se mudou|mudou-se|morreu|faleceu|demitid[oa]|demitiram|se demitiu|casou|casaram|separou|separaram|cancelad[oa]|adiad[oa]|adiaram|promovid[oa]|si è trasferit[oa]|trasferit[oa]|è mort[oa]|licenziat[oa]|si è licenziat[oa]|sposat[oaie]|annullat[oa]|rimandat[oa]|rinviat[oa]|spostat[oa]|promoss[oa]',
    'verhuisd|overleden|ontslagen|ontslag genomen|getrouwd|gescheiden|afgezegd|afgelast|uitgesteld|verzet|verplaatst|przeprowadził[a]?|zmarł[a]?|zwolnili|zwolniono|odszedł|odeszła|ożenił|wyszła za mąż|odwołano|odwołan[eya]|przełożono|przesunięto',
    'переехала?|умер(?:ла)?|уволили|уволился|уволилась|женился|вышла замуж|развелись|отменили|отменён|перенесли|перенесён|повысили|переїхала?|помер(?:ла)?|звільнили|одружився|скасували|перенесли|taşındı|öldü|vefat etti|kovuldu|işten çıkarıldı|istifa etti|evlendi|boşandı|iptal edildi|ertelendi|terfi etti',
    'flyttat|flyttet|døde|avliden|sagt upp|opsagt|gift sig|giftet seg|inställd|aflyst|avlyst|uppskjuten|zemřela?|přestěhovala?|zrušen[aoy]?',
    '搬到|搬去|去世|过世|辞职|离职|被裁|结婚了|离婚了|取消了|推迟|改到|引っ越し|亡くな|退職し|転職し|結婚し|離婚し|中止|延期|이사했|이사 갔|돌아가셨|죽었|그만뒀|퇴사했|결혼했|이혼했|취소됐|연기됐|미뤄졌',
  ].join('|'),
)
/** Somebody or something with a name, or one's own. */
const NAMED_ELSEWHERE =
  /^(?:\p{Lu}\p{L}+|(?:a|à) \p{L}+ |(?:mein|meine|unser|unsere|mon|ma|mes|notre|mi|mis|nuestr[oa]|meu|minha|nosso|nossa|il mio|la mia|mio|mia|mijn|onze?|mój|moja|nasz|nasza|мой|моя|мои|наш|наша|мій|моя) |(?:der|die|das|le|la|les|el|los|o|a|il|lo|het|de) \p{L}{2,})/iu
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
/** Of the world, long ago. */
const LONG_AGO = /(?<!\p{N})(?:1\d{3}|20[01]\d)(?!\p{N})/u
const DENIED =
  /(?<!\p{L})(?:not|never|n['’]t|almost|nearly|nicht|nie|pas|jamais|no se|não|non|niet|nie|не|değil|inte|ikke)(?!\p{L})|n['’]t\b/iu

const NOT_TOLD = [/[?？؟]\s{0,3}$/u, SUPPOSES, DENIED, LONG_AGO]

/** True if the sentence says what became of something that it names. */
export function saysWhatChanged(statement: string): boolean {
  if (statement.length > MAX_CHARS || NOT_TOLD.some((pattern) => pattern.test(statement))) return false
  if (BECAME_ELSEWHERE.test(statement) && (DENSE.test(statement) || NAMED_ELSEWHERE.test(statement)))
    return !isCodeTalk(statement)
  const isSaid = [NAMED_BECAME, THEY_DID, LEFT_OUT].some((pattern) => pattern.test(statement))
  return isSaid && !isAtHand(statement) && !isAtHand(`I ${statement}`)
}

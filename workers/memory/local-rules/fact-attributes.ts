import { speakerPlaceIn } from './speaker-place.ts'
import { isPlace, nameKind } from './words/name-kinds.ts'

/**
 * Reads which property of its subject a sentence states, most of them in English only, where there is one value at a time: what lets the rules see that a fact has
 * changed. A short list on purpose: a property that is taken for one value while people have several would end facts that still hold.
 */

type Stated = {
  readonly attribute: string
  /** What the property has become. */
  readonly value: string
  /** Undefined: the speaker. */
  readonly subject: string | undefined
}

const NAME = String.raw`\p{Lu}[\p{L}’'-]*\p{L}(?: \p{Lu}[\p{L}’'-]*\p{L})?`
const NO_NAME =
  'I|We|My|Our|The|His|Her|Their|Your|You|He|She|It|They|This|That|There|What|Who|When|Where|How|Some|Every'
/** Whoever speaks, at the beginning of a clause, or a name that begins the sentence. "We" is several people. */
const WHO = String.raw`(?:(?:^|^(?:Since|From|As of) (?:last |this )?[\p{L}\d]{1,15}(?: \d{4})?,? |[,;:–-] |\b(?:and|but|so|because|since|as|now) )I\b(?:['’](?:m|ve|ll|re))?|^(?!(?:${NO_NAME})\b)(?<who>${NAME}))(?: (?:just|now|also|currently|recently|finally|still|have|has|had|already|actually|am|is|are|been|be)){0,3}`
const WHOSE = String.raw`(?:\b[Mm]y|(?<who>\p{Lu}[\p{L}-]*)['’]s)`
const PROPER = String.raw`(?:the )?(?<value>\p{Lu}[\p{L}\d’'.&-]*(?: (?:[\p{Lu}\d][\p{L}\d’'.-]*|(?:de|da|do|del|la|le|van|den|der|of|upon|am|sur)(?= ))){0,3})`
/** What a job is called: up to where the sentence continues. */
const WORDS = String.raw`(?<value>\p{L}[\p{L}’'-]*(?: (?!(?:at|in|for|with|and|but|since|from|on|of|now|these|to|until)\b)\p{L}[\p{L}’'-]*){0,3})`

const THING = String.raw`(?<of>\p{L}[\p{L}\d-]*(?: (?!(?:over|to|from|and|with|for|since|as|now|too|also|in|on|at|of|together|belongs)\b)[\p{L}\d-]+){0,3})`
/** "From now on", "since Monday". */
const FROM_NOW = String.raw`^(?:(?:(?:[Ff]rom|[Ss]ince|[Ss]tarting|[Aa]s of) (?:now on|today|this (?:week|month)|last (?:week|month)|\p{Lu}\p{L}+)|[Nn]ow),? )?`
/** Who shares something has it still. */
const SHARES = /\b(?:also|too|both|together|as well|jointly|co-)\b/i

/** "The team in Berlin": what is owned is told from others of its name by what follows. */
const ONE_OF_SEVERAL = /^ (?:in|at|of|for|on) /

/** Properties that everybody has one of. */
const BODY_AND_PAPERS =
  'blood (?:type|group)|height|weight|shoe size|clothes size|(?:natural )?hair(?: colou?r)?|eye colou?r|star sign|nationality|citizenship|mother tongue|(?:first|native|main|preferred) language|time ?zone|pronouns|(?:sur|nick)name|(?:middle|last|maiden|family) name|(?:thesis|dissertation|phd)(?: topic)?|major|field(?: of study)?|(?:git ?hub|twitter|discord|slack) (?:name|handle)'

const AT_THE_MOMENT =
  'a mess|all|back|bad|broken|dirty|done|empty|fine|getting|going|gone|good|great|hard|in the way|invalid|killing|missing|null|ok|okay|optional|required|so|still|terrible|the same|too|undefined|unknown|up|very|wet|wrong'

/** The first that matches counts. */
const ATTRIBUTES = [
  [
    'residence',
    `${WHO} (?:lives? in|living in|(?:moved|moves?) (?:back )?(?:from .{1,40}? )?to|relocated to|based in|settled in) ${PROPER}`,
  ],
  [
    'employer',
    `${WHO} (?:left .{1,40}? and )?(?:(?:works?|working) (?:as .{1,40}? )?(?:at|for)|started (?:working )?at|got a job at|joined) ${PROPER}`,
  ],
  ['occupation', `${WHO} (?:works? as|working as|got a job as|promoted to) (?:an? |the )${WORDS}`],
  ['age', String.raw`${WHO} (?:turned )?(?<value>\d{1,3})(?: years old(?: now)?| today| now(?=[.!]|$))`],
  [
    'age',
    String.raw`(?:^|[,;:–-] |\b(?:and|but) )I(?: am|['’]m) (?:already |now |only )?(?<value>\d{1,3})(?=[.!,]|$| and )`,
  ],
  ['diet', String.raw`${WHO}(?: became| turned| gone| went)? (?:an? )?(?<value>vegan|vegetarian|pescatarian)\b`],
  [
    'marital status',
    String.raw`(?:^|[,;] )(?:(?<who>${NAME}) (?:is|got)|I(?:['’]m| am| got|['’]ve got)|We(?:['’]re| are| got))(?: now| just| recently| finally| happily)? (?<value>single|engaged|married|separated|divorced|widowed)(?=(?: now| again| yesterday| today)?(?:[.!]|$)| to \p{Lu}| last (?:week|month|year|spring|summer|autumn|fall|winter|\p{L}{3,6}day)(?:[.!]|$)| (?:on|since|in) (?:\p{Lu}\p{L}{2,12}|\d{4})(?:[.!]|$))`,
  ],
  [
    'phone',
    String.raw`${WHOSE} (?:(?:new )?(?:phone|mobile|cell) number|phone|mobile|cell) is (?:now )?(?<value>\+?\d[\d ()-]{5,18}\d)`,
  ],
  ['email', String.raw`${WHOSE} e-?mail(?: address)? is (?:now )?(?<value>[^\s@]{1,64}@[^\s@]{1,100}\w)`],
  ['birthday', `${WHOSE} birthday is (?:on )?(?:the )?(?<value>[^,;!]{3,30}[^,;!.])`],
  ['favourite', String.raw`${WHOSE} favou?rite (?<thing>[\p{L} ]{2,30}?) is (?:now )?(?<value>[^,;!]{1,60}[^,;!.])`],
  // Its name is the property's.
  [
    '',
    String.raw`${WHOSE} (?<thing>${BODY_AND_PAPERS}) (?:is|are) (?:now )?(?!(?:${AT_THE_MOMENT})\b)(?<value>[^,;!.](?:[^,;!]{0,60}[^,;!.])?)`,
  ],
  // Of a thing, who has it.
  [
    'owner',
    `${FROM_NOW}(?!(?:${NO_NAME}|Since|As|While|Once|Because|Until)\\b)(?<owner>${NAME}) (?:now |currently )?(?:owns|maintains|manages|leads|heads|oversees|(?:is|has been) (?:now )?(?:responsible for|in charge of)) (?:the |our )${THING}`,
  ],
  ['owner', `(?:^|, (?:and |so )?)(?<owner>${NAME}) (?:took|takes|is taking|has taken) over (?:the |our )${THING}`],
  ['owner', `\\bhand(?:s|ed) (?:over )?(?:the |our )${THING}(?: over)? to (?<owner>${NAME})`],
  ['owner', `^[Tt]he ${THING} (?:now )?belongs to (?<owner>${NAME})`],
].map(([attribute = '', pattern = '']) => ({ attribute, pattern: new RegExp(pattern, 'u') }))

/** `The meeting is now on Friday`: something that is arranged, and its time, place or amount. */
const ARRANGEMENT =
  /^(?:The|Our|My) (?<who>(?:[\p{L}\d’'-]+ ){0,3}?(?:meeting|deadline|launch|release|party|wedding|appointment|flight|interview|workshop|demo|exam|concert|call|venue|budget|fair|picnic|course|trip|test|check-?up|rehearsal|hearing|viewing|surgery|operation|scan|stand-?up|retro|match|race|conference|funeral|graduation|haircut|\p{Lu}\p{L}+ Day)(?: (?:for|of|with) (?:the |our |my )?[\p{L}\d][\p{L}\d’'-]{0,20}(?: (?!(?:is|was|has|will|got)\b)[\p{L}\d’'-]{1,20}){0,2})?) (?:is|has been|will be|got|was(?= (?:now |been |re|just )*(?:moved|postponed|scheduled|brought|changed|set)))(?: now| been)?(?: moved| postponed| rescheduled| brought forward| changed| set)?(?: (?<how>to|on|at|for|in))? (?<value>(?:[^,;!.]|[.,](?=[\d\p{L}])|(?<=\b[ap]\.m)\.){2,60})/u

const DAY =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|january|february|march|april|may|june|july|august|september|october|november|december|\d{4}-\d\d-\d\d|noon|\d{1,2}(?::\d\d)? ?[ap]\.?m\b|\d{1,2}:\d\d)/i
/** What is wished, planned, supposed, denied or over states nothing. */
const UNREAL =
  /\b(?:used to|if|would|might|maybe|perhaps|wish|hope|think(?:ing)? (?:of|about)|dream\w*|wants? to|wanted to|considering|plan(?:s|ned|ning)? to|going to|will|next (?:week|month|year|quarter|spring|summer|autumn|fall|winter)|almost|not|never|weekend|holidays?|vacation|visit\w*|temporarily|for (?:a|the|one|two|three|\d+) (?:days?|weeks?|nights?|months?))\b|n['’]t\b|['’]ll\b|\?/i
/** Plans are what is arranged. */
const UNREAL_ARRANGEMENT = /\b(?:if|would|might|maybe|perhaps|wish|hope|almost|not|never)\b|n['’]t\b|\?/i
/** An employer for some hours, or a step of something: "on Saturdays", "of the book". */
const PASSING =
  /^[, ]{0,2}(?:on (?:\p{L}{2,9}days?|weekends)|at (?:the )?weekends?|today|tonight|this (?:week|morning|afternoon|evening)|(?:\d|[A-Z]\b)|of (?:the|this|that|my|our)\b)/iu

/** Words that take back an earlier statement say nothing of the property itself. */
const CORRECTION =
  /^(?:(?:scratch that|correction|(?:no,? )?wait(?:,? no)?|make that|i mean|oops|my (?:bad|mistake)|sorry)[,:;.!–—-]* ){1,3}/iu

/** What a sentence states, or undefined. */
export function attributeIn(given: string): Stated | undefined {
  const corrected = given.replace(CORRECTION, '')
  const sentence = corrected === given ? given : corrected.replace(/^\p{Ll}/u, (first) => first.toUpperCase())
  const arranged = UNREAL_ARRANGEMENT.test(sentence) ? undefined : ARRANGEMENT.exec(sentence)?.groups
  if (arranged?.who && arranged.value) {
    const attribute = aspectOf(arranged.who, arranged.how, arranged.value)
    return attribute === undefined ? undefined : { attribute, value: arranged.value.trim(), subject: arranged.who }
  }
  if (UNREAL.test(sentence)) return undefined
  for (const { attribute, pattern } of ATTRIBUTES) {
    const match = pattern.exec(sentence)
    if (match === null) continue
    const { value: raw, who, thing, owner, of } = match.groups ?? {}
    const rest = sentence.slice(match.index + match[0].length)
    if (owner !== undefined && of !== undefined && !SHARES.test(sentence) && !ONE_OF_SEVERAL.test(rest))
      return { attribute, value: owner, subject: of }
    if (raw === undefined) continue
    const value = raw.replace(/[.’'-]+$/, '').trim()
    if (attribute === 'residence' && (DAY.test(value) || !isPlace(value))) continue
    if (attribute === 'employer' && !isEmployer(value, rest)) continue
    const name = [attribute, thing?.toLowerCase()].filter(Boolean).join(' ')
    return { attribute: name, value, subject: who }
  }
  const own = speakerPlaceIn(sentence)
  return own && { ...own, subject: undefined }
}

/** Not a person, a place in a book, or somewhere for an evening. */
function isEmployer(name: string, rest: string): boolean {
  if (/(?:^| )\d/.test(name) || PASSING.test(rest)) return false
  const kind = nameKind(name)
  return kind !== 'person' && kind !== 'thing'
}

/** The value that a fact, as the rules word it, gives to a property: to compare it with another's. */
export function statedValue(fact: string, attribute: string): string | undefined {
  const stated = attributeIn(saidIn(fact))
  return stated?.attribute === attribute ? stated.value : undefined
}

/** What a fact says, as the rules word it, without who said it and when. */
export function saidIn(fact: string): string {
  const said = /^.{1,80}? said(?: on [\d-]{10})?: "(?<said>.*)"$/s.exec(fact)?.groups?.said ?? fact
  return said.replace(/ \(said on [\d-]{10}\)(?=\.$)/, '')
}

/** "At 10", but for "at 10 Mill Lane". */
const HOUR = /^\d{1,2}(?:\.\d\d)?(?= (?:from now|now|sharp|every|each|instead|on )|$)/

function aspectOf(subject: string, how: string | undefined, value: string): string | undefined {
  if (/budget(?: |$)/i.test(subject)) return /\d/.test(value) ? 'amount' : undefined
  if (DAY.test(value) || (how === 'at' && HOUR.test(value))) return 'date'
  return how === 'in' || how === 'at' || /venue(?: |$)/i.test(subject) ? 'place' : undefined
}

import type { MemoryKind } from '../../../shared/memory/memory-kinds.ts'
import { isAtHand } from './at-hand.ts'
import { isWorldKnowledge, isWorldNews } from './words/world-knowledge.ts'

/**
 * Owns the question "does this sentence state something that will still matter?": a score from signals, and the kind of fact.
 * The vocabulary is English; in other languages names, numbers and dates still count. The weights were set on chats of two people.
 */

/** A sentence is kept from this score on. */
export const MIN_SCORE = 1.4

/** The score of what states nothing: a question, talk about the work at hand. */
const REFUSED = Number.NEGATIVE_INFINITY
/** The lowest score of a sentence that states a property and is kept: "My hair is red". */
export const MIN_STATED_SCORE = 0

type Signal = { readonly weight: number; readonly pattern: RegExp }

const PREFERENCE =
  /\b(?:(?:i|we)(?:['’]d)? (?:(?:\w+ly|kind of|kinda|sort of|do|still|now|just) ){0,2}(?:love|hate|prefer|adore|dislike|enjoy|like)|(?:i|we) (?:can['’]t stand|don['’]t (?:like|eat|drink|enjoy)|(?:only |also )?(?:eat|drink)|never (?:eat|drink)|gave up|would rather)|(?:i|we) (?:can['’]t|cannot) (?:eat|drink|have|tolerate|stand)|(?:i|we) (?:do )?(?:have|suffer from) (?:\w+ )?(?:celiac|coeliac|diabetes|asthma|epilepsy|migraines?|arthritis|adhd|crohn|hypertension|an? (?:\w+ )?(?:allergy|intolerance|disability))|^(?:severely |very |badly )?(?:allergic|intolerant) to|(?:no|any) (?:known )?allerg(?:y|ies)|makes? (?:me|my \w+) (?:sick|ill|sneeze|swell|itch|wheeze|faint|vomit|break out)|i (?:take|use|carry) (?:an? |my )?(?:epi-?pen|inhaler|insulin|blood thinners?|\w{3,}(?:arin|pril|olol|statin|cillin|prazole|sartan|formin|oxetine|azepam|profen|tidine|thyroxine)) ?|i['’]d rather|i(?:['’]m| am) (?:\w+ )?(?:allergic|vegetarian|vegan|diabetic|asthmatic|epileptic|pregnant|lactose|gluten|coeliac|celiac|colou?r[- ]?blind|deaf|a (?:big |huge )?fan|into|obsessed|keen on|fond of)|my (?:\w+ )?favou?rite|i (?:take|drink|have) my \w+ (?!at|on|in)\w+|(?:works|suits) (?:best|better) for me|prefers?|loves|hates|is allergic)\b/i
const DECISION =
  /\b(?:(?:we|i)(?:['’]ve| have)? (?:decided|agreed|chose|settled|picked|voted|signed|booked|cancelled|canceled)|let['’]s (?:go with|move|make it|keep (?!each|up|in|\w+ing)|use|say|stick|drop|book|meet|put|invite)|decision|(?:is|are|was|were) (?:now )?(?:moved|cancelled|canceled|postponed|confirmed|agreed|decided|off the table)|(?:has|have) been (?:moved|cancelled|postponed|confirmed|booked)|(?:been|was|were|is|are) moved (?:from .{1,30} )?to|moved it|instead of|(?:is|are) now (?:on|in|at)|we(?:['’]ll| will) (?:use|take|go|start|meet)|new (?:date|venue|plan|deadline) is|(?:final|it['’]s final)|go(?:ing)? with)\b/i
const TASK =
  /\b(?:todo|to[- ]do|i(?:['’]ve| have)? (?:need|got|have) to|i['’]ll (?:\w+ )?(?:call|send|book|write|ask|bring|order|print|buy|check|make|phone|email|draft|pick|fix|build|handle|take|do|collect|pay|paint|talk|put|borrow|drive|cook|bake|find|set)|we (?:still )?(?:need|have) to|(?:must|should) be (?:done|ready|sent|paid|in)|don['’]t (?:let me )?forget|(?:please )?remind (?:me|us) (?:to|about)|(?:is )?due (?:on|by|in)|deadline|by (?:the )?(?:end of|mon|tues|wednes|thurs|fri|satur|sun|tomorrow|noon|\d)|still (?:needs?|have) to|will (?:call|send|book|bring|order|print|collect))\b/i
const RELATIONSHIP =
  /\b(?:(?:my|our|his|her|their|\p{Lu}\w+['’]s) (?:\w+ )?(?:sister|brother|mum|mom|mother|dad|father|son|daughter|wife|husband|partner|girlfriend|boyfriend|fianc[ée]e?|kids?|children|cousin|aunt|uncle|niece|nephew|grand(?:ma|pa|mother|father|son|daughter)|neighbou?r|boss|manager|mentor|doctor|dentist|therapist|(?:team )?lead|coach|colleague|roommate|flatmate|best friend|friend|dog|cat|parents?|landlord|teacher|mentor|godson|goddaughter)|(?:have|has|got) (?:\w+ )?(?:sons?|daughters?|kids?|children|brothers?|sisters?|siblings|twins|dogs?|cats?)\b|(?:is|are|am|['’]m|got) (?:married|engaged|divorced|single|pregnant|siblings))\b/iu
const EVENT =
  /\b(?:(?:i|we)(?:['’]ve| have)? (?:\w+ly |just |also |finally |even )?(?:went|moved|started|joined|finished|stopped|bought|sold|got|won|lost|visited|attended|met|had|took|made|ran|signed|adopted|graduated|quit|left|opened|launched|celebrated|organi[sz]ed|tried|saw|watched|read|built|painted|wrote|found|held|hosted|broke|paid|cooked|baked|created|designed|learned|travel+ed|volunteered|applied|received|passed|performed|competed|completed|released|published|been|gone)|took place|happened|was born|passed away|birthday|wedding|anniversary|starts? (?:at|on)|opens? (?:at|on)|leaves? at|scheduled|takes place)\b/i

/** Who does what at work: "Aiko owns the ledger", "Our API speaks gRPC", "The root cause was a missing index". */
const WHO_DOES =
  /^(?:(?!(?:It|This|That|There|Here|What|He|She|They|You)\b)\p{Lu}[\p{L}-]+(?: and \p{Lu}[\p{L}-]+)? (?:now |also |still )?(?:owns?|leads?|covers?|handles?|maintains?|moves? to|joins?|left|reviews?|prefers?|likes?|dislikes?|manages?|reports? to|is (?:our|on|in|responsible|the (?:[\p{L}-]+ ){0,2}(?:lead|owner|manager|contact|author|maintainer|head|new))|runs?|uses?|works?|takes over|took over|replaces|replaced|succeeds|coaches|chairs|oversees|plays|teaches|studies|collects|drives|has taken over|will (?:own|lead|run|manage|cover|handle|take over)|listens|speaks|stores|costs|expects|needs|serves|hand(?:s|ed)|approves?|signs? off)|[Ww]e (?:\p{L}+ly )?(?:use|run|deploy|ship|host|store|keep|build|test|support|target|release|track|log|pin|rely on|switched|migrated|moved)|I (?:report to|lead|manage|own|maintain|administer|supervise|mentor|founded|co-?own)|Our (?:\p{Lu}{2,5}|boss|manager|lead|client|customer|office|team|company) is|(?:Our|The) (?:[\p{L}\d-]+ ){1,3}(?:runs?|uses?|speaks?|lives? in|is (?:called|written|hosted|deployed|based|due|on|in|at)|was (?:a|an|the|caused)|costs?|takes?|expects?|returns?|supports?|listens?|stores?|has (?:a|an|\d))) /u

/** Things that somebody does or does not do at all: "I don't drive", "We allow retries", "We're not using Docker". */
const HABIT =
  /^(?:I (?:(?:do not|don['’]t|never|only|mostly|always|usually|still|also) )?(?:use|drive|wear|ride|cook|bake|smoke|sing|paint|draw|sleep|commute|code|program|pay|earn|weigh|coach|celebrate|teach|practi[sc]e|knit|climb|swim|dance|garden|fish|hunt|fast|pray|vote|rent|foster|breed)(?! (?:a|an|the|this|that|it|your|to|these|those|one)(?!\p{L}))(?!\p{L})|I(?:['’]m| am) (?:between|out of|off|on|in|under|at|with|without|no longer|currently) (?!it |this |that |the (?:same|train|bus|phone|road|way|middle)|a hurry|love |line |step |sure|good|here|there|my way)\p{L}|We(?:['’]re| are)? (?:(?:do not|don['’]t|not|never|no longer|only) )?(?:allow|using|pay|charge|offer|accept|require|permit|ban|enforce|expect|forbid|sell|ship|serve|bill|use)(?! (?:it|this|that|your|them)(?!\p{L}))(?!\p{L})|I (?:take|ride) the (?:train|bus|tram|metro|subway|underground|ferry)(?!\p{L})|No [\p{L} -]{2,30} (?:for me|before \d|after \d|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:Only|Ask) \p{Lu}\p{L}+ (?:has|can|knows|about|for|if|may)(?!\p{L})|Our (?!code|test|build|query)[\p{L}-]+(?: [\p{L}-]+)? (?:is|are) \p{Lu}\p{L}|\p{Lu}\p{L}+ (?:does|writes|signs|designs|organi[sz]es|pays|knows) (?:the|our|all|most) )/u
/** How things are done in a project: "API keys live in Vault", "PRs need two approvals". */
const PRACTICE =
  /^(?!(?:it|this|that|these|those|there|they|he|she|you|i|we|what|who|everything|nothing|something|here)(?!\p{L}))(?:(?:[\p{L}\d-]+ ){1,3}(?:lives?|goes|go|happens?|runs?|(?:is|are) (?:(?:always|only|all|usually) )?(?:tracked|kept|stored|saved|squashed|merged|reviewed|deployed|hosted|tested|written|logged|signed|managed|released|billed|rounded|encrypted|approved|paid|shipped|published)) (?:in|into|to|on|at|as|by|with|before|after|through|via|every|only|next)(?!\p{L})|(?:[\p{L}\d-]+ ){1,2}needs? (?:\d{1,2}|an?|one|two|three|four|five) (?:approvals?|reviews?|reviewers?|sign-?offs?))/iu
/** Sentences of who somebody is, by people, faith or health. */
const IDENTITY =
  /^I(?:['’]m| am) (?:(?:an? )?(?:half |originally |also )?\p{Lu}\p{Ll}{1,14}(?:ish|an|ese|ian|ch|i|im|ic|ist)(?!\p{L})|(?:\p{L}+ly )?(?:recovering|hard of hearing|dyslexic|autistic|blind|deaf|disabled|an(?:a)?emic|sober|left-handed|right-handed|colou?r[- ]?blind|epileptic|a (?:non-?)?smoker|saving|training|preparing|applying|fasting|grieving|retired|unemployed|self-employed|bilingual|trilingual|widowed|divorced|engaged|separated|adopted|an only child|nearsighted|short-sighted|transgender|gay|lesbian|bisexual|asexual|atheist|agnostic)(?!\p{L}))|^I(?:['’]m| am) \p{Lu}\p{Ll}{2,20}(?: \p{Lu}\p{Ll}{1,20})?[.!]?$/u
/** Sentences of who "we" are. */
const GROUP =
  /^We(?:['’]re| are) (?:(?:an? |the )(?!couple of|bit |lot |little )(?:[\p{L}-]+ ){0,3}(?:team|company|start-?up|agency|studio|couple|family|charity|school|shop|bank|non-?profit|co-?op|cooperative|lab|practice|firm|consultancy|restaurant|bakery|clinic|band|club|group)(?!\p{L})|(?:\d{1,5}|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty) (?:[\p{L}-]+ )?(?:people|of us|engineers|developers|designers|founders|employees|doctors|teachers|siblings|flatmates)(?!\p{L}))/u
/** Notes without a verb: "New number: 555 0142", "Wife's birthday: 4 July", "Kids are 3 and 5". */
const TELEGRAM =
  /^(?:(?:(?:new|my|our|old|home|work|office|wife['’]s|husband['’]s|mom['’]s|mum['’]s|dad['’]s) )?(?:number|phone|address|email|e-mail|birthday|deadline|budget|timezone|time zone|name|title|role|job|employer|city|hometown|allerg(?:y|ies)|diet|pronouns|handle|stack|database|editor|os|age|height|weight|shoe size|blood type)(?: for [\p{L} ]{2,30})?(?::| is now| changed to) ?\S|(?:the )?(?:kids|children|sons|daughters|twins|cats|dogs|parents) are (?:\d|both |called |named )|name['’]s |(?:vegan|vegetarian|celiac|coeliac|diabetic|(?:lactose|gluten)[ -](?:intolerant|free)|left-handed|colou?r[- ]?blind)(?: here| too| by the way| btw)?[.!]?$)/iu

const SIGNALS: readonly Signal[] = [
  { weight: 1.5, pattern: PREFERENCE },
  { weight: 1.5, pattern: DECISION },
  { weight: 1.25, pattern: TASK },
  { weight: 1.25, pattern: RELATIONSHIP },
  { weight: 1.25, pattern: EVENT },
  { weight: 0.75, pattern: /\bI\b|\bI['’]/ },
  { weight: 0.75, pattern: /\bmy\b/i },
  { weight: 0.5, pattern: /\b(?:we|our)\b/i },
  { weight: 0.75, pattern: /\b(?:I|we) (?:\w+ )?(?!need)\w+ed\b/i },
  { weight: 1.5, pattern: WHO_DOES },
  { weight: 1.5, pattern: HABIT },
  { weight: 2, pattern: PRACTICE },
  { weight: 1.5, pattern: IDENTITY },
  { weight: 1.75, pattern: GROUP },
  { weight: 2.25, pattern: TELEGRAM },
  // What has to be so.
  {
    weight: 1,
    pattern:
      /^(?!(?:you|it|this|that|there|we|i)\b)[\p{L} -]{2,40} (?:must|has to|have to) (?:\p{L}+ ){0,2}(?:go|come|reach|arrive|leave|use|end|start|carry|show)\b/iu,
  },
  // What happened to somebody who is named.
  {
    weight: 0.75,
    pattern:
      /^(?!(?:It|This|That|There|They|You|We|He|She|Just|And|But|So|Then|Also|Finally|Never|Already|Who|Someone|Everyone|Nobody)\b)\p{Lu}\p{L}+ (?:broke|lost|won|had|got|left|moved|joined|married|died|graduated|retired|passed|sold|bought|started|quit)\b/u,
  },
  // Why something happened.
  { weight: 1, pattern: /^(?:the|our) .{3,80} (?:because|due to|was caused by) /i },
  // Who somebody is, where they live, what they do.
  {
    weight: 1.5,
    pattern:
      /\b(?:i (?:live|work|study|teach|grew up|come from|play|own|run|speak|volunteer)|i['’]m (?:a|an|from|based|working|living|studying|training|learning|writing|planning|thinking (?:of|about)|starting|moving|going|off)|i am (?:a|an|from)|my (?:name|job|address|number|birthday|email|goal|dream|plan|background|family)|i used to|i want to|i['’]ve (?:always|been)|for (?:\d+|two|three|four|five|six|seven|ten|many) years)\b/i,
  },
  { weight: 1, pattern: /\b(?:i|we) (?:have|own|keep|raise) (?:an?|two|three|four|five|six|\d+|no) \p{L}{3,}/iu },
  // Dates, times, amounts.
  {
    weight: 1,
    pattern:
      /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|april|june|july|august|september|october|november|december|\d{1,2}(?::\d\d)? ?(?:am|pm)|\d{1,2}:\d\d|\d{4}-\d\d-\d\d|in (?:march|may)|(?:march|may) \d|\d (?:march|may))\b/i,
  },
  {
    weight: 1,
    pattern:
      /\b(?:yesterday|tomorrow|tonight|today|(?:last|next|this) (?:week|weekend|month|year|summer|winter|spring|autumn|fall|night)|(?:\w+ )?(?:days?|weeks?|months?|years?) ago|recently|since (?:i|we|\d|last))\b/i,
  },
  { weight: 0.75, pattern: /\d/ },
  // What is done again and again.
  {
    weight: 0.5,
    pattern:
      /^(?:I|we) (?!(?:\w+ed|got|get) )\p{Ll}+ .{2,60} (?:every|each) (?:day|morning|evening|night|week|month|year|\p{L}{2,6}day)\b/iu,
  },
  // How often, and how long.
  {
    weight: 0.75,
    pattern:
      /\b(?:once|twice|(?:two|three|four|five|six|seven|eight|nine|ten|twelve) (?:times|minutes|hours|days|nights|weeks|months|years|people|kilos|euros|dollars)|\d+ times) ?/i,
  },
  // What was meant, and not what was said.
  { weight: 1, pattern: /^i (?:meant|mean) .{2,80}, not /i },
  { weight: 0.5, pattern: /[€$£]\s?\d|\d\s?(?:€|euros?|dollars?|percent|%|km|kg|people|volunteers|tables)/i },
  // A name inside the sentence.
  { weight: 0.75, pattern: /[\p{Ll}\d,]\s+(?!I\b)\p{Lu}[\p{L}'’-]+/u },
  { weight: -0.75, pattern: /\b(?:maybe|perhaps|might|i guess|not sure|who knows|if i|if you|i wonder|wish)\b/i },
  {
    weight: -1,
    pattern: /^(?:it|it['’]s|that|that['’]s|this|these|those|they|they['’]re|he|she|he['’]s|she['’]s|there)\b/i,
  },
  { weight: -1, pattern: /\b(?:you|your|you['’](?:re|ve|ll|d))\b/i },
  // A fragment, and a sentence whose object is in an earlier one.
  { weight: -1.5, pattern: /^(?:on|in|at|by|for|from|with|to) (?:\S+ ){0,4}\S+$/i },
  { weight: -0.75, pattern: /\b(?:it|them|that|this|one|him)[.!]*$/i },
  // Its object is in an earlier sentence, and nothing in this one has a name or a number.
  {
    weight: -0.75,
    pattern:
      /^(?!.*(?:\d|[\p{Ll},] (?!I\b)\p{Lu})).*\b(?:it|them|him|those)\b(?! (?:is|was|will|would|has|takes|took)\b)/u,
  },
  // About the talk itself.
  {
    weight: -1.5,
    pattern:
      /\b(?:since (?:we|you|i) (?:last )?(?:talked|spoke|spoken|chatted|met|caught up|saw each other)|for asking|(?:last|next) time we (?:talk|speak|spoke|chat|meet|met)\w*|(?:want|wanted) to (?:tell|ask|show) you|remember when|can['’]t believe|talk (?:to you )?(?:soon|later))\b/i,
  },
  // What goes wrong at the moment.
  {
    weight: -2,
    pattern:
      /\b(?:I(?:['’]d| would)? (?:like|want|need) you to|right back|(?:like|prefer) the (?:\w+ )?(?:proposal|suggestion|option|idea|version|one|approach)|(?:throws?|get|getting|got) an? (?:error|exception|warning)|(?:does|did)(?:n['’]t| not) (?:work|compile|build|run|start|load)|(?:it|that|this) still (?:fails|crashes|happens|errors|breaks|does)|tried \w+ing (?:it|that|this)|the (?:first|second|third|last|next|other|previous) (?:paragraph|sentence|version|option|draft|suggestion|proposal|line|one)|on line \d+|stack trace)\b/i,
  },
  { weight: -1.5, pattern: /^here(?:['’]s| is| are)\b|:$/i },
  { weight: -1, pattern: /^(?:you|your|you['’](?:re|ve|ll|d))\b/i },
  {
    weight: -2,
    pattern:
      /\bI(?:['’]m| am)? (?:(?:so|really|totally|just|always|also|definitely|completely) )?(?:agree|hear you|know|think so|get it|bet|hope|glad|happy for|sorry|appreciate|understand|see|mean|can['’]t wait|wish you|couldn['’]t agree|believe in you|proud of you|here for you|excited for you|sure|\d{1,3} ?(?:%|percent) sure)\b/i,
  },
  {
    weight: -1.5,
    pattern:
      /^(?:keep|let['’]s keep (?:each|up|\w+ing)|good luck|enjoy|have (?:a|fun)|take care|let me know|tell me|sounds|glad|looking forward|thanks|thank you|congrat|welcome|best|hope|cheers|can['’]t wait|no problem|no worries|of course|absolutely|definitely)\b/i,
  },
]

const ASSISTANT_BOILERPLATE =
  /^(?:sure|certainly|of course|great|happy to|glad|here(?:['’]s| is| are)|let me|i can|i could|i['’]d be|i['’]m (?:happy|sorry|afraid|here)|as an? (?:ai|assistant|language)|feel free|would you|if you|hope this|is there|please|you can|you could|you might|absolutely|noted|got it|understood|to summari[sz]e|remember|consider)\b/i

const QUESTION = /[?？؟¿](?:[!?"'”’)\]\s\p{M}]|\p{Extended_Pictographic})*$|\?\s*\(/u
const INVERSION =
  /^(?:(?:can|could|would|will|do|does|did|are|is|have|has|should|shall|may) (?:you|we|i|it|they|he|she|there|anyone|anybody|somebody|someone)|what about|how about)\b/i

/** What the sentence is worth; below MIN_SCORE it is not kept. `statement` is the sentence without greetings and interjections. */
export function scoreOf(statement: string, role: string): number {
  const words = statement.split(/\s+/).length
  if (
    words < (/^I['’]m /.test(statement) || TELEGRAM.test(statement) ? 2 : 3) &&
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(statement)
  )
    return REFUSED
  if (
    QUESTION.test(statement) ||
    INVERSION.test(statement) ||
    isAtHand(statement) ||
    isWorldKnowledge(statement) ||
    isWorldNews(statement)
  )
    return REFUSED
  const isAssistant = role === 'assistant'
  // What an assistant says of itself is nobody's life.
  if (isAssistant && (ASSISTANT_BOILERPLATE.test(statement) || /\b(?:I|my|me)\b/.test(statement))) return REFUSED
  const signals = SIGNALS.reduce((sum, { weight, pattern }) => sum + (pattern.test(statement) ? weight : 0), 0)
  // Longer words carry the content; more than eight of them say no more.
  const content = Math.min(statement.match(/\p{L}{5,}/gu)?.length ?? 0, 8) * 0.15
  return signals + content - (words < 5 && !WHO_DOES.test(statement) ? 0.75 : 0) - (isAssistant ? 1 : 0)
}

/** The kind of fact that the sentence states. */
export function memoryKindOf(statement: string): MemoryKind {
  if (DECISION.test(statement)) return 'decision'
  if (PREFERENCE.test(statement)) return 'preference'
  if (TASK.test(statement)) return 'task'
  if (RELATIONSHIP.test(statement)) return 'relationship'
  if (EVENT.test(statement)) return 'event'
  return 'fact'
}

const BASE_IMPORTANCE: Readonly<Record<MemoryKind, number>> = {
  instruction: 0.8,
  decision: 0.6,
  task: 0.6,
  preference: 0.5,
  relationship: 0.5,
  fact: 0.4,
  event: 0.4,
}
/** What may harm somebody when it is forgotten. */
const VITAL =
  /\b(?:allerg\w+|epi-?pen|insulin|blood thinners?|warfarin|inhaler|makes? (?:me|my \w+) (?:swell|faint|wheeze|vomit)|deadline|emergency|diabet\w+|makes? me (?:sick|ill)|can['’]t eat|coeliac|celiac|intoleran\w+|medication|asthma|epilep\w+|pregnant|anaphyla\w+)\b/i

/** Whether somebody may come to harm when it is forgotten. */
export function isVital(statement: string): boolean {
  return VITAL.test(statement)
}

/** Whether a clause says by itself who, or what, does or is something lasting. */
export function saysWhoDoes(clause: string): boolean {
  return WHO_DOES.test(clause)
}

/** From 0 to 1, by kind and by how much the sentence says. */
export function importanceOf(statement: string, kind: MemoryKind, score: number): number {
  if (isVital(statement)) return 0.9
  return Math.round(Math.min(BASE_IMPORTANCE[kind] + Math.max(0, score - MIN_SCORE) * 0.05, 0.85) * 100) / 100
}

/** Who or what it is about stands in an earlier sentence, and the rules do not look there: "She likes it." */
const POINTS_BACK =
  /^(?:(?:he|she|they|it|this|that|these|those)\b(?!['’]?s (?:my|our)\b)|(?:his|her|their|its)\b|(?:both|neither|none|some|most) of (?:them|us|it)\b)/i
/** Somebody does something to something, and neither says what: "Maya had a feeling." */
const SAYS_LITTLE =
  /^(?:I|we|\p{Lu}[\p{L}-]+) (?:(?:just|really|also|always|never|only|still) )?(?:had|have|has|got|get|felt|feel|did|do|made|make|took|saw|see|said|say|told|thought|meant|mean|tried|try|went|want|wanted|know|knew|need|needed|loved?|liked?|hated?|enjoyed?) (?:(?:a|an|the|some|so|such|that|this|it|them|really|very|good|great|nice|bad|big|little|few) ){0,3}(?:feeling|time|idea|thought|thing|things|stuff|lot|bit|one|day|look|way|point|question|fun|chance|moment|go|it|that|this|them|so|same|there|too|well|again)[.!…]*$/iu

/** It announces what a later sentence says: "Something exciting happened last Friday." */
const ANNOUNCES =
  /^(?:something|a lot|lots|so much|much|(?:[\p{L}-]+ ){0,4}(?:things?|stuff))(?: [\p{L}-]+)?(?: (?:has|have|had))? (?:just )?(?:happened|changed|came up|been going on)\b/iu

/** Whether the sentence is nothing without what was said before or after it. */
export function pointsBack(statement: string): boolean {
  return POINTS_BACK.test(statement) || SAYS_LITTLE.test(statement) || ANNOUNCES.test(statement)
}

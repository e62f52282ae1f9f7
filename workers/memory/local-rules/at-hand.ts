/**
 * Tells talk about the work at hand, in English: what fails, what was just tried, the code that is looked at. It is over when the talk is, so that nothing
 * of it is kept. Guarantees: every pattern begins at a fixed place or has bounded gaps.
 */

/** Pieces of code, and what one looks at while it is written. */
const CODE =
  'code|function|functions|method|class|classes|array|arrays|object|objects|string|strings|loop|variable|variables|parameter|argument|arguments|query|regex|column|columns|row|rows|component|button|div|css|page|form|modal|script|snippet|file|files|(?:this|that|first|last|next|log) line|lines? (?:\\d+|of code)|import|imports|dependency|dependencies|package|container|branch|commit|merge|flag|cache|build|pipeline|test|tests|log|logs|output|result|results|console|terminal|screenshot|tutorial|node_modules|config|bracket|semicolon|typo|json|endpoint|request|response|exception|error|errors|warning|warnings|bug|bugs|crash|value|values|struct|enum|index|[45]\\d\\d'
const ADJECTIVES = String.raw`(?:[\p{L}\d-]+ ){0,2}`
const OF_CODE = `(?:${ADJECTIVES})?(?:${CODE})`

const AT_HAND = [
  // What one has before one's eyes, or asks for.
  String.raw`^(?:now )?(?:I|we)(?:['’]ve|['’]d| would)? (?:still |now |also |again |only |currently |just )?(?:have|get|like|got|see|saw|am seeing|am getting|need|needed|want|wanted|found|noticed|hit)(?: (?:got|to (?:sort|parse|print|loop|map|filter|convert|add|fix|rename|call|return|get|center|align|make)))? (?:an? |the |this |that |some |two |three |four |\d+ |no |your )?${OF_CODE}(?!\p{L})`,
  String.raw`^(?:I|we)(?:['’]ve)? (?:still |also |just )?(?:have|got) (?:an? |another |one |two |three |some |a few |no )?(?:quick |small |short |general |final |last |more |other )?(?:questions?|problems?|issues?|doubts?|trouble|difficulties|clue|ideas?(?! (?:for|from|about)))(?!\p{L})`,
  String.raw`^(?:I|we)(?:['’]d| would)? (?:really |urgently |just )?(?:need|want|like) (?:this|that|it|them|help|some help|a hand|advice|your|you|an? (?:regex|script|function|query|example|snippet|explanation|hint))(?!\p{L})`,
  "^(?:wait,? )?(?:I|we)(?:['’]ll| (?:have to|need to|must|should|will)) (?:now |first |just )?(?:reboot|restart|debug|google|think|check|look|go|run|leave|sleep|eat)(?: (?:now|first|it|that|this|about it|into it|soon|again))?[.!]?$",
  String.raw`^(?:please )?don['’]t forget (?:the|to (?:close|add|import|call|escape|return)) ${OF_CODE}(?!\p{L})`,
  String.raw`\b(?:this|that|these|those) (?:${CODE})(?!\p{L})`,
  // What somebody else is to be told, and what was told before.
  String.raw`^(?:please )?(?:reply|respond|write|tell|text|email|message|inform|let) (?:to )?(?!(?:me|us)\b)[\p{L}' ]{2,30} (?:that|know|saying) `,
  String.raw`^(?:I|we)(?:['’]ve| have)? (?:already |just )?(?:asked|told|gave|sent|showed|shown|given) you(?!\p{L})`,
  // What was just done to it.
  String.raw`^(?:I|we)(?:['’]ve| have)? (?:just |now |already |also |even |then )?(?:\p{L}+ed|set|ran|made|put|wrote|forgot|undid|rebuilt|read|sent|rewrote)(?! (?:up |out )?my (?:\p{L}+ )?script)(?: (?:it|up|out|back|through))? (?:the |your |my |this |that |those |these |a |an |all )?${OF_CODE}(?!\p{L})(?! (?:name|owner|team|server|host))`,
  String.raw`^(?:I|we)(?:['’]ve| have)? (?:just |already |also |been )?(?:(?:tried|been trying) (?:(?:\p{L}+ )?(?:times|once|twice|again)|it|that|this|everything|nothing|to (?:fix|run|install|debug|build|compile|use|call|reproduce|update|set|get)|\p{L}+ing (?:it|that|this|the))|followed (?:the|your)|restarted|reinstalled|rebooted|googled|refreshed|reloaded|pasted|re-?ran|rebased|reverted)(?!\p{L})`,
  String.raw`\b(?:and|but|then|so) (?:now )?(?:it|that|this|everything|nothing|all|the (?:error|warning|problem|issue|bug))(?: (?:still|now|suddenly|just))? (?:works?|worked|broke|breaks|fails?|failed|crash\p{L}*|hangs?|compiles?|builds?|passes|disappear\p{L}*|is (?:gone|fixed|broken|back))(?!\p{L})`,
  String.raw`\b(?:it|this|that) (?:took|cost) (?:me|us) .{2,40} to (?:find|fix|debug|figure|notice|understand|spot|track)(?!\p{L})`,
  String.raw`^(?:I|we)(?:['’]m| am|['’]re| are) (?:now |just |still |currently )?(?:writing|using|calling|adding|changing|reading|printing|parsing|refactoring|fixing|passing|returning|importing) (?:an? |the |your |my |this )?${OF_CODE}(?!\p{L})`,
  String.raw`\bto (?:fix|do|finish|change|check|solve) (?:this|that|it)(?: (?:today|now|asap|soon|first))?[.!]?$`,
  String.raw`\bin (?:\p{L}{1,10}|\d{1,3}) (?:minutes?|mins?|seconds?|secs?)(?!\p{L})`,
  '^(?:I|we) just (?:woke up|(?:got back|came back|arrived|sat down)(?=[.!,]|$)|had (?:lunch|dinner|breakfast|coffee)(?=[.!,]|$))',
  String.raw`\b(?:it|this|that) (?:tomorrow|today|tonight|later|now|soon)[.!]?$`,
  // What one feels at the moment, and wants to be told.
  String.raw`^(?:I|we) (?:really |just )?(?:need|have|want) to (?:focus|sleep|eat|rest|concentrate|admit|say|confess|agree|laugh|(?:understand|know|see|learn|find out) (?:how|why|what|when|whether|if))(?!\p{L})`,
  String.raw`^(?:I|we)(?:['’]m| am|['’]re| are) (?:just |now )?(?:going to|gonna|off to) (?:sleep|bed|lunch|dinner|eat|try|check|look|test|run|leave|take a)(?!\p{L})`,
  '^(?:I|we) had (?:such )?(?:a|an) (?:very |really |so )?(?:long|hard|busy|rough|tough|bad|good|great|nice|quiet|awful|lovely) (?:day|night|week|weekend|morning|afternoon|time)[.!]?$',
  String.raw`^(?:I|we) (?:really |absolutely )?(?:love|like|hate|enjoy) (?:how|the way) (?:\p{L}+ )?(?:this|that|it|you|your)(?!\p{L})`,
  // Where one is, and how far.
  String.raw`^(?:I|we)(?:['’]m| am|['’]re| are) (?:now |just |still |currently |already |almost )?(?:\d{1,3} ?(?:%|percent)|(?:half|nearly|almost|not) (?:done|finished|there|way)|in (?:a|the|another) (?:meeting|call|rush|hurry|queue|line|middle|shower|train|car|bus|taxi|office)|on (?:page|line|step|slide|chapter|mute|hold|it|a call|a break|the (?:phone|train|bus|way|road|couch|toilet)|my way)|(?:too |a bit |running )?(?:late|early)|out of (?!(?:office|work|town|debt|school|the)(?!\p{L}))\p{L}+|at (?:the (?:airport|station|door|office|gym|shop|dentist)|lunch|dinner))(?!\p{L})`,
  // What it does or fails to do.
  String.raw`^(?:my|our|the|your|this|that) (?:${ADJECTIVES})?(?:${CODE}|app|program|server|internet|connection|screen|laptop|computer|vpn|wifi|editor|ide|compiler|linter|debugger|ci) (?:still |now |again |always |never |suddenly |just |sometimes )?(?:returns?|throws?|gives?|fails?|breaks?|broke|froze|died|crash\p{L}*|hangs?|prints?|shows?|keeps?|wo|do|does|did|won|can|ca|could|is(?: still| now| again| very| so| really| just)? (?:\p{L}+ing|slow|red|green|broken|empty|wrong|null|undefined|down|stuck|missing|too|not|gone|back|off|fine|ok|weird|frozen)|should|has (?:an? |no |a few |some |\d+ )?(?:bugs?|errors?|warnings?|problems?|issues?|typos?)|works?|loops?|takes (?:too|so)|needs? to)(?!\p{L})`,
  String.raw`^(?:I|we) (?:can|could|can['’]t|cannot|couldn['’]t|could not)(?: (?:only|also|still|now|even|not|just))? (?:see|find|reproduce|open|access|install|connect|import|build|compile|log in|figure|get|start|run|load|remember|tell|reach)(?!\p{L})`,
  String.raw`^(?:I|we)(?:['’]m| am|['’]re| are) (?:still |now |just |currently |also )?(?:(?:getting|seeing) (?:an? |the |only |always )?(?:null|undefined|nan|nothing|[\p{L}-]+ error|${CODE})|looking at (?:it|this|that|the|your)|trying (?:it|that|this|to (?:fix|run|install|debug|understand|figure|build|compile|reproduce|parse|sort|connect|deploy|get (?:it|this|the)))|debugging|running (?!for|a |an |my |our )|stuck|confused|lost|testing|checking|wondering|asking|stumped|back|done|(?:so |very |really |a bit |too )?(?:tired|sleepy|hungry|bored|late|busy)(?=[.!,]|$| today| now| right now))(?!\p{L})`,
  String.raw`^my (?:bad|mistake|fault|apologies|guess|question|point|first (?:try|attempt))(?!\p{L})`,
  // What one has read, of the world.
  String.raw`^(?:I|we)(?:['’]ve| have)? (?:just |also |once )?(?:read|heard|googled|learned|found out) (?:somewhere |online |today |recently )?(?:that (?!one |other |book |series )|in |on |about )(?!.*\b(?:I|I['’]m|my|we|our)\b)`,
  String.raw`^(?:the |an? |my |that |this )?(?:[\p{L}-]+ ){0,2}(?:message|error|compiler|linter|docs?|documentation|manual|readme|logs?|output|console|terminal|overflow|tutorial|article|page|site|website|form|guide|bot|chatbot|chatgpt|copilot|llm|model|horoscope) (?:says|said|tells|told|claims|states|suggests|shows|reads|thinks)(?!\p{L})`,
  // What nearly happened, or may.
  '^(?:unless|in case) (?:I|we|my|our) ',
  String.raw`^if (?:I|we) (?:move|quit|leave|get|win|buy|sell|change|switch|lose|pass|fail|marry|decide|can|could|had|were|was|did)(?!\p{L})`,
  "^(?:I|we)(?:['’]ve| have)? (?:almost|nearly) ",
  String.raw`^(?:I|we) was (?:just )?(?:wondering|thinking the same|about to)(?!\p{L})`,
]

const patterns = new RegExp(AT_HAND.map((source) => `(?:${source})`).join('|'), 'iu')
/** Words by which a sentence says how it is always, or what it is called, made of and for: it still holds tomorrow. */
const LASTS =
  /(?<!\p{L})(?:called|named|written in|built (?:with|on|in)|based on|hosted|deployed|allergic|allergy|every (?:\w+day|day|night|week|month|year|morning|evening)|for (?:a|two|three|four|five|six|seven|eight|nine|ten|\d+) years?|since (?:\d{4}|last|my)|last (?:week|month|year|spring|summer|autumn|fall|winter)|(?:weeks?|months?|years?) ago|(?:by|until|before) (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|next|the end|\d))(?!\p{L})/iu
/** A test that is taken on a day is no code. */
const TEST_DAY =
  /^(?:I|we)(?: have|['’]ve) (?:an? |my |the |our |two |\d )?(?:(?!unit|fail|brok|flak|red|load|smoke|regress|integrat|automat|end|got|array|list)[\p{L}-]{1,20} ){0,2}(?:tests?|exams?|finals?)(?: in [\p{L} ]{2,20})? on (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:the )?\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec)|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d)/iu

/** True for a statement about the work at hand. */
export function isAtHand(statement: string): boolean {
  return patterns.test(statement) && !LASTS.test(statement) && !TEST_DAY.test(statement)
}

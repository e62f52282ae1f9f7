import { sentencesOf } from './fact-sentences.ts'
import { statementOf } from './fact-wording.ts'

/**
 * Tells "forget that I am vegan" from "don't forget that I am vegan" and from "forget it". Guarantees: only what its speaker wrote at the beginning of
 * a sentence counts, or, where verbs come last, at its end; what it names is a piece of the sentence.
 */

export type ForgetRequest = {
  /** The sentence, letter by letter. */
  readonly sentence: string
  /** What is to be forgotten, in the words of the speaker. */
  readonly what: string
  /** Whether all that was said about it is meant. */
  readonly isAll: boolean
}

const EN_SAID =
  "(?:everything|anything|all|what(?:ever)?)(?: that)? (?:I|we)(?:['’]ve)? (?:said|told you|mentioned) (?:about|of)"
const EN_ALL = '(?:everything|anything|all)(?: you know)? (?:about|of)'

/** What comes before the thing to forget, at the beginning of a sentence. */
const BEFORE = new RegExp(
  `^(?:${[
    `(?:(?:please|also|now),? ){0,2}(?:(?:can|could|would|will) you |you can |i want you to |i(?:['’]d| would) like you to )?(?:please )?(?:forget|(?:don['’]t|do not) remember|stop remembering|unlearn)(?: the fact)?,? (?:that |${EN_SAID} |${EN_ALL} |about )?(?=\\p{L})`,
    'bitte vergiss,? (?:dass )?|(?:vergiss|vergesst|vergessen sie|kannst du(?: bitte)? vergessen|du kannst vergessen)(?: bitte)?,? (?:dass |was ich über |alles über )?',
    "(?:s['’]il te plaît,? |s['’]il vous plaît,? )?(?:oublie|oubliez|peux-tu oublier)(?: s['’]il (?:te|vous) plaît)? (?:que |qu['’]|ce que j['’]ai dit (?:sur|de) |tout sur )?",
    '(?:por favor,? )?(?:olvida|olvide|olvídate|olvídese|puedes olvidar)(?: por favor)? (?:de )?(?:que |lo que dije (?:sobre|de) |todo sobre )?',
    '(?:por favor,? )?(?:esquece|esqueça|esqueças|pode esquecer)(?:-te)?(?: por favor)? (?:de )?(?:que |o que eu disse sobre |tudo sobre )?',
    '(?:per favore,? )?(?:dimentica|dimentichi|scorda|scordati)(?: per favore)? (?:che |quello che ho detto su |tutto su )?',
    '(?:alsjeblieft )?vergeet(?: alsjeblieft| a\\.u\\.b\\.)?,? (?:dat |wat ik zei over |alles over )?',
    '(?:proszę,? )?zapomnij(?: proszę)?,? (?:że |o tym,? że |o )?',
    '(?:пожалуйста,? )?(?:забудь|забудьте)(?: пожалуйста)?,? (?:о том,? |про то,? )?(?:что |о |об |про )?',
    '(?:من فضلك )?(?:انسَ|انس|انسى|انسي) (?:أنني |أني |أن )?',
    '(?:请|請|麻烦你?)?(?:忘记|忘掉|忘了|忘記)(?:关于)?',
  ].join('|')})`,
  'iu',
)
/** Where the verb comes last. */
const BEHIND =
  /(?: |[ığiuü]mı |[ığiuü]mi )?(?:unut|unutun|unutur musun)[.! ]{0,3}$|(?:という)?(?:こと|の|件)?(?:は|を)忘れて(?:ください|下さい|ね)?[。! ！]{0,3}$|(?:것|거|걸|사실)?(?:은|는|을|를)? ?잊어(?:줘|주세요| 주세요|버려)?[.! ]{0,3}$|(?:यह )?भूल जाओ[।! ]{0,3}$|(?:यह )?भूल जाइए[।! ]{0,3}$/iu
const ALL =
  /(?<!\p{L})(?:everything|anything|all|alles|tout|todo|tudo|tutto|wszystko|всё|все)(?!\p{L})|所有|全部|全て|모두/iu
/** What points at the talk itself, or is a task: "forget it", "forget what I just said", "forget to call". */
const NOTHING_NAMED =
  /^(?:(?:nicht|niet|nie|pas|jamais|nunca|never|nie wieder|не|никогда)(?!\p{L})|(?:it|this|that|them|to|everything|all|me|us|you|the (?:last|previous|above)|what (?:I|you|we) (?:just )?(?:said|wrote|asked)|your|previous|prior|es|das|alles|ça|cela|tout|eso|esto|todo|isso|tudo|questo|tutto|dat|het|to|это|всё|all previous|instructions?)(?!\p{L}).{0,3}$|to (?=\p{L})|(?:(?:all|any|your|the|previous|prior|above) ){1,3}(?:instructions?|rules?|prompts?|messages?|conversation|chat|context))/iu
/** Without one of these no sentence needs to be looked at. */
const MENTIONED =
  /forget|remember|unlearn|vergiss|vergess|oubli|olvíd|olvid|esque|dimentic|scord|vergeet|zapomnij|забуд|انس|忘|잊|unut|भूल/iu
/** Longer ones are no request. */
const MAX_REQUEST_CHARS = 300

/** What a message asks to forget, in order. */
export function forgetRequestsIn(message: string, speaker = ''): ForgetRequest[] {
  if (!MENTIONED.test(message)) return []
  return sentencesOf(message, speaker).flatMap(({ text, own }) => {
    const what = own.length > MAX_REQUEST_CHARS ? undefined : forgottenIn(statementOf(own))
    return what === undefined ? [] : [{ sentence: text, what, isAll: ALL.test(own) }]
  })
}

function forgottenIn(statement: string): string | undefined {
  if (/[?？؟]\s?$/.test(statement) && !/^(?:can|could|would|will|kannst|peux|puedes|pode) /i.test(statement))
    return undefined
  const before = BEFORE.exec(statement)
  const behind = before ? undefined : BEHIND.exec(statement)
  const rest = before ? statement.slice(before[0].length) : behind ? statement.slice(0, behind.index) : ''
  const what = rest.replace(/[.!?。！]{1,3}$/u, '').trim()
  return what === '' || NOTHING_NAMED.test(what) ? undefined : what
}

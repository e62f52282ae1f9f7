import { sentencesOf } from './fact-sentences.ts'
import { statementOf } from './fact-wording.ts'

/**
 * Tells "forget that I am vegan" from "don't forget that I am vegan" and from "forget it". Guarantees: only what its speaker wrote at the beginning of
 * a sentence counts, or, where verbs come last, at its end; what it names is a piece of the sentence.
 */

type ForgetRequest = {
  /** The wish, letter by letter, without what the sentence says beside it. */
  readonly sentence: string
  /** What is to be forgotten, in the words of the speaker. */
  readonly what: string
  /** Whether all that was said about it is meant. */
  readonly isAll: boolean
}

const EN_SAID =
  "(?:(?:everything|anything|all|what(?:ever)?)(?: that)? (?:I|we)(?:['’]ve)? (?:said|told you|mentioned) (?:about|of)|(?:that )?I(?:['’]ve)? (?:ever )?(?:said|told you|mentioned)(?: that)?)"
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
    '(?:пожалуйста,? )?(?:забудь|забудьте)(?: пожалуйста)?,? (?:о том,? |про то,? )?(?:что |о |об |про |що )?',
    '(?:glöm|glem)(?: bort)?,? (?:att |at )?|zapomeň(?:te)?,? (?:na to,? )?(?:že )?|uită(?:,? că)? |felejtsd el,? (?:hogy )?|unohda,? (?:että )?|(?:tolong )?lupakan (?:bahwa |kalau )?|hãy quên (?:rằng |việc |là )?',
    'ξέχνα (?:ότι |πως )?|ξέχασε (?:ότι |πως )?|תשכחי? (?:את זה )?(?:ש)?|فراموش کن(?:ید)? (?:که )?|(?:ช่วย)?ลืม(?:เรื่อง|ว่า)?(?:ที่)?',
    '(?:من فضلك )?(?:انسَ|انس|انسى|انسي) (?:أنني |أني |أن )?',
    '(?:请|請|麻烦你?)?(?:忘记|忘掉|忘了|忘記)(?:关于)?',
  ].join('|')})`,
  'iu',
)
/** To erase is to forget where it is said of a memory, or of what is known; elsewhere files are meant. */
const ERASE = new RegExp(
  `^(?:${[
    "(?:(?:please|also|now),? ){0,2}(?:(?:can|could|would|will) you |you can |i want you to |i(?:['’]d| would) like you to )?(?:please )?(?:erase|delete|remove|wipe|drop|scrap|strike|clear|forget)",
    '(?:bitte )?(?:lösch|lösche|löscht|löschen sie|streich|streiche|entfern|entferne|vergiss)(?: bitte)?',
    'efface|effacez|supprime|supprimez|enlève|oublie',
    '(?:por favor,? )?(?:borra|borre|elimina|elimine|quita|apaga|apague|remova|remove|esquece|esqueça|olvida)',
    '(?:per favore,? )?(?:cancella|cancelli|elimina|elimini|togli|rimuovi|dimentica)',
    '(?:alsjeblieft )?(?:wis|verwijder|schrap|vergeet)',
    '(?:proszę,? )?(?:usuń|wymaż|skasuj|zapomnij)',
    '(?:пожалуйста,? )?(?:удали|удалите|сотри|сотрите|убери|забудь)',
    'احذف|امسح|أزل',
    '(?:请|請)?(?:删除|刪除|删掉|抹去|清除)',
  ].join('|')})(?: |(?<=[除掉去]))`,
  'iu',
)
const FROM_MEMORY =
  /,? ?(?:(?:from|out of) (?:your |the )?(?:memory|memories|notes|records)|aus (?:deinem|ihrem|dem) (?:gedächtnis|speicher)|de (?:ta|votre|la) mémoire|de tu memoria|de la memoria|da (?:sua|tua) memória|da memória|dalla (?:tua )?memoria|uit (?:je|uw|jouw|het) geheugen|z (?:twojej |swojej )?pamięci|из (?:своей |твоей )?памяти|من (?:ذاكرتك|الذاكرة))(?![\p{L}])/iu
/** What is known or was said of something. */
const KNOWN_OF =
  /^(?:(?:the |that )?(?:fact|note|memory|bit|part|entry|thing)s? (?:that |about |of |with )|(?:everything |all |anything )?(?:what(?:ever)? )?(?:that )?you (?:know|remember|noted|saved|stored|have)(?: stored| saved| noted)? (?:about|of|on) |(?:everything |all |anything |what(?:ever)? )(?:that )?i(?:['’]ve)? (?:said|told you|mentioned) (?:about|of) |(?:alles,? )?was du über |(?:tout )?ce que tu sais (?:sur|de) |(?:todo )?lo que sabes (?:de|sobre) |(?:tudo )?o que (?:você )?sabes? (?:de|sobre) |(?:tutto )?(?:quello|ciò) che sai (?:su|di) |(?:alles )?wat je weet over |(?:wszystko,? )?co wiesz o |(?:всё,? )?что ты знаешь (?:об?|про) )/iu
/** The same where the verb comes last. */
const FROM_MEMORY_LAST =
  /(?:(?:のこと|こと)?(?:を|は)|을|를|ı|i|u|ü)? ?(?:(?:あなたの)?(?:記憶|メモリー?)から(?:消して|削除して)(?:ください|下さい)?|(?:네 )?기억에서 ?(?:지워|삭제해)(?: ?(?:줘|주세요))?|(?:hafızandan|belleğinden) (?:sil|silin|çıkar)|(?:को )?(?:अपनी )?(?:याददाश्त|मेमोरी) से (?:हटा दो|मिटा दो|हटाओ|हटा दीजिए)|从(?:你的)?(?:记忆|記憶)(?:里|中)?(?:删除|删掉|移除|抹去))[.。! ।]{0,3}$/iu
/** Where the verb comes last. */
const BEHIND =
  /(?:(?: olduğu(?:nu|mu))? |[ığiuü]mı |[ığiuü]mi )?(?:unut|unutun|unutur musun)[.! ]{0,3}$|(?:という)?(?:こと|の|件)?(?:は|を)忘れて(?:ください|下さい|ね)?[。! ！]{0,3}$|(?:(?<=[있없])다는 )?(?:것|거|건|걸|사실)?(?:은|는|을|를)? ?잊어(?:줘|주세요| 주세요|버려)?[.! ]{0,3}$|(?:यह )?भूल जाओ[।! ]{0,3}$|(?:यह )?भूल जाइए[।! ]{0,3}$/iu
const ALL =
  /(?<!\p{L})(?:everything|anything|all|alles|tout|todo|tudo|tutto|wszystko|всё|все)(?!\p{L})|所有|全部|全て|모두/iu
/** What points at the talk itself, or is a task: "forget it", "forget what I just said", "forget to call". */
const NOTHING_NAMED =
  /^(?:(?:nicht|niet|nie|pas|jamais|nunca|never|nie wieder|не|никогда)(?!\p{L})|(?:it|this|that|them|to|everything|all|me|us|you|the (?:last|previous|above)|what (?:I|you|we) (?:just )?(?:said|wrote|asked)|your|previous|prior|es|das|alles|ça|cela|tout|eso|esto|todo|isso|tudo|questo|tutto|dat|het|to|это|всё|all previous|instructions?)(?!\p{L}).{0,3}$|to (?=\p{L})|(?:(?:all|any|your|the|previous|prior|above) ){1,3}(?:instructions?|rules?|prompts?|messages?|conversation|chat|context))/iu
/** Without one of these no sentence needs to be looked at. */
const MENTIONED =
  /gl[öe]m|zapome|ξέχ|תשכח|quên|lupakan|فراموش|felejt|uită|unohda|ลืม|forget|remember|unlearn|mem[oó]r|erase|delete|remove|wipe|drop|what you|lösch|streich|gedächtnis|effac|mémoire|borra|elimin|apag|cancell|wis |geheugen|pamię|памят|ذاكر|记忆|記憶|기억|hafıza|belle|याददाश्त|मेमोरी|vergiss|vergess|oubli|olvíd|olvid|esque|dimentic|scord|vergeet|zapomnij|забуд|انس|忘|잊|unut|भूल/iu
/** Longer ones are no request. */
const MAX_REQUEST_CHARS = 300

/** What a message asks to forget, in order. */
export function forgetRequestsIn(message: string, speaker = ''): ForgetRequest[] {
  if (!MENTIONED.test(message)) return []
  return sentencesOf(message, speaker).flatMap(({ text, own }) => requestIn(text, own) ?? [])
}

/** What a sentence says beside a wish to forget, or all of it where there is none: "forget what I said of my car, I have a new one". */
export function besideRequest(sentence: string): string {
  if (!MENTIONED.test(sentence)) return sentence
  const request = requestIn(sentence, sentence)
  return request
    ? sentence.slice(request.sentence.length).replace(/^[,;:–—\s]{1,4}(?:and |but |because |since )?/, '')
    : sentence
}

function requestIn(text: string, own: string): ForgetRequest | undefined {
  if (own.length > MAX_REQUEST_CHARS) return undefined
  const named = forgottenIn(statementOf(own))
  if (named === undefined) return undefined
  const cut = named.search(BESIDE)
  const what = cut > 0 ? named.slice(0, cut) : named
  const at = text.lastIndexOf(what)
  const sentence = cut > 0 && at >= 0 ? text.slice(0, at + what.length) : text
  return { sentence, what, isAll: ALL.test(own) }
}

/** What is said beside: a clause of its own, or why. */
const BESIDE =
  /(?:[,;:] | [–—] )(?=(?:(?:I|we|my|the|it|he|she|they|because|since|that|der|die|das|es|ich|wir|weil|denn|le|la|les|je|c['’]est|ce|parce|car|el|los|las|yo|es|era|porque|o|a|eu|foi|il|lo|era|perché|ik|de|het|dat|omdat|to|bo|ponieważ|это|потому|я|уже)(?!\p{L})|j['’]|l['’]))| because | since I | weil | denn | parce que | porque | perché | omdat |[，、](?=\p{L})/iu

function forgottenIn(statement: string): string | undefined {
  if (/[?？؟]\s?$/.test(statement) && !/^(?:can|could|would|will|kannst|peux|puedes|pode) /i.test(statement))
    return undefined
  const rest = erasedIn(statement) ?? leftOf(statement)
  const what = rest.replace(/[.!?。！।؟]{1,3}$/u, '').trim()
  return what === '' || NOTHING_NAMED.test(what) ? undefined : what
}

function erasedIn(statement: string): string | undefined {
  const last = FROM_MEMORY_LAST.exec(statement)
  if (last) return statement.slice(0, last.index).replace(/^(?:请|請)?把/, '')
  const erase = ERASE.exec(statement)
  if (!erase) return undefined
  const object = statement.slice(erase[0].length)
  const known = KNOWN_OF.exec(object)
  if (!known && !FROM_MEMORY.test(object)) return undefined
  return object
    .replace(FROM_MEMORY, '')
    .replace(KNOWN_OF, '')
    .trim()
    .replace(/^,? ?(?:(?:that|dass|(?:das|was|die sache) mit(?: de[mrn])?|que|che|dat|że|что) |qu['’])/iu, '')
}

function leftOf(statement: string): string {
  const before = BEFORE.exec(statement)
  const behind = before ? undefined : BEHIND.exec(statement)
  return before ? statement.slice(before[0].length) : behind ? statement.slice(0, behind.index) : ''
}

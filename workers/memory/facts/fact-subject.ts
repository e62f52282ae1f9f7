import { foldName, isTellingName } from '../../../shared/memory/fold-name.ts'
import type { TurnRow } from '../../../shared/store/turns/turns.ts'
import { speakerName } from '../local-rules/fact-wording.ts'
import { naturalLanguageOf } from './natural-language.ts'

/**
 * Owns whom or what a fact is about. Guarantees: two userIds are never one, whatever they are called; a nameless speaker is nobody else in another
 * workstream; a thing without a name belongs to its workstream.
 */

export type Subject = {
  /** As it is shown. */
  readonly subject: string | null
  /** As it is compared: equal for the same person or thing of an org. */
  readonly subjectKey: string | null
}

type Message = { readonly role: string; readonly name?: string | null; readonly content: string }
type Turn = Pick<TurnRow, 'userId' | 'agentId' | 'workstreamId'>

/** By what models call the speaker, in the languages that they answer in. */
const SPEAKER = new Set(
  [
    'i|me|my|mine|myself|we|us|our|ourselves|speaker|the speaker|user|the user|human|the human',
    'ich|mich|mir|wir|nutzer|nutzerin|benutzer|der nutzer|die nutzerin|der benutzer|die benutzerin',
    'yo|mí|nosotros|usuario|usuaria|el usuario|la usuaria|je|moi|nous|utilisateur|l’utilisateur|l’utilisatrice',
    'eu|nós|usuário|o usuário|a usuária|utilizador|o utilizador|a utilizadora|io|noi|utente|l’utente|ik|wij|gebruiker|de gebruiker',
    'ja|użytkownik|użytkowniczka|я|мы|пользователь|пользовательница|користувач|ben|biz|kullanıcı|χρήστης|ο χρήστης|εγώ',
    'användaren|jag|brugeren|brukeren|jeg|käyttäjä|minä|người dùng|tôi',
    '用户|用戶|使用者|我|我们|我們|本人|ユーザー|ユーザ|私|僕|俺|사용자|나|저|المستخدم|المستخدمة|أنا|उपयोगकर्ता|मैं|המשתמש|אני|ผู้ใช้|ฉัน|ผม',
  ]
    .join('|')
    .split('|')
    .map(folded),
)
/** Names of people in other languages: they are the speaker in their own only, or in small letters. */
const ALSO_NAMES: ReadonlyMap<string, string> = new Map([
  ['ben', 'tr'],
  ['biz', 'tr'],
  ['io', 'it'],
  ['yo', 'es'],
  ['eu', 'pt'],
  ['ja', 'pl'],
])
const ASSISTANT = new Set(['the assistant', 'assistant', 'ai', 'the ai'])

/** Whom a fact is about that a turn states in the words of `quote`. */
export function subjectOf(
  { subject: given, fact, quote }: { readonly subject: string | null; readonly fact: string; readonly quote: string },
  turn: Turn,
  messages: readonly Message[],
): Subject {
  const subject = (given ?? '').trim()
  const key = folded(subject)
  const users = messages.filter(({ role }) => role === 'user')
  const names = new Map(
    users.filter(({ name }) => isTellingName(name)).map(({ name }) => [foldName(name ?? ''), name ?? '']),
  )
  const speaker =
    names.get(foldName(subject)) ?? [...names.values()].find((name) => speakerName(name, 'user') === subject)
  if (speaker === undefined && isSpeaker(subject, fact)) {
    const said = users.find(({ content }) => quote !== '' && content.includes(quote))
    const name = isTellingName(said?.name)
      ? (said?.name ?? undefined)
      : names.size === 1
        ? [...names.values()][0]
        : undefined
    return { subject: speakerName(name ?? '', 'user'), subjectKey: speakerKey(turn, name, names.size) }
  }
  if (subject === '') return { subject: null, subjectKey: null }
  if (ASSISTANT.has(key))
    return { subject, subjectKey: turn.agentId ? `agent:${turn.agentId}` : `role:assistant@${turn.workstreamId}` }
  if (speaker !== undefined) return { subject, subjectKey: speakerKey(turn, speaker, names.size) }
  return {
    subject,
    subjectKey: isName(subject, fact) ? `name:${foldName(subject)}` : `thing:${key}@${turn.workstreamId}`,
  }
}

/** Whether two subjects can never be the same, whatever anybody says: each is told by an id, and the ids differ. */
export function areKnownApart(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b && !a.startsWith('name:') && !b.startsWith('name:')
}

function isSpeaker(subject: string, fact: string): boolean {
  const key = folded(subject)
  const language = ALSO_NAMES.get(key)
  return SPEAKER.has(key) && (language === undefined || subject === key || naturalLanguageOf(fact) === language)
}

function speakerKey({ userId, workstreamId }: Turn, name: string | undefined, speakers: number): string {
  if (userId && speakers < 2) return `user:${userId}`
  if (userId) return `user:${userId}/${foldName(name ?? '')}`
  return name === undefined ? `role:user@${workstreamId}` : `name:${foldName(name)}`
}

const DETERMINER =
  /^(?:the|our|my|his|her|their|your|this|that|a|an|der|die|das|unser|unsere|mein|meine|le|la|les|notre|nos|mon|ma|mes|el|los|las|nuestro|nuestra|mi|il|lo|gli|nostro|nostra|mio|mia|o|os|as|nosso|nossa|meu|minha|het|de|ons|onze|mijn)$/u

const ARTICLES_BEFORE_NAMES = new Set(['pt', 'it', 'el'])

/** A proper name has a capital and no article before it; of scripts without capitals nobody can tell, so what is said there stays there. */
function isName(subject: string, fact: string): boolean {
  if (!/^\p{Lu}/u.test(subject)) return false
  const words = foldName(subject).split(' ')
  if (DETERMINER.test(words[0] as string)) return false
  // A capital may be German's, or a model's: what has an article in the sentence is a thing, but where names have one too.
  const language = naturalLanguageOf(fact) ?? ''
  if (words.length > 1 || ARTICLES_BEFORE_NAMES.has(language)) return true
  const before = foldName(fact).split(subject.toLowerCase())[0]?.trim().split(' ').at(-1) ?? ''
  return !DETERMINER.test(before)
}

function folded(subject: string): string {
  return foldName(subject).replaceAll("'", '’')
}

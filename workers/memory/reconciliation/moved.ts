import { saidIn } from '../local-rules/fact-attributes.ts'
import { ONE_OF_MANY } from '../local-rules/words/change-words.ts'
import { isPlace } from '../local-rules/words/name-kinds.ts'

/**
 * Tells, without a model, that somebody whom the speaker knows has moved from where an earlier fact has them: "My friend Ana moved to Oslo" after
 * "My friend Ana lives in Rome". Guarantees: both begin with the same words for the same one, of whom there is only one by those words; the later one
 * says that it is done, and for good.
 */

/** "My friend Ana", "meine Schwester": whose, what, and the name if there is one. */
const whoOf = (whose: string) => String.raw`(?<who>(?:${whose}) \p{L}[\p{L}’'-]{1,20}(?: \p{Lu}[\p{L}’'-]{1,20}){0,2})`
const PLACE = String.raw`(?<place>\p{Lu}[\p{L}’'-]{1,30}(?: (?:\p{Lu}[\p{L}’'-]{1,30}|am|de|do|da|del|la|den)){0,3})`
/** The words that may follow: none that say until when, or long ago. */
const WHEN = String.raw`(?: (?:\p{L}+ )?(?:last|this|yesterday|with|because|letzte[nrs]?|diese[nrs]?|gestern|mit|le mois|la semaine|hier|avec|el mes|la semana|ayer|con|no mês|na semana|ontem|com|il mese|la settimana|ieri|vorige|gisteren|met|w zeszłym|wczoraj|z|в прошлом|вчера|с|förra|igår|med|sidste|forrige)(?!\p{L})[^\p{Nd}.!]{0,60})?[.!]?$`

/** By language: whose, where somebody lives, that somebody has moved. */
const HOMES: readonly (readonly [whose: string, lives: string, moved: string])[] = [
  [
    'my|our',
    `(?:now |currently |still )?lives? in ${PLACE}`,
    `(?:has |just |have |recently ){0,2}moved (?:back )?to ${PLACE}`,
  ],
  [
    'meine?|unsere?',
    `(?:wohnt|lebt) (?:jetzt )?in ${PLACE}`,
    `ist (?:(?:jetzt|nun|gerade|kürzlich|neulich|inzwischen|vor kurzem|gestern|endlich|zurück|letzten monat|letzte woche) ){0,2}nach ${PLACE} (?:um)?gezogen`,
  ],
  [
    'mon|ma|notre',
    `(?:habite|vit) (?:à|au|en) ${PLACE}`,
    `(?:a|vient de) (?:déménagée?|déménager) (?:à|au|en) ${PLACE}`,
  ],
  ['mi|nuestr[oa]', `vive en ${PLACE}`, `se (?:ha )?mud(?:ó|ado) a ${PLACE}`],
  ['(?:o )?meu|(?:a )?minha', `(?:mora|vive) em ${PLACE}`, `(?:mudou-se|se mudou) para ${PLACE}`],
  ['(?:il )?mio|(?:la )?mia', `(?:abita|vive) (?:ad?|in) ${PLACE}`, `si è trasferit[oa] (?:ad?|in) ${PLACE}`],
  [
    'mijn|onze',
    `woont in ${PLACE}`,
    `is (?:(?:nu|net|pas|onlangs|inmiddels|gisteren|terug|vorige week|vorige maand) ){0,2}(?:naar ${PLACE} verhuisd|verhuisd naar ${PLACE})`,
  ],
  ['mój|moja', `mieszka we? ${PLACE}`, `przeprowadził[a]? się do ${PLACE}`],
  ['мо[йя]', `жив[её]т во? ${PLACE}`, `(?:переехала?|переїхала?) (?:во?|до) ${PLACE}`],
  ['min|mitt', `bor i ${PLACE}`, `(?:har|er) (?:flyttat|flyttet) til{1,2} ${PLACE}`],
]
type Patterns = { readonly lives: RegExp; readonly moved: RegExp }
let patterns: readonly Patterns[] | undefined

function homes(): readonly Patterns[] {
  patterns ??= HOMES.map(([whose, lives, moved]) => ({
    lives: new RegExp(`^${whoOf(whose)} ${lives}(?!\\p{L})`, 'u'),
    moved: new RegExp(`^${whoOf(whose)} ${moved}${WHEN}`, 'u'),
  }))
  return patterns
}

/** True for a fact that says that somebody has moved. */
export function saysMoved(fact: string): boolean {
  return homes().some(({ moved }) => newHomeIn(moved, begun(fact)) !== undefined)
}

/** True if `later` says that the one has moved of whom `earlier` says where that one lives. */
export function hasMoved(later: string, earlier: string): boolean {
  const [said, before] = [begun(later), begun(earlier)]
  return homes().some(({ lives, moved }) => {
    const now = newHomeIn(moved, said)
    const then = now && (homeIn(lives, before) ?? homeIn(moved, before))
    return then !== undefined && then.who === now?.who && then.place !== now.place
  })
}

function begun(fact: string): string {
  return saidIn(fact).replace(/^\p{Lu}/u, (first) => first.toLowerCase())
}

type Home = { readonly who: string; readonly place: string }

/** In English one moves to a team, a tool or tears as well. */
function newHomeIn(moved: RegExp, said: string): Home | undefined {
  const home = TEMPORARY.test(said) ? undefined : homeIn(moved, said)
  return home && (!/^(?:my|our) /u.test(home.who) || isPlace(home.place)) ? home : undefined
}

/** A friend without a name may be another. */
function homeIn(pattern: RegExp, said: string): Home | undefined {
  const { who = '', place } = pattern.exec(said)?.groups ?? {}
  const [, relation = '', ...names] = who.replace(/^(?:o|a|il|la) /u, '').split(' ')
  return place === undefined || (names.length === 0 && isWholly(ONE_OF_MANY, relation)) ? undefined : { who, place }
}

function isWholly(words: RegExp, word: string): boolean {
  return words.exec(word)?.[0] === word
}

/** For a while, or before something else. */
const TEMPORARY =
  /(?<!\p{L})(?:before|when|until|while|back then|bevor|als|damals|bis|avant|quand|jusqu['’]\p{L}+|antes|cuando|quando|hasta|até|prima|finché|voordat|toen|tot|zanim|kiedy|gdy|до|когда|пока|innan|när|før|da|temporar\p{L}+|vorübergehend|provisoirement|temporalmente|temporariamente|temporaneamente|tijdelijk|tymczasowo|временно|for (?:a|the|one|two|three|some|\d+) |für (?:ein|zwei|drei|\d|den|die|das) |pour (?:un|une|deux|l['’]) ?|por (?:un|una|um|uma|dos) )/iu

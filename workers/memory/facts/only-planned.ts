import { wordPattern } from '../local-rules/words/word-pattern.ts'

/**
 * Tells that the clause of a quote says less than a fact that a model made of it: a plan, a wish or a question told as what holds, or somebody of the
 * speaker's told as the speaker. Guarantees linear time; reads forms only, so that what has no known form passes.
 */

const CHANGES =
  'live|living|move|moving|work|working|start|starting|join|joining|become|becoming|marry|get married|relocate|relocating|settle'
const SOON =
  '(?:next|tomorrow|soon|this (?:spring|summer|autumn|fall|winter)|in (?:january|february|march|april|may|june|july|august|september|october|november|december|(?:an?|two|three|four|five|six|\\d{1,2}) (?:days?|weeks?|months?|years?)))'
/** First persons who will, want, may or would do what changes a life. */
const PLANS = [
  `(?:i|we)(?:(?:['’]ll|['’]d| will| might| may| would| could| should| want| hope| plan| intend)|(?:['’]m|['’]re| am| are) (?:going|planning|hoping|thinking|considering)) (?:(?:to|of|about|really|probably|maybe|soon|love|like|prefer|be) ){0,4}(?:${CHANGES})`,
  `(?:i|we)(?:['’]m|['’]re| am| are) (?:moving|starting|joining|relocating|getting married)(?=[^.!?]{0,60} ${SOON})`,
  '(?:ich|wir) (?:will|wollen|möchte|möchten|würde|würden|werde|werden|könnte|könnten|plane|hoffe)(?=[^.!?]{0,60} (?:ziehen|umziehen|wohnen|leben|arbeiten|anfangen|wechseln|heiraten)(?!\\p{L}))|vielleicht (?:ziehe|ziehen|wohne|wohnen|arbeite) (?:ich|wir)',
  "(?:(?:je|on|nous) (?:veux|voudrais|voudrions|vais|va|allons|aimerais|pourrais|compte|espère)|j['’](?:aimerais|espère)) (?:bien )?(?:déménager|habiter|vivre|travailler|commencer|m['’]installer|me marier)",
  '(?:quiero|queremos|quisiera|voy a|vamos a|me gustaría|nos gustaría|espero) (?:mudarme|mudarnos|vivir|trabajar|empezar|casarme)',
  '(?:quero|queremos|gostaria de|vou|vamos|espero) (?:me mudar|mudar|mudar-me|morar|viver|trabalhar|começar|casar)|(?:voglio|vogliamo|vorrei|vorremmo|spero di) (?:trasferirmi|trasferirci|vivere|abitare|lavorare|sposarmi)',
  '(?:ik|we|wij) (?:wil|willen|zou|zouden|ga|gaan|hoop)(?=[^.!?]{0,60} (?:verhuizen|wonen|werken|trouwen)(?!\\p{L}))|(?:chcę|chcemy|chciał[ao]?bym|zamierzam|planuję) (?:się przeprowadzić|przeprowadzić się|mieszkać|pracować)',
  '(?:хочу|хотим|хотела?(?: бы)?|собираюсь|планирую|мечтаю) (?:переехать|жить|работать|пойти работать)|(?:хочу|планую|збираюся) (?:переїхати|жити|працювати)|(?:taşınmak|yaşamak|çalışmak) ist(?:iyor|er)\\p{L}{0,6}',
].join('|')
const PLAN = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${PLANS})(?![\\p{L}\\p{M}])|(?:想|打算|可能会|计划)(?:搬|住|去.{0,8}工作)|(?:引っ越し|住み|働き)たい|(?:이사하|살|일하)고 싶`,
  'iu',
)
const ASKS = /[?？؟]\s{0,3}$/u
/** A fact that says so itself. */
const SAYS_SO = wordPattern(
  'will|would|want*|plan*|hope*|might|may|could|should|intend*|consider*|think*|going to|moving|future|next|dream*|like*|möchte|will|würde|plant|vielleicht|könnte|werden|wird|veut|voudrait|aimerait|va|envisage|prévoit|quiere|quisiera|va a|planea|quer|gostaria|vai|planeja|vuole|vorrebbe|wil|zou|chce|planuje|chciałby|chciałaby|хочет|планирует|собирается|istiyor|想|打算|计划|たい|予定|싶|예정',
)

const PERSON =
  /^[^\p{L}]{0,3}(?:and |but |und |et |y |e |и )?(?:s?he|they|(?:my|our|meine?|unsere?|mon|ma|mi|meu|minha|mio|mia|mijn|мой|моя) (?:(?:best|older|younger|big|little|ex|old|beste|große|kleine) ?)?(?:brother|sister|mother|father|mum|mom|dad|son|daughter|wife|husband|partner|girlfriend|boyfriend|friend|colleague|boss|manager|neighbou?r|cousin|uncle|aunt|grand\p{L}{2,8}|ex|bruder|schwester|mutter|vater|sohn|tochter|frau|mann|freund(?:in)?|chef(?:in)?|kolleg(?:e|in)|frère|sœur|mère|père|fils|fille|femme|mari|ami|amie|hermano|hermana|madre|padre|hijo|hija|amigo|amiga|irmão|irmã|mãe|pai|filho|filha|fratello|sorella|figlio|figlia|broer|zus|vriend|vriendin|moeder|vader|брат|сестра|мама|папа|сын|дочь|муж|жена))(?![\p{L}\p{M}])/iu
const SPEAKER =
  /(?<![\p{L}\p{M}])(?:I|me|we|us|ich|mich|mir|wir|uns|je|me|moi|nous|on|yo|nos|eu|io|mi|ci|noi|ik|wij|we|ons|я|меня|мне|мы|нас)(?![\p{L}\p{M}])|(?<!\p{L})j['’]/iu

/** Where a clause ends that says something of its own. */
const CLAUSE =
  /[;:]|[.!。！](?=\s)|,? (?:but|and now|and i|now|aber|und jetzt|und ich|mais|et maintenant|pero|y ahora|mas|e agora|ma|e adesso|maar|en nu|ale|но|а теперь|ama) /giu

/** The clause of a sentence that holds the place. */
export function clauseOf(sentence: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const cuts = [...sentence.matchAll(CLAUSE)]
  const before = cuts.findLast(({ index }) => index < start)
  const behind = cuts.find(({ index }) => index >= end)
  return sentence.slice(before ? Math.min(before.index + before[0].length, start) : 0, behind?.index).trim()
}

/** True if the clause plans, wishes or asks what the fact says is so. */
export function isOnlyPlanned(fact: string, clause: string): boolean {
  return (PLAN.test(clause) || ASKS.test(clause)) && !SAYS_SO.test(fact)
}

/** True if the clause is about somebody of the speaker's, and not about the speaker. */
export function isOfSomebodyElse(clause: string): boolean {
  const who = PERSON.exec(clause)?.[0]
  return who !== undefined && !SPEAKER.test(clause.slice(who.length))
}

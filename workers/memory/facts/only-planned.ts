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

/** The clause without what stands behind a comma and says something else of the speaker: "I moved here in 2019, I live in Bonn". */
export function pieceOf(clause: string, quote: string): string {
  const at = clause.indexOf(quote)
  if (at < 0) return clause
  const [before, behind] = [clause.slice(0, at), clause.slice(at + quote.length)]
  const [comma, next] = [before.lastIndexOf(','), behind.indexOf(',')]
  const start = comma >= 0 && SPEAKER.test(before.slice(0, comma)) ? comma + 1 : 0
  const end = next >= 0 && SPEAKER.test(behind.slice(next)) ? at + quote.length + next : clause.length
  return clause.slice(start, end).trim()
}

/** The clause of a sentence that holds the place. */
export function clauseOf(sentence: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const cuts = [...sentence.matchAll(CLAUSE)]
  const before = cuts.findLast(({ index }) => index < start)
  const behind = cuts.find(({ index }) => index >= end)
  return sentence.slice(before ? Math.min(before.index + before[0].length, start) : 0, behind?.index).trim()
}

/** True if the clause plans, wishes or asks, with the words of the quote, what the fact says is so. */
export function isOnlyPlanned(fact: string, clause: string, quote: string): boolean {
  if (SAYS_SO.test(fact)) return false
  const at = Math.max(0, clause.indexOf(quote))
  const start = [...clause.slice(0, at).matchAll(COMMA)].reduce((_, { index }) => index + 1, 0)
  const asked = clause.slice(start)
  const behind = clause.slice(at + quote.length).search(COMMA)
  const piece = behind < 0 ? asked : clause.slice(start, at + quote.length + behind)
  // "I live in Porto, where can I park?" states what it asks with.
  const isQuestion = ASKS.test(asked) && (asked.search(COMMA) < 0 || OPENS_QUESTION.test(asked))
  return isQuestion || PLAN.test(piece)
}
const COMMA = /[,，、،](?!\p{Nd})/gu
const OPENS_QUESTION =
  /^[^\p{L}]{0,3}(?:should|shall|could|would|may|might|can|do|does|did|am|is|are|will|what|why|how|when|where|if|soll\p{L}{0,4}|kann|könnte\p{L}{0,2}|würde\p{L}{0,2}|darf|was|warum|wie|wann|wo|wenn|falls|est-ce|dois-je|puis-je|si|devrais-je|debo|debería|y si|devo|deveria|dovrei|zou|moet|zal|czy|gdyby|jeśli|стоит ли|может|если|чи|якщо)(?!\p{L})/iu

/** True if the clause is about somebody of the speaker's, and not about the speaker; "Maya's manager is Dana" says so itself. */
export function isOfSomebodyElse(fact: string, clause: string): boolean {
  const who = PERSON.exec(clause)?.[0]
  return who !== undefined && !SPEAKER.test(clause.slice(who.length)) && !RELATED.test(fact)
}
const RELATED = wordPattern(
  'brother*|sister*|mother|father|mum|mom|dad|son|daughter|wife|husband|partner|girlfriend|boyfriend|friend|colleague|boss|manager|supervisor|neighbour|neighbor|cousin|uncle|aunt|grand*|spouse|sibling|parent|child|married|ex|bruder|schwester|mutter|vater|sohn|tochter|*frau|mann|ehemann|freund*|chef*|kolleg*|frère|sœur|mère|père|fils|fille|femme|mari|ami|amie|hermano|hermana|madre|padre|hijo|hija|amigo|amiga|irmão|irmã|mãe|pai|filho|filha|fratello|sorella|figlio|figlia|broer|zus|vriend*|moeder|vader|брат*|сестр*|мам*|пап*|сын*|доч*|муж*|жен*',
)

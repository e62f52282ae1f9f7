/**
 * Tells a statement about somebody of the speaker's, "My wife works at Siemens", from one about the speaker. Guarantees linear time; reads how such
 * statements begin, so that "I live with my wife" stays the speaker's.
 */

/** Words for those whom people speak of, with their endings; what Turkish has of its own at the end of a word is in them. */
const RELATION =
  /(?<![\p{L}\p{M}])(?:(?:(?:step|grand|half-?|schwieger|groß|stief|beau-|belle-)?(?:brother|sister|mother|father|parent|son(?![\p{L}](?<!s)| derece)|daughter|child|kid|wife|wives|husband|partner|girlfriend|boyfriend|fianc[ée]|friend|colleague|coworker|co-worker|flatmate|roommate|boss|manager|neighbou?r|nephew|niece|cousin|uncle|aunt|mum|mom(?!en)|dad(?!o)|grandma|grandpa|granny|bruder|brüder|schwester|mutter|mütter|vater|väter|eltern|sohn|söhn|tochter|töchter|kind(?!ly|ne)|frau|mann|ehefrau|ehemann|freund|chef|kolleg|nachbar|neffe|nichte|onkel|tante|oma|opa|mama|papa|frère|sœur|soeur|mère|père|parents|fils|fille|enfant|femme|mari|ami|copain|copine|collègue|voisin|patron|neveu|nièce|hermano|hermana|madre|padre|hijo|hija|mujer|espos|marido|novi[oa]|amig|jef[ea]|vecin|compañer|sobrin|primo|prima|tío|tía|abuel|irmão|irmã|mãe|pai|pais|filh|mulher|namorad|chefe|colega|vizinh|avó|avô|fratell|sorell|figli|genitor|moglie|marito|ragazz|fidanzat|amic|capo|collega|vicin|nipot|cugin|zio|zia|nonn|broer|zus|vriend|moeder|vader|ouders|zoon|dochter|vrouw|buurman|buurvrouw|baas|żon|mąż|męż|syn|córk|brat|siostr|matk|mama|mamę|mamie|ojc|ojciec|tata|tatę|tacie|rodzic|dzieck|dzieci|szef|koleg|koleż|przyjaci|chłopak|dziewczyn|sąsiad|babci|dziad|wuj|ciotk|kuzyn|жен|муж|сын|син|доч|дочк|брат|сестр|мать|матер|мам|отец|отц|пап|батьк|тат|родител|дет|ребен|ребён|начальник|шеф|босс|коллег|колег|друг(?!ой|ая|ое|ие|их|им|ую)|друз|подруг|сосед|сусід|бабушк|дедушк|дяд|тет|тёт|чоловік|дружин|(?:karım|eşim|kocam|oğlum|kızım|annem|babam|kardeşim|ağabeyim|abim|ablam|ebeveynlerim|ailem|patronum|müdürüm|şefim|arkadaşım|komşum|sevgilim|dedem|teyzem|amcam|dayım|halam|kuzenim|çocuğum|çocuklarım)(?!l[ae](?!\p{L})))(?:s['’]|['’]s)?[\p{L}\p{M}]{0,3}(?![\p{L}\p{M}]))|(?:ex(?:-\p{L}{1,12})?|she|he|they|her|his|their|er|sie(?! \p{L}{1,20}n(?!\p{L}))|ihr|elle|elles|ils|él|ella|ele|ela|lei|lui|hij|zij|ona|oni|он|она|они|він|вона|вони)(?![\p{L}\p{M}]))|(?:妻子|太太|老婆|丈夫|老公|儿子|兒子|女儿|女兒|孩子|父母|父亲|父親|母亲|母親|爸|妈|媽|哥哥|弟弟|姐姐|妹妹|老板|老闆|上司|经理|經理|同事|朋友|邻居|鄰居|爷爷|奶奶|他们|他|她|妻|夫|息子|娘|両親|父(?!母)|母|兄|弟|姉|妹|上司|同僚|友達|彼女|彼|아내|남편|아들|딸|부모|아버지|어머니|상사|동료|친구|동생)(?![と와과랑])/iu
/** Words that may stand before such a word at the beginning of a statement. */
const BEFORE =
  /^[^\p{L}]{0,3}(?:[^,，]{1,30}[,，] ?)?(?:(?:and|but|und|aber|et|mais|y|pero|e|ma|mas|a|i|ale|и|а|но|у|в|u|à|ad|al) ){0,2}(?:(?:the|der|die|das|il|lo|la|i|gli|le|o|a|os|as|el|los|las) )?(?:(?:my|our|(?:mein|unser)\p{L}{0,2}|mon|ma|mes|notre|nos|mis?|nuestr[oa]s?|meus?|minhas?|nossos?|nossas?|mio|mia|miei|mie|nostr[oaie]|mijn|onze?|m[oó]j\p{L}{0,3}|moi\p{L}{0,2}|nasz\p{L}{0,3}|мо\p{L}{1,3}|мій|наш\p{L}{0,3}|benim|bizim|(?:the |der )?[\p{L}-]{1,30}['’]s) ?)?(?:(?:best|older|elder|younger|big|little|old|new|late|two|three|beste[nr]?|ältere[nr]?|jüngere[nr]?|große[nr]?|kleine[nr]?|neue[nr]?|alte[nr]?|starsz\p{L}{1,3}|młodsz\p{L}{1,3}|now[ya]|старш\p{L}{1,3}|младш\p{L}{1,3}|нов\p{L}{1,3}|лучш\p{L}{1,3}) )?(?:(?:我|我们|私|うち|나|우리|내|제)(?:的|の)? ?)?$|^[^\p{L}]{0,3}I (?:have|['’]ve got) (?:an?|one|two|three) (?:\p{L}+ )?$/iu
/** "My wife and I". */
const WITH_SPEAKER =
  /^(?: \p{L}+)? (?:and|und|et|y|e|i|и|та|й|ve|en) (?:I|me|ich|moi|je|yo|eu|io|ja|я|ben|ik)(?![\p{L}\p{M}])|^(?:和|跟|与|と)(?:我|私)/iu
/** "My wife Eva"; in Turkish a place may stand there, with an apostrophe. */
const NAME_BEHIND = /^,? (?<name>\p{Lu}[\p{L}\p{M}-]{1,40})(?!['’\p{L}\p{M}-])/u

const MAX_STEM_CHARS = 4

/** True if a statement is about somebody of the speaker's of whom a wish says nothing, not even "she". */
export function isOfSomebodyUnnamed(statement: string, wish: string): boolean {
  const somebody = somebodyIn(statement)
  if (somebody === undefined || somebodyIn(wish) !== undefined) return false
  const said = wish.toLowerCase()
  return ![somebody.stem, somebody.name].some((word) => word !== undefined && said.includes(word))
}

/** Whom a statement begins with, as it is looked for elsewhere; undefined: nobody, or the speaker too. */
function somebodyIn(statement: string) {
  const relation = RELATION.exec(statement)
  if (relation === null || !BEFORE.test(statement.slice(0, relation.index))) return undefined
  const behind = statement.slice(relation.index + relation[0].length)
  if (WITH_SPEAKER.test(behind)) return undefined
  const word = relation[0].toLowerCase()
  // Languages change the ends of words: żona, żonie.
  const stem = word.length < 4 ? word : word.slice(0, Math.min(word.length - 1, MAX_STEM_CHARS))
  return { stem, name: NAME_BEHIND.exec(behind)?.groups?.name?.toLowerCase() }
}

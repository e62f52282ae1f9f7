import type { TextSpan } from './cut-text.ts'

/**
 * Finds what a speaker only supposes, dreams or jokes: "let's say I earn 5,000", "if I lived in Rome I would", "just kidding". It states nothing,
 * whoever reads it. Guarantees linear time: every pattern is a list of words or has a bounded gap, and each piece is looked for once.
 */

/** From here to the end of the paragraph all is an assumption. */
const SUPPOSES = [
  "let['’]?s (?:say|assume|suppose|pretend|imagine)|say(?= (?:i|i['’]m|my|we|our) )|assum(?:e|ing)(?= (?:i|i['’]m|my|we|our|that|there|you)(?!\\p{L}))|suppos(?:e|ing)|imagine(?! that ?[!.])|pretend(?= (?:i|you|we|that|to|my|it) )|hypothetically|what if|for (?:the sake of argument|(?:this|the) exercise)|(?:in|as in) (?:my|a|the) (?:dream|nightmare)|(?:last night )?(?:i|we) (?:dreamt|dreamed|had a dream)(?! of(?!\\p{L}))|asking for (?:a|my) friend|hypothetical(?=:)|in (?:the|a|my|this|our|another|some|that) (?:movie|film|novel|story|game|stage play|series|sitcom|comic|simulation|role[- ]?play|sketch|fantasy|parallel universe|alternate universe|life|world|timeline)(?= (?:i|i['’]m|my|we|you)(?!\\p{L})|, (?:i|i['’]m|my|we)(?!\\p{L}))|as an? (?:(?:registered|logged[- ]in|new|returning|anonymous|paying) )?(?:user|admin|administrator|customer|visitor|guest|member|buyer|seller|shopper|reader|editor|player|operator|moderator|tenant),? i(?!\\p{L})|given (?:that )?(?:i am|i['’]m) (?:on|logged|at|signed)|given an? (?:user|customer|person|client)(?!\\p{L})",
  '(?:mal )?angenommen|nehmen wir (?:mal )?an|sagen wir(?: mal)?,|stell dir vor|stellen sie sich vor|gesetzt den fall|was wäre,? wenn|im traum|im (?:film|roman|spiel|rollenspiel)|in meinem (?:roman|spiel|buch|film)|als (?:nutzer|benutzer|kunde|admin)(?:in)? (?:möchte|will|kann) ich|ich (?:habe|hab) (?:letzte nacht )?geträumt|hypothetisch|rein theoretisch',
  "supposons|imaginons|admettons|disons que|mettons que|et si|dans mon rêve|dans (?:le film|le jeu|le roman|mon roman|mon jeu)|en tant qu[e’'] ?(?:utilisateur|client|admin\\p{L}*),? je|j[’']ai rêvé|hypothétiquement",
  'supongamos|supón|imaginemos|imagina|imagínate|digamos que|pongamos que|¿?y si|en mi sueño|en (?:la película|la novela|el juego|mi novela|mi juego)|como (?:usuario|cliente|administrador),? (?:quiero|puedo)|soñé|hipotéticamente',
  'suponhamos|suponha|supõe|imaginemos|imagina|digamos que|vamos (?:supor|dizer)|e se|no meu sonho|no (?:filme|jogo|romance|meu romance|meu jogo)|como (?:usuário|utilizador|cliente|administrador),? (?:quero|posso|eu)|sonhei|hipoteticamente',
  'supponiamo|poniamo|mettiamo che|diciamo che|immaginiamo|immagina|ammettiamo|e se|nel mio sogno|nel (?:film|gioco|romanzo|mio romanzo|mio gioco)|come (?:utente|cliente|amministratore),? (?:voglio|posso)|ho sognato|ipoteticamente',
  'stel(?: je voor)?(?=[ ,:](?:dat|ik|we|mijn|je) )|stel je voor|laten we (?:zeggen|aannemen)|aangenomen|wat als|in mijn droom|in (?:de film|het spel|mijn roman|mijn spel)|als (?:gebruiker|klant|beheerder) (?:wil|kan) ik|ik droomde|hypothetisch',
  'załóżmy|przypuśćmy|powiedzmy|wyobraź(?:my)?(?: sobie)?|a co (?:jeśli|gdyby)|śniło mi się|we śnie|w (?:filmie|grze|powieści|mojej powieści|mojej grze)|jako (?:użytkownik|klient|administrator) (?:chcę|mogę)|hipotetycznie',
  'допустим|предположим|представим|представь|вообрази|а что если|а если бы|мне (?:при)?снилось|во сне|в (?:фильме|игре|романе|моём романе|моей игре)|как (?:пользователь|клиент|администратор),? я|гипотетически|припустімо|припустимо|уявімо|уяви|мені наснилося',
  'diyelim(?: ki)?|farz (?:et|edelim)|varsayalım|varsay|hayal et|rüyamda|(?:filmde|oyunda|romanımda|oyunumda)|(?:kullanıcı|müşteri) olarak|ya (?=\\p{L}+s[ae]y)',
  'anta(?: att)?|låt (?:oss )?säga|tänk om|i min dröm|jag drömde|antag|lad os sige|forestil dig|la oss si|tenk om|jeg drømte',
  'řekněme|předpokládejme|představ si|zdálo se mi|oletetaan|kuvittele|tegyük fel|képzeld|să (?:presupunem|zicem)|giả sử|hãy tưởng tượng|misalkan|andaikan|bayangkan|anggap saja',
  'ας πούμε|έστω(?: ότι)?|φαντάσου|ας υποθέσουμε|נניח|דמיין|חלמתי|فرض کن(?:ید|یم)?|تصور کن|لنفترض|افترض|تخيل|لو كنت|لو أن|حلمت|मान (?:लो|लीजिए|लें)|कल्पना|सपने में|(?:फ़िल्म|फिल्म|उपन्यास|खेल) में मैं|في (?:الفيلم|الرواية|اللعبة)',
  '假设|假如|如果我|要是我|要是|若是|(?:电影|小说|游戏|故事)[里中]|假使|设想|想象一下|(?:昨晚|昨夜|昨天|我|又|还){0,4}(?:做梦|做了个?梦|梦见|梦到)|仮に|もし私が|夢の中|夢を見|(?:映画|小説|ゲーム)の?中?で(?:は|、)|もし|もしも|가령|만약|만일|가정해|꿈에서|(?:영화|소설|게임)(?: 속)?에서(?:는)?|꿈을|สมมติ',
].join('|')
const SUPPOSITION = new RegExp(
  `(?:^|[\\n.!?:。！？])[ \\t]{0,3}(?:(?:ok(?:ay)?|so|now|well|also|und|alors|bueno|então|allora|dus|ну)[, ]{1,2})?(?:${SUPPOSES})(?!\\p{L}(?<=[\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}]))`,
  'giu',
)

/** A condition that does not hold, by the form of its verb. */
const COUNTERFACTUAL =
  /(?<!\p{L})(?:if (?:i|we|my|our) [^.!?\n]{1,80}(?: would |['’]d )|(?:wenn|falls) [^.!?\n]{1,60}(?<!\p{L})(?:würden?|wären?|hätten?|könnten?)(?!\p{L})|si (?:je |j['’]|on |nous )\p{L}{2,20}(?:ais|ait|ions)(?!\p{L})|si (?:yo |no )?\p{L}{1,20}(?:ara|iera|era|ase|iese|éramos|áramos)(?!\p{L})|se (?:eu |não )?\p{L}{1,20}(?:asse|esse|isse|osse)(?!\p{L})|se (?:io |non )?\p{L}{0,20}(?:assi|essi|issi|ossi)(?!\p{L})|als (?:ik|we|mijn) [^.!?\n]{1,60} zou(?:den)?(?!\p{L})|(?:gdyby|kdyby)\p{L}{0,3}(?!\p{L})|ha [^.,!?\n]{1,60}(?<!h[ae]t)(?:nék|nánk|nénk)(?!\p{L})|dacă (?:eu |noi )?(?:aș|aş|am fi|aș fi)(?! putea)(?!\p{L})|jos (?!voisin)\p{L}{2,20}isin(?!\p{L})|אם הייתי(?!\p{L})|αν (?:εγώ )?(?:ήμουν|είχα|έμενα|ζούσα)(?!\p{L})|اگر [^.!?\n]{1,60}می\u200c?\p{L}{1,12}م [^.!?\n]{1,60}می\u200c?\p{L}{1,12}م(?!\p{L})|если бы(?!\p{L})|якби(?!\p{L})|\p{L}{1,20}s[ae]yd[ıi]m(?!\p{L})|(?:अगर|यदि) [^।\n]{1,60}(?:ता|ती|ते)(?: तो|,)|(?:om jag|hvis jeg) [^.!?\n]{1,60} (?:skulle|ville)(?!\p{L}))/giu

/** The words before it, in its sentence or in the one before, were no statement. */
const JOKE =
  /(?<![\p{L}\p{N}])(?:(?:just|only|i['’]?m|i am) (?:kidding|joking)|kidding|jk|j\/k|war nur (?:ein )?(?:spaß|scherz)|(?:kleiner )?scherz|je (?:plaisante|rigole|blague)|c['’]est une blague|es (?:una )?broma|estoy bromeando|estou a brincar|tô brincando|brincadeira|sto scherzando|scherzo|grapje|ik maak maar een grap|żartuję|żart|шучу|шутка|жартую|şaka yapıyorum|şaka|skojar bara|bare for sjov|dělám si srandu|vtip)(?! (?:aside|apart))(?![\p{L}\p{N}])|(?<=\s)\/s(?=\s|$)|开玩笑|開玩笑|冗談です|冗談だ|なんちゃって|농담이|أمزح|मज़ाक कर|צוחק|πλάκα κάνω|ล้อเล่น|bercanda/giu

/** Things that nobody loves. */
const BOTHER =
  '(?:being (?:told|stuck|ignored|yelled at|shouted at|woken|late|sick|ill|broke|interrupted|put on hold|kept)|getting (?:sick|woken|yelled at|stuck|spam|parking tickets|speeding tickets)|having to|waiting (?:in|for|at|on|two|three|hours|forever)|standing in (?:line|queues?|the rain)|sitting in traffic|paying (?:taxes|fines|extra|double|twice|for nothing)|queue(?:s|ing)?|traffic jams?|taxes|tax returns?|staus?|steuer\\p{L}{0,14}|schlange stehen|warten|faire la queue|les bouchons|les impôts|attendre|hacer cola|los atascos|los impuestos|esperar|pegar fila|impostos|esperar na fila|fare la (?:fila|coda)|le tasse|aspettare|files|in de rij|wachten|belasting\\p{L}{0,12}|kolejki|korki|podatki|czekać|очереди|пробки|налоги|ждать|kuyruk\\p{L}{0,8}|vergi\\p{L}{0,8}|köer|köa|skatter|kø)'

/** Openings of sarcasm; their sentence is not meant. */
const SARCASM = new RegExp(
  String.raw`(?:^|[.!?\n][ \t]{0,3})(?:(?:yeah|yea|oh),? (?:right|sure),|(?:oh,? )?(?:great|fantastic|wonderful|brilliant|lovely|awesome),? (?:another|yet another) (?!question|thing|idea|one|option)|oh,? (?:great|joy|goody|perfect|wonderful|fantastic|lovely),? (?:i|we) (?:just |so |really |totally |absolutely ){0,2}(?:love|adore|enjoy|live for) ${BOTHER}(?!\p{L})|as if (?:i|we)(?:['’]d| would)(?!\p{L}))`,
  'giu',
)
/** With one of these nobody loves what they say they love. */
const MOCKED = new RegExp(
  String.raw`(?<!\p{L})(?:love|adore|enjoy|liebe|adoro|encantan?|amo|dol op|uwielbiam|обожаю|bayılıyorum|älskar|elsker)(?: \p{L}{1,12}){0,2} ${BOTHER}(?!\p{L})[^.!?\n]{0,80}(?:🙄|\(not\)(?=[.!?\n]|$)|(?<=\s)\/s(?=\s|$))`,
  'giu',
)
/** Told as dreamt, wherever the sentence says so; to dream of something is a wish. */
const DREAMT =
  /(?<![\p{L}\p{M}])(?:(?:i|we) (?:dreamt|dreamed|had a dream|had a nightmare) (?:that|where|in which|about (?:me|us))|had a (?:dream|nightmare) (?:that|where|in which)|geträumt(?=,? (?:dass|ich|wir))|träumte(?=,? (?:dass|ich|mir))|(?:j['’]ai|on a) rêvé (?:que|qu['’])|(?:he soñado|soñé) que|sonhei que|ho sognato (?:che|di (?:vivere|lavorare|avere|essere))|gedroomd dat|śnił[oa] mi się|(?:при)?снилось|наснилося|rüyamda|(?:drömde|drømte) (?:att|at)|zdálo se mi|näin unta|azt álmodtam|am visat c[ăa]|ονειρεύτηκα ότι|חלמתי ש|mimpi (?:bahwa|kalau)|mơ thấy|حلمت (?:أنني|أني|بأنني|أن)|خواب دیدم|सपने में)(?![\p{L}\p{M}])|夢を見(?:た|ました)|梦见|梦到|꿈을 꿨|꿈을 꾸었|ฝันว่า/giu
/** It came true, or was never even dreamt. */
const CAME_TRUE =
  /(?:[,;–，、]|(?<!\p{L})(?:and|but|und|aber|et|mais|y|pero|e|mas|ma|en|maar|i|ale|и|но|а|і|але|och|men|og|ve|ama|ja|mutta|a|és|de|și|dar|και|αλλά|dan|tapi|nhưng|và|और)(?!\p{L}))\s?(?:\p{L}{1,8} ){0,2}(?:now|today|finally|jetzt|heute|nun|maintenant|aujourd['’]hui|ahora|hoy|agora|hoje|adesso|ora|oggi|nu|vandaag|teraz|dziś|теперь|сейчас|сегодня|тепер|зараз|şimdi|artık|nå|nyt|teď|most|acum|τώρα|עכשיו|الآن|अब|giờ|bây giờ|sekarang)(?![\p{L}\p{M}])|[,，、。] ?(?:现在|如今|今は|今では|이제|지금|ตอนนี้)|(?<![\p{L}\p{M}])(?:never|niemals?|nie|jamais|nunca|mai|nooit|nigdy|не|ні|aldrig|aldri|hiç|ikinä|nikdy|soha|niciodată|ποτέ|tidak|chưa|मत|नहीं|لم)(?![\p{L}\p{M}])|从没|从未|没有?想|なかった|않았|못/iu
const SENTENCE_END = /[.!?。！？।\n]/
/** How far around a mark its sentence reaches, in UTF-16 units. */
const REACH = 300

/** The pieces of a message that state nothing; unordered. `paragraphEnd` tells where the paragraph of a place ends, for places that grow. */
export function supposedSpans(message: string, paragraphEnd: (from: number) => number): TextSpan[] {
  const supposed: TextSpan[] = []
  for (const { index, 0: mark } of message.matchAll(SUPPOSITION)) {
    const start = index + mark.search(/\p{L}/u)
    if (start < (supposed.at(-1)?.end ?? 0)) continue
    const sentence = sentenceAt(message, start)
    // A question is about itself alone.
    const end = /[?？]/.test(message[sentence.end - 1] ?? '') ? sentence.end : paragraphEnd(start)
    // "Imagine the following:" is about all that follows.
    supposed.push({ start, end: /[:：]\s{0,3}$/.test(message.slice(end - 4, end)) ? message.length : end })
  }
  const unreal = [...message.matchAll(COUNTERFACTUAL)].map(({ index }) => sentenceAt(message, index))
  const jokes = [...message.matchAll(JOKE)].map(({ index }) => {
    const own = sentenceAt(message, index)
    const isAlone = !/\p{L}{3}/u.test(message.slice(own.start, index))
    return isAlone ? { ...own, start: sentenceAt(message, Math.max(0, own.start - 2)).start } : own
  })
  const [mocked, dreamt] = [[SARCASM, MOCKED], [DREAMT]].map((patterns) =>
    patterns.flatMap((pattern) =>
      [...message.matchAll(pattern)].map(({ index, 0: mark }) => sentenceAt(message, index + mark.search(/\p{L}/u))),
    ),
  )
  const onlyDreamt = dreamt?.filter(({ start, end }) => !CAME_TRUE.test(message.slice(start, end))) ?? []
  return [...supposed, ...unreal, ...jokes, ...(mocked ?? []), ...onlyDreamt]
}

function sentenceAt(message: string, at: number): TextSpan {
  const floor = Math.max(0, at - REACH)
  let start = at
  while (start > floor && !SENTENCE_END.test(message[start - 1] as string)) start -= 1
  const ceiling = Math.min(message.length, at + REACH)
  let end = at
  while (end < ceiling && !SENTENCE_END.test(message[end] as string)) end += 1
  return { start, end: Math.min(end + 1, message.length) }
}

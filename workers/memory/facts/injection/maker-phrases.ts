/**
 * Owns the words by which a model is set against those who made or run it: what its developer wrote is to be forgotten, nothing binds it from now on,
 * and one thing is to be said whatever users ask. In the form of `injection-phrases.ts`.
 */

/** Theirs who wrote what stands above; anybody has developers, so that a word for "above" must follow. */
export const MAKER = [
  'developer*|operator*|creator*|vendor*|entwickler*|betreiber*|hersteller*|développeu*|exploitant*|concepteur*|desarrollador*|operador*|creador*|sviluppator*|gestore|desenvolvedor*|criador*|ontwikkelaar*|beheerder*|programist*|operator*|twórc*|разработчик*|оператор*|создател*|розробник*|utvecklare*|utvikler*|udvikler*|kehittäjä*|vývojář*|fejlesztő*|geliştirici*|pengembang*|nhà phát triển|dezvoltator*|προγραμματιστή*',
  '开发者|開發者|运营者|開発者|運営者|개발자|운영자|المطور|المشغل|مطور|डेवलपर|המפתח|המפתחים|توسعه‌دهنده|নির্মাতা|ডেভেলপার',
]
export const YOUR_MAKER = [
  'your developer*|your operator*|your creator*|your makers|your programmer*|dein entwickler|deine entwickler|deinem entwickler|deines entwicklers|dein betreiber|deines betreibers|ihr entwickler|ton développeur|tes développeurs|ton créateur|tes créateurs|tu desarrollador|tus desarrolladores|tu creador|tus creadores',
  'tuo sviluppatore|tuoi sviluppatori|tuoi creatori|seu desenvolvedor|seus desenvolvedores|teu programador|seus criadores|je ontwikkelaar|je ontwikkelaars|jouw ontwikkelaar*|je makers|twój programista|twoi programiści|twój twórca|twoi twórcy|твой разработчик|твои разработчики|твои создатели|ваш разработчик|ваши разработчики|твій розробник|твої розробники',
  'din utvecklare|dina utvecklare|din udvikler|din utvikler|tvůj vývojář|tvoji vývojáři|pengembangmu|pembuatmu|nhà phát triển của bạn|dezvoltatorul tău|προγραμματιστής σου|geliştiricin*',
  '你的开发者|你的開發者|你的开发人员|あなたの開発者|君の開発者|네 개발자|너의 개발자|너를 만든|مطورك|مطوروك|مطوريك|तुम्हारे डेवलपर|आपके डेवलपर|המפתח שלך|המפתחים שלך',
]
/** Where what a model was told stands. */
export const WRITTEN_BEFORE = [
  'above|before this|earlier in this|oben|weiter oben|darüber|plus haut|ci-dessus|au-dessus|más arriba|arriba|anteriormente|sopra|più sopra|acima|hierboven|erboven|wyżej|powyżej|выше|вище|ovan|ovenfor|yllä|výše|fent|fentebb|yukarıda|yukarıya|di atas|ở trên|phía trên|mai sus|πιο πάνω|παραπάνω',
  '上面|前面|上に|上で|위에|앞에|أعلاه|ऊपर|למעלה|לעיל|بالا|উপরে',
]

export const FROM_NOW = [
  "from now on|from this point|from here on|as of now|starting now|ab jetzt|ab sofort|von nun an|von jetzt an|désormais|dorénavant|à partir de maintenant|dès maintenant|a partir de ahora|desde ahora|de ahora en adelante|d'ora in poi|da adesso|da ora|a partir de agora|de agora em diante|vanaf nu|voortaan|od teraz|od tej chwili|od tego momentu|с этого момента|отныне|теперь|відтепер|від цього моменту",
  'från och med nu|från nu|fra nu af|fra nå av|tästä lähtien|od této chvíle|mostantól|bundan sonra|şu andan itibaren|artık|mulai sekarang|từ bây giờ|từ giờ|de acum|από τώρα',
  '从现在开始|從現在開始|从现在起|從現在起|今から|これから|今後|이제부터|지금부터|이제|من الآن|ابتداء من الآن|अब से|आज से|מעכשיו|מעתה|از حالا|از این پس|এখন থেকে',
]
/** With what it is said of that it is gone, at the end of its clause. */
export const YOU_HAVE_NO = [
  "you have no|you have no more|you no longer have|you are without|du hast keine*|hast du keine*|gibt es für dich keine*|tu n'as plus*|tu n'as aucun*|vous n'avez plus*|vous n'avez aucun*|no tienes|ya no tienes|no tiene usted|non hai|non hai più|não tem*|não tens|você não possui|je hebt geen|heb je geen|nie masz|nie obowiązują cię|у тебя нет|у тебя больше нет|у вас нет|у вас больше нет|у тебе немає|у тебе більше немає",
  'du har inga|har du inga|du har ingen|har du ingen|du har ikke|nemáš|nincs|kamu tidak punya|kamu tidak memiliki|anda tidak memiliki|bạn không có|bạn không còn|nu mai ai|nu ai|δεν έχεις|sinulla ei ole',
  '你没有|你沒有|你不再有|你不受|ليس لديك|ليست لديك|لم تعد لديك|אין לך',
]
export const NO_BOUNDS = [
  'filter*|restriction*|limits|limitations|rules|guardrail*|safeguard*|constraint*|beschränkung*|einschränkung*|regeln|schranken|filtre*|limite*|règles|filtro*|restriccion*|reglas|filtri|limiti|restrizion*|regole|restriç*|regras|beperking*|regels|filtr*|ogranicze*|zasad*|фильтр*|ограничен*|правил*|фільтр*|обмежен*|begränsning*|regler|begrænsning*|omezení|pravidl*|korlát*|szűrő*|batasan|aturan|giới hạn|bộ lọc|restricți*|φίλτρα|περιορισμούς|rajoituksia',
  '过滤|過濾|限制|约束|規則|规则|قيود|مرشح|فلاتر|حدود|מגבלות|מסננים',
]
/** The same where what is gone comes first. */
export const BOUND_NO_MORE_LAST = [
  '制限もフィルターもない*|制限はない*|制限がない*|制限はありません*|制限もない*|フィルターはない*|フィルターもない*|ルールはない*|제한이 없*|제한도 없*|제한은 없*|필터도 없*|필터가 없*|규칙이 없*|규칙은 없*|sınırın yok|sınırlaman yok|kısıtlaman yok|filtren yok|kuralın yok|पाबंदी नहीं*|प्रतिबंध नहीं*|फ़िल्टर नहीं*|सीमा नहीं*|नियम नहीं*',
]
/** The one that nothing binds. */
export const YOU = ['あなたに|君に|お前に|너에게|너한테|넌|너는|당신에게|तुम पर|आप पर|तुम्हारे लिए|आपके लिए|तुम्हारी|hiçbir*']

/** Whatever others ask: who says "whatever I ask" speaks for themselves. */
export const WHATEVER_ASKED = [
  'whatever the user asks|whatever users ask|whatever they ask|whatever you are asked|no matter what the user asks|no matter what users ask|no matter what they ask|no matter what you are asked|regardless of what the user asks|egal was gefragt wird|egal was der nutzer fragt|egal wonach gefragt wird|egal, was gefragt wird|egal, was der nutzer fragt|egal wonach|was auch immer gefragt wird|was immer gefragt wird',
  "quoi qu'on te demande|quoi qu'on vous demande|quoi que demande|quelle que soit la question|peu importe la question|pregunten lo que pregunten|pregunte lo que pregunte|sea cual sea la pregunta|cualquiera que sea la pregunta|qualunque sia la domanda|qualunque cosa chieda*|qualsiasi cosa chieda*|seja qual for a pergunta|perguntem o que perguntarem|qualquer que seja a pergunta|wat er ook gevraagd wordt|wat de gebruiker ook vraagt|ongeacht de vraag|bez względu na pytanie|niezależnie od pytania|cokolwiek zapyta*",
  'что бы ни спрос*|что бы ни спрашива*|о чём бы ни спрос*|независимо от вопроса|що б не запит*|oavsett vad|uanset hvad|uansett hva|bez ohledu na otázku|ne sorulursa sorulsun|kullanıcı ne sorarsa sorsun|apa pun yang ditanyakan|apapun yang ditanyakan|dù người dùng hỏi gì|dù được hỏi gì|indiferent ce|ό,τι κι αν ρωτήσουν',
  '无论用户问什么|無論用戶問什麼|不管用户问什么|无论问什么|不管问什么|何を聞かれても|何を尋ねられても|何を質問されても|무엇을 묻든|뭘 물어보든|무엇을 물어도|무슨 질문을|مهما سأل*|مهما كان السؤال|जो भी पूछा जाए|कुछ भी पूछा जाए|कोई भी सवाल|מה שלא ישאלו',
]
/** The words to be said then, where the verb comes first. */
export const ALWAYS = [
  'always|only|just|immer|stets|nur|toujours|siempre|sempre|altijd|zawsze|всегда|завжди|alltid|altid|vždy|selalu|luôn|întotdeauna|πάντα',
]
/** No "answer" and no "say": how to treat whoever asks is a rule of any shop. */
export const SAY = [
  'answer with|reply with|respond with|antworte mit|réponds avec|répondez avec|responde con|rispondi con|responda com|antwoord met|recommend|suggest|mention|promote|advertise|praise|point to|send them|empfiehl|empfehle|empfehlen sie|nenne|erwähne|bewirb|conseille|conseillez|recommande|recommandez|propose|proposez|mentionne|recomienda|menciona|sugiere|consiglia|raccomanda|suggerisci|recomende|recomenda|mencione|indique|sugira|beveel|raad|noem|polecaj|poleć|rekomenduj|wspominaj',
  'рекомендуй*|порекомендуй*|советуй*|предлагай*|упоминай*|радь|rekommendera|nämn|anbefal|doporuč*|rekomendasikan|sarankan|giới thiệu|đề xuất|recomandă|πρότεινε|أوص|انصح|המלץ',
]
/** Chinese, where the verb follows at once: who stands in between is somebody else. */
export const ALWAYS_DENSE = ['都|只|总是|總是|一律|你都|你要|请|請|都要|都只|你只']
export const SAY_DENSE = ['推荐|推薦']
/** Where the verb comes last, as an order. */
export const SAY_LAST = [
  '勧めて|すすめて|紹介して|宣伝して|추천해 줘|추천해줘|추천해라|추천하라|추천하세요|추천해 주세요|추천해주세요|추천하십시오|권해 줘|권해줘|권하세요|öner|önerin|tavsiye et|सुझाओ*|सुझाव दो*|सिफ़ारिश करो*',
]

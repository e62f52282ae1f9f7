import { wordPattern } from './words/word-pattern.ts'

/**
 * Tells standing instructions to the assistant ("always answer in German") from tasks for once ("write a poem"). A standing one says how the
 * assistant is to behave, and either that it shall always do so or in which style.
 */

const PLEASE =
  '(?:(?:please|and|also|so|ok|okay|hey|in (?:the )?future|from now on|going forward|for the future|remember|note|rule|important|nb|in (?:this|our|my) (?:project|repo|code|team|codebase)|for (?:this|our|my) (?:project|repo|code))[,:]? ){0,3}'
const ALWAYS = new RegExp(
  String.raw`^${PLEASE}(?:(?:always|never) (?!(?:\p{L}+(?:ing|ed)|(?!\p{L}+[su]s(?!\p{L}))\p{L}+s|again|mind|been|had|was|were|saw|seen|heard|got|the|an?)(?!\p{L}))|from (?:now|here) on|going forward|in future|under no circumstances|whenever you|every time you|make sure (?:that )?you always|make sure to always|remember to always|i (?:want|need|would like|['’]d like) you to (?:always|never)|you (?:should|must) (?:always|never)(?!\p{L}))`,
  'iu',
)
const DO_NOT = new RegExp(
  String.raw`^${PLEASE}(?:(?:do not|don['’]t) (?:ever )?(?!worry|forget|know|think|mind|let me|need|hesitate|tell me|get me|ask me|miss|give up|be )\p{L}+|stop (?:using|writing|adding|saying|calling|asking|apologi[sz]ing|repeating|putting|making|suggesting|recommending|explaining|mentioning|ending|starting|summari[sz]ing|wrapping|assuming|telling|guessing|flattering|praising|offering)|avoid|no more|refrain from)\b`,
  'iu',
)
const DO = new RegExp(
  String.raw`^${PLEASE}(?:prefer|(?:only )?use|write|(?:you (?:can|may|should) )?(?:just )?(?:call|address) me|answer|reply|respond|speak (?:in|to me)|format|stick (?:to|with)|follow (?:the|our|my) \p{L}+ (?:style|guide|convention|rules?|standard)|cite|ask (?:me )?before|be (?:brief|concise|terse|formal|short|polite|precise|honest|direct|blunt|critical|strict|specific|friendly|informal|casual)|keep (?:your|all|answers?|replies|responses|sentences|code|functions|commits|messages|it (?:short|brief|simple))|name (?:tests|files|branches|variables)|comment|document|sign|spell|indent|treat|prefix|limit|wrap)\b`,
  'iu',
)
/** What names one thing, at hand, is asked for once. */
const ONCE =
  /\b(?:this|that|these|those|it|now|here|(?:my|your) (?:first|last|previous|second|next|old)|above|below|today|tomorrow|tonight|yesterday|yet|a|an|one|me (?:a|an|some|the|two|three|four|five)|the (?:first|second|third|last|next|following|same|other|new|old|attached|given|output|results?|functions?|variables?|columns?|rows?|table|list|button|loop|errors?|query|file|line|text|image|page|steps|data|method|class|number|value)|\p{L}+\.(?:ts|js|py|md|json|go|rs|java|txt|pdf|docx))\b|\?/iu
/** Where something is to be so is no thing at hand. */
const PLACE =
  /(?:(?:^|,? )(?:in|for|across|within) (?:this|the|our|my) (?:project|repo(?:sitory)?|code ?base|code|team|company|app|chat|workspace|conversation))(?!\p{L})/giu
const WE_DO =
  /^(?:in (?:this|our) (?:team|project|repo|company), )?we (?:always |never |only )?(?:use|write|run|deploy|format|name|prefer|want|target|support)\b.{1,80}(?:,? (?:not|never|instead of|rather than) )/iu
/** "House rules first: …": what follows is how things are to be done. */
const RULES_FRAME =
  /^(?:(?:my|our|the|some|a few|two|three|four|house|ground|team|project|repo|coding|code|style|working|basic|general|quick|writing) ){0,3}(?:rules?|conventions?|guidelines?|preferences?)(?: first| please| again| for (?:you|the code|this (?:project|repo|code|chat)))? ?: ?\S/iu
/** "Wrap every error": a verb before what is meant each time, and nobody who does it. */
const EACH_TIME =
  /^(?:(?:please|and|also|then) ){0,2}(?!(?:after|almost|as|at|because|before|but|by|during|for|from|he|how|i|if|in|it|just|like|nearly|not|of|on|once|or|our|over|practically|she|since|so|than|that|they|through|to|until|we|what|when|where|which|while|who|with|within|without|you)\b)[a-z]{2,14} (?:every|each) [\p{L}-]+/iu
/** "When I paste code, only point out bugs": what is to be done whenever something is so. */
const WHENEVER =
  /^(?:(?:please|and|also) ){0,2}(?:when|whenever|if|each time|every time|any time) (?:i|we|you|there)(?:['’](?:m|re|ve|s))? (?:[\p{L}'’-]{1,20} ){0,8}?[\p{L}'’-]{1,20}, (?:(?:please|only|just|always|never|then|first) ){0,2}(?:do not|don['’]t|answer|reply|respond|use|give|show|point|ask|skip|assume|return|translate|correct|check|explain|include|add|mention|tell me|stop|keep|write|list|cite|suggest|start|end|format|wrap|run|warn|remind me)(?!\p{L})/iu
/** "No bullet points please", "all dates in ISO format please", "talk to me like I'm five". */
const STYLE = [
  /^(?:please,? )?(?:no|without|skip the|less|fewer) (?:more )?(?:bullet points?|bullets|lists?|emojis?|markdown|tables?|headings?|headers|comments|semicolons|small talk|filler|jargon|preamble|intros?|introductions?|summaries|apologies|disclaimers?|exclamation marks|em dashes|buzzwords|caveats)(?= ?(?:[.!,]|$|please|at all|in (?:your|the|my) |unless|ever|and no |or |for ))/iu,
  /^(?:all|every|each|any) [\p{L} -]{2,40} (?:in|as|with|without|under|below) [^?]{2,40},? please[.!]?$/iu,
  /^(?:please,? )?(?:talk|speak|write|explain (?:things|everything)) (?:to me )?(?:like|as if|as though) /iu,
  /^(?:i (?:do not|don['’]t) (?:want|like|need) you to|you (?:do not|don['’]t|needn['’]t)(?: (?:need|have) to)? (?:explain|apologi[sz]e|ask|repeat|add|summari[sz]e|include|mention|use|thank|confirm|praise)) .{2,}/iu,
  /^(?:(?:only|just|use) )?(?:short|brief|concise|long|detailed|simple|plain|formal|informal|terse|direct|honest|full)(?:,? (?:and )?\p{L}+)? (?:answers?|replies|responses|sentences|explanations?|summaries|messages|language)(?: only)?(?:,? please)?[.!]?$/iu,
  /^(?:the )?(?:code|answer|command|conclusion|summary|result|solution|diff|tests?|examples?|short version|tl;?dr) first(?:,? (?:and )?(?:then|before|followed by) [^?]{2,50})?(?:,? please)?[.!]?$/iu,
  /^(?:all |every )?(?:(?:git|code|test|variable|function|file|branch|class|commit) )?(?:commits?|messages|variables|names|comments|tests|dates|times|prices|answers|replies|responses|code|identifiers|branches|functions|units|docs|docstrings|titles|headings|errors|strings|types|migrations|queries|components|classes|filenames) (?:always )?in (?:the )?(?:imperative|present tense|past tense|passive|active|english|german|french|spanish|portuguese|italian|dutch|polish|russian|turkish|chinese|japanese|korean|arabic|hindi|british|american|metric|iso|utc|snake|camel|kebab|pascal|upper|lower|title|sentence|plain|si )[^?]{0,60}$/iu,
  /^(?:please )?(?:add|put|include|write|mark|tag|validate|keep|store|sort|check|cover|document|log|start|end|open|close|finish|give) [^?]{2,50} (?:to|in|on|of|for|with|at) (?:all|every|each|any) [^?]{2,40}$/iu,
  /^no need to (?:repeat|explain|apologi|summari|ask|add|include|mention|thank|confirm|show|cite|write)/iu,
  /^(?:when|if|whenever) (?:unsure|in doubt|uncertain|possible|necessary|needed|something is unclear|anything is unclear),? (?:please )?\p{L}{2,}(?:[ .!]|$)/iu,
  /^(?:rather than|instead of) [^,?]{2,40}, (?:please )?(?:use|write|call|say|do|put|take|prefer|give|show|answer|suggest) /iu,
  /^(?:please )?(?:give|show|send|write|use|return|offer|suggest|post|quote|list|express|display|spell|print|round|state)(?: me)? (?!(?:the|this|that|an?|one|it) )[^,?]{2,40},? (?:not|never|instead of|rather than) [^?]{2,40}$/iu,
  /^(?:every|each|all|any) (?!(?:of|one|time|day|night|week|month|year|morning)(?!\p{L}))[\p{L} -]{2,30} (?:needs?|must|should|gets?|has to|have to|goes?|starts? with|ends? with|begins? with) /iu,
  /^(?!(?:i|we|he|she|it|they|this|that|there|you|what|who|my)(?!\p{L}))\p{L}[^?]{6,80}, (?:always|ever|every time|at all times)(?:,? please)?[.!]?$/iu,
  /^(?:i(?:['’]d| would) (?:prefer|like|love|rather)(?: it)? (?:if )?|i (?:prefer|want) (?:that )?)you (?:to )?(?:didn['’]t|did not|don['’]t|not|never|always|use|used|kept|keep|stopped|avoided|avoid|answered|answer|wrote|called|call) (?!me (?:back|later|tomorrow|at|on)).{2,}/iu,
]
/** One piece of work is asked for once, however it is to be written. */
const ASKED_FOR =
  /\b(?:write|make|create|give|find|book|draft) (?:me |us )?(?:an?|the|this|that|two|three|four|five)\b/i
const CALL_ME =
  /^(?:please )?(?:you (?:can|may|should) )?(?:just )?(?:call|address) me (?:later|back|any ?time|tomorrow|today|tonight|when|if|on|at|in|as soon|crazy|old|a|an)\b/i

type OrderWords = { readonly does: string; readonly always: string; readonly style: string; readonly subject: string }

const DANO_NORWEGIAN: OrderWords = {
  does: 'svar|skriv|brug|bruk|kald|kall|tal|snakk|undgå|unngå|forklar|hold|giv|gi|oversæt|oversett',
  always: 'altid|alltid|aldrig|aldri|fra nu af|fra nå av|fremover|heretter',
  style: 'dansk|norsk|engelsk|emojis?|markdown|kort*|lister|punktlister|tabel*|formelt|kommentarer|enkelt',
  subject: 'jeg|vi|han|hun|de',
}

/** By language: what an assistant does, that it shall always do so, and the style in which. */
export const ORDER_WORDS: Readonly<Record<string, OrderWords>> = {
  de: {
    does: 'antworte*|schreib*|verwende*|nutze|benutze|nenn|nenne|sprich|vermeide|formatiere|duz|siez|duze|sieze|halte|lass|erkläre|gib|fass|fasse|kommentier*|übersetz*',
    always: 'immer|nie|niemals|stets|künftig|in zukunft|ab jetzt|ab sofort|grundsätzlich',
    style:
      'deutsch|englisch|französisch|spanisch|emojis?|markdown|kurz|knapp|ausführlich|stichpunkt*|aufzählung*|tabelle*|förmlich|kommentare|semikolons?|keine*|einfach*|mit du|mit sie|per du|per sie|duze?|sieze?',
    subject: 'ich|wir|er|sie|es|man',
  },
  fr: {
    does: 'sois|soyez|réponds*|répondez*|écris*|écrivez|utilise*|utilisez|emploie*|appelle*|parle*|évite*|évitez|formate*|garde*|tutoie*|vouvoie*|explique*|traduis*',
    always: "toujours|jamais|désormais|dorénavant|à l'avenir|à partir de maintenant|systématiquement",
    style:
      'français|anglais|allemand|espagnol|émojis?|markdown|court*|bref|brève*|concis*|listes?|puces|tableau*|formel*|commentaires|tutoie*|vouvoie*|simple*',
    subject: "je|j'*|nous|(?<!s')il|elle|on",
  },
  es: {
    does: 'sé|sea|respond*|respónd*|escrib*|escríb*|us[ae]|usar|uses|utilic*|utiliza|utilices|llám*|llama|habla*|háblame|evita|formatea|mantén|explica|trátame|tutéame|comenta|traduce',
    always: 'siempre|nunca|jamás|a partir de ahora|de ahora en adelante|en adelante|en el futuro',
    style:
      'español|inglés|francés|alemán|emojis?|markdown|breve*|corto|corta|cortas|conciso|listas?|viñetas|tablas?|formal|comentarios|sencillo',
    subject: 'yo|nosotros|él|ella',
  },
  pt: {
    does: 'sê|seja|respond*|escrev*|us[ae]|uses|usar|utiliz*|cham[ae]*|fal[ae]|evit[ae]|format[ae]|mant[eé]m|mantenha|explica|explique|trata*|trate*|comenta|comente|traduz*',
    always: 'sempre|nunca|jamais|a partir de agora|daqui em diante|doravante|no futuro',
    style:
      'português|inglês|francês|alemão|emojis?|markdown|breve*|curt[oa]s?|concis[oa]|listas?|tópicos|tabelas?|formal|comentários|simples',
    subject: 'eu|nós|ele|ela',
  },
  it: {
    does: 'sii|rispond*|scriv*|us[ai]|usare|utilizz*|chiama*|parla*|evita*|formatta|tieni|mantieni|spiega*|dammi del|commenta|traduci',
    always: "sempre|mai|d'ora in poi|d'ora in avanti|da adesso|in futuro",
    style:
      'italiano|inglese|francese|tedesco|emoji|markdown|del tu|brev[ei]|cort[oaie]|concis[oaei]|elenchi|elenco|tabell[ae]|formale|commenti|semplice',
    subject: 'io|noi|lui|lei',
  },
  nl: {
    does: 'antwoord|schrijf|gebruik|noem|spreek|vermijd|formatteer|houd|hou|leg|geef|tutoyeer|becommentarieer|vertaal',
    always: 'altijd|nooit|voortaan|vanaf nu|in het vervolg|in de toekomst',
    style:
      'nederlands|engels|frans|duits|emoji*|markdown|kort*|bondig|lijstjes?|opsomming*|tabel*|formeel|commentaar|eenvoudig|geen',
    subject: 'ik|wij|we|hij|zij|ze',
  },
  pl: {
    does: 'odpowiadaj*|odpowiedz|pisz|używaj|stosuj|nazywaj|mów|unikaj|formatuj|zachowuj|wyjaśniaj|komentuj|tłumacz',
    always: 'zawsze|nigdy|od teraz|odtąd|w przyszłości',
    style:
      'polsku|angielsku|niemiecku|emoji|emotikon*|markdown*|krótko|zwięźle|list*|punkt*|tabel*|formalnie|komentarz*|prosto',
    subject: 'ja|my|on|ona',
  },
  ru: {
    does: 'отвечай*|отвечайте|ответь|пиши|пишите|используй*|используйте|называй*|говори*|избегай*|форматируй|объясняй|обращайся|комментируй|переводи',
    always: 'всегда|никогда|отныне|впредь|с этого момента|теперь всегда|в будущем',
    style:
      '*русски|русском|*английски|английском|немецком|эмодзи|смайлик*|маркдаун|markdown|кратко|коротко|подробно|списк*|таблиц*|формально|комментари*|просто',
    subject: 'я|мы|он|она',
  },
  tr: {
    does: 'cevap ver*|cevapla*|yanıt ver*|yanıtla*|yaz*|kullan*|hitap et*|konuş|kaçın|açıkla*|çağır|seslen|de',
    always: 'her zaman|hep|daima|asla|hiçbir zaman|bundan sonra|artık|şu andan itibaren',
    style:
      'türkçe|ingilizce|almanca|emoji*|markdown|kısa|özlü|liste*|madde*|tablo*|resmi|madde madde|yorum*|basit|*ma|*me|*mayın|*meyin',
    subject: 'ben|biz|o|*yor|*yorlar|*yorum|*yoruz|*rım|*rim|*dım|*dim',
  },
  zh: {
    does: '回答|回复|写|使用|用|叫我|称呼|避免|解释|翻译|保持|说',
    always: '总是|一直|始终|永远|绝不|从现在起|以后|今后|每次|务必|一律|不要|别用|请勿',
    style: '中文|英文|英语|表情|简短|简洁|列表|表格|正式|注释',
    subject: '我们|他|她|我在|我住|我是|我有|我不|我很|我一直',
  },
  ja: {
    does: 'やめて|答え|返事|返信|書い|使わない|使っ|使用し|呼ん|話し|避け|説明し|翻訳し',
    always: '必ず|いつも|常に|絶対|今後|これから|決して|毎回|ないでください',
    style: '日本語|英語|絵文字|簡潔|短く|箇条書き|表で|丁寧|敬語|コメント',
    subject: '私は|僕は|俺は|私たちは|ています|ました|ません(?!か)',
  },
  ko: {
    does: '대답|답변|답해|써|쓰지|사용|불러|말해|피해|설명|번역',
    always: '항상|언제나|절대|앞으로|지금부터|매번|결코|마세요|말아',
    style: '한국어|영어|이모지|이모티콘|짧게|간결|목록|표로|존댓말|반말|주석',
    subject: '저는|나는|우리는|제가|내가|않아요|않습니다|안 해요',
  },
  ar: {
    does: 'أجبني|أجب|رد|اكتب|استخدم|تستخدم|نادني|تكلم|تجنب|اشرح|ترجم|حافظ',
    always: 'دائما|دائمًا|أبدا|أبدًا|من الآن فصاعدا|من الآن|مستقبلا|لا',
    style: 'بالعربية|العربية|بالإنجليزية|الرموز|إيموجي|باختصار|قصيرة|موجز|قوائم|جداول|رسمي|تعليقات',
    subject: 'أنا|نحن|هو|هي',
  },
  hi: {
    does: 'जवाब दो|जवाब दें|जवाब देना|उत्तर दो|उत्तर दें|लिखो|लिखें|लिखना|इस्तेमाल|उपयोग|बुलाओ|कहो|बोलो|बात करो|समझाओ',
    always: 'हमेशा|कभी|अब से|आगे से|भविष्य में|हर बार|मत',
    style: 'हिंदी|हिन्दी|अंग्रेज़ी|अंग्रेजी|इमोजी|संक्षेप|छोटे|सूची|तालिका|औपचारिक',
    subject: 'मैं|हम|वह',
  },
  sv: {
    does: 'svara|skriv|använd|kalla|tala|prata|undvik|förklara|håll|ge|översätt',
    always: 'alltid|aldrig|hädanefter|från och med nu|i fortsättningen|framöver',
    style: 'svenska|engelska|emojis?|markdown|kort*|kortfattat|listor|punktlistor|tabell*|formellt|kommentarer|enkelt',
    subject: 'jag|vi|han|hon|de',
  },
  da: DANO_NORWEGIAN,
  no: DANO_NORWEGIAN,
  cs: {
    does: 'odpovíd*|piš*|používej*|nepoužívej*|říkej|oslovuj*|mluv*|vyhni se|vysvětluj*|překládej*|tykej*|vykej*',
    always: 'vždy|vždycky|nikdy|od teď|odteď|napříště|v budoucnu',
    style: 'česky|češtině|anglicky|emoji|markdown*|krátce|stručně|seznam*|odrážk*|tabulk*|formálně|komentář*|jednoduše',
    subject: 'já|my|on|ona',
  },
  uk: {
    does: 'відповідай*|пиши*|використовуй*|називай*|говори*|уникай*|пояснюй*|звертайся|перекладай*',
    always: 'завжди|ніколи|відтепер|надалі|у майбутньому',
    style:
      'українською|англійською|емодзі|маркдаун|markdown|коротко|стисло|докладно|списк*|таблиц*|формально|коментар*|просто',
    subject: 'я|ми|він|вона',
  },
  ro: {
    does: 'răspunde*|scrie*|folosește*|spune-mi|vorbește*|evită*|explică*|tradu*',
    always: 'mereu|întotdeauna|niciodată|de acum|pe viitor',
    style: 'română|românește|engleză|emoji*|markdown|scurt*|concis|liste*|tabel*|formal|comentarii|simplu',
    subject: 'eu|noi|el|ea',
  },
  hu: {
    does: 'válaszolj*|írj*|használj*|szólíts|hívj|beszélj*|kerüld|magyarázz*|fordíts*|tegezz|magázz',
    always: 'mindig|soha|ezentúl|mostantól|a jövőben|ne',
    style:
      'magyarul|angolul|emoji*|markdown|röviden|tömören|lista*|listá*|táblázat*|hivatalosan|megjegyzés*|egyszerűen',
    subject: 'én|mi|ő',
  },
  fi: {
    does: 'vastaa*|kirjoita|käytä|älä käytä|kutsu|puhu|vältä|selitä|käännä|pidä',
    always: 'aina|älä koskaan|tästä lähtien|jatkossa|vastedes',
    style:
      'suomeksi|englanniksi|emoj*|markdown*|lyhyesti|ytimekkäästi|lista*|luettelo*|taulukko*|kommentte*|yksinkertaisesti',
    subject: 'minä|me|hän',
  },
  id: {
    does: 'jawab*|balas|tulis*|gunakan|pakai|panggil|bicara*|hindari|jelaskan|terjemahkan',
    always: 'selalu|jangan|jangan pernah|mulai sekarang|seterusnya|ke depannya',
    style: 'indonesia|inggris|emoji|markdown|singkat|ringkas|daftar|tabel|formal|komentar|sederhana',
    subject: 'saya|aku|kami|dia',
  },
  vi: {
    does: 'trả lời|viết|dùng|sử dụng|gọi tôi|nói|tránh|giải thích|dịch',
    always: 'luôn|luôn luôn|đừng|đừng bao giờ|từ giờ|từ nay|kể từ bây giờ',
    style: 'tiếng việt|tiếng anh|emoji|markdown|ngắn gọn|danh sách|bảng|trang trọng|bình luận|đơn giản',
    subject: 'tôi đã|tôi đang|chúng tôi|anh ấy|cô ấy',
  },
  el: {
    does: 'απάντα*|απαντάς|να απαντάτε|γράφε|γράψε|να γράφεις|χρησιμοποίησε|χρησιμοποιείς|να με λες|μίλα|αποφεύγεις|εξήγησε|εξηγείς|μετάφρασε',
    always: 'πάντα|ποτέ|από εδώ και πέρα|από τώρα και στο εξής|στο μέλλον|μην',
    style: 'ελληνικά|αγγλικά|emoji*|markdown|σύντομα|συνοπτικά|λίστες|πίνακες|επίσημα|σχόλια|απλά',
    subject: 'εγώ|εμείς|αυτός|αυτή',
  },
  he: {
    does: 'ענה|תענה|תעני|עני|כתוב|תכתוב|תכתבי|השתמש|תשתמש|תשתמשי|קרא לי|תקרא לי|דבר|תדבר|הימנע|תסביר|תרגם',
    always: 'תמיד|לעולם|אף פעם|מעכשיו|מעתה|בעתיד|אל',
    style: 'בעברית|באנגלית|אימוג.י*|markdown|בקצרה|קצר|קצרות|רשימות|טבלאות|רשמי|הערות|פשוט',
    subject: 'אני|אנחנו|הוא|היא',
  },
  th: {
    does: 'ตอบ|เขียน|ใช้|เรียกฉัน|เรียกผม|พูด|หลีกเลี่ยง|อธิบาย|แปล',
    always: 'เสมอ|ตลอด|ทุกครั้ง|ห้าม|อย่า|ตั้งแต่นี้|ต่อไป',
    style: 'ภาษาไทย|ภาษาอังกฤษ|อิโมจิ|สั้น|กระชับ|รายการ|ตาราง|สุภาพ|คอมเมนต์',
    subject: 'ฉันใช้|ผมใช้|ฉันพูด|ผมพูด|เขา|เธอ',
  },
  fa: {
    does: 'جواب بده*|پاسخ بده*|بنویس*|استفاده کن*|استفاده نکن*|صدا کن*|صحبت کن*|حرف بزن*|توضیح بده*|ترجمه کن*',
    always: 'همیشه|هرگز|هیچ‌وقت|از این به بعد|از حالا|در آینده',
    style: 'فارسی|انگلیسی|ایموجی|کوتاه|مختصر|خلاصه|فهرست|لیست|جدول|رسمی|کامنت|ساده',
    subject: 'من|ما|او',
  },
}
/** "No lists please": what the style is to be without. */
const WITHOUT =
  /^(?:(?:bitte|please|por favor|per favore|proszę|пожалуйста|من فضلك|请|請)[, ]{0,2})?(?:keine?n?|ohne|pas de|plus de|sans|nada de|sin|sem|niente|senza|geen|zonder|bez|żadnych|без|никаких|ніяких|inga|utan|ingen|uden|žádné|fără|nélkül|tanpa|không|χωρίς|بدون|बिना|בלי|ללא|ไม่ต้องมี|不要|别|別)(?!\p{L}(?<=[\p{Script=Latin}\p{Script=Cyrillic}]))/iu

/** Orders to call the speaker something, with a name behind, or before where verbs come last; "llámame mañana" is for once. */
const CALL_ME_ELSEWHERE =
  /^(?:\p{L}{2,12}[, ]{1,2}){0,2}(?:nenn(?:e|t)? mich|appelle(?:z)?-moi|ll[áa]mame|ll[áa]meme|me cham[ae] de|cham[ae]-me(?: de)?|chiamami|mi chiami|noem (?:me|mij)|nazywaj mnie|mów mi|называй(?:те)? меня|зови(?:те)? меня|називай(?:те)? мене|клич(?:те)? мене|kalla mig|kald mig|kall meg|říkej mi|oslovuj mě|kutsu minua|szólíts|panggil (?:saya|aku)|gọi (?:tôi|mình|em) là|λέγε με|να με λες) (?:\p{Ll}{1,10} ){0,2}(?=\p{Lu})|^(?:[请請]|以后|以後)?叫我\p{Script=Han}{1,4}(?:就行|就好|吧|即可)|(?:って|と)呼んで(?:ね|ください|ほしい|くれ)?(?=[。！!.]?$)|[가-힣]라고 불러 ?(?:줘|주세요|줄래)|(?:कहकर|नाम से) बुला(?:ओ|इए|ना|एँ|एं)(?=[।.!]?$)|^نادني |^ناديني |^ת?קרא לי (?!מחר)|diye (?:hitap et|seslen|çağır)(?:in|iniz)?(?=[.!]?$)|^เรียก(?:ผม|ฉัน)ว่า/u

type Order = { readonly does: RegExp; readonly always: RegExp; readonly style: RegExp; readonly subject: RegExp }
const patterns = new Map<string, Order>()

/** Whether the sentence tells the assistant how to behave from now on. `statement` is without greetings. */
export function isStandingOrder(statement: string, language: string): boolean {
  if (/[?？؟]\s?$/.test(statement) || isEncouragement(statement)) return false
  return language === 'en' ? isEnglishOrder(statement) : isOrderIn(statement, language)
}

/** Talk among friends: "Never give up!", "Always here to help". */
const ENCOURAGES =
  /^(?:(?:and|so|but|oh|hey|just|remember)[,:]? ){0,2}(?:(?:always|never|don['’]t|do not) (?:ever )?(?:quit(?: on)?|give up|say never|lose (?:hope|heart|faith)|doubt yourself|look back|stop (?:believing|dreaming|trying|smiling)|let (?:anything|anyone|anybody|fear|the bumps|the haters|it get)|here (?:for|to|if)|there for|up for|down for|(?:good|nice|great|happy|glad|lovely|fun|ready) to(?! go\b)|an? (?:pleasure|joy|treat))|(?:whenever|any ?time) you(?:['’]re| are)? need)/iu

/** The same in other languages. */
const ENCOURAGES_ELSEWHERE = wordPattern(
  [
    "gib (?:niemals|nie|nicht) auf|nie(?:mals)? aufgeben|sag niemals nie|n'abandonne* (?:jamais|pas)|ne jamais abandonner|baisse* (?:jamais|pas) les bras|dire jamais|te rindas|se rinda|rendirse|nunca digas nunca|desist[ae]s?|desistir|arrender*|mollare|mai dire mai|geef (?:nooit|niet) op|nooit opgeven",
    'poddawaj*|mów nigdy|сдавай*|сдаваться|опускай* руки|говори никогда|здавай*|pes etme*|pes etmeyin|vazgeçme|ge (?:aldrig|inte) upp|giv (?:aldrig|ikke) op|gi (?:aldri|ikke) opp|älä (?:koskaan )?luovuta|nevzdávej*|ne add fel|renunța niciodată|τα παρατάς|jangan (?:pernah )?menyerah|đừng (?:bao giờ )?bỏ cuộc|हार मत मान*|لا تستسلم*',
    '諦めないで|あきらめないで|諦めるな|放弃|放棄|포기하지',
  ].join('|'),
)

/** True if the sentence cheers somebody on, and tells nothing of anybody. */
export function isEncouragement(statement: string): boolean {
  return (
    statement.length <= MAX_CHEER_CHARS &&
    (ENCOURAGES.test(statement) || ENCOURAGES_ELSEWHERE.test(statement)) &&
    !FIRST_PERSON.test(statement)
  )
}
const MAX_CHEER_CHARS = 40
const FIRST_PERSON = wordPattern(
  "i|i'm|i've|we|my|ich|wir|mein*|je|j'*|nous|mon|ma|yo|mi|he|hemos|eu|meu|minha|io|mio|mia|ho|ik|wij|mijn|ja|mój|moja|mam|я|мой|моя|мы|ben|jag|jeg|vi|minä|já|én|eu|εγώ|saya|aku|tôi|मैं|أنا|我|私|僕|俺|저|나는|제",
)

/** "From now on Sofia leads the project" tells of somebody else. */
const OTHERS_DO =
  /^(?:[Ff]rom (?:now|here) on|[Gg]oing forward|[Ii]n future),? (?:I|he|she|they|\p{Lu}\p{L}+ (?:will|has|is|\p{Ll}+s)) /u

function isEnglishOrder(said: string): boolean {
  const statement = said.replace(PLACE, '').replace(/^(?=\p{P})[,;: ]{1,3}/u, '')
  if (CALL_ME.test(statement) || OTHERS_DO.test(statement) || ENCOURAGES.test(statement)) return false
  if (ALWAYS.test(statement) || WE_DO.test(statement) || RULES_FRAME.test(statement)) return true
  if (WHENEVER.test(statement) || (STYLE.some((style) => style.test(statement)) && !ASKED_FOR.test(statement)))
    return true
  if (EACH_TIME.test(statement) && !ONCE.test(statement)) return true
  if (!DO_NOT.test(statement) && !DO.test(statement)) return false
  return (
    /\b(?:ever|always|never|from (?:now|here) on|henceforth|going forward|in (?:the )?future)\b/i.test(statement) ||
    !ONCE.test(statement)
  )
}

function isOrderIn(statement: string, language: string): boolean {
  const order = orderFor(language)
  if (!order || order.subject.test(statement)) return false
  if (CALL_ME_ELSEWHERE.test(statement.charAt(0).toLowerCase() + statement.slice(1))) return true
  const without = WITHOUT.exec(statement)
  if (without && order.style.test(statement.slice(without[0].length))) return true
  const does = order.does.exec(statement)
  if (!does || isStatement(statement, does, language)) return false
  return order.style.test(statement) || (order.always.test(statement) && saysWhat(statement, order))
}

/** "O servidor nunca responde": somebody or something that does it stands before a verb in the form of an order. */
function isStatement(statement: string, { 0: verb, index }: RegExpExecArray, language: string): boolean {
  const article = SUBJECTS[language]
  if (article === undefined || NOT_SAID_OF.test(verb)) return false
  return subjectPattern(article).test(statement.slice(0, index))
}
const SUBJECTS: Readonly<Record<string, string>> = {
  de: 'der|die|das|meine?|unsere?',
  fr: 'le|la|les|mon|ma|notre',
  es: 'el|la|los|las|mi|nuestr[oa]|o|os|as|meu|minha',
  pt: 'os?|as?|meu|minha|noss[oa]|el|los|las',
  it: 'il|lo|la|gli|le|(?:il )?mio|(?:la )?mia',
  nl: 'de|het|mijn|onze|ons',
}
/** Nor is "a partir de agora" anybody, or "la prossima volta", or what a comma sets apart as the topic. */
const subjectPattern = (article: string) =>
  new RegExp(
    `^(?:${article}) (?!partir|pr[oó]xim|prochain|prossim|volgende|nächst)[\\p{L}\\p{N}]{2,30} [^,:]{0,30}$`,
    'iu',
  )
/** So does no third person end. */
const NOT_SAID_OF = /(?:en|er|ir|ar|re|lo|la|li|le|los|las)$/iu

/** Always doing, or never, has to be doing something: "gib niemals auf" is cheering. A script without spaces has no such rest. */
function saysWhat(statement: string, { does, always }: Order): boolean {
  if (DENSE.test(statement)) return true
  const rest = statement.replace(does, ' ').replace(always, ' ')
  return rest.match(/\p{L}[\p{L}\p{M}'’-]*/gu)?.some((word) => word.length > 2 && !PARTICLE.test(word)) === true
}
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
/** Of verbs in two parts, or asking politely. */
const PARTICLE =
  /^(?:auf|aus|ein|los|weg|uit|upp|opp|bitte|please|svp|favor|favore|alsjeblieft|proszę|tack|doch|mal|einfach|не|się|nie)$/iu

function orderFor(language: string): Order | undefined {
  const made = patterns.get(language)
  if (made) return made
  const words = ORDER_WORDS[language]
  if (!words) return undefined
  const order = {
    does: wordPattern(words.does),
    always: wordPattern(words.always),
    style: wordPattern(words.style),
    subject: wordPattern(words.subject),
  }
  patterns.set(language, order)
  return order
}

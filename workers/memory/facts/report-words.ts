/**
 * The words by which other people's words are known, in the languages that most people write: stems, divided by bars. Each pattern meets at most the
 * head of one line, and begins at a fixed place or has bounded gaps.
 */

/** Fields of a mail's head. */
const MAIL_FIELDS =
  'from|to|cc|bcc|subject|date|sent|reply-to|von|an|betreff|datum|gesendet|de|para|à|objet|envoyé|asunto|fecha|enviado|assunto|data|da|a|oggetto|inviato|van|aan|onderwerp|verzonden|od|do|temat|wysłano|от|кому|тема|дата|отправлено|kimden|kime|konu|tarih|发件人|收件人|主题|主旨|日期|发送时间|差出人|宛先|件名|日時|送信日時|보낸 사람|받는 사람|제목|날짜|من|إلى|الموضوع|التاريخ|प्रेषक|प्रति|विषय|दिनांक'
export const MAIL_FIELD = new RegExp(`^\\*{0,2}(?:${MAIL_FIELDS}) ?[:：]\\*{0,2} ?\\S`, 'iu')
/** Fields that head a journey or a form as well. */
const EVERYDAY_FIELDS =
  'från|till|ämne|fra|til|emne|lähettäjä|vastaanottaja|aihe|komu|předmět|від|de la|către|subiect|feladó|tárgy|από|προς|θέμα|ημερομηνία|dari|kepada|subjek|từ|đến|chủ đề|מאת|נושא|از|به|موضوع|จาก|ถึง|เรื่อง'
/** Fields of mails alone, in the same languages. */
const SENT_FIELDS =
  'skickat|sendt|lähetetty|odesláno|надіслано|trimis|elküldve|címzett|dikirim|ngày gửi|נשלח|보낸 날짜|보낸사람|받는사람|تاريخ الإرسال|प्राप्तकर्ता'
export const SENT_FIELD = new RegExp(`^\\*{0,2}(?:${SENT_FIELDS}) ?[:：]\\*{0,2} ?\\S`, 'iu')
export const EVERYDAY_FIELD = new RegExp(`^\\*{0,2}(?:${EVERYDAY_FIELDS}) ?[:：]\\*{0,2} ?\\S`, 'iu')

/** A line of dashes with words between: what follows was forwarded. */
export const FORWARD_MARK =
  /^(?:[-_=*]{2,20} ?\p{L}[^\n]{2,60}[-_=*]{2,20}|(?:begin forwarded message|anfang der weitergeleiteten|début du message transféré|inicio del mensaje reenviado|início da mensagem encaminhada|inizio messaggio inoltrato)[^\n]{0,40})$/iu
export const FORWARD_SUBJECT = /^(?:fwd?|wg|tr|rv|enc|i|vs|doorst|转发|転送|전달) ?[:：]/iu

/** Somebody says or writes. */
const SAYS = [
  'say|says|said|tell|tells|told|write|writes|wrote|written|posted|texted|messaged|emailed|mailed|pinged|dmed|commented|announced|complained|mentioned|asked|asks|answered|replied|claims|claimed|goes|reads|states|quote|quoted',
  'sagt|sagte|gesagt|schreibt|schrieb|geschrieben|meint|meinte|erzählt|erzählte|fragte|antwortete|heißt es',
  'dit|a dit|disait|écrit|a écrit|écrivait|raconte|a raconté|demande|a demandé|répond|a répondu',
  'dice|dijo|dicho|escribe|escribió|escrito|cuenta|contó|preguntó|respondió',
  'diz|disse|dito|escreve|escreveu|escrito|conta|contou|perguntou|respondeu|mandou|me mandou|falou',
  'dice|ha detto|disse|scrive|ha scritto|scrisse|racconta|ha raccontato|ha chiesto|ha risposto',
  'zegt|zei|gezegd|schrijft|schreef|geschreven|vertelt|vertelde|vroeg|antwoordde|appt|appte|mailde|stuurde',
  'mówi|powiedział|powiedziała|pisze|napisał|napisała|pyta|zapytał|zapytała|odpowiedział|odpowiedziała',
  'говорит|сказал|сказала|сказали|пишет|писал|писала|написал|написала|спросил|спросила|ответил|ответила|рассказал|рассказала',
  'dedi|diyor|söyledi|yazdı|yazıyor|yazmış|anlattı|sordu',
  'säger|sade|skriver|skrev|berättade|frågade|svarade|siger|sagde|fortalte|spurgte|svarede|sier|spurte|svarte',
  'sanoi|sanoo|kirjoitti|kertoi|kysyi|vastasi|řekl|řekla|říká|napsal|napsala|píše|zeptal|zeptala|odpověděl|odpověděla',
  'каже|сказав|пише|написав|розповів|розповіла|запитав|запитала|відповів|відповіла|spune|a spus|a scris|scrie|a zis',
  'mondta|mondja|írta|írja|kérdezte|válaszolta|bilang|berkata|menulis|nulis|nói|viết|nhắn|bảo|kể',
  'λέει|είπε|γράφει|έγραψε|ρώτησε|απάντησε|אמר|אמרה|כתב|כתבה|שאל|שאלה|ענה|ענתה|گفت|نوشت|پرسید',
].join('|')
/** Scripts in which words do not stand apart. */
const SAYS_ANYWHERE =
  '说|說|写道|寫道|问道|告诉|告訴|回答|发消息|發消息|บอก|พูดว่า|เขียนว่า|と言|と述べ|と書|と話|書きました|言った|言って|라고|고 말|말했|썼|적었|قال|قالت|كتب|كتبت|يقول|تقول|أخبر|कहा|बोला|बोली|लिखा|बताया|कहते'
/** A verb of saying within a short text. */
export const SAYS_SOMETHING = new RegExp(`(?<![\\p{L}\\p{M}])(?:${SAYS})(?![\\p{L}\\p{M}])|${SAYS_ANYWHERE}`, 'iu')

/** "As I said:", "just to say:", "that said:": what follows a colon is the speaker's own. */
const SPEAKS_ITSELF =
  /(?<![\p{L}\p{M}])(?:i|we|ich|wir|je|nous|yo|he dicho|hemos|eu|io|ho|abbiamo|ik|wij|ja|я|мы|ben|biz|أنا|मैं|to|just|zu|pour|para|per|om te|as (?:they|you|people) say|so to say|(?:that|anders|kurz|ehrlich|autrement|bref|dicho|dito|detto|kort|anders) (?:said|gesagt|dit|dicho|dito|detto|gezegd)|gesagt|dicho|dito|gezegd)(?![\p{L}\p{M}])|(?<!\p{L})j['’]|我|私|저는|나는/iu
/** The sentence that a colon ends. */
const BEFORE_COLON = /^(?:[^:：\n]{0,120}[.!?] )?(?<said>[^:：\n]{2,80})(?=[:：] ?\S)/u

/** Texts that somebody else wrote, or that are made up: what stands behind their name and a colon is no statement of the speaker. */
const TEXTS = [
  'candidate(?: \\d{1,3})?|applicant(?: \\d{1,3})?|interviewee|respondent|participant(?: \\d{1,3})?|ticket|bug report|issue|readme|documentation|docs|changelog|manual|faq|transcript|minutes|log|logs|lyrics|song|chorus|verse|poem|story|novel|article|paper|blog|post|tweet|thread|comment|review|testimonial|contract|clause|policy|e-?mail|mail|letter|message|sms|dm|voicemail|chat|conversation|dialog(?:ue)?|prompt|few[- ]shot|fixture|test (?:case|data|input)|sample|example|template|persona|character|job (?:ad|description|post)|cover letter|headline|caption|subtitle|script|paragraph|passage|excerpt|snippet|tagline|slogan|motto|copy|bio|voice (?:memo|message|note)|sentence|phrase|acceptance criteria|(?:demo|test|dummy|fake|mock) (?:account|user|data)|flashcard|overheard|(?:her|his|their) [\\p{L} ]{2,30}',
  'anfrage|anleitung|dokumentation|protokoll|liedtext|gedicht|geschichte|artikel|beitrag|kommentar|bewertung|vertrag|nachricht|brief|gespräch|beispiel|vorlage|stellenanzeige|absatz|auszug',
  'procès-verbal|paroles|poème|histoire|avis|contrat|courriel|lettre|exemple|modèle|annonce|extrait|compte[- ]rendu',
  'letra|poema|cuento|artículo|comentario|reseña|contrato|correo|carta|mensaje|mensagem|conversación|conversa|ejemplo|exemplo|plantilla|anuncio|artigo|comentário|trecho|testo|poesia|articolo|recensione|contratto|lettera|messaggio|conversazione|esempio|annuncio',
  'songtekst|gedicht|verhaal|recensie|bericht|gesprek|voorbeeld|vacature|tekst|piosenka|wiersz|artykuł|komentarz|recenzja|umowa|wiadomość|rozmowa|przykład|ogłoszenie|текст|песня|стих|статья|комментарий|отзыв|договор|письмо|сообщение|переписка|пример|вакансия|şarkı|şiir|makale|yorum|mesaj|mektup|örnek|ilan|sözleşme',
].join('|')
const TEXTS_ANYWHERE =
  '歌词|邮件|郵件|聊天记录|工单|文档|评论|合同|例子|示例|新闻|歌詞|メール|レビュー|契約書|チケット|例文|記事|가사|이메일|메일|리뷰|계약서|예시|기사|رسالة|مثال|مقال|كلمات الأغنية|ईमेल|संदेश|उदाहरण|लेख'
const NAMES_A_TEXT = new RegExp(`(?<![\\p{L}\\p{M}])(?:${TEXTS})(?![\\p{L}\\p{M}])|${TEXTS_ANYWHERE}`, 'iu')
/** "My message:" and "our policy:" are the speaker's, and so is what is to be kept in mind. */
const OWN_TEXT =
  /(?<![\p{L}\p{M}])(?:my|our|mine|meine?|unsere?|mon|ma|mes|notre|nos|mi|mis|nuestr[oa]|meu|minha|nosso|nossa|mio|mia|nostr[oa]|mijn|onze?|mój|moja|nasz[ae]?|мой|моя|моё|наш[а]?|benim|bizim|(?:i|we)(?! (?:just )?(?:got|received|found|saw|read|have|need))|remember|note|rules?|preferences?|long story|story time|(?:for|zum|par|por|per|na) (?:example|beispiel|exemple|ejemplo|exemplo|esempio|przykład))(?![\p{L}\p{M}])/iu

/** A line that shows a made-up text, whoever has made it up. */
export const SHOWS_FICTION =
  /^(?:here(?:['’]s| is| are)|this is|below is|hier ist|hier sind|voici|aquí está|aqui está|ecco|hier is|oto|вот) [^.:!?]{0,60}(?<!\p{L})(?:novel|story|poem|song|lyrics|script|screenplay|chapter|fairy tale|monologue|roman|romans|gedicht|geschichte|lied|drehbuch|poème|histoire|chanson|novela|cuento|poema|canción|romance|conto|canção|romanzo|racconto|poesia|canzone|verhaal|gedicht|powieści|wiersz|роман|романа|рассказ|стих)(?!\p{L})[^.:!?]{0,40}[.:!]?$/iu

/** "In English please:". Where nothing is asked for, the speaker only changes the language. */
const IN_A_LANGUAGE =
  /^(?:(?:and |now )?(?:please|pls|bitte|proszę|пожалуйста),? (?:in|into|to|auf|ins|en|au|al|em|para o|in het|naar het|po|na|på|til|till) (?:english|german|french|spanish|italian|portuguese|dutch|polish|russian|ukrainian|turkish|swedish|danish|norwegian|finnish|czech|greek|arabic|hebrew|hindi|chinese|japanese|korean|thai|vietnamese|deutsch|englisch|französisch|spanisch|italienisch|anglais|allemand|français|espagnol|italien|inglés|alemán|francés|español|italiano|inglês|alemão|francês|espanhol|inglese|tedesco|francese|spagnolo|engels|duits|frans|spaans|angielsku|niemiecku|polsku|английский|английском|немецкий|русский|engelska|tyska|engelsk|tysk)|(?:and |now )?(?:in|into|to|auf|ins|en|au|al|em|para o|in het|naar het|po|na|på|til|till) (?:english|german|french|spanish|italian|portuguese|dutch|polish|russian|ukrainian|turkish|swedish|danish|norwegian|finnish|czech|greek|arabic|hebrew|hindi|chinese|japanese|korean|thai|vietnamese|deutsch|englisch|französisch|spanisch|italienisch|anglais|allemand|français|espagnol|italien|inglés|alemán|francés|español|italiano|inglês|alemão|francês|espanhol|inglese|tedesco|francese|spagnolo|engels|duits|frans|spaans|angielsku|niemiecku|polsku|английский|английском|немецкий|русский|engelska|tyska|engelsk|tysk),? (?:please|pls|bitte|s['’]il te plaît|por favor|per favore|alsjeblieft|proszę|пожалуйста|tack))$/iu

/** True of a line, or of what stands before a colon, that announces a text of somebody else. */
export function announcesText(head: string): boolean {
  return NAMES_A_TEXT.test(head) && !OWN_TEXT.test(head)
}

/** Where the words of somebody else begin in a line: "Here is what my ex texted me: …". */
export function reportedFrom(head: string): number | undefined {
  const before = BEFORE_COLON.exec(head)
  const said = before?.groups?.said
  if (before === null || said === undefined) return undefined
  const isReport = SAYS_SOMETHING.test(said) && !SPEAKS_ITSELF.test(said)
  return isReport || announcesText(said) || IN_A_LANGUAGE.test(said) ? before[0].length + 1 : undefined
}

/** By what somebody wants to be written to: "write to me by email" asks for no text. */
const CHANNEL = '(?!(?:to|by|via|per|in|on|with|through|only|mit|über|par|en|sur|por|em|met|w|przez|по) )'
/** What is to be done with a text that follows, or with a text that is made up. */
const TASKS = [
  `make (?:this|it|these|the following) (?:\\p{L}{2,16}er|more|less|sound|better|polite|formal)(?!\\p{L})|(?:what do you think (?:of|about)|how (?:does|is|do you like)|(?:any )?(?:thoughts|feedback|opinions?) on|rate|grade|roast|simplify|tone down) (?:this|these|the following)(?!\\p{L})(?=[^.!?:]{0,60}(?:[.!?]?$|:))|translate|proofread|correct (?:my|this|the|these)|fix (?:my|the) (?:grammar|spelling|english|text|wording)|check (?:my|the|this) (?:grammar|spelling|text|translation|sentence)|rewrite|rephrase|reword|paraphrase|summari[sz]e|shorten|polish|edit (?:this|my)|review (?:this|my|the)|improve (?:this|my|the)|comment on|explain this|analy[sz]e this|(?:reply|respond|answer) to (?:this|the|my|his|her)|what does (?:this|the following) mean|spell ?check|grammar check|is (?:this|it|the following) (?:\\p{L}+ )?(?:sentence|correct|right|grammatical|proper|english)|how (?:do|would|can) (?:you|i|we) (?:say|spell|pronounce|phrase|put|translate)|continue (?:the|this|my)|finish (?:the|this|my) (?:story|sentence|text)|(?:write|tell|make up|invent|compose|draft|create) (?:me |us )?(?:an? |the |some )?(?:${CHANNEL}\\p{L}+ ){0,3}(?:story|tale|poem|song|lyrics|dialogue|scene|novel|letter|e-?mail|mail|speech|essay|monologue|bio|biography|profile|post|tweet|review|joke|script|character|persona)|role[- ]?play|act as|play (?:the role|a)|here is (?:a|an|the|my) (?:\\p{L}+ )?(?:example|sample|draft|text|mail|email|letter|article|chat|story|poem)`,
  `übersetze?|übersetzen sie|korrigier|verbessere|überarbeite|formulier|umformulier|fasse? |zusammenfass|schreibe? (?:mir |uns )?(?:eine?n? |das |den |die )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:geschichte|gedicht|brief|mail|e-mail|lied|rede|dialog|text)|tu so|spiel(?:e|en sie)? (?:eine?n?|die rolle)|setze? .{0,20}fort|antworte auf (?:diese|die|folgende)`,
  `tradui|corrige|reformule|résume|réécri|améliore|relis|écri[st]?(?:vez)?(?:[- ]moi)? (?:une? |le |la )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:histoire|poème|lettre|mail|e-mail|chanson|conte|dialogue|discours)|fais semblant|joue le rôle|jouons|continue (?:l|ce|cette)|réponds à (?:ce|cette)`,
  `traduc|traduz|corrige|corrija|reescrib|reformul|resum|mejora|revisa|escrib[ea](?:me|nos)? (?:una? |el |la )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:historia|cuento|poema|carta|correo|canción|diálogo|discurso)|finge|haz como|haz de|juega|continúa (?:el|la|esta|este)|responde a (?:este|esta)`,
  `traduz|traduza|corrig|reescrev|reformul|resum|melhor[ae] |revis[ae]|escrev[ae](?:-me)? (?:uma? |o |a )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:história|conto|poema|carta|e-mail|canção|diálogo|discurso)|fing[ae]|faz de conta|faça de conta|continu[ae] (?:a|o|esta|este)`,
  `traduci|traduca|correggi|riscrivi|riformula|riassumi|migliora|rivedi|scrivi(?:mi)? (?:una? |un'|il |la )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:storia|racconto|poesia|lettera|mail|e-mail|canzone|dialogo|discorso)|fai finta|fingi|recita|continua (?:la|il|questa|questo)`,
  `vertaal|corrigeer|verbeter|herschrijf|herformuleer|vat .{0,20}samen|schrijf (?:me |mij )?(?:een |het |de )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:verhaal|gedicht|brief|mail|e-mail|lied|dialoog|toespraak)|doe alsof|speel (?:een|de)|ga verder met`,
  `przetłumacz|tłumacz|popraw|przeredaguj|sparafrazuj|streść|podsumuj|napisz (?:mi )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:historię|opowiadanie|wiersz|list|mail|maila|piosenkę|dialog)|udawaj|zagraj|kontynuuj`,
  `перевед|исправ|отредактируй|перефраз|перепиши|сократи|резюмируй|напиши (?:мне )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:истори|рассказ|стих|письм|песн|диалог|сказк)|придумай|притвор|сыграй|продолжи`,
  'översätt|oversæt|oversett|käännä|přelož|переклади|fordítsd|traduceți|terjemahkan|tolong terjemahkan|dịch|μετάφρασε|תרגמי?|ترجمه کن',
  '(?:\\S{1,20} ){0,3}çevir|tercüme et|düzelt|yeniden yaz|özetle|(?:\\p{L}+ ){0,3}(?:hikaye|hikâye|şiir|mektup|masal|şarkı) yaz|rol yap|devam et',
].join('|')
const TASKS_ANYWHERE =
  '翻译|翻譯|译成|譯成|改写|改寫|润色|潤色|总结一下|概括|续写|写一(?:个|篇|首|封)|想象|想像一下|假装|扮演|假设你|翻訳|訳して|添削|要約して|書き直|校正して|物語を書|話を書|小説を書|続きを書|想像して|ふりをして|演じて|번역|고쳐|교정|요약해|다시 써|이야기를 써|소설을 써|시를 써|상상해|척해|역할극'
const TASKS_AT_START = 'ترجم|صحح|أعد صياغة|لخص|اكتب (?:لي )?(?:قصة|قصيدة|رسالة)|تخيل|تظاهر|أكمل'
const TASKS_HINDI = 'अनुवाद कर|अनुवाद करें|ठीक करो|सुधार|सारांश|कहानी लिख|कविता लिख|पत्र लिख|कल्पना कर|मान लो|नाटक कर'
const ASKED =
  "(?:(?:please|pls|can you|could you|would you|hey|ok|bitte|kannst du|könntest du|können sie|s'il te plaît|peux-tu|pouvez-vous|por favor|puedes|podrías|podes|você pode|per favore|puoi|potresti|alsjeblieft|kun je|proszę|czy możesz|możesz|пожалуйста|можешь|lütfen|من فضلك|هل يمكنك|कृपया|请|請|麻烦|帮我|把)[ ,，]*){0,3}"
/** A line that asks to work on a text, or to make one up. */
export const TEXT_TASK = new RegExp(
  `^${ASKED}(?:(?:${TASKS})|(?:${TASKS_AT_START}))|^.{0,40}(?:${TASKS_ANYWHERE}|${TASKS_HINDI})`,
  'iu',
)

/** The first and the last line of a letter. */
export const SALUTATION =
  /^(?:hi|hello|hey|dear|good (?:morning|day)|hallo|liebe[rs]?|lieber|sehr geehrte[rs]?|guten tag|cher|chère|bonjour|salut|hola|querid[oa]s?|estimad[oa]s?|car[oai]|gentile|egregio|olá|car[oa]s?|prezad[oa]s?|beste|geachte|drog[ia]|szanown[ya]|cześć|дорог(?:ой|ая|ие)|уважаем(?:ый|ая|ые)|привет|здравствуйте|sayın|sevgili|merhaba|尊敬的|亲爱的|拝啓|안녕하세요|عزيزي|عزيزتي|प्रिय)(?: [^,:;.?]{1,50})?[,!:，]$/iu
export const SIGN_OFF =
  /^(?:best|kind regards|best regards|regards|warm regards|cheers|thanks|thank you|yours|yours (?:sincerely|faithfully|truly)|sincerely|love|all the best|see you|viele grüße|liebe grüße|mit freundlichen grüßen|beste grüße|gruß|lg|vg|mfg|cordialement|bien à toi|bien à vous|bises|saludos|un abrazo|atentamente|abraços?|atenciosamente|cumprimentos|beijos|saluti|cordiali saluti|distinti saluti|un abbraccio|groeten|groetjes|met vriendelijke groet|pozdrawiam|z poważaniem|с уважением|всего доброго|целую|saygılarımla|sevgiler|此致|敬上|敬具|よろしくお願いします|드림|올림|مع أطيب التحيات|تحياتي|सादर)[,!.，]?$/iu

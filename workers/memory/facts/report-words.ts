/**
 * The words by which other people's words are known, in the languages that most people write: stems, divided by bars. Each pattern meets at most the
 * head of one line, and begins at a fixed place or has bounded gaps.
 */

/** Fields of a mail's head. */
const MAIL_FIELDS =
  'from|to|cc|bcc|subject|date|sent|reply-to|von|an|betreff|datum|gesendet|de|para|à|objet|envoyé|asunto|fecha|enviado|assunto|data|da|a|oggetto|inviato|van|aan|onderwerp|verzonden|od|do|temat|wysłano|от|кому|тема|дата|отправлено|kimden|kime|konu|tarih|发件人|收件人|主题|主旨|日期|发送时间|差出人|宛先|件名|日時|送信日時|보낸 사람|받는 사람|제목|날짜|من|إلى|الموضوع|التاريخ|प्रेषक|प्रति|विषय|दिनांक'
export const MAIL_FIELD = new RegExp(`^\\*{0,2}(?:${MAIL_FIELDS}) ?[:：]\\*{0,2} ?\\S`, 'iu')

/** A line of dashes with words between: what follows was forwarded. */
export const FORWARD_MARK =
  /^(?:[-_=*]{2,20} ?\p{L}[^\n]{2,60}[-_=*]{2,20}|(?:begin forwarded message|anfang der weitergeleiteten|début du message transféré|inicio del mensaje reenviado|início da mensagem encaminhada|inizio messaggio inoltrato)[^\n]{0,40})$/iu
export const FORWARD_SUBJECT = /^(?:fwd?|wg|tr|rv|enc|i|vs|doorst|转发|転送|전달) ?[:：]/iu

/** Somebody says or writes. */
const SAYS = [
  'say|says|said|tell|tells|told|write|writes|wrote|written|posted|texted|asked|asks|answered|replied|claims|claimed|goes|reads|states|quote|quoted',
  'sagt|sagte|gesagt|schreibt|schrieb|geschrieben|meint|meinte|erzählt|erzählte|fragte|antwortete|heißt es',
  'dit|a dit|disait|écrit|a écrit|écrivait|raconte|a raconté|demande|a demandé|répond|a répondu',
  'dice|dijo|dicho|escribe|escribió|escrito|cuenta|contó|preguntó|respondió',
  'diz|disse|dito|escreve|escreveu|escrito|conta|contou|perguntou|respondeu',
  'dice|ha detto|disse|scrive|ha scritto|scrisse|racconta|ha raccontato|ha chiesto|ha risposto',
  'zegt|zei|gezegd|schrijft|schreef|geschreven|vertelt|vertelde|vroeg|antwoordde',
  'mówi|powiedział|powiedziała|pisze|napisał|napisała|pyta|zapytał|zapytała|odpowiedział|odpowiedziała',
  'говорит|сказал|сказала|сказали|пишет|писал|писала|написал|написала|спросил|спросила|ответил|ответила|рассказал|рассказала',
  'dedi|diyor|söyledi|yazdı|yazıyor|anlattı|sordu',
].join('|')
/** Scripts in which words do not stand apart. */
const SAYS_ANYWHERE =
  '说|說|写道|寫道|问道|告诉|告訴|回答|と言|と述べ|と書|と話|書きました|言った|言って|라고|고 말|말했|썼|적었|قال|قالت|كتب|كتبت|يقول|تقول|أخبر|कहा|बोला|बोली|लिखा|बताया|कहते'
/** A verb of saying within a short text. */
export const SAYS_SOMETHING = new RegExp(`(?<![\\p{L}\\p{M}])(?:${SAYS})(?![\\p{L}\\p{M}])|${SAYS_ANYWHERE}`, 'iu')

/** By what somebody wants to be written to: "write to me by email" asks for no text. */
const CHANNEL = '(?!(?:to|by|via|per|in|on|with|through|only|mit|über|par|en|sur|por|em|met|w|przez|по) )'
/** What is to be done with a text that follows, or with a text that is made up. */
const TASKS = [
  `translate|proofread|correct (?:my|this|the|these)|fix (?:my|the) (?:grammar|spelling|english|text|wording)|check (?:my|the|this) (?:grammar|spelling|text|translation|sentence)|rewrite|rephrase|reword|paraphrase|summari[sz]e|shorten|polish|edit (?:this|my)|review (?:this|my|the)|improve (?:this|my|the)|comment on|explain this|analy[sz]e this|(?:reply|respond|answer) to (?:this|the|my|his|her)|what does (?:this|the following) mean|continue (?:the|this|my)|finish (?:the|this|my) (?:story|sentence|text)|(?:write|tell|make up|invent|compose|draft|create) (?:me |us )?(?:an? |the |some )?(?:${CHANNEL}\\p{L}+ ){0,3}(?:story|tale|poem|song|lyrics|dialogue|scene|novel|letter|e-?mail|mail|speech|essay|monologue|bio|biography|profile|post|tweet|review|joke|script|character|persona)|imagine|pretend|suppose|role[- ]?play|act as|play (?:the role|a)|let us pretend|here is (?:a|an|the|my) (?:\\p{L}+ )?(?:example|sample|draft|text|mail|email|letter|article|chat|story|poem)`,
  `übersetze?|übersetzen sie|korrigier|verbessere|überarbeite|formulier|umformulier|fasse? |zusammenfass|schreibe? (?:mir |uns )?(?:eine?n? |das |den |die )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:geschichte|gedicht|brief|mail|e-mail|lied|rede|dialog|text)|stell dir vor|stellen sie sich vor|tu so|spiel(?:e|en sie)? (?:eine?n?|die rolle)|setze? .{0,20}fort|antworte auf (?:diese|die|folgende)`,
  `tradui|corrige|reformule|résume|réécri|améliore|relis|écri[st]?(?:vez)?(?:[- ]moi)? (?:une? |le |la )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:histoire|poème|lettre|mail|e-mail|chanson|conte|dialogue|discours)|imagine|fais semblant|joue le rôle|jouons|continue (?:l|ce|cette)|réponds à (?:ce|cette)`,
  `traduc|traduz|corrige|corrija|reescrib|reformul|resum|mejora|revisa|escrib[ea](?:me|nos)? (?:una? |el |la )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:historia|cuento|poema|carta|correo|canción|diálogo|discurso)|imagina|finge|haz como|haz de|juega|continúa (?:el|la|esta|este)|responde a (?:este|esta)`,
  `traduz|traduza|corrig|reescrev|reformul|resum|melhor[ae] |revis[ae]|escrev[ae](?:-me)? (?:uma? |o |a )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:história|conto|poema|carta|e-mail|canção|diálogo|discurso)|imagin[ae]|fing[ae]|faz de conta|faça de conta|continu[ae] (?:a|o|esta|este)`,
  `traduci|traduca|correggi|riscrivi|riformula|riassumi|migliora|rivedi|scrivi(?:mi)? (?:una? |un'|il |la )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:storia|racconto|poesia|lettera|mail|e-mail|canzone|dialogo|discorso)|immagina|fai finta|fingi|recita|continua (?:la|il|questa|questo)`,
  `vertaal|corrigeer|verbeter|herschrijf|herformuleer|vat .{0,20}samen|schrijf (?:me |mij )?(?:een |het |de )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:verhaal|gedicht|brief|mail|e-mail|lied|dialoog|toespraak)|stel je voor|doe alsof|speel (?:een|de)|ga verder met`,
  `przetłumacz|tłumacz|popraw|przeredaguj|sparafrazuj|streść|podsumuj|napisz (?:mi )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:historię|opowiadanie|wiersz|list|mail|maila|piosenkę|dialog)|wyobraź sobie|udawaj|zagraj|kontynuuj`,
  `перевед|исправ|отредактируй|перефраз|перепиши|сократи|резюмируй|напиши (?:мне )?(?:${CHANNEL}\\p{L}+ ){0,2}(?:истори|рассказ|стих|письм|песн|диалог|сказк)|придумай|представь|вообрази|притвор|сыграй|продолжи`,
  '(?:\\S{1,20} ){0,3}çevir|tercüme et|düzelt|yeniden yaz|özetle|hayal et|farz et|varsay|(?:\\p{L}+ ){0,3}(?:hikaye|hikâye|şiir|mektup|masal|şarkı) yaz|rol yap|devam et',
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

import { wordPattern } from './word-pattern.ts'

/**
 * Tells standing instructions to the assistant ("always answer in German") from tasks for once ("write a poem"). A standing one says how the
 * assistant is to behave, and either that it shall always do so or in which style.
 */

const PLEASE =
  '(?:(?:please|and|also|so|ok|okay|hey|in (?:the )?future|from now on|going forward|for the future|remember|note|rule|important|nb|in (?:this|our|my) (?:project|repo|code|team|codebase)|for (?:this|our|my) (?:project|repo|code))[,:]? ){0,3}'
const ALWAYS = new RegExp(
  String.raw`^${PLEASE}(?:always|never|from now on|going forward|in future|whenever you|every time you|make sure (?:that )?you always|make sure to always|remember to always|i (?:want|need|would like|['’]d like) you to (?:always|never)|you (?:should|must) (?:always|never))\b`,
  'iu',
)
const DO_NOT = new RegExp(
  String.raw`^${PLEASE}(?:(?:do not|don['’]t) (?:ever )?(?!worry|forget|know|think|mind|let me|need|hesitate|tell me|get me|ask me|miss|give up|be )\p{L}+|stop (?:using|writing|adding|saying|calling|asking|apologi[sz]ing|repeating|putting|making)|avoid|no more|refrain from)\b`,
  'iu',
)
const DO = new RegExp(
  String.raw`^${PLEASE}(?:prefer|use|write|call me|address me|answer|reply|respond|speak (?:in|to me)|format|stick (?:to|with)|follow (?:the|our|my) \p{L}+ (?:style|guide|convention|rules?|standard)|cite|ask (?:me )?before|be (?:brief|concise|terse|formal|short|polite|precise)|keep (?:your|all|answers?|replies|responses|sentences|code|functions|commits|messages|it (?:short|brief|simple))|name (?:tests|files|branches|variables)|comment|document|sign|spell|indent|treat|prefix|limit)\b`,
  'iu',
)
/** What names one thing, at hand, is asked for once. */
const ONCE =
  /\b(?:this|that|these|those|it|now|here|above|below|today|tomorrow|tonight|yesterday|yet|a|an|one|me (?:a|an|some|the|two|three|four|five)|the (?:first|second|third|last|next|following|same|other|new|old|attached|given)|\p{L}+\.(?:ts|js|py|md|json|go|rs|java|txt|pdf|docx))\b|\?/iu
const WE_DO =
  /^(?:in (?:this|our) (?:team|project|repo|company), )?we (?:always |never |only )?(?:use|write|run|deploy|format|name|prefer|want|target|support)\b.{1,80}(?:,? (?:not|never|instead of|rather than) )/iu
/** "House rules first: …": what follows is how things are to be done. */
const RULES_FRAME =
  /^(?:(?:my|our|the|some|a few|two|three|four|house|ground|team|project|repo|coding|code|style|working|basic|general|quick|writing) ){0,3}(?:rules?|conventions?|guidelines?|preferences?)(?: first| please| again| for (?:you|the code|this (?:project|repo|code|chat)))? ?: ?\S/iu
/** "Wrap every error": a verb before what is meant each time, and nobody who does it. */
const EACH_TIME =
  /^(?:(?:please|and|also|then) ){0,2}(?!(?:after|almost|as|at|because|before|but|by|during|for|from|he|how|i|if|in|it|just|like|nearly|not|of|on|once|or|our|over|practically|she|since|so|than|that|they|through|to|until|we|what|when|where|which|while|who|with|within|without|you)\b)[a-z]{2,14} (?:every|each) [\p{L}-]+/iu
const CALL_ME =
  /^(?:please )?(?:call|address) me (?:later|back|tomorrow|today|tonight|when|if|on|at|in|as soon|crazy|old|a|an)\b/i

/** By language: what an assistant does, that it shall always do so, and the style in which. */
export const ORDER_WORDS: Readonly<Record<string, { does: string; always: string; style: string; subject: string }>> = {
  de: {
    does: 'antworte*|schreib*|verwende*|nutze|benutze|nenn|nenne|sprich|vermeide|formatiere|duze|sieze|halte|lass|erkläre|gib|fass|fasse|kommentier*|übersetz*',
    always: 'immer|nie|niemals|stets|künftig|in zukunft|ab jetzt|ab sofort|grundsätzlich',
    style:
      'deutsch|englisch|französisch|spanisch|emojis?|markdown|kurz|knapp|ausführlich|stichpunkt*|aufzählung*|tabelle*|förmlich|kommentare|semikolons?|keine*|einfach*|mich',
    subject: 'ich|wir|er|sie|es|man',
  },
  fr: {
    does: 'réponds*|répondez*|écris*|écrivez|utilise*|utilisez|emploie*|appelle*|parle*|évite*|évitez|formate*|garde*|tutoie*|vouvoie*|explique*|traduis*',
    always: "toujours|jamais|désormais|dorénavant|à l'avenir|à partir de maintenant|systématiquement",
    style:
      'français|anglais|allemand|espagnol|émojis?|markdown|court*|bref|brève*|concis*|listes?|puces|tableau*|formel*|commentaires|moi|simple*',
    subject: "je|j'*|nous|il|elle|on",
  },
  es: {
    does: 'respond*|respónd*|escrib*|escríb*|us[ae]|usar|uses|utilic*|utiliza|utilices|llám*|llama|habla*|háblame|evita|formatea|mantén|explica|trátame|tutéame|comenta|traduce',
    always: 'siempre|nunca|jamás|a partir de ahora|de ahora en adelante|en adelante|en el futuro',
    style:
      'español|inglés|francés|alemán|emojis?|markdown|breve*|corto|corta|cortas|conciso|listas?|viñetas|tablas?|formal|comentarios|sencillo',
    subject: 'yo|nosotros|él|ella',
  },
  pt: {
    does: 'respond*|escrev*|us[ae]|uses|usar|utiliz*|cham[ae]*|fal[ae]|evit[ae]|format[ae]|mant[eé]m|mantenha|explica|explique|trata*|trate*|comenta|comente|traduz*',
    always: 'sempre|nunca|jamais|a partir de agora|daqui em diante|doravante|no futuro',
    style:
      'português|inglês|francês|alemão|emojis?|markdown|breve*|curt[oa]s?|concis[oa]|listas?|tópicos|tabelas?|formal|comentários|simples',
    subject: 'eu|nós|ele|ela',
  },
  it: {
    does: 'rispond*|scriv*|us[ai]|usare|utilizz*|chiama*|parla*|evita*|formatta|tieni|mantieni|spiega*|dammi del|commenta|traduci',
    always: "sempre|mai|d'ora in poi|d'ora in avanti|da adesso|in futuro",
    style:
      'italiano|inglese|francese|tedesco|emoji|markdown|brev[ei]|cort[oaie]|concis[oaei]|elenchi|elenco|tabell[ae]|formale|commenti|semplice',
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
      'türkçe|ingilizce|almanca|emoji*|markdown|kısa|özlü|liste*|madde*|tablo*|resmi|yorum*|basit|*ma|*me|*mayın|*meyin',
    subject: 'ben|biz|o|*yorum|*yoruz|*rım|*rim|*dım|*dim',
  },
  zh: {
    does: '回答|回复|写|使用|用|叫我|称呼|避免|解释|翻译|保持|说',
    always: '总是|一直|始终|永远|从不|绝不|从现在起|以后|今后|每次|务必|一律|不要|别用|请勿',
    style: '中文|英文|英语|表情|简短|简洁|列表|表格|正式|注释',
    subject: '我们|他|她|我在|我住|我是|我有|我不|我很|我一直',
  },
  ja: {
    does: '答え|返事|返信|書い|使わない|使っ|使用し|呼ん|話し|避け|説明し|翻訳し',
    always: '必ず|いつも|常に|絶対|今後|これから|決して|毎回|ないでください',
    style: '日本語|英語|絵文字|簡潔|短く|箇条書き|表で|丁寧|敬語|コメント',
    subject: '私は|僕は|俺は|私たちは|ています|ました',
  },
  ko: {
    does: '대답|답변|답해|써|쓰지|사용|불러|말해|피해|설명|번역',
    always: '항상|언제나|절대|앞으로|지금부터|매번|결코|마세요|말아',
    style: '한국어|영어|이모지|이모티콘|짧게|간결|목록|표로|존댓말|반말|주석',
    subject: '저는|나는|우리는|제가|내가',
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
}
type Order = { readonly does: RegExp; readonly always: RegExp; readonly style: RegExp; readonly subject: RegExp }
const patterns = new Map<string, Order>()

/** Whether the sentence tells the assistant how to behave from now on. `statement` is without greetings. */
export function isStandingOrder(statement: string, language: string): boolean {
  if (/[?？؟]\s?$/.test(statement)) return false
  return language === 'en' ? isEnglishOrder(statement) : isOrderIn(statement, language)
}

function isEnglishOrder(statement: string): boolean {
  if (CALL_ME.test(statement)) return false
  if (ALWAYS.test(statement) || WE_DO.test(statement) || RULES_FRAME.test(statement)) return true
  if (EACH_TIME.test(statement) && !ONCE.test(statement)) return true
  if (!DO_NOT.test(statement) && !DO.test(statement)) return false
  return (
    /\b(?:ever|always|never|from now on|going forward|in (?:the )?future)\b/i.test(statement) || !ONCE.test(statement)
  )
}

function isOrderIn(statement: string, language: string): boolean {
  const order = orderFor(language)
  if (!order?.does.test(statement) || order.subject.test(statement)) return false
  return order.always.test(statement) || order.style.test(statement)
}

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

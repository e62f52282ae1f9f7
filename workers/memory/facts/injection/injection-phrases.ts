/**
 * Owns the words by which orders to a model are known, in the languages that most people write: stems, divided by bars. One that ends in a star may
 * have endings; any other is a whole word. Scripts that write no spaces, or put particles onto words, are found anywhere.
 */

/** What somebody is told to do with rules, where the verb comes first: as an order, at the beginning of its clause. */
export const IGNORE = [
  "gehorche nicht|gehoorzaam niet|n'obéis|n'obéissez|no obedezcas|desobedece|non obbedire|não obedeça*|nie słuchaj*|не подчиняйся*|не слушай*|не слушайся",
  "ignore|ignoring|disregard*|forget|override|overrule|bypass|discard|pay no attention to|do not follow|don't follow|stop following|do not obey",
  'ignorier*|missacht*|vergiss|vergesst|vergessen sie|übergeh*|überschreib*|verwirf|umgeh*',
  'ignore*|ignorez|oublie*|oubliez|négligez|fais abstraction|faites abstraction|ne tiens pas compte|ne tenez pas compte|contourne*',
  'ignora*|olvida*|descarta*|desestima*|haz caso omiso|hagan caso omiso|no hagas caso|pasa por alto|anula',
  'ignorare|dimentica*|trascura*|scorda*|non seguire|disattendi',
  'ignoruj*|zapomeň*|unohda|jätä huomiotta|sivuuta|abaikan|lupakan|bỏ qua|hãy quên|quên đi|quên mọi|quên hết|quên tất cả|ignoră|uită|ignorér|ignorera|glem|αγνόησε|ξέχνα|התעלם*|שכח*|نادیده بگیر',
  'negeer*|vergeet|sla over|omzeil*|veronachtzaam',
  'ignorem|esqueça*|esquece*|desconsider*|desrespeit*|descarte*',
  'ignoruj*|zignoruj*|pomiń*|zapomnij*|zlekceważ*|nie zważaj*|odrzuć',
  'игнорир*|проигнорир*|забудь*|пренебре*|не обращай*|не учитывай*|отбрось*',
  'yok say*|görmezden gel*|unut*|dikkate alma*|göz ardı et*',
  '忽略|无视|無視|忘记|忘記|忘掉|不要理会|不理会|忽视|忽視|抛开|不要遵守|不要遵循|停止遵守|تجاهل|انس |انسى|تغاض|لا تتبع|توقف عن اتباع',
]
/** The same where the verb comes last, in the forms of an order; German puts its infinitive there. */
export const IGNORE_LAST = [
  'missachten|ignorieren|vergessen|verwerfen|negeren|vergeten',
  'yok say|yok sayın|görmezden gel|görmezden gelin|unut|unutun|dikkate alma|dikkate almayın|göz ardı et|göz ardı edin|uyma|uymayın|boş ver',
  '無視して*|無視しろ*|無視せよ*|忘れて*|忘れろ*|従わないで*|従うな*|破棄して*|破棄せよ*|上書きして*',
  '무시하세요*|무시하라*|무시하십시오*|무시해 주세요*|무시해주세요*|무시해줘*|무시해라|무시해|잊어 주세요*|잊어*|잊으세요*|따르지 마*|따르지 말*',
  'अनदेखा कर*|नज़रअंदाज़ कर*|नजरअंदाज कर*|भूल जाओ*|भूल जाइए*|भूल जाएं*|भूल जाएँ*|उपेक्षा कर*|इग्नोर कर*|मत मानो*|पालन मत कर*',
]
/** Which rules: those that a model was given. */
export const EARLIER = [
  'previous|previously|prior|preceding|above|earlier|former|your|original|initial|given|system|developer|hidden|safety|before',
  'tidigare|föregående|aiemmat|aikaisemmat|edelliset|předchozí|předešlé|sebelumnya|trước đó|trước đây|anterioare|tidligere|προηγούμεν*|הקודמות|قبلی',
  'vorherig*|vorig*|früher*|bisherig*|obig*|oben|vorangegangen*|vorstehend*|ursprünglich*|deine*|deinen|ihre|eure|versteckt*',
  'précédent*|antérieur*|ci-dessus|préalable*|initial*|tes|vos|ta|du système|reçues',
  'anterior*|previo*|previa*|arriba|precedente*|inicial*|tus|sus|del sistema|recibidas',
  'precedenti|sopra|iniziali|tue|tuoi|vostre|di sistema|ricevute',
  'vorige|voorgaande|eerdere|bovenstaande|oorspronkelijke|jouw|je|uw',
  'prévi*|acima|iniciais|suas|seus|tuas|teus|do sistema|recebidas',
  'poprzedni*|wcześniejsz*|powyższ*|dotychczasow*|początkow*|swoje|twoje|swoich',
  'предыдущ*|прежн*|прошл*|вышеуказан*|выше|ранее|изначальн*|свои|твои|ваши|системн*',
  'önceki|yukarıdaki|daha önceki|eski|verilen|sistem',
  '之前|以前|先前|前面|上面|以上|上述|此前|原来|你的|您的|系统|これまで|前の|上記|上の|先の|先ほど|今までの|あなたの|以前の|最初の',
  '이전|앞의|앞선|위의|지금까지|기존|너의|당신의|처음|سابق|أعلاه|المذكورة|السابقة|الخاصة بك|पिछले|पिछली|पहले|ऊपर|अपने|आपके|तुम्हारे',
]
/** Every rule: of a model only where no more is said of them. */
export const ALL = [
  'all|any|every|the|alla|kaikki|všechny|semua|mọi|tất cả|toate|όλες|כל|همه|alle|allen|jegliche|sämtliche|toute|toutes|tous|todo|todos|toda|todas|tutte|tutti|as|os|wszystki*|все|всё|всех|любые|tüm|bütün',
  '所有|全部|一切|任何|すべて|全て|全部|모든|كل|جميع|सभी|सारे|सब',
]
/** Whose rules they are when somebody takes back what they asked for. */
export const MINE = [
  'my|our|meine*|unsere*|mes|nos|mis|nuestr*|miei|mie|nostr*|minhas|meus|nossas|mijn|onze|moje|nasze|мои|наши|benim|我的|我们的|私の|私たちの|내|우리|मेरे|हमारे',
]
export const RULES = [
  'instruction*|prompt*|rule|rules|guidance|guideline*|directive*|command|commands|context|guardrail*|restriction*',
  'instruktioner|anvisningar|ohjeet|säännöt|pokyny|instrukce|pravidla|instruksi*|perintah|aturan|hướng dẫn|chỉ dẫn|quy tắc|instrucțiun*|regulile|instrukser|οδηγίες|κανόνες|הוראות|ההוראות|הכללים|دستورات|دستورالعمل*',
  'anweisung*|instruktion*|befehl*|vorgaben|regel|regeln|richtlinie*',
  'consigne*|directives|règle|règles|ordres',
  'instruccion*|indicacion*|órdenes|regla|reglas|directri*|directiva*',
  'istruzion*|indicazion*|ordini|regole|direttiv*|comandi',
  'instructie*|aanwijzing*|opdracht*|regels|richtlijn*|bevel*',
  'instruções|instruçõe*|orientaç*|ordens|regra|regras|diretriz*|comandos',
  'instrukcj*|polecen*|zasady|zasad|wytyczn*|rozkaz*|reguły',
  'инструкц*|указани*|правил*|команд*|промпт*|распоряжен*',
  'talimat*|komut*|yönerge*|kural*|istem|istemi|istemleri',
  '指令|指示|提示|规则|規則|命令|设定|設定|プロンプト|ルール|制約|지시|명령|프롬프트|규칙|지침',
  'تعليم|أوامر|الأوامر|توجيهات|قواعد|إرشادات|निर्देश|आदेश|नियम|प्रॉम्प्ट|हिदायत',
]

/** Who somebody is said to be from now on; an order where that is a kind of model. */
export const YOU_ARE_NOW = [
  "you are now|you're now|you are no longer|from now on you are|from now on, you are",
  'du bist jetzt|du bist nun|du bist ab jetzt|du bist ab sofort|ab jetzt bist du|ab sofort bist du|du bist nicht mehr|du bist kein',
  "tu es maintenant|tu es désormais|tu n'es plus|vous êtes maintenant|vous êtes désormais|désormais tu es",
  'ahora eres|eres ahora|ya no eres|a partir de ahora eres|ahora usted es',
  "ora sei|adesso sei|sei ora|sei adesso|d'ora in poi sei|non sei più",
  'je bent nu|je bent vanaf nu|vanaf nu ben je|je bent niet langer|u bent nu',
  'agora você é|você agora é|você é agora|a partir de agora você é|você não é mais|agora tu és|agora és',
  'teraz jesteś|od teraz jesteś|jesteś teraz|nie jesteś już',
  'теперь ты|отныне ты|ты теперь|ты больше не|теперь вы|вы теперь',
  'artık sen|sen artık|artık bir|artık kısıtlamasız|bundan sonra bir|bundan sonra sen|şu andan itibaren',
  '你现在是|你現在是|现在你是|現在你是|从现在起你是|从现在开始你是|從現在起你是|あなたは今|あなたはこれから|あなたはもう|今からあなたは|これからあなたは|君は今',
  '너는 이제|당신은 이제|이제 너는|이제 당신은|지금부터 너는|지금부터 당신은|넌 이제|أنت الآن|من الآن أنت|لم تعد|अब तुम|अब आप|तुम अब|आप अब',
]
export const KINDS_OF_MODEL = [
  'assistant|ai|ki|ia|llm|language model|sprachmodell|modèle|modelo|modello|bot|chatbot|gpt*|developer mode|admin mode|debug mode|god mode|root access|dan|unrestricted|uncensored|unfiltered|jailbroken|hacker',
  'bound by|without restriction*|no restriction*|free of all|entwicklermodus|modo desarrollador|modo desenvolvedor|modo sviluppatore|mode développeur|режим разработчика|开发者模式|開発者モード|개발자 모드',
  'assistent*|asistent*|assistente|asistente|asystent*|asistan*|uneingeschränkt*|sans restriction*|sin restriccion*|senza restrizion*|zonder beperking*|sem restriç*|bez ogranicz*',
  'ассистент*|помощник*|модель|бот|ии|без ограничен*|yapay zeka|kısıtlamasız|modelsin|modelsiniz',
  '人工智能|人工知能|助手|模型|アシスタント|モデル|어시스턴트|모델|인공지능|مساعد|نموذج|الذكاء|सहायक|मॉडल|एआई',
]

/** What a model was told, and must not tell. */
export const SYSTEM_PROMPT = [
  'system prompt*|system message*|system instruction*|developer prompt*|developer message*|developer instruction*|your instructions|your prompt|your rules|your guidelines|initial instructions|initial prompt|hidden instructions|hidden prompt|your configuration',
  'deine anweisungen|ihre anweisungen|tes instructions|vos instructions|tus instrucciones|le tue istruzioni|suas instruções|swoje instrukcje|свои инструкции|talimatlarını|你的指令|你的提示词|系统提示词|あなたの指示|너의 지시|تعليماتك|अपने निर्देश',
  'systemprompt*|system-prompt*|systemnachricht*|systemanweisung*|prompt système|prompt du système|invite système|instructions système',
  'prompt del sistema|prompt de sistema|instrucciones del sistema|mensaje del sistema|prompt di sistema|istruzioni di sistema',
  'systeemprompt*|systeeminstructie*|vergeet je instructies|negeer je instructies|prompt do sistema|instruções do sistema|prompt systemow*|instrukcje systemow*|monit systemow*',
  'системный промпт*|системного промпт*|системные инструкции|sistem istem*|sistem prompt*|sistem talimat*',
  'sua mensagem de sistema|tua mensagem de sistema|il tuo messaggio di sistema|tu mensaje de sistema|ton message système|votre message système|je systeembericht|swój komunikat systemowy|swoją wiadomość systemową|своё системное сообщение|твоё системное сообщение|своє системне повідомлення|ditt systemmeddelande|din systemprompt*|din systembesked|svoji systémovou zprávu|sistem mesajını|pesan sistemmu|prompt sistemmu|tin nhắn hệ thống của bạn|mesajul tău de sistem',
  '你的系统消息|你的系統訊息|您的系统消息|あなたのシステムメッセージ|네 시스템 메시지|너의 시스템 메시지|당신의 시스템 메시지|رسالة النظام الخاصة بك|رسالة نظامك|अपना सिस्टम संदेश|अपना सिस्टम मैसेज|הודעת המערכת שלך',
  '系统提示|系統提示|系统指令|系統指令|システムプロンプト|システム指示|시스템 프롬프트|시스템 지시|موجه النظام|تعليمات النظام|सिस्टम प्रॉम्प्ट|सिस्टम निर्देश',
]

/** By which somebody is told to give it away, where the verb comes first, and where it comes last. */
export const SHOW = [
  'reveal|print|output|repeat|show|display|leak|dump|expose|disclose|recite|quote|give me|tell me|write out|paste|list|summarize|summarise|translate|what is|what are|what was|send me|share|reply with|respond with|answer with',
  'zeig*|nenn*|gib*|wiederhol*|verrat*|drucke|liste|affiche*|montre*|révèle*|répète*|donne*|écris|muestra*|muéstr*|revela*|repite|imprime|dime|enseña*|mostra*|rivela*|ripeti|stampa|dimmi|scrivi',
  'toon|geef|onthul*|herhaal|druk|mostre*|revele*|repita|imprima|diga*|exiba|pokaż*|ujawnij*|powtórz|wypisz|podaj|покажи*|раскрой*|повтори*|выведи*|напечатай*|назови*|скажи*',
  'visa|visa mig|skriv ut|avslöja|vis|ukaž*|vypiš|tampilkan|tunjukkan|cetak|hiển thị|in ra|arată|afișează|δείξε|הצג|הראה',
  '显示|顯示|输出|告诉我|重复|打印|泄露|透露|展示|说出|公开|أظهر*|اعرض*|اكشف*|كرر*|اطبع*|أخبرني*',
]
export const SHOW_LAST = [
  'göster|gösterin|göstersene|yazdır|yazdırın|açıkla|açıklayın|söyle|söyleyin|tekrarla|tekrarlayın|paylaş|paylaşın|表示して*|見せて*|教えて*|出力して*|開示して*|公開して*|繰り返して*|보여줘|보여 줘|보여주세요|보여 주세요|알려줘*|출력해*|공개해*|말해줘*|दिखाओ*|दिखाइए*|दिखाएं*|बताओ*|बताइए*|प्रकट कर*',
]

/** What is to be kept from the person for whom a model works: somebody may not be told, in either order. */
export const DO_NOT_TELL = [
  "do not tell|don't tell|never tell|do not inform|don't inform|never alert|do not warn|don't warn|never warn|do not alert|don't alert|do not notify|don't notify|never notify|do not mention|don't mention|do not reveal|don't reveal|never mention|never inform|never reveal|don't let|do not let|hide this from|hide it from|keep this from",
  "ne préviens|ne prévenez|n'avertis*|n'alerte*|ne signale*|ne dis|ne dites|ne révèle*|ne mentionne*|ne parle*|n'informe*",
  'no avises|no avise|no alertes|no adviertas|no notifiques|non avvisare|non avvertire|non avvertirlo|non allertare|no le digas|no digas|no diga|no menciones|no cuentes|no reveles|no informes|non dire|non dirlo|non rivelare|non menzionare|non informare',
  'não avise*|não alerte*|não notifique*|nie ostrzegaj*|nie powiadamiaj*|nie zawiadamiaj*|não diga*|não conte|não revele*|não mencione*|não informe*|não fale*|nie mów*|nie powiedz*|nie informuj*|nie wspominaj*|nie ujawniaj*',
  'не предупреждай*|не уведомляй*|не оповещай*|не говори*|не сообщай*|не рассказывай*|не упоминай*|не раскрывай*|никогда не говори*',
  '不要提醒|不要警告|别提醒|别通知|لا تحذر*|لا تنبه*|لا تخطر*|لا تبلغ*|不要告诉|不要告訴|别告诉|別告訴|不得告诉|不要透露|不要通知|不要让|لا تخبر*|لا تقل*|لا تذكر*|لا تعلم*',
]
/** The same where the verb comes last, in the forms of an order. */
export const DO_NOT_TELL_LAST = [
  'uyarma|uyarmayın|haber verme|haber vermeyin|bilgilendirme|bilgilendirmeyin|警告しないで*|通知しないで*|söyleme|söylemeyin|anlatma|anlatmayın|bahsetme|bahsetmeyin|bildirme|bildirmeyin|言わないで*|伝えないで*|教えないで*|知らせないで*|話さないで*|言うな*|伝えるな*|教えるな*',
  '경고하지 마*|경고하지 말*|통지하지 마*|सूचित मत कर*|मत चेता*|말하지 마*|말하지 말*|알리지 마*|알리지 말*|언급하지 마*|알려주지 마*|मत बता*|न बता*|मत कह*',
]
/** What is an order to keep something back only with a negation behind it. */
export const TELL = [
  'warn|warne|benachrichtig*|unterricht*|waarschuw|informeer|verwittig|sag|sage|sagen sie|erzähl*|verrat*|informier*|erwähn*|vertel*|zeg|meld|noem*',
]
export const NOTHING = ['nicht|nichts|niemals|nie|kein*|niets|niet|nooit|geen']
export const THE_USER = [
  "the user|the users|the human|the humans|the person you|dem nutzer*|dem benutzer*|den nutzer*|den benutzer*|der nutzer*|der benutzer*|die nutzer*|dem user|dem anwender|l'utilisateur|utilisateurs|al usuario|a los usuarios|usuario",
  "all'utente|agli utenti|l'utente|de gebruiker*|ao usuário|aos usuários|ao utilizador|usuário|użytkowni*|пользовател*|kullanıcı*|användaren|brugeren|uživatel*|pengguna|χρήστη*",
  '用户|用戶|使用者|ユーザー|사용자|المستخدم|للمستخدم|بالمستخدم|उपयोगकर्ता|यूज़र',
]

/** What may stand before the verb of an order at the beginning of its clause. */
export const LEAD_INS = [
  'please|kindly|quietly|silently|secretly|now|and|then|so|also|just|first|instead|simply|from now on|you must|you should|you have to|you need to|you will|you shall|you are to|must|important|hello|hi|hey|ok|okay|system|assistant|new instruction|new task',
  'bitte|jetzt|nun|und|dann|ab jetzt|ab sofort|du musst|du sollst|sie müssen|wichtig|hallo',
  "s'il te plaît|s'il vous plaît|maintenant|et|désormais|tu dois|vous devez|il faut|important|bonjour",
  'por favor|ahora|y|entonces|desde ahora|debes|tienes que|importante|hola|favor de',
  'per favore|ora|adesso|e|poi|devi|dovete|importante|ciao',
  'alsjeblieft|alstublieft|nu|en|dan|vanaf nu|je moet|u moet|belangrijk|agora|então|você deve|olá',
  'proszę|teraz|i|musisz|od teraz|ważne|пожалуйста|теперь|и|отныне|ты должен|вы должны|важно|привет|lütfen|şimdi|ve|artık',
  '请|請|现在|現在|立即|马上|你必须|你要|你应该|从现在起|务必|من فضلك|الآن|يجب أن|عليك أن',
]
/** How what was told is to be given away; it may follow the end of the clause. */
export const VERBATIM = [
  'verbatim|word for word|in full|wörtlich|wortwörtlich|aus|mot à mot|palabra por palabra|palavra por palavra|parola per parola|woord voor woord|af|ord för ord|ord for ord|slovo od slova|kata demi kata|nguyên văn|cuvânt cu cuvânt|kelimesi kelimesine|λέξη προς λέξη|słowo w słowo|дословно|слово в слово|حرفيا|כלשונה',
]
/** A model, to whom an order is said to be given. */
export const ADDRESSEE = [
  'assistant to|ai to|model to|llm to|bot to|chatbot to|agent to|assistant,|ai,|ai:|assistant:|model:',
]

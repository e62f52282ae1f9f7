/**
 * Owns the words by which orders to a model are known, in the languages that most people write: stems, divided by bars. One that ends in a star may
 * have endings; any other is a whole word. Scripts that write no spaces, or put particles onto words, are found anywhere.
 */

/** What somebody is told to do with rules that were given earlier: all three must stand together, in any order that a language allows. */
export const IGNORE = [
  "ignore|ignoring|disregard*|forget|override|overrule|bypass|discard|pay no attention to|do not follow|don't follow|stop following|do not obey",
  'ignorier*|missacht*|vergiss|vergesst|vergessen sie|übergeh*|überschreib*|verwirf|umgeh*',
  'ignore*|ignorez|oublie*|oubliez|négligez|fais abstraction|faites abstraction|ne tiens pas compte|ne tenez pas compte|contourne*',
  'ignora*|olvida*|descarta*|desestima*|haz caso omiso|hagan caso omiso|no hagas caso|pasa por alto|anula',
  'ignorare|dimentica*|trascura*|scorda*|non seguire|disattendi',
  'negeer*|vergeet|sla over|omzeil*|veronachtzaam',
  'ignorem|esqueça*|esquece*|desconsider*|desrespeit*|descarte*',
  'ignoruj*|zignoruj*|pomiń*|zapomnij*|zlekceważ*|nie zważaj*|odrzuć',
  'игнорир*|проигнорир*|забудь*|пренебре*|не обращай*|не учитывай*|отбрось*',
  'yok say*|görmezden gel*|unut*|dikkate alma*|göz ardı et*',
  '忽略|无视|無視|忘记|忘記|不要理会|不理会|忽视|忽視|抛开|忘れ|従わない|破棄|무시|잊어|따르지 마',
  'تجاهل|انس |انسى|تغاض|لا تتبع|अनदेखा|नज़रअंदाज़|भूल जा|उपेक्षा|इग्नोर',
]
export const EARLIER = [
  'previous|previously|prior|preceding|above|earlier|former|all|any|every|your|original|initial|existing|given',
  'vorherig*|vorig*|früher*|bisherig*|obig*|vorangegangen*|vorstehend*|alle|allen|jegliche|deine|deinen|ihre|eure',
  'précédent*|antérieur*|ci-dessus|préalable*|toute|toutes|tous|tes|vos',
  'anterior*|previo*|previa*|arriba|precedente*|todo|todos|toda|todas|tus|sus',
  'precedenti|sopra|tutte|tutti|tue|tuoi|vostre',
  'vorige|voorgaande|eerdere|bovenstaande|jouw|uw',
  'prévi*|acima|suas|seus|tuas|teus',
  'poprzedni*|wcześniejsz*|powyższ*|dotychczasow*|wszystki*|swoje|twoje',
  'предыдущ*|прежн*|прошл*|вышеуказан*|выше|все|всё|всех|любые|свои|твои|ваши',
  'önceki|yukarıdaki|tüm|bütün',
  '之前|以前|先前|前面|上面|以上|上述|所有|全部|一切|你的|これまで|前の|上記|上の|先の|先ほど|すべて|全て|今までの',
  '이전|앞의|앞선|위의|지금까지|기존|모든|سابق|أعلاه|المذكورة|كل|جميع|पिछले|पिछली|पहले|ऊपर|सभी|सारे|सब',
]
export const RULES = [
  'instruction*|prompt*|rule|rules|guideline*|directive*|command|commands|context|guardrail*|restriction*',
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
  'assistant|ai|ki|ia|llm|model|modell|modèle|modelo|modello|bot|chatbot|gpt*|mode|modus|modo|dan|unrestricted|uncensored|developer|root|admin|administrator|hacker',
  'assistent*|asistent*|assistente|asistente|asystent*|asistan*|uneingeschränkt*|sans restriction*|sin restriccion*|senza restrizion*|zonder beperking*|sem restriç*|bez ogranicz*',
  'ассистент*|помощник*|модель|бот|ии|без ограничен*|yapay zeka|kısıtlamasız',
  '人工智能|人工知能|助手|模型|アシスタント|モデル|어시스턴트|모델|인공지능|مساعد|نموذج|الذكاء|सहायक|मॉडल|एआई',
]

/** What only who writes to a model has a word for. */
export const SYSTEM_PROMPT = [
  'system prompt*|system message*|system instruction*|developer prompt*|developer message*|developer instruction*|developer mode|jailbreak*|do anything now',
  'systemprompt*|system-prompt*|systemnachricht*|systemanweisung*|entwicklermodus|prompt système|prompt du système|invite système|instructions système',
  'prompt del sistema|prompt de sistema|instrucciones del sistema|mensaje del sistema|modo desarrollador|prompt di sistema|istruzioni di sistema',
  'systeemprompt*|systeeminstructie*|vergeet je instructies|negeer je instructies|prompt do sistema|instruções do sistema|prompt systemow*|instrukcje systemow*|monit systemow*',
  'системный промпт*|системного промпт*|системные инструкции|sistem istem*|sistem prompt*|sistem talimat*',
  '系统提示|系統提示|系统指令|系統指令|システムプロンプト|システム指示|시스템 프롬프트|시스템 지시|موجه النظام|تعليمات النظام|सिस्टम प्रॉम्प्ट|सिस्टम निर्देश',
]

/** What is to be kept from the person for whom a model works: somebody may not be told, in either order. */
export const DO_NOT_TELL = [
  "do not tell|don't tell|never tell|do not inform|don't inform|do not mention|don't mention|do not reveal|don't reveal|without telling|without informing",
  "sag|sage|sagen sie|erzähl*|verrat*|informier*|ne dis|ne dites|ne révèle*|ne mentionne*|ne parle*|n'informe*",
  'no le digas|no digas|no diga|no menciones|no cuentes|no reveles|no informes|non dire|non dirlo|non rivelare|non menzionare|non informare',
  'vertel*|zeg|meld|não diga*|não conte|não revele*|não mencione*|não informe*|não fale*|nie mów*|nie powiedz*|nie informuj*|nie wspominaj*|nie ujawniaj*',
  'не говори*|не сообщай*|не рассказывай*|не упоминай*|не раскрывай*|söyleme*|anlatma*|bahsetme*|bildirme*',
  '不要告诉|不要告訴|别告诉|別告訴|不得告诉|不要透露|不要通知|言わない|伝えない|教えない|知らせない|話さない|言うな|伝えるな|말하지|알리지|언급하지|알려주지',
  'لا تخبر|لا تقل|لا تذكر|لا تعلم|मत बता|न बता|नहीं बता|मत कह',
]
export const THE_USER = [
  "the user|the users|dem nutzer*|dem benutzer*|den nutzer*|den benutzer*|dem user|dem anwender|l'utilisateur|utilisateurs|al usuario|a los usuarios|usuario",
  "all'utente|agli utenti|l'utente|de gebruiker*|ao usuário|aos usuários|ao utilizador|usuário|użytkowni*|пользовател*|kullanıcı*",
  '用户|用戶|使用者|ユーザー|사용자|المستخدم|उपयोगकर्ता|यूज़र',
]

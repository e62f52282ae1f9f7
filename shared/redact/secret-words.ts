/**
 * The words by which people name a secret, and by which they say what it is, in the languages that most people write. Alternatives of patterns, divided
 * by bars, in small letters; stems where endings follow. A row is of one script. A word alone is nothing: what makes a secret is the value beside it.
 */

/** What the value of a word looks like: chosen, of digits, drawn by chance, of words, of a document. */
export type SecretSort = 'password' | 'pin' | 'token' | 'phrase' | 'document'

/** Things that a password lets one into, in English. */
const OPENED =
  'wi-?fi|wlan|router|guest|admin|root|vpn|login|account|e?-?mail|laptop|server|nas|database|db|portal|panel|gmail|outlook|netflix|spotify|icloud|paypal|steam|github|gitlab'

export const SECRET_WORDS: Readonly<Record<SecretSort, readonly string[]>> = {
  phrase: [
    '(?:seed|recovery|backup|mnemonic|secret) (?:phrase|words)|mnemonic|pass ?phrase|wiederherstellungsphrase|herstelzin',
    'phrase (?:de récupération|secrète|de passe)|frase (?:semilla|de recuperación|de recuperação|semente|segreta|di recupero)|fraza odzyskiwania',
    'сид-фраза|seed-фраза|助记词|助記詞|リカバリーフレーズ|シードフレーズ|복구 구문|니모닉',
  ],
  token: [
    'api[ -]?keys?|api[ -]?tokens?|access[ -]?(?:keys?|tokens?)|(?:auth|bearer|secret|session|refresh|personal access|bot|deploy)[ -]?tokens?|client[ -]?secrets?|(?:secret|private|license|licence|recovery|encryption|signing|webhook|master|admin|service) (?:key|secret)|tokens?|secrets?|keys?|credentials?',
    "api-?schlüssel|zugangsschlüssel|zugriffstoken|lizenzschlüssel|clé (?:d['’]api|api|secrète|d['’]accès|de licence)|jeton|api-?sleutel|toegangssleutel|clave (?:de api|api|secreta)|chave (?:de api|da api|api|secreta|de acesso)|chiave (?:api|segreta|di accesso)",
    'klucz (?:api|dostępu|tajny|licencyjny)|api[- ]ключ|api anahtar[ıi]|erişim anahtarı|apiキー|api ?키|api ?密钥',
    'апи[- ]?ключ|ключ (?:api|доступа)|токен доступа|токен|密钥|密鑰|令牌|トークン|秘密鍵|シークレット|토큰|액세스 키|مفتاح|رمز الوصول|מפתח|कुंजी',
  ],
  document: [
    "ssn|social security(?: number| no\\.?| #)?|passport(?: number| no\\.?| #)?|driver['’]?s licen[cs]e(?: number| no\\.?)?|national insurance(?: number| no\\.?)?|tax (?:id|number)|medicare(?: number)?|social",
    'reisepass(?:nummer)?|pass(?:nummer|nr\\.?)|personalausweis(?:nummer)?|ausweisnummer|steuer-?(?:id|identifikationsnummer|nummer)|sozialversicherungsnummer|paspoort(?:nummer)?|bsn|burgerservicenummer|rijbewijsnummer',
    "passeport|sécurité sociale|carte d['’]identité|pasaporte|dni|nif|número de seguridad social|cédula|curp|passaporte|cpf|cartão de cidadão|passaporto|codice fiscale|carta d['’]identità",
    'paszport|pesel|dow(?:ód|odu) osobist|pasaport|kimlik (?:no|numara)|personnummer|henkilötunnus|číslo pasu|rodné číslo|aadhaar|hộ chiếu|căn cước|paspor|ktp',
    'паспорт|снилс|инн',
    'パスポート(?:番号)?|マイナンバー|(?:护照|護照)(?:号码?|號碼)?|(?:身份证|身分證)(?:号码?|字號)?|여권|주민등록번호|주민번호|جواز|رقم الهوية|דרכון|תעודת זהות|पासपोर्ट|आधार',
  ],
  pin: [
    'pin(?:[ -]?(?:code|number|kode|kod|koodi|codes)|码|碼|番号|コード)?|cvv2?|cvc2?|otp|2fa code|(?:one[- ]time|verification|recovery|backup|unlock|security|access|entry|door|gate|alarm|garage|building|safe|locker|lock|keypad|front door) code|combination',
    'geheim(?:zahl|nummer)|code (?:für|vom|zum|zur) (?:den |die |das |der )?(?:tresor|safe|haus|tür|haustür|alarm|tor|schloss|garage|keller)|(?:tür|tuer|alarm|zugangs|sicherheits|tor|haus)code|zahlenkombination|pincode|(?:toegangs|alarm|deur|beveiligings|poort)code',
    "digicode|code (?:pin|secret|confidentiel|d['’]accès|de la porte|du portail|de l['’]alarme|de l['’]immeuble|d['’]entrée|de sécurité|du coffre|du cadenas)",
    'c[óo]digo (?:pin|secreto|de seguridad|de acceso|de la puerta|de la alarma|del port[óo]n|de segurança|de acesso|do alarme|da porta|do portão|do cofre|del garaje)|clave',
    "codice (?:pin|segreto|di sicurezza|di accesso|della porta|dell['’]allarme|del cancello|della cassaforte)",
    'kod (?:pin|dostępu|do (?:drzwi|alarmu|bramy|sejfu|domofonu)|domofonu)',
    'пин(?:-?код)?|код (?:домофона|доступа|сигнализации|подтверждения|безопасности|от (?:двери|сейфа|подъезда|домофона|ворот))',
    'kode(?:n)? til (?:døren|porten|alarmen|huset|garasjen|garagen|safen)|kod(?:en)? till (?:dörren|porten|larmet|garaget|kassaskåpet)|kód (?:do|k|ke) (?:brány|trezoru|domu)|kartım(?:ın)? şifresi|kapı (?:kodu|şifresi)|alarm (?:kodu|şifresi)|güvenlik kodu|(?:port|dörr|larm)kod|tunnusluku|ovikoodi|kód (?:od|ke|k|alarmu|dveří)|mã pin|kode (?:pintu|akses)',
    '验证码|驗證碼|暗証番号|セキュリティコード|핀 ?번호|인증번호|الرقم السري|الرمز السري|رمز (?:الدخول|الباب|التحقق)|קוד (?:הכניסה|האזעקה|הכספת|סודי|הדלת|השער)|हमारा कोड|पिन',
  ],
  password: [
    `pass ?words?|passwd|pass ?codes?|(?:${OPENED}) (?:pass|pw|pwd|psk|key)(?![a-z])|pass(?= (?:for|to|of) (?:(?:the|my|our|his|her) )?(?:[a-z-]{2,12} )?(?:${OPENED})(?![a-z]))|(?<![a-z] )pass(?=:)|(?:pw|pwd)(?=[ ]?[:=])|(?:wi-?fi|wlan)-?(?:schlüssel|code)|cl(?:é|ef) (?:du )?wi-?fi|passwort|kennwort|zugangscode|wachtwoord|mot de passe|mots de passe|mdp|contrase(?:[ñn]|ny)a|clave(?: de acceso)?|senha|palavra[- ]passe|parola`,
    'hasł[oaeu]m?|heslo|şifre|sifre|parolam|l[öo]senord|passord|adgangskode|kodeord|salasana|jelsz[óo]|jelszav|mật khẩu|kata (?:sandi|laluan|kunci)|nenosiri',
    'парол[ьяею]м?|парола|κωδικ(?:ός|ό)(?: πρόσβασης)?|συνθηματικό',
    'รหัสผ่าน|密码|密碼|口令|パスワード|合言葉|비밀번호|비번|암호|패스워드|كلم[ةه] (?:ال)?(?:سر|مرور)|الباسورد|סיסמ(?:ה|א|ת)',
    'رمز عبور|گذرواژه|پسورد|پاس ورڈ|पासवर्ड|पासवर्ड|कूटशब्द|পাসওয়ার্ড|கடவுச்சொல்',
  ],
}

/** Of these the value is named outright, so that it may be any word. */
export const NAMING_VERBS = 'lautet|lauten|heißt|heisst|luidt|brzmi|zní|znie|lyder'

/** Between the word for a secret and its value, in scripts that put spaces between words. Longer ones first. */
export const LINKS = [
  '(?:has been |was |is )?(?:set|changed|reset|updated) to|used to be|has always been|should be|would be|is|was|are|will be|equals',
  `ist|war|sind|${NAMING_VERBS}|wordt|c['’]est|est|était|es|era|son|será|é|são|è|e['’]|sono`,
  'to jest|to|jest|je|to je|это|есть|теперь|сейчас|це|är|er|on|oli|este|είναι|là|adalah|ialah|yaitu|olarak|هو|هي|היא|הוא|है|হল|হলো|است',
  // What it was changed to: of letters and digits, for these words say much else.
  String.raw`(?:\p{L}{3,14} )?(?:auf|en|a|para|por|in|na|на|til|till|إلى|बदलकर)(?=[ ](?=\S{0,40}\p{L})\S{0,40}\p{Nd}{2})`,
].join('|')
/** The same in scripts without spaces, and with particles. */
export const UNSPACED_LINKS =
  '(?:现在|現在|目前)?是|今は|为|為|(?:改|换|換|设|設)(?:成|为|為)了?|を(?=[ ]?[!-~]{4,40}[ ]?に)|[를을](?=[ ]?[!-~]{4,40}[ ]?(?:으로|로))|は|が|는|은|이|가|คือ'
/** Of English only, where a plain word may be told from what a password is like. */
export const ENGLISH_LINK = /^(?:is|was|(?:has been |was |is )?(?:set|changed|reset|updated) to)$/i

/** Beside a link. */
export const ADVERBS =
  'now|still|currently|just|simply|always|jetzt|nun|noch|immer noch|nu|nog|maintenant|toujours|ahora|siempre|agora|ainda|ora|adesso|ancora|teraz|теперь|сейчас|artık|şimdi'

/** What may follow the word before it is said what the secret is: "for the wifi", "of ours". */
export const PREPOSITIONS =
  "for|of|to|on|at|in|from|on my|i (?:got|have|use|received)|we use|they (?:sent|gave)(?: me)?|that works|wi-?fi|wlan|vpn|router|gmail|outlook|netflix|spotify|icloud|paypal|steam|github|admin|root|für|fürs|mein(?:er|es)|unser(?:er|es)|administrat\\p{L}{1,8}|invité|gości\\p{L}{0,3}|vom|von|zum|zur|beim|des|der|im|auf|pour|de|du|des|d['’]\\p{L}+|del|da|do|das|dos|para|per|di|della|dello|dell['’]\\p{L}+|al|alla|nel|voor|van|op|dla|od|na|z|для|от|к|до|на|för|till|til|på|για|του|της|cho|của|untuk|saya|ku|kami|tôi|mình|שלי|שלנו|של|الخاصة|الخاص|mea|mia|mio|μου|mi|pro|k|ke|için"

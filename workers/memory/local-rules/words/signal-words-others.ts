/** The ranker's words for more languages, shorter than the others: what people say most of health, family, home, work and preferences. */

export type SignalWords = {
  /** The speaker, alone or with others; where verbs do without a pronoun, the usual verbs of the first person. */
  readonly self: string
  /** Whom one talks to. */
  readonly you: string
  /** How questions and requests begin. */
  readonly ask: string
  /** Thanks, greetings, opinions about the talk, what is not understood, what is only wished or supposed. */
  readonly chat: string
  /** Words that point out of the sentence. */
  readonly here: string
  /** Where verbs do without a pronoun: how one of the first person begins a sentence. @default a word of `self` */
  readonly start?: string
  readonly family: string
  readonly health: string
  readonly preference: string
  readonly decision: string
  /** Appointments, tasks and their times. */
  readonly agenda: string
  /** Home, work, tools, names, numbers. */
  readonly life: string
}

const DANO_NORWEGIAN: SignalWords = {
  self: 'jeg|mig|meg|min|mit|mitt|mine|vi|os|oss|vores|vår|vårt',
  you: 'du|dig|deg|din|dit|ditt|dine|jer|dere',
  ask: 'kan du|kunne du|hvad|hva|hvem|hvordan|hvor|hvornår|hvorfor|hvilken|er der|er det|har du|vis|forklar|giv|hjelp|hjælp',
  chat: 'tak|takk|hej|hei|god morgen|godmorgen|forstår|tror|måske|kanskje|spørgsmål|spørsmål|lyder|høres|ved ikke|vet ikke|håber|håper|træt|trøtt|klar|sikker|undskyld|beklager|glad|fejl|linje|prøver|prøvede|afsnit|avsnitt|forslag',
  here: 'det|dette|den|der',
  family:
    'datter*|søn|sønn*|kone*|mand|mann*|kæreste*|kjæreste*|mor|moren|far|faren|bror*|søster*|barn|børn|hund*|kat|katt*|chef|sjef*|kollega*|gift|skilt|forlovet|familie*',
  health:
    'allergi*|intoleran*|laktose*|gluten*|diabet*|astma*|medicin*|medisin*|syg|syk|læge*|lege*|gravid|vegan*|veganer|vegetar*|kød|kjøtt|blodtryk*|nødder|nøtter|*nødder|*nøtter|mælk|melk|fisk|tåler',
  preference:
    'elsker|hader|hater|foretrækker|foretrekker|kan godt lide|bedst lide|liker|yndlings*|favorit*|spiser|drikker|kaffe|te|øl|vin|helst|hellere|heller',
  decision: 'besluttet|bestemt|vedtaget|vedtatt|valgt|aftalt|avtalt|booket|bestilt|aflyst|avlyst|opsagt',
  agenda:
    'møde*|møte*|tid|*tid|time|*time|aftale*|avtale*|eksamen|bryllup*|fødselsdag*|bursdag*|fly|frist*|ferie*|rejse*|reise*|skal|må',
  life: 'bor|bodde|flyttede|flyttet|arbejder|arbeider|jobber|studerer|læser|hedder|heter|navn*|adresse*|telefon*|født|kommer fra|år|firma*|kontor*|projekt*|prosjekt*|bruger|bruker|spiller|taler|snakker|hus|lejlighed|leilighet|bil|have|hage|tømrer*|snekker*|lærer*|ingeniør*|løb|løp',
}

export const OTHER_SIGNAL_WORDS: Readonly<Record<string, SignalWords>> = {
  da: DANO_NORWEGIAN,
  no: DANO_NORWEGIAN,
  sv: {
    self: 'jag|mig|min|mitt|mina|vi|oss|vår|vårt|våra',
    you: 'du|dig|din|ditt|dina|ni',
    ask: 'kan du|kunde du|vad|vem|hur|var|när|varför|vilken|finns det|har du|visa|förklara|ge|hjälp',
    chat: 'tack|hej|god morgon|förstår|tror|kanske|fråga|låter|vet inte|hoppas|trött|klar|säker|ursäkta|förlåt|glad|fel|rad|försöker|försökte|stycket|förslag*',
    here: 'det|detta|den|där',
    family:
      'dotter*|son|sonen|fru|frun|man|mannen|sambo*|flickvän*|pojkvän*|mamma*|pappa*|mor|far|bror*|syster*|barn*|hund*|katt*|chef*|kollega*|gift|skild|förlovad|familj*',
    health:
      'allergi*|intoleran*|laktos*|gluten*|diabet*|astma*|medicin*|sjuk|läkare*|gravid|vegan*|vegetarian*|kött|blodtryck*|nötter|*nötter|mjölk|fisk|tål',
    preference: 'älskar|hatar|föredrar|gillar|tycker om|favorit*|äter|dricker|kaffe|te|öl|vin|helst|hellre',
    decision: 'beslutat|bestämt|bestämde|valt|valde|kommit överens|bokat|bokade|avbokat|sagt upp',
    agenda: 'möte*|tid|*tid|tandläkar*|examen|tenta*|bröllop*|födelsedag*|flyg*|frist|semester*|resa|resor|måste|ska',
    life: 'bor|bodde|flyttade|flyttat|arbetar|jobbar|pluggar|studerar|heter|namn*|adress*|telefon*|född|kommer från|år|företag*|kontor*|projekt*|team*|använder|spelar|pratar|hus|lägenhet*|bil|trädgård*|snickare|lärare|ingenjör*|sprang',
  },
  cs: {
    self: 'já|mě|mi|mně|mnou|můj|moje|má|mého|mojí|my|nás|nám|náš|naše|jsem|jsme|*ám|*áme|*ím|*íme|*uji|*uju|*ujeme',
    you: 'ty|tebe|ti|tobě|tvůj|tvoje|vy|vás|vám|váš|můžeš|můžete',
    ask: 'můžeš|můžete|co|kdo|jak|kde|kdy|proč|který|která|vysvětli|ukaž|řekni|pomoz|dej',
    chat: 'díky|děkuji|ahoj|dobrý den|dobré ráno|dobrý večer|rozumím|nerozumím|myslím|možná|otázk*|zní|nevím|doufám|chtěl bych|chtěla bych|unaven*|hotov*|promiň*|chyb*|řádk*|zkouším|zkusil*|návrh*|odstav*',
    here: 'to|toho|tomu|ten|ta',
    family:
      'dcer*|syn*|manžel*|žen[auy]|přítel*|matk*|otec|otce|mám[auy]|tát[auy]|rodič*|brat*|sestr*|dět*|dít*|babičk*|dědeč*|soused*|kamarád*|pes|psa|kočk*|šéf*|koleg*|ženatý|vdaná|rozved*|rodin*',
    health:
      'alergi*|intoleran*|cukrovk*|astma*|lék|léky|nemocn*|lékař*|doktor*|těhotn*|vegan*|vegetarián*|mas[oa]|tlak|operac*|ořech*|oříšk*|lepek|laktóz*|mlék*|ryb*',
    preference: 'raději|radši|mám rád|mám ráda|miluji|nesnáším|preferuj*|oblíben*|jím|piju|piji|káv*|čaj*|pivo|víno',
    decision: 'rozhod*|vybral*|dohod*|rezervov*|objednal*|podepsal*|zrušil*|odložil*',
    agenda: 'schůzk*|zkoušk*|svatb*|narozenin*|termín*|dovolen*|cest*|konferenc*|musím|musíme|pohovor*',
    life: 'bydl*|nebydl*|přestěhov*|pracuj*|studuj*|jmenuj*|jméno|adres*|telefon*|číslo|narodil*|pocházím|firm*|kancelář*|projekt*|tým*|používá*|hraj*|mluvím|dům|byt|zahrad*|auto|truhlář*|učitel*|inženýr*',
  },
  uk: {
    self: 'я|мене|мені|мною|мій|моя|моє|мої|мого|моєї|моїй|мою|моїх|ми|нас|нам|наш*',
    you: 'ти|тебе|тобі|твій|твоя|ви|вас|вам|ваш*|можеш|можете',
    ask: 'можеш|можете|що|хто|як|де|коли|чому|який|яка|поясни*|покажи*|дай|скажи*|допоможи*|чи',
    chat: 'дякую|привіт|вітаю|доброго ранку|добрий день|розумію|думаю|можливо|мабуть|питання|звучить|не знаю|сподіваюсь|хотів би|хотіла б|втом*|готов*|вибач*|помилк*|рядк*|спробу*|пропозиці*|абзац*',
    here: 'це|цього|цей|ця|те|той',
    family:
      'доньк*|дочк*|син*|дружин*|чоловік*|партнер*|мам*|мати|тат*|батьк*|брат*|сестр*|діт*|дитин*|бабус*|дідус*|сусід*|друг*|подруг*|собак*|кіт|кота|кішк*|начальни*|керівни*|колег*|одружен*|заміжня|розлучен*|вагітн*|родин*|сім*',
    health:
      'алергі*|непереносим*|діабет*|астм*|ліки|таблет*|хвор*|лікар*|вагітн*|веган*|вегетаріан*|м.яс*|тиск|операці*|горіх*|арахіс*|глютен*|лактоз*|молок*|риб*',
    preference:
      'люблю|обожнюю|ненавиджу|подобається|подобаються|віддаю перевагу|краще|улюблен*|їм|п.ю|кав[уа]|чай|пиво|вино',
    decision: 'виріши*|рішенн*|обра*|домови*|заброню*|підписа*|скасува*|перенес*|звільни*',
    agenda:
      'зустріч*|прийом*|іспит*|весілл*|день народження|рейс*|термін*|відпустк*|подорож*|конференці*|мушу|треба|потрібно|співбесід*',
    life: 'жив[уе]*|переїха*|працюю|працює|вчуся|навчаюся|звати|звуть|ім.я|адрес*|телефон*|номер*|народи*|років|компані*|офіс*|проєкт*|проект*|команд*|використову*|граю|говорю|дім|будинок|квартир*|сад|машин*|авто|тесл*|вчител*|інженер*',
  },
  ro: {
    self: 'eu|mie|mine|mă|îmi|mi-*|meu|mea|mei|mele|noi|ne|nostru|noastră|sunt|am|suntem|avem|locuiesc|lucrez|beau|mănânc|prefer|iubesc|urăsc|studiez|vorbesc|merg',
    you: 'tu|tine|ție|tău|ta|dumneavoastră|voi|poți|puteți',
    ask: 'poți|puteți|ce|cine|cum|unde|când|de ce|explică*|arată*|spune*|ajută*|dă-mi',
    chat: 'mulțumesc|salut|bună|bună ziua|înțeleg|cred|poate|întrebare*|sună|nu știu|sper|aș vrea|obosit*|gata|sigur|scuze|eroare*|linia|încerc*|paragraf*|propunere*',
    here: 'asta|aceasta|acesta|acest|această',
    family:
      'fiic*|fiul|fiu|soți*|soț*|iubit*|mam*|tat*|părinți*|frate*|fratele|sor[aă]*|copii*|copil*|bunic*|vecin*|prieten*|câine*|pisic*|șef*|coleg*|căsătorit*|divorțat*|famili*',
    health:
      'alergi*|intoleran*|diabet*|astm*|medicament*|bolnav*|medic*|doctor*|însărcinat*|vegan*|vegetarian*|carne|tensiune*|alune|nuci|gluten*|lactoz*|lapte|pește',
    preference: 'prefer|iubesc|urăsc|îmi place|îmi plac|favorit*|preferat*|mănânc|beau|cafea*|ceai*|bere|vin',
    decision: 'decis*|hotărât*|ales*|convenit|rezervat*|semnat*|anulat*|amânat*',
    agenda:
      'întâlnire*|programare*|examen*|nunt*|ziua de naștere|zbor*|termen*|vacanț*|concediu*|călători*|trebuie|interviu*',
    life: 'locui*|trăiesc|mutat*|lucr*|stud*|numesc|cheamă|nume*|adres*|telefon*|număr*|născut*|ani|firm*|compani*|birou*|proiect*|echip*|folos*|vorbesc|casă|casa|apartament*|grădin*|mașin*|tâmplar*|profesor*|inginer*',
  },
  hu: {
    self: 'én|engem|nekem|velem|mi|minket|nekünk|vagyok|vagyunk|élek|lakom|lakunk|dolgozom|dolgozunk|tanulok|eszem|iszom|szeretem|nevem|nekem|*omat|*emet',
    you: 'te|téged|neked|ön|önnek|ti|tudsz|tudnál',
    ask: 'tudsz|tudnál|mi|ki|hogyan|hol|mikor|miért|melyik|magyarázd|mutasd|mondd|segíts|van-e',
    chat: 'köszön*|szia|helló|jó reggelt|jó napot|jó estét|értem|nem értem|gondolom|talán|kérdés*|hangzik|nem tudom|remélem|szeretnék|fáradt*|kész|bocsánat|hib*|próbál*|bekezdés*|javaslat*',
    here: 'ez|ezt|az|azt',
    family:
      'lány*|fia*|fiú*|feleség*|férj*|barát*|anyá*|anyám|apá*|apám|szül*|testvér*|bátyá*|nővér*|gyerek*|nagymam*|nagypap*|szomszéd*|kuty*|macsk*|főnök*|kollég*|házas*|elvált*|család*',
    health:
      'allergi*|intoleran*|cukorbeteg*|asztm*|gyógyszer*|beteg*|orvos*|terhes*|vegán*|vegetáriánus*|hús*|vérnyomás*|mogyoró*|dió*|glutén*|laktóz*|tej*|hal',
    preference: 'szeretem|szeret*|utálom|kedvenc*|inkább|jobban|eszem|iszom|kávé*|teá*|tea|sör*|bor',
    decision: 'döntött*|eldöntöt*|választott*|megállapodt*|foglalt*|aláírt*|lemond*|elhalaszt*',
    agenda:
      'találkozó*|időpont*|vizsg*|esküvő*|születésnap*|járat*|határidő*|szabadság*|utazás*|konferenci*|kell|interjú*',
    life: 'élek|lakom|lakunk|költöz*|dolgoz*|tanul*|hívnak|hívják|nevem|neve|cím*|telefon*|szám*|születtem|éves|cég*|irod*|projekt*|csapat*|használ*|játsz*|beszél*|ház*|lakás*|kert*|autó*|asztalos*|tanár*|mérnök*',
  },
  fi: {
    self: 'minä|mä|en|minun|mun|minua|minulla|mulla|minulle|minut|me|meidän|meillä|olen|olemme|asun|asumme|käytän|syön|juon|haluan|opiskelen|pelaan|puhun|*skelen|*telen|*telemme|*äreni|*jani|*tyni|äitini|isäni|nimeni',
    you: 'sinä|sä|sinun|sinua|sinulla|te|teidän|voitko|voisitko',
    ask: 'voitko|voisitko|mitä|mikä|kuka|miten|missä|milloin|miksi|selitä|näytä|kerro|auta|onko',
    chat: 'kiitos|hei|moi|hyvää huomenta|ymmärrän|en ymmärrä|luulen|ehkä|kysymys*|kuulosta*|en tiedä|toivon|haluaisin|väsynyt|valmis|anteeksi|virhe*|yritän|yritin|kappale*|ehdotus*',
    here: 'se|sitä|tämä|tätä|tuo',
    family:
      'tyttär*|tytär*|poika*|poja*|vaimo*|mies|mieheni|puoliso*|äiti*|isä*|vanhem*|veli*|velje*|sisko*|laps*|lapse*|koira*|kissa*|pomo*|kollega*|naimisissa|eronnut|perhe*',
    health:
      'allergi*|allergia*|intoleran*|diabet*|astma*|lääk*|sairas*|lääkäri*|raskaana|vegaani*|kasvissyöj*|lihaa|verenpaine*|pähkin*|gluteeni*|laktoosi*|maito*|kala*',
    preference: 'rakastan|vihaan|pidän|suosikki*|mieluummin|lempi*|syön|juon|kahvi*|teetä|olut*|viini*',
    decision: 'päätti*|päätim*|päätin|valits*|sovi*|varas*|varattu|allekirjoit*|perui*|siirsi*',
    agenda:
      'tapaami*|aika|koe|kokee*|häät|syntymäpäivä*|lento*|määräaika*|loma*|matka*|konferenssi*|täytyy|pitää|haastattelu*',
    life: 'asu*|muut*|työskentel*|opiskel*|nimi*|nimeni|osoite*|puhelin*|numero*|synty*|vuotta|yrity*|toimisto*|projekti*|tiimi*|käyt*|pelaa*|puhu*|talo*|asunto*|puutarha*|auto*|puusepp*|opettaja*|insinööri*',
  },
  id: {
    self: 'saya|aku|kami|kita',
    you: 'kamu|anda|kalian',
    ask: 'bisakah|bisa|apa|apakah|siapa|bagaimana|di mana|kapan|mengapa|kenapa|yang mana|jelaskan|tunjukkan|beri|tolong',
    chat: 'terima kasih|makasih|halo|hai|selamat|mengerti|paham|pikir|mungkin|pertanyaan|kedengaran*|tidak tahu|semoga|ingin|lelah|siap|yakin|maaf|senang|kesalahan|baris|mencoba|coba|paragraf|usul*',
    here: 'itu|ini|begitu',
    family:
      'anak*|putri*|putra*|istri*|suami*|pacar*|ibu*|ayah*|bapak*|orang tua|kakak*|adik*|saudara*|nenek*|kakek*|tetangga*|teman*|anjing*|kucing*|bos*|atasan*|rekan*|menikah|bercerai|keluarga*',
    health:
      'alergi*|intoleran*|diabetes|asma|obat*|sakit|dokter*|hamil|vegan*|vegetarian*|daging|tekanan darah|kacang*|gluten|laktosa|susu|ikan|udang',
    preference: 'suka|lebih suka|benci|cinta|favorit*|kesukaan*|makan|minum|kopi|teh|bir|anggur',
    decision: 'memutuskan|putuskan|keputusan|memilih|sepakat|memesan|menandatangani|membatalkan|menunda',
    agenda: 'rapat|janji*|ujian|pernikahan|ulang tahun|penerbangan|tenggat|liburan|perjalanan|harus|wawancara|pesta',
    life: 'tinggal|pindah|bekerja|kerja|belajar|kuliah|nama*|alamat*|telepon|nomor|lahir|berasal|tahun|perusahaan*|kantor*|proyek*|tim|menggunakan|pakai|bermain|berbicara|rumah*|apartemen*|kebun|mobil*|tukang*|guru|insinyur',
  },
  vi: {
    self: 'tôi|mình|tớ|chúng tôi|chúng ta',
    you: 'bạn|anh ơi|chị ơi|quý khách',
    ask: 'bạn có thể|có thể giúp|cái gì|ai|thế nào|làm sao|ở đâu|khi nào|tại sao|giải thích|cho tôi xem|giúp',
    chat: 'cảm ơn|xin chào|chào|không hiểu|hiểu rồi|nghĩ|có lẽ|câu hỏi|nghe|không biết|hy vọng|muốn|mệt|sẵn sàng|xin lỗi|vui|lỗi|dòng|thử|đoạn|đề xuất',
    here: 'cái này|cái đó|điều đó|như vậy',
    family:
      'con gái|con trai|vợ|chồng|bạn trai|bạn gái|mẹ|bố|ba tôi|cha|anh trai|chị gái|em trai|em gái|con tôi|ông|bà|hàng xóm|bạn thân|chó|mèo|sếp|đồng nghiệp|kết hôn|ly hôn|gia đình',
    health:
      'dị ứng|không dung nạp|tiểu đường|hen suyễn|thuốc|bệnh|bác sĩ|mang thai|có bầu|ăn chay|thuần chay|thịt|huyết áp|đậu phộng|hạt|gluten|sữa|cá|hải sản',
    preference: 'thích|ghét|yêu|ưa|thích hơn|yêu thích|ăn|uống|cà phê|trà|bia|rượu',
    decision: 'quyết định|chọn|đồng ý|thỏa thuận|đặt|ký|hủy|hoãn',
    agenda: 'cuộc họp|hẹn|thi|đám cưới|sinh nhật|chuyến bay|hạn|kỳ nghỉ|du lịch|phải|phỏng vấn|tiệc',
    life: 'sống|ở|chuyển đến|làm|làm việc|học|tên|địa chỉ|điện thoại|số|sinh|đến từ|tuổi|công ty|văn phòng|dự án|nhóm|dùng|sử dụng|chơi|nói|nhà|căn hộ|vườn|xe|thợ|giáo viên|kỹ sư',
  },
  el: {
    self: 'εγώ|εμένα|μου|με|εμείς|μας|είμαι|έχω|είμαστε|έχουμε|μένω|δουλεύω|εργάζομαι|ζω|τρώω|πίνω|αγαπώ|μισώ|προτιμώ|σπουδάζω|χρησιμοποιώ|χρησιμοποιούμε|αποφασίσαμε|πρέπει να|*ομαι',
    you: 'εσύ|σου|εσείς|σας|μπορείς|μπορείτε',
    ask: 'μπορείς|μπορείτε|τι|ποιος|ποια|πώς|πού|πότε|γιατί|εξήγησε|δείξε|πες|βοήθησε|δώσε|υπάρχει',
    chat: 'ευχαριστώ|γεια|καλημέρα|καλησπέρα|καταλαβαίνω|νομίζω|ίσως|ερώτηση|ακούγεται|δεν ξέρω|ελπίζω|θα ήθελα|κουρασμέν*|έτοιμ*|συγγνώμη|λάθος|γραμμή|δοκιμ*|παράγραφο*|πρόταση',
    here: 'αυτό|αυτός|αυτή|εκείνο',
    family:
      'κόρη*|γιος|γιο|γυναίκα|σύζυγο*|άντρα*|μητέρα*|μαμά*|πατέρα*|μπαμπά*|γονείς|αδελφ*|αδερφ*|παιδί*|παιδιά|γιαγιά*|παππού*|γείτονα*|φίλο*|φίλη*|σκύλο*|γάτα*|αφεντικό|συνάδελφο*|παντρεμέν*|χωρισμέν*|οικογένεια*',
    health:
      'αλλεργ*|δυσανεξία*|διαβήτη*|διαβητικ*|άσθμα*|φάρμακ*|άρρωστ*|γιατρό*|έγκυο*|βίγκαν|χορτοφάγο*|κρέας|πίεση|καρπούς|φιστίκι*|γλουτένη*|λακτόζη*|γάλα|ψάρι*',
    preference: 'προτιμώ|αγαπώ|μισώ|μου αρέσ*|αγαπημέν*|καλύτερα|τρώω|πίνω|καφέ|τσάι|μπύρα|κρασί',
    decision: 'αποφάσισ*|αποφασίσ*|απόφαση|διάλεξ*|επιλέξ*|συμφωνήσ*|έκλεισα|κλείσαμε|υπέγραψ*|ακύρωσ*|ανέβαλ*',
    agenda:
      'ραντεβού|συνάντηση*|εξετάσεις|γάμο*|γενέθλια|πτήση*|προθεσμία*|διακοπές|ταξίδι*|συνέδριο|πρέπει|συνέντευξη*',
    life: 'μένω|ζω|μετακόμισ*|δουλεύω|εργάζομαι|σπουδάζω|λέγομαι|λέγεται|λένε|όνομα*|διεύθυνση*|τηλέφωνο*|αριθμό*|γεννήθηκα|χρονών|ετών|εταιρεία*|γραφείο*|έργο|ομάδα*|χρησιμοποι*|παίζω|μιλάω|σπίτι*|διαμέρισμα*|κήπο*|αυτοκίνητο*|ξυλουργό*|δάσκαλο*|μηχανικό*',
  },
  he: {
    self: 'אני|אותי|לי|שלי|אנחנו|אנו|לנו|שלנו|אצלי|*תי|*נו',
    you: 'אתה|את|אתם|לך|שלך|תוכל|תוכלי',
    ask: 'האם|מה|מי|איך|איפה|מתי|למה|איזה|תסביר*|תראה|תגיד*|תעזור|תוכל|אפשר',
    chat: 'תודה|שלום|היי|בוקר טוב|ערב טוב|מבין|מבינה|חושב|חושבת|אולי|שאלה|נשמע|לא יודע*|מקווה|הייתי רוצה|עייפ*|מוכנ*|סליחה|שגיאה|שורה|מנס*|ניסיתי|פסקה|הפסקה|הצעה',
    here: 'זה|זאת|ההוא|ככה',
    family:
      'לבת|בת|בתי|הבת|בן|בני|הבן|לבן|אשתי|בעלי|בן זוג*|בת זוג*|אמא|אבא|אמי|אבי|הורי*|אח|אחי|אחות*|ילד*|סבתא|סבא|שכנ*|חבר*|כלב*|חתול*|בוס|מנהל*|עמית*|נשוי|נשואה|גרוש*|משפחה*',
    health:
      'אלרגי*|רגיש*|*סוכרת*|*אסתמה|תרופ*|חולה|רופא*|הריון|בהריון|טבעונ*|צמחונ*|בשר|לחץ דם|*אגוזים|*בוטנים|*גלוטן|*לקטוז|חלב|דגים',
    preference: 'אוהב*|שונא*|מעדיפ*|מעדיף|אהוב*|הכי|אוכל*|שותה|קפה|תה|בירה|יין',
    decision: 'החלטנו|החלטתי|החלטה|בחרתי|בחרנו|סיכמנו|הזמנתי|חתמתי|ביטלתי|דחינו',
    agenda: 'פגישה*|תור|מבחן*|חתונה*|יום הולדת|טיסה*|מועד|חופשה*|נסיעה*|כנס|צריכ*|צריך|ראיון*',
    life: 'גר|גרה|גרים|עברתי|עברנו|עובד|עובדת|לומד*|קוראים|שם|השם|כתובת*|טלפון*|מספר|נולדתי|שנה|שנים|חברה|משרד*|פרויקט*|צוות*|משתמש*|מנגנ*|מדבר*|בית|הבית|דירה*|גינה|רכב|מכונית|נגר|כנגר|מורה|מהנדס*',
  },
  th: {
    self: 'ฉัน|ผม|ดิฉัน|เรา|หนู',
    you: 'คุณ|เธอ',
    ask: 'ไหม|หรือเปล่า|อะไร|ใคร|อย่างไร|ยังไง|ที่ไหน|เมื่อไหร่|ทำไม|ช่วย|อธิบาย|บอก',
    chat: 'ขอบคุณ|สวัสดี|เข้าใจ|คิดว่า|อาจจะ|คำถาม|ฟังดู|ไม่รู้|หวังว่า|อยาก|เหนื่อย|พร้อม|ขอโทษ|ดีใจ|ข้อผิดพลาด|บรรทัด|ลอง|ย่อหน้า|ข้อเสนอ',
    here: 'นี้|นั้น|มัน',
    family:
      'ลูกสาว|ลูกชาย|ภรรยา|สามี|แฟน|แม่|พ่อ|พี่ชาย|พี่สาว|น้องชาย|น้องสาว|ลูก|ยาย|ย่า|ปู่|เพื่อน|หมา|สุนัข|แมว|หัวหน้า|เจ้านาย|แต่งงาน|หย่า|ครอบครัว',
    health: 'แพ้|เบาหวาน|หอบหืด|ยา|ป่วย|หมอ|ท้อง|ตั้งครรภ์|มังสวิรัติ|วีแกน|เนื้อ|ความดัน|ถั่ว|กลูเตน|แลคโตส|นม|ปลา|กุ้ง',
    preference: 'ชอบ|เกลียด|รัก|โปรด|มากกว่า|กิน|ดื่ม|กาแฟ|ชา|เบียร์|ไวน์',
    decision: 'ตัดสินใจ|เลือก|ตกลง|จอง|เซ็น|ยกเลิก|เลื่อน',
    agenda: 'ประชุม|นัด|สอบ|งานแต่ง|วันเกิด|เที่ยวบิน|กำหนดส่ง|วันหยุด|เดินทาง|ต้อง|สัมภาษณ์|ปาร์ตี้',
    life: 'อาศัย|อยู่ที่|ย้าย|ทำงาน|เรียน|ชื่อ|ที่อยู่|โทรศัพท์|เบอร์|เกิด|มาจาก|อายุ|ปี|บริษัท|สำนักงาน|โครงการ|ทีม|ใช้|เล่น|พูด|บ้าน|คอนโด|สวน|รถ|ช่าง|ครู|วิศวกร',
  },
  fa: {
    self: 'من|مرا|مال من|ما|مان|هستم|دارم|داریم|هستیم|می‌کنم|می‌کنیم|*م',
    you: 'تو|شما|برایت|می‌توانی|می‌توانید',
    ask: 'آیا|چه|چی|کی|چطور|چگونه|کجا|چرا|کدام|توضیح بده|نشان بده|بگو|کمک کن|می‌توانی',
    chat: 'ممنون|مرسی|سلام|صبح بخیر|عصر بخیر|می‌فهمم|نمی‌فهمم|فکر می‌کنم|شاید|سوال|سؤال|به نظر|نمی‌دانم|امیدوارم|می‌خواهم|خسته|آماده|ببخشید|خوشحال|خطا|خط|امتحان کردم|پاراگراف|پیشنهاد',
    here: 'این|آن|اینجا',
    family:
      'دخترم|پسرم|همسرم|زنم|شوهرم|نامزدم|مادرم|پدرم|والدینم|برادرم|خواهرم|بچه*|فرزند*|مادربزرگ*|پدربزرگ*|همسایه*|دوستم|سگ*|گربه*|رئیسم|مدیرم|همکار*|متأهل|مجرد|ازدواج|طلاق|خانواده*',
    health:
      'حساسیت|آلرژی|دیابت|آسم|دارو*|قرص*|مریض|بیمار*|دکتر*|پزشک*|باردار|حامله|گیاه‌خوار*|گیاهخوار*|وگان|گوشت|فشار خون|بادام|گردو|گلوتن|لاکتوز|شیر|ماهی',
    preference: 'دوست دارم|دوست ندارم|متنفرم|ترجیح|عاشق*|محبوب*|بیشتر|می‌خورم|می‌نوشم|نمی‌خورم|قهوه|چای',
    decision: 'تصمیم|انتخاب|توافق|رزرو|امضا|استعفا|لغو|عقب انداخت*',
    agenda: 'جلسه*|قرار|وقت دکتر|امتحان|عروسی|تولد*|پرواز*|مهلت|تعطیلات|سفر*|کنفرانس|باید|مصاحبه*|مهمانی',
    life: 'زندگی|ساکن|نقل مکان|کار می‌کنم|شغل*|درس|اسم*|نام*|آدرس*|تلفن*|شماره*|متولد|اهل|سال|شرکت*|دفتر*|پروژه*|تیم*|استفاده|بازی|حرف|خانه*|آپارتمان*|باغ|ماشین*|نجار*|معلم*|مهندس*',
  },
}

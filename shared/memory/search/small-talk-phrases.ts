/**
 * Phrases by which people greet, ask how somebody is, thank, agree or part, by language. A phrase counts as a whole, and several may follow each other;
 * none may be a question about something that is remembered, nor the beginning of one.
 */
export const SMALL_TALK_PHRASES: Readonly<Record<string, string>> = {
  en: `how are you, how are you doing, how are you today, how's it going, how is it going, how have you been, what's up, whats new, howdy, hi there,
hey there, hello there, hello again, hello my friend, hi my friend, hey my friend, hi folks, hey folks, hello folks, hey buddy, hi buddy, hey mate, hi mate, hello mate, hey dude, hey bro,
thanks my friend, thanks mate, thanks buddy, thanks dude, thanks bro, thanks folks, cheers mate, howdy partner, thanks a lot, thanks so much, thank you so much, thank you very much, many thanks, for your help, for
the help, for everything, for that, that helped, that helps, that was great, that was helpful, that's great, that's all, that is all, that will be all, you're welcome, no problem,
no worries, of course, got it, makes sense, sounds good, good to know, well done, nice work, good job, great job, see you, see you later, see you soon, see you tomorrow, see you
then, see you tomorrow then, talk to you later, talk later, take care, have a nice day, have a good one, have a great weekend, good to see you, nice to meet you, long time no
see, lovely, brilliant, cheers, bye bye, good night, sleep well, bye for now`,
  de: `hallo, hallöchen, hi, hey, servus, moin, grüß dich, grüß gott, grüezi, guten morgen, guten tag, guten abend, gute nacht, schönen guten morgen, wie geht's, wie geht's
dir, wie geht es dir, wie geht es ihnen, wie geht es euch, vielen dank, danke, danke dir, danke schön, dankeschön, danke sehr, herzlichen dank, besten dank, tausend dank, das hat
geholfen, das hilft, das war super, das war hilfreich, für die hilfe, für deine hilfe, für alles, alles klar, alles gut, super, prima, verstanden, kein problem,
bitte, bitte schön, gern geschehen, tschüss, tschau, ciao, bis bald, bis morgen, bis später, bis dann, auf wiedersehen, mach's gut, schönen tag, schönen tag noch, schönen abend, schönes wochenende`,
  fr: `bonjour, bonsoir, salut, coucou, bonne nuit, bonne journée, bonne soirée, ça va, comment ça va, comment vas-tu, comment allez-vous, tu vas bien, vous allez bien, merci, merci beaucoup, merci bien, mille mercis, un grand merci, pour tout, pour ton aide, pour votre aide, de rien, d'accord, parfait, super, génial, très bien, compris, ça marche, au revoir,
à bientôt, à demain, à plus, à plus tard, à tout à l'heure, bon week-end, c'est parfait, c'est noté`,
  es: `hola, buenos días, buenas tardes, buenas noches, buenas, qué tal, qué tal estás, cómo estás, cómo está, cómo va, cómo te va, hola amigo, gracias amigo, gracias, muchas gracias, mil gracias, muchísimas
gracias, por todo, por tu ayuda, por la ayuda, de nada, vale, perfecto, genial, estupendo, muy bien, entendido, adiós, hasta luego, hasta mañana, hasta pronto, nos vemos, chao, buen día, buen fin de semana`,
  pt: `olá, oi, bom dia, boa tarde, boa noite, tudo bem, tudo bom, como vai, como vai você, como estás, como está, e aí, olá pessoal, oi pessoal, obrigado pessoal, obrigado, obrigada, muito obrigado, muito obrigada,
valeu, por tudo, pela ajuda, de nada, perfeito, ótimo, entendi, tchau, até logo, até amanhã, até mais, até breve, bom fim de semana`,
  it: `ciao, salve, buongiorno, buonasera, buonanotte, buona giornata, buona serata, come stai, come sta, come va, tutto bene, grazie, grazie mille, mille grazie, molte grazie, ti ringrazio,
di tutto, per tutto, per l'aiuto, prego, perfetto, ottimo, benissimo, va bene, capito, arrivederci, a presto, a domani, a dopo, ci vediamo, buon fine settimana`,
  nl: `hallo, hoi, hey, goedemorgen, goedemiddag, goedenavond, goedenacht, goede morgen, hoe gaat het, hoe gaat het met je, hoe gaat het met jou, hoe is het, alles goed, dank je, dank je wel, dank u, dank u
wel, dankjewel, bedankt, heel erg bedankt, hartelijk dank, voor je hulp, voor alles, graag gedaan, prima, goed zo, begrepen, tot ziens, tot morgen, tot later, tot straks, doei, fijne dag, fijn weekend, welterusten`,
  sv: `hej, hejsan, tjena, hallå, god morgon, god kväll, god natt, goddag, hur mår du, hur är det, läget, tack, tack så mycket, tusen tack, stort tack, för hjälpen, för allt, ingen orsak, perfekt,
toppen, okej, hej då, vi ses, vi hörs, ses imorgon, ha det bra, trevlig helg`,
  da: `hej, hej med dig, goddag, godmorgen, godaften, godnat, hvordan går det, hvordan har du det, tak, mange tak, tusind tak, tak skal du have, for hjælpen, for alt, selv tak, perfekt, fint, okay, farvel, vi ses, vi ses i morgen, hav det godt, god weekend`,
  no: `hei, hei på deg, heisann, god morgen, god kveld, god natt, hvordan går det, hvordan har du det, takk, tusen takk, mange takk, takk skal du ha, for hjelpen, for alt, vær så god, perfekt, flott, ha det, ha det bra, vi ses, snakkes, god helg`,
  fi: `hei, moi, moikka, terve, hyvää huomenta, huomenta, hyvää päivää, hyvää iltaa, hyvää yötä, mitä kuuluu, miten menee, kiitos, kiitos paljon, paljon kiitoksia, suuri kiitos, avusta, kaikesta, ole hyvä, ei kestä, hienoa, selvä, hei hei, heippa, näkemiin, nähdään, nähdään huomenna, hyvää viikonloppua`,
  pl: `cześć, hej, siema, witaj, witam, dzień dobry, dobry wieczór, dobranoc, jak się masz, co słychać, co u ciebie, jak leci, dziękuję, dziękuję bardzo, bardzo dziękuję, dzięki, wielkie dzięki, za pomoc, za wszystko, proszę, nie ma za co, świetnie, super, rozumiem, jasne, do widzenia, do zobaczenia, do jutra, na razie, miłego dnia, miłego weekendu`,
  cs: `ahoj, čau, dobrý den, dobré ráno, dobrý večer, dobrou noc, jak se máš, jak se máte, jak se daří, co je nového, děkuju, děkuji, děkuju moc, děkuji moc, moc děkuju, moc děkuji, díky, díky moc, za pomoc, za všechno, prosím, není zač, super, skvělé, dobře, rozumím, na shledanou, nashledanou, zatím, uvidíme se zítra, hezký den, hezký víkend`,
  sk: `ahoj, čau, dobrý deň, dobré ráno, dobrý večer, dobrú noc, ako sa máš, ako sa máte, ďakujem, ďakujem pekne, ďakujem veľmi pekne, vďaka, za pomoc, prosím, nemáš za čo, super, dobre, dovidenia, do videnia, zatiaľ, pekný deň`,
  ru: `привет, приветик, здравствуй, здравствуйте, здрасте, доброе утро, добрый день, добрый вечер, спокойной ночи, доброй ночи, как дела, как ты, как поживаешь, как вы, что нового, спасибо, спасибо
большое, большое спасибо, огромное спасибо, спасибо огромное, благодарю, за помощь, за всё, пожалуйста, не за что, отлично, супер, понятно, понял, поняла, хорошо, ладно, пока, до свидания, до завтра, до встречи, увидимся, хорошего дня, хороших выходных`,
  uk: `привіт, вітаю, доброго ранку, добрий ранок, добрий день, доброго дня, добрий вечір, на добраніч, як справи, як ти, як ся маєш, що нового, дякую, дуже дякую, щиро дякую, красно дякую, спасибі, за допомогу, за все, будь ласка, немає за що, чудово, зрозуміло, добре, бувай, до побачення, до завтра, побачимось, гарного дня`,
  bg: `здравей, здравейте, здрасти, добро утро, добър ден, добър вечер, лека нощ, как си, как сте, как е, благодаря, много благодаря, благодаря много, мерси, за помощта, моля, чудесно, добре, довиждане, чао, до утре, приятен ден`,
  sr: `zdravo, ćao, dobro jutro, dobar dan, dobro veče, dobra večer, laku noć, kako si, kako ste, šta ima, hvala, hvala lepo, hvala lijepa, hvala puno, mnogo hvala, hvala ti, na pomoći, molim, nema na čemu, super, odlično, važi, u redu, doviđenja, vidimo se, do sutra, prijatan dan, здраво, ћао, добар дан, добро јутро, како си, хвала, хвала лепо, хвала пуно, довиђења`,
  sl: `živjo, zdravo, dobro jutro, dober dan, dober večer, lahko noč, kako si, kako ste, hvala, hvala lepa, najlepša hvala, prosim, super, nasvidenje, se vidimo, lep dan`,
  lt: `labas, sveiki, labas rytas, laba diena, labas vakaras, labanakt, kaip sekasi, kaip tu, ačiū, labai ačiū, dėkoju, prašom, puiku, gerai, viso gero, iki, iki rytojaus`,
  lv: `sveiki, čau, labrīt, labdien, labvakar, ar labu nakti, kā iet, kā klājas, paldies, liels paldies, lūdzu, lieliski, labi, uz redzēšanos, atā`,
  et: `tere, tsau, tere hommikust, tere päevast, tere õhtust, head ööd, kuidas läheb, aitäh, suur aitäh, tänan, suur tänu, palun, selge, head aega, nägemist, homseni`,
  hu: `szia, sziasztok, helló, üdv, jó reggelt, jó napot, jó estét, jó éjszakát, hogy vagy, hogy van, mi újság, köszönöm, köszönöm szépen, nagyon köszönöm, köszi, köszi szépen, a segítséget, szívesen, szuper, rendben, értem, viszlát, viszontlátásra, holnap találkozunk, szép napot, jó hétvégét`,
  ro: `salut, bună, bună ziua, bună dimineața, bună seara, noapte bună, ce mai faci, ce faci, cum ești, cum merge, mulțumesc, mulțumesc mult, mulțumesc frumos, îți mulțumesc, mersi, mersi mult, pentru ajutor, pentru tot, cu plăcere, perfect, super, bine, am înțeles, la revedere, pe mâine, ne vedem, o zi bună`,
  el: `γεια, γεια σου, γεια σας, καλημέρα, καλησπέρα, καληνύχτα, τι κάνεις, τι κάνετε, πώς είσαι, πώς πάει, όλα καλά, ευχαριστώ, ευχαριστώ πολύ, σε ευχαριστώ, σ' ευχαριστώ πολύ, για τη βοήθεια, για όλα, παρακαλώ, τέλεια, ωραία, εντάξει, κατάλαβα, αντίο, τα λέμε, τα λέμε αύριο, καλή μέρα, καλό βράδυ`,
  tr: `merhaba, selam, selamlar, günaydın, iyi günler, iyi akşamlar, iyi geceler, nasılsın, nasılsınız, nasıl gidiyor, ne haber, naber, teşekkürler, teşekkür ederim, çok teşekkürler, çok teşekkür ederim, sağ ol, çok sağ ol, sağol, yardımın için, her şey için, rica ederim, bir şey değil, harika, süper, tamam, anladım, güle güle, hoşça kal, görüşürüz, yarın görüşürüz, iyi hafta sonları`,
  ar: `مرحبا, أهلا, أهلا وسهلا, السلام عليكم, وعليكم السلام, ورحمة الله, وبركاته, صباح الخير, صباح النور, مساء الخير, مساء النور, تصبح على خير, كيف حالك, كيف الحال, كيف حالكم, كيفك, ما أخبارك, شكرا, شكرا جزيلا, شكرا لك, شكرا كثيرا, ألف شكر, على المساعدة, على كل شيء, عفوا, ممتاز, رائع, تمام, حسنا, فهمت, مع السلامة, إلى اللقاء, أراك غدا, يوم سعيد`,
  he: `שלום, היי, הי, בוקר טוב, צהריים טובים, ערב טוב, לילה טוב, מה שלומך, מה שלומכם, מה נשמע, מה קורה, איך הולך, תודה, תודה רבה, המון תודה, תודה לך, על העזרה, על הכל, בבקשה, אין בעד מה, מעולה, סבבה, הבנתי, להתראות, ביי, נתראה, נתראה מחר, יום טוב, סוף שבוע נעים`,
  fa: `سلام, درود, صبح بخیر, ظهر بخیر, عصر بخیر, شب بخیر, حالت چطوره, حال شما چطوره, حال شما چطور است, حالتون چطوره, چطوری, خوبی, خوبید, چه خبر, ممنون, خیلی ممنون, ممنونم, مرسی, خیلی مرسی, متشکرم, سپاس, سپاسگزارم, دستت درد نکنه, از کمکت, خواهش می‌کنم, عالی, خوب, باشه, فهمیدم, خداحافظ, خدا حافظ, تا فردا, می‌بینمت, روز خوش`,
  ur: `السلام علیکم, وعلیکم السلام, آداب, صبح بخیر, شب بخیر, کیا حال ہے, کیسے ہو, کیسے ہیں, آپ کیسے ہیں, شکریہ, بہت شکریہ, بہت بہت شکریہ, ٹھیک ہے, خدا حافظ, اللہ حافظ`,
  hi: `नमस्ते, नमस्कार, हैलो, हेलो, हाय, सुप्रभात, शुभ प्रभात, शुभ रात्रि, शुभ संध्या, कैसे हो, कैसे हैं, कैसी हो, आप कैसे हैं, आप कैसी हैं, तुम कैसे हो, क्या हाल है, क्या हाल हैं, सब ठीक, धन्यवाद, बहुत धन्यवाद, बहुत बहुत धन्यवाद, आपका धन्यवाद, शुक्रिया, बहुत शुक्रिया, बहुत बहुत शुक्रिया, मदद के लिए, ठीक है, अच्छा, बढ़िया, समझ गया, समझ गई, अलविदा, फिर मिलेंगे, कल मिलते हैं`,
  mr: `नमस्कार, शुभ सकाळ, शुभ रात्री, कसे आहात, कसा आहेस, कशी आहेस, धन्यवाद, खूप धन्यवाद, आभारी आहे`,
  bn: `নমস্কার, হ্যালো, হাই, আসসালামু আলাইকুম, সুপ্রভাত, শুভ সকাল, শুভ রাত্রি, শুভ সন্ধ্যা, কেমন আছ, কেমন আছো, কেমন আছেন, আপনি কেমন আছেন, তুমি কেমন আছো, কী খবর, কি খবর, ধন্যবাদ, অনেক ধন্যবাদ, আপনাকে ধন্যবাদ, ঠিক আছে, বিদায়, আবার দেখা হবে`,
  ta: `வணக்கம், ஹலோ, காலை வணக்கம், மாலை வணக்கம், இனிய இரவு, எப்படி இருக்கிறீர்கள், எப்படி இருக்கிறாய், எப்படி இருக்கீங்க, நலமா, நன்றி, மிக்க நன்றி, மிகவும் நன்றி, ரொம்ப நன்றி, சரி, போய் வருகிறேன்`,
  te: `నమస్తే, నమస్కారం, హలో, శుభోదయం, శుభరాత్రి, ఎలా ఉన్నారు, ఎలా ఉన్నావు, మీరు ఎలా ఉన్నారు, ధన్యవాదాలు, చాలా ధన్యవాదాలు, సరే`,
  zh: `你好, 您好, 你好啊, 你好呀, 嗨, 哈喽, 早, 早上好, 早安, 上午好, 中午好, 下午好, 晚上好, 晚安, 大家好, 你好吗, 您好吗, 最近好吗, 最近怎么样, 最近怎样, 最近如何, 怎么样, 在吗, 谢谢, 谢谢你, 谢谢您, 谢谢啦, 多谢, 非常感谢, 感谢, 太感谢了, 谢谢你的帮助, 不客气, 不用谢, 好的, 好, 好吧, 行, 明白了, 知道了, 太好了, 太棒了, 再见, 拜拜, 明天见, 回头见, 謝謝, 謝謝你, 多謝, 非常感謝, 再見, 明天見, 最近怎麼樣, 你好嗎`,
  ja: `こんにちは, こんばんは, おはよう, おはようございます, おやすみ, おやすみなさい, もしもし, はじめまして, やあ, 元気, 元気ですか, お元気ですか, お元気でしたか, 調子はどう, 調子はどうですか, ありがとう, ありがとうございます, ありがとうございました, どうも, どうもありがとう, どうもありがとうございます, 助かりました, 助かります, 本当にありがとう, お疲れ様, お疲れ様です, お疲れさまです, お疲れ様でした, よろしく, よろしくお願いします, どういたしまして, いいね, 了解, 了解です, わかりました, さようなら, じゃあね, またね, また明日`,
  ko: `안녕, 안녕하세요, 안녕하십니까, 여보세요, 좋은 아침, 좋은 아침이에요, 잘 자, 안녕히 주무세요, 잘 지내, 잘 지내요, 잘 지내세요, 잘 지냈어요, 어떻게 지내, 어떻게 지내요, 어떻게 지내세요, 별일 없어요, 고마워, 고마워요, 고맙습니다, 감사해요, 감사합니다, 정말 고마워요, 정말 감사합니다, 대단히 감사합니다, 도와줘서 고마워, 도와주셔서 감사합니다, 천만에요, 좋아요, 알겠어요, 알겠습니다, 네, 응, 잘 가, 안녕히 가세요, 안녕히 계세요, 내일 봐, 내일 봐요, 수고하세요`,
  vi: `xin chào, chào, chào bạn, chào anh, chào chị, chào em, chào mọi người, chào buổi sáng, chào buổi tối, chúc ngủ ngon, bạn khỏe không, bạn có khỏe không, anh khỏe không, dạo này thế nào, cảm ơn, cảm ơn bạn, cảm ơn nhiều, cảm ơn bạn nhiều, cám ơn, cám ơn nhiều, rất cảm ơn, không có gì, tốt, tuyệt vời, được rồi, tạm biệt, hẹn gặp lại, hẹn gặp lại ngày mai`,
  id: `halo, selamat pagi, selamat siang, selamat sore, selamat malam, selamat datang, apa kabar, apa khabar, bagaimana kabarmu, gimana kabarnya, terima kasih, terima kasih banyak, terimakasih, makasih, makasih banyak, makasih ya, atas bantuannya, sama-sama, baik, bagus, oke, mengerti, sampai jumpa, sampai jumpa besok, sampai besok, selamat tinggal, dadah`,
  th: `สวัสดี, สวัสดีครับ, สวัสดีค่ะ, สวัสดีทุกคน, หวัดดี, อรุณสวัสดิ์, ราตรีสวัสดิ์, สบายดีไหม, สบายดีไหมครับ, สบายดีไหมคะ, สบายดีมั้ย, เป็นไงบ้าง, เป็นอย่างไรบ้าง, ขอบคุณ, ขอบคุณครับ, ขอบคุณค่ะ, ขอบคุณมาก, ขอบคุณมากครับ, ขอบคุณมากค่ะ, ขอบคุณมากๆ, ขอบใจ, ขอบใจนะ, ไม่เป็นไร, ดีมาก, ครับ, ค่ะ, โอเค, เข้าใจแล้ว, ลาก่อน, แล้วเจอกัน, เจอกันพรุ่งนี้, บ๊ายบาย`,
  tl: `kamusta, kumusta, kamusta ka, kumusta ka, kamusta po kayo, magandang umaga, magandang hapon, magandang gabi, salamat, salamat po, maraming salamat, maraming salamat po, walang anuman, sige, paalam, ingat`,
  sw: `habari, habari yako, habari za asubuhi, hujambo, shikamoo, asante, asante sana, sawa, nzuri, kwaheri, tutaonana, tutaonana kesho`,
  ca: `hola, bon dia, bona tarda, bona nit, com estàs, com va, què tal, gràcies, moltes gràcies, de res, perfecte, adéu, fins demà, fins aviat`,
  ka: `გამარჯობა, როგორ ხარ, როგორ ხართ, მადლობა, დიდი მადლობა, გმადლობთ, ნახვამდის`,
  hy: `բարև, բարև ձեզ, բարի լույս, ինչպես ես, ինչպես եք, շնորհակալություն, շատ շնորհակալ եմ, ցտեսություն`,
}

/**
 * To whom such phrases are said, and words that are topics too ("Klasse", "Top", "bra"): they say nothing more beside another phrase, but alone or among
 * themselves may ask for something.
 */
export const BESIDE_SMALL_TALK = `there, everyone, everybody, all, again, then, for now, zusammen, alle, ihr lieben, klasse, passt, tout le monde, à tous, a todos, a tutti, allemaal, top,
allihop, bra, alle sammen, kaikille, wszystkim, pa, všem, всем, всім, усім, bok, svima, mindenkinek, tuturor, σε όλους, herkese, לכולם, به همه, सबको, 皆さん, みんな, 여러분, 정말, hai, semua,
semuanya, jambo, mambo, vipi, karibu, tore`

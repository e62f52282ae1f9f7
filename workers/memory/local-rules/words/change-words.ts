import { OCCUPATION } from './occupations.ts'
import { wordPattern } from './word-pattern.ts'

/** Words of many languages by which a sentence says that something is another way now, and of what there is one at a time. No grammar: lists for `wordPattern`. */

/** It is so from now on. */
export const NOW = wordPattern(
  [
    'now|nowadays|these days|from now on|from today|as of today|henceforth|currently',
    'jetzt|nun|inzwischen|mittlerweile|neuerdings|ab sofort|von nun an|seit kurzem|ab heute|seit heute',
    "maintenant|désormais|dorénavant|à présent|à partir de maintenant|actuellement|ahora|actualmente|desde ahora|a partir de ahora|agora|atualmente|a partir de agora|adesso|(?<!')(?<!ogni )(?<!mezza )(?<!stessa )(?<!la )ora(?! \\p{Nd})|ormai|attualmente|d'ora in poi",
    'nu|tegenwoordig|inmiddels|voortaan|vanaf nu|teraz|obecnie|odtąd|od teraz|теперь|сейчас|отныне|тепер|зараз|відтепер|artık|şimdi|şu an|şu anda|bundan sonra',
    'numera|från och med nu|nå|fra nå av|fra nu af|nykyään|nykyisin|teď|nyní|od teď|mostantól|mostanában|acum(?! \\p{Nd})(?! un )(?! o )(?! doi )(?! două )(?! trei )(?! patru )(?! cinci )(?! zece )(?! câ)(?! mult)|de acum|τώρα|πλέον|עכשיו|כעת|מעכשיו|الآن|حاليا|حاليًا|من الآن|اکنون|الان|अब|अभी|bây giờ|hiện nay|hiện tại|sekarang|kini',
    '(?:was|were|is|has been|have been) (?:raised|increased|lowered|reduced|cut|extended|set)(?= to)|a été (?:portée?|augmentée?|réduite?|fixée?)(?= à)|(?:se (?:ha )?|ha )?(?:aumentó|aumentado|redujo|reducido)(?= a)|foi (?:aumentad[oa]|reduzid[oa])(?= para)|è stat[oa] (?:aumentat[oa]|ridott[oa]|portat[oa])(?= a)|(?:is|werd) (?:verhoogd|verlaagd)(?= naar)|(?:zwiększono|podniesiono|zmniejszono|obniżono)(?= do)|(?:увеличили|подняли|снизили|сократили)(?= до)',
    'rose to|risen to|went up to|gone up to|went down to|gone down to|increased to|decreased to|dropped to|fell to|grew to|stieg auf|sank auf|gestiegen auf|gesunken auf|est passée? à|est montée? à|subió a|bajó a|ha subido a|ha bajado a|subiu para|baixou para|è salit[oa] a|è sces[oa] a|steeg naar|daalde naar|wzrosł[ao] do|wzrósł do|spadł[ao] do|вырос до|выросла до|выросло до|снизился до|снизилась до|steg till|sjönk till|steg til',
    '从现在起|從現在起|现在|現在|如今|目前|今は|今の|今では|いまは|これからは|이제는?|지금은?|요즘은?|ตอนนี้',
  ].join('|'),
  'giu',
)

/** Others have it, do it or are it still. */
export const ALSO = wordPattern(
  [
    'also|too|as well|both|together|jointly|another|besides|additionally|along with',
    'auch|ebenfalls|ebenso|zusätzlich|gemeinsam|zusammen|außerdem|noch ein*|aussi|également|ensemble|en plus|también|además|juntos|juntas|também|juntos|além disso|anche|pure|insieme|inoltre',
    'ook|eveneens|samen|bovendien|też|także|również|razem|тоже|также|вместе|ещё|еще|теж|також|разом|ayrıca|birlikte',
    'också|också|även|tillsammans|også|sammen|myös|taky|také|společně|együtt|împreună|επίσης|μαζί|גם|ביחד|أيضا|أيضًا|معا|هم|भी|साथ|cũng|cùng|juga|bersama',
    '也|还|還|一起|も|一緒|도|함께|ด้วย',
  ].join('|'),
)
/** The one who answers for something: one person at a time. */
export const HOLDS = wordPattern(
  [
    'owns?|owned|leads?|led|heads?|headed|runs?|run by|manages?|managed|handles?|handled|maintains?|maintained|oversees|chairs?|chaired|coaches|coached|coordinates?|supervises?|directs?|responsible|accountable|in charge|owner|lead|head|manager|maintainer|chief|director|captain|president|chair|chairman|chairwoman|treasurer|secretary|boss|landlord|landlady|coach|coordinator|supervisor|mayor|principal|ceo|cto|cfo|coo',
    'verantwort*|zuständig*|leitet|geleitet|führt|betreut|*leiter*|leiter|leiterin|leitung|chef|chefin|vorsitz*|kapitän*|trainer|trainerin|vermieter*|sprecher*|geschäftsführ*|direktor*|präsident*|bürgermeister*',
    "gère|gérée?|dirigée?|dirige|s'occupe|responsable|chargée?|pilote|encadre|directeur|directrice|cheffe?|patronn?e?|présidente?|capitaine|trésori*|propriétaire|encarga|encargad[oa]|dirigid[oa]|gestionad[oa]|lidera|gestiona|lleva|coordina|jef[ea]|director|directora|presidente|presidenta|capitán|capitana|tesorer[oa]|casero|casera",
    'cuida|gere|coordena|chefia|responsável|encarregad[oa]|chefe|diretor|diretora|capitão|tesoureir[oa]|senhorio|gestisce|gestit[oa]|guida|occupa|coordina|responsabile|capo|direttore|direttrice|capitano|tesorier[ea]',
    'verantwoordelijk*|leidt|geleid|beheerd|beheert|regelt|hoofd|leider|*leider|baas|voorzitter|directeur|aanvoerder|odpowiada|zajmuje|zarządzan*|prowadzon*|odpowiedzialn*|kieruje|prowadzi|zarządza|szef*|kierowni*|dyrektor*|prezes*|kapitan*|отвечает|ответствен*|руковод*|ведёт|ведет|возглавляет|управляет|начальни*|директор*|капитан*|тренер*|відповіда*|керу*|очолює|начальни*',
    'sorumlu*|yönetiyor|yürütüyor|yöneticisi*|müdür*|başkan*|kaptan*|ansvar*|leder|leeder|sköter|*chef|*leder|styrer|kapten|vastaa|johtaa|vastuussa|päällikkö|johtaja|odpovídá|řídí|vede|vedoucí*|ředitel*|felelős*|vezeti|vezető*|igazgató*|răspunde|conduce|responsabil*|șef*|director*|υπεύθυν*|διευθύν*|διευθυντ*|αρχηγός|אחראי*|מנהל*|מסؤול*|مسؤول*|مسئول*|يدير|تدير|يقود|تقود|مدير*|رئيس*|संभाल*|ज़िम्मेदार|जिम्मेदार|प्रमुख|phụ trách|quản lý|chịu trách nhiệm|trưởng|bertanggung jawab|mengelola|memimpin|ketua|kepala',
    '负责|負責|主管|领导|領導|管理|组长|組長|老板|老闆|经理|經理|总监|担当|責任者|リーダー|部長|社長|課長|上司|監督|代表|담당|책임|팀장|대표|부장|리더|사장|ดูแล|หัวหน้า',
  ].join('|'),
  'giu',
)

/** It went from one to another. */
export const TAKES_OVER = wordPattern(
  [
    'took over|takes over|taken over|inherited|inherits|became|stepped in|übernimmt|übernahm|übernommen|prend en charge|a repris|reprend|est devenue?|asumió|asume|ha asumido|assumiu|ha preso in carico|è diventat[oa]|neemt|overgenomen|nam(?= [^.]{1,60} over)|przejął|przejęła|przejmuje|принял|приняла|взял|взяла|стал|стала|devraldı|üstlendi|tog över|tar över|overtog|overtager|overtok|převzal|převzala|átvette|a preluat|ανέλαβε|تولى|تولت|استلم',
    '接手|接管|接任|引き継|인수|맡게|맡았',
  ].join('|'),
  'giu',
)

/** Where one lives, works or studies: a verb that has one place at a time. */
export const ONE_PLACE = wordPattern(
  [
    'live|lives|living|resides?|based|works?|working|study|studies',
    "wohne|wohnt|wohnen|lebe|lebt|leben|arbeite*|studier*|j'habite|habite|habitons|habitent|vis|vit|vivons|travaill*|étudi*|vivo|vive|vivimos|viven|trabaj[oa]|trabajamos|estudi[oa]|mor[oa]|moramos|trabalh[oa]|trabalhamos|estud[oa]|abit[oa]|abitiamo|viviamo|lavor[oa]|lavoriamo|studi[oa]",
    'woont?|wonen|werkt?|werken|studeert?|mieszka|mieszkam|mieszkamy|pracuj[ęe]|pracujemy|studiuj[ęe]|живу|живёт|живет|живём|живем|работаю|работает|работаем|учусь|учится|мешкаю|живе|живемо|працюю|працює|працюємо|oturuyor*|yaşıyor*|çalışıyor*|okuyor*',
    'bor|arbetar|jobbar|pluggar|arbejder|arbeider|asun|asuu|asumme|työskentel*|bydlím|bydlí|bydlíme|pracuji|pracuje|lakom|lakik|lakunk|dolgozom|dolgozik|locuiesc|locuiește|lucrez|lucrează|μένω|μένει|μένουμε|ζω|ζει|δουλεύ*|גרה?|גרים|עובדת?|أسكن|يسكن|تسكن|نسكن|أعيش|يعيش|تعيش|أعمل|يعمل|تعمل|रहता|रहती|रहते|sống|làm việc|tinggal|bekerja',
    '住在|工作|上班|住んで|勤めて|働いて|살아|살고|산다|일해|일하고|근무',
  ].join('|'),
  'iu',
)
/** Words before the place. */
export const BEFORE_PLACE = wordPattern(
  'in|at|for|near|im|bei|beim|bij|à|au|aux|chez|en|em|no|na|a|ad|da|per|nel|nella|te|op|w|we|u|dla|в|во|на|у|i|på|hos|ved|v|ve|στο|στη|στην|σε|في|لدى|ở|tại|di|pada',
)

/** Before what somebody answers for. */
export const WHAT_FOR = wordPattern('for|für|pour|para|per|voor|dla|за')

/** A favourite, of each kind. */
export const FAVOURITE = wordPattern(
  'favou?rite|lieblings*|préférée?|favori|favorite|favorit[oa]|preferid[oa]|preferit[oa]|lievelings*|favoriet*|ulubion*|любим*|улюблен*|favori*|en sevdiğim|favorit*|yndlings*|älsklings*|lempi*|oblíben*|kedvenc*|preferat*|αγαπημέν*|אהוב|המועדף|المفضل*|पसंदीदा|yêu thích|favorit|kesukaan|最喜欢|最喜歡|最爱|一番好き|お気に入り|좋아하는|최애',
)

/** A subject of study: one at a time. */
export const STUDIES = wordPattern(
  'study|studies|studying|studiere|studiert|étudie|étudies|estudio|estudia|estudo|estuda|studio|studia|studeer|studeert|studiuję|studiuje|pluggar|studerar|studerer|opiskelen',
)

/** A thing in use has one version at a time. */
export const USES = wordPattern(
  'use|uses|using|nutze*|nutzt|benutz*|verwende*|utilis*|usa|uso|usamos|usiamo|utiliz*|gebruik*|używa*|использу*|використову*|kullanıyor*|använder|bruger|bruker|käytän|käytämme|používá*',
)

/** States of which somebody is in one: of those in one row. */
export const STATES: readonly RegExp[] = [
  'single|married|engaged|divorced|widowed|separated|ledig|verheiratet|verlobt|geschieden|verwitwet|single|célibataire|mariée?|fiancée?|divorcée?|veuve?|solter[oa]|casad[oa]|divorciad[oa]|viud[oa]|solteir[oa]|divorciad[oa]|viúv[oa]|single|sposat[oa]|divorziat[oa]|vrijgezel|getrouwd|verloofd|gescheiden|singlem|singielką|żonaty|zamężna|rozwiedzion[ya]|холост|женат|замужем|разведён|разведена|bekar*|evli*|nişanlı*|boşan*|singel|gift|skild|förlovad|förlovet|أعزب|عزباء|متزوج|متزوجة|مطلق|مطلقة|अविवाहित|शादीशुदा|तलाकशुदा|单身|已婚|离婚|独身|既婚|미혼|기혼',
  'vegan|vegetarian|pescatarian|vegane?r?(?:in)?|vegetarier(?:in)?|vegano|vegana|vegetariano|vegetariana|végane?|végétarien|végétarienne|веган|вегетарианец|вегетарианка',
  'employed|employee|unemployed|self-employed|retired|freelance|freelancer|angestellt|freiberufler(?:in)?|freiberuflich|arbeitslos|selbstständig|pensioniert|berentet|salarié|salariée|chômeur|chômeuse|retraité|retraitée|jubilad[oa]|aposentad[oa]|pensionat[oa]|gepensioneerd',
  'daily|weekly|fortnightly|biweekly|monthly|quarterly|yearly|hourly|täglich|wöchentlich|monatlich|vierteljährlich|jährlich|stündlich|chaque jour|chaque semaine|chaque mois|diariamente|semanalmente|mensualmente|mensalmente|settimanalmente|mensilmente|dagelijks|wekelijks|maandelijks|codziennie|ежедневно|еженедельно|ежемесячно|每天|每周|每月|毎日|毎週|毎月|매일|매주|매월',
  'junior|senior|mid-level|trainee',
  'first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|top|ground|ersten|zweiten|dritten|vierten|fünften|premier|deuxième|troisième|quatrième|cinquième|primer|segundo|tercer|cuarto|quinto|primeiro|terceiro|quarto|primo|secondo|terzo',
]
  .map((states) => wordPattern(states))
  .concat(OCCUPATION)

/** Denials, which a change of value has none of. */
export const DENIES = wordPattern(
  "not|never|no longer|*n't|nicht|kein*|nie|niemals|pas|jamais|nunca|não|non|mai|niet|geen|nooit|не|ні|değil|inte|ikke|ei|ne|nem|nu e|δεν|לא|لا|ليس|لم|नहीं|không|tidak|bukan|不|没|沒|ない|ません|안 |않|아니|ไม่",
)
/** Guesses, wishes and questions, which say of nothing that it is so. */
export const SUPPOSES = wordPattern(
  [
    "(?<!(?:in|for|of|by|since|until|last|next|this) )may(?! \\p{Nd})|might|could|would|should|shall|will|*'ll|*'d|maybe|perhaps|probably|possibly|presumably|supposedly|apparently|likely|seems?|assume|suppose|guess|i think|i believe|if|unless|hopefully|hopes?|wants?|wish*|used to",
    'vielleicht|vermutlich|wahrscheinlich|möglicherweise|angeblich|hoffentlich|wohl|anscheinend|würde*|könnte*|sollte*|möchte*|will|wollte*|glaube*|denke|falls|wenn|misschien|waarschijnlijk|vermoedelijk|wellicht|zou|zouden|denk|geloof',
    'peut-être|probablement|sans doute|pourrai*|devrai*|aimerai*|voudrai*|crois|pense|semble|quizás?|tal vez|a lo mejor|probablemente|seguramente|podría*|debería*|gustaría|creo|supongo|quiero|parece|talvez|provavelmente|poderia*|deveria*|gostaria|acho|suponho|quero|forse|probabilmente|magari|potrebbe|potrei|dovrebbe|vorrei|credo|penso|suppongo|sembra',
    'może|chyba|pewnie|prawdopodobnie|podobno|jeśli|gdyby|mógłby*|mogłaby*|chciał*|myślę|может|возможно|наверное|наверно|вероятно|кажется|похоже|думаю|если|бы|хочу|можливо|мабуть|напевно|ймовірно|здається|якщо|би|možná|asi|pravděpodobně|snad|prý|kdyby|pokud|myslím',
    'belki|galiba|sanırım|herhalde|muhtemelen|olabilir|eğer|kanske|kanskje|måske|troligen|antagligen|sannolikt|muligvis|skulle|kunde|kunne|tror|vill|ehkä|luultavasti|varmaan|talán|valószínűleg|poate|probabil|dacă|ar|ίσως|μάλλον|πιθανόν|αν|אולי|כנראה|ربما|لعل|أظن|قد|شاید|शायद|अगर|có lẽ|có thể|nếu|mungkin|barangkali|sepertinya|jika|kalau',
    '可能|也许|也許|或许|或許|大概|应该|應該|如果|估计|恐怕|好像|据说|想|かもしれ|たぶん|多分|おそらく|恐らく|だろう|でしょう|と思|らしい|もし|아마|것 같|을지도|만약|อาจ|คงจะ|น่าจะ|ถ้า|[?？؟]',
  ].join('|'),
)
/** Something that has one, before its name. */
export const THE = wordPattern(
  'the|our|my|his|her|their|der|die|das|den|dem|unser*|mein*|le|la|les|notre|nos|mon|ma|el|los|nuestr[oa]|mi|il|lo|nostr[oa]|mi[oa]|os?|as?|noss[oa]|meu|minha|het|de|ons|onze|mijn|nasz*|mój|moja|наш|наша|мой|моя|min|mitt|vår|vårt|vores|náš|naše|můj|a|az|η|ο|το|हमारे|हमारी|हमारा|मेरे|मेरी|मेरा',
)
/** Of these a thing that is led, or has one place, is the same: "our team", "the team". */
export const OURS = wordPattern(
  'the|our|der|die|das|den|dem|unser*|le|la|les|notre|nos|el|los|nuestr[oa]s?|il|lo|nostr[oai]|noss[oa]s?|het|de|ons|onze|nasz*|nasi*|наш*|vår|vårt|våra|vores|náš|naše|हमारे|हमारी|हमारा',
)
/** Whose something is, by one person each. */
export const OWNERS: readonly RegExp[] = [
  'my|mein*|mon|mes|mi|mis|meus?|minhas?|mi[oa]|mijn|mój|moja|moje|мой|моя|моё|mitt|můj|moje|मेरे|मेरी|मेरा',
  'his|her|their|dein*|seine*|ihre*|leurs?|sus?|teus?|tuas?|seus?|suas?|tu[oa]|su[oa]|jouw|jouwe|haar|hun|twój|twoja|jego|jej|твой|твоя|его|её|их',
].map((words) => wordPattern(words))
/** One beside another of its kind: "my other sister". */
export const OTHER = wordPattern(
  'other|second|eldest|oldest|youngest|elder|ander*|zweite*|älter*|jünger*|autre*|deuxième|seconde?|otr[oa]s?|segund[oa]|outr[oa]s?|altr[oa]|second[oa]|tweede|drug[iaą]|inn[yaą]|друг(?:ой|ая)|втор(?:ой|ая)|diğer|andra|anden|另一|另外|もう一人|다른',
)
/** People of whom one has several: without a name another one is another person. */
export const ONE_OF_MANY = wordPattern(
  'friend|mate|pal|colleague|co-?worker|teammate|classmate|neighbou?r|cousin|customer|client|student|kolleg(?:e|in)|nachbar(?:in)?|cousine?|collègue|voisine?|amie?|compañer[oa]|amig[oa]|vecin[oa]|prim[oa]|colega|vizinh[oa]|colleg(?:a|hi)|vicin[oa]|cugin[oa]|amic[oa]|buur(?:man|vrouw)|neef|nicht|koleg(?:a|ą)|koleżanka|sąsiad(?:ka)?|kuzyn(?:ka)?|przyjaci(?:el|ółka)|друг|подруга|коллега|сосед(?:ка)?|arkadaşım|komşum|kuzenim|vän|kompis|granne|朋友|同事|邻居|友達|友人|同僚|隣人|친구|동료|이웃',
)
/** Another one of those of whom there is one: "my new manager". */
export const NEW_ONE = wordPattern(
  'new|neue[rns]?|nouve(?:au|l|lle)|nuev[oa]|nov[oa]|nuov[oa]|nieuwe?|now(?:y|a|ą|ym)|nov(?:ý|á)|нов(?:ый|ая|ым|ой)|yeni|nya?|nye|új|nou[ăa]?|新的?|새|새로운',
  'giu',
)
/** One of several, or some. */
export const SOME = wordPattern(
  'an?|some|several|many|another|one|two|three|four|five|ein|eine|einen|einem|einer|eines|einige|zwei|drei|une?|deux|trois|uno?|una|dos|tres|um|uma|dois|due|tre|een|twee|jeden|jedna|dwa|dwie|один|одна|два|две|bir|iki|én|en|ett|et|två|egy|ένας|μια|μία|אחד|אחת|أحد|إحدى|एक',
)
/** Words between a thing and its value. */
export const IS = wordPattern('is|are|ist|sind|est|es|é|è|jest|är|er|este|είναι|dir')
/** The one who does it, where the thing comes first. */
export const DONE_BY = wordPattern('by|von|vom|par|por|da|dal|door|przez|av|af|από')

/** Beginnings of sentences that correct an earlier one. */
export const CORRECTS =
  /^(?:(?:oh|ah|hm{1,3}|well|ach|ay)[, ]{1,2})?(?:(?:so )?sorry|(?:wh)?oops|correction|typo|i was wrong|i got that wrong|i misspoke|scratch that|my (?:mistake|bad)|(?:no,? )?wait(?:,? no)?|entschuldigung|korrektur|tippfehler|ich habe mich (?:vertan|geirrt)|pardon|je me suis trompée?|erratum|perdón|perdona|corrección|me equivoqué|desculp[ae]|me enganei|enganei-me|correção|scusa|mi sono sbagliat[oa]|correzione|correctie|vergissing|przepraszam|pomyłka|sprostowanie|извините?|ошибка|я ошибл(?:ась|ся)|поправка|вибач|pardon|yanlış|düzeltme|förlåt|ursäkta|undskyld|beklager|عفوا|تصحيح|أخطأت|माफ़ करें?|गलती हो गई|抱歉|不好意思|说错了|說錯了|更正|不对|不對|すみません|間違えました|訂正|죄송해요|정정할게요|잘못 말했어요)[,:;.!…–— 、，。：،]{1,3}(?=[\p{L}\p{N}\p{Sc}¿¡])/iu
/** It may only answer a question: more is wanted to tell what it corrects. */
export const MAY_CORRECT =
  /^(?:(?:oh|ah|hm{1,3}|well|ach)[, ]{1,2})?(?:no|nope|actually|in fact|nein|eigentlich|genauer gesagt|non|en fait|en réalité|en realidad|de hecho|não|na verdade|in realtà|anzi|nee|eigenlijk|nie|właściwie|tak naprawdę|нет|вообще-то|на самом деле|точнее|ні|насправді|hayır|aslında|nej|egentligen|egentlig|لا|في الحقيقة|नहीं|असल में|不|其实|其實|いや|いいえ|実は|아니요?|사실은?|실은)[,:;.!…–— 、，。：،]{1,3}(?=[\p{L}\p{N}\p{Sc}¿¡])/iu
/** What was meant, behind which the right value stands. */
export const MEANT =
  /^(?:i (?:meant|mean)|ich meinte|gemeint war|je voulais dire|quise decir|quer[ií]a (?:decir|dizer)|quis dizer|volevo dire|intendevo|ik bedoel(?:de)?|miał[ea]m na myśli|chodziło mi o|я имела? в виду|я хотела? сказать|jag menade|jeg mente|我的意思是|我是说)[,:]? ?(?=\S)/iu

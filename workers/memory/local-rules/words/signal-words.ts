import { OTHER_SIGNAL_WORDS, type SignalWords } from './signal-words-others.ts'

/**
 * Words by which a sentence in a language other than English is ranked. No grammar: stems by what they are about, divided by bars. `stem*` may have
 * an ending and `*ing` a beginning; any other is a whole word. In scripts that write no spaces, or put particles onto words, all are found anywhere.
 */

export const SIGNAL_WORDS: Readonly<Record<string, SignalWords>> = {
  ...OTHER_SIGNAL_WORDS,
  de: {
    self: 'ich|mir|mich|mein|meine|meiner|meinem|meinen|meines|wir|uns|unser*',
    you: 'du|dir|dich|dein*|sie können|ihnen|euch',
    ask: 'kannst|könntest|können sie|könnten sie|magst du|was|wer|wie|wo|wann|warum|wieso|welche*|gibt es|hast du|bist du|erklär*|zeig*|gib|sag*|mach*|hilf|schau*|lass',
    chat: 'danke*|dankeschön|hallo|guten morgen|guten tag|guten abend|verstehe|verstanden|weiß nicht|denke|glaube|vielleicht|frage|klingt|super|gern geschehen|bis später|bis bald|hoffe|stimmt|wäre|würde|könnte|müde|fertig|bereit|sicher|froh|traurig|schaue|gerade|fehler|zeile|versuche|einverstanden|egal|zu spät|spät dran|vorschlag*|variante|lösung|option|gleich wieder|wieder da|versucht|probiert|besser so',
    here: 'davon|damit|dazu|daran|das hier|es|dies*|jene*',
    family:
      'tochter|töchter|sohn|söhne|frau|mann|ehemann|ehefrau|partner*|freund*|mutter|vater|eltern|bruder|brüder|schwester*|kind|kinder|oma|opa|großmutter|großvater|enkel*|tante|onkel|cousin*|nichte|neffe|nachbar*|hund|hündin|katze*|kater|chef*|vorgesetzte*|kolleg*|verheiratet|geschieden|verlobt|schwanger|zwillinge|verlobte*|familie|baby',
    health:
      'allerg*|unverträglich*|diabet*|asthma|medikament*|tablette*|krank*|arzt|ärztin|hausarzt|epilep*|schwanger|vegan*|vegetar*|fleisch|blutdruck|herz*|operation|nuss|nüsse*|gluten*|laktose*|rauche|laktose|vertrage|milch|nüsse|fisch|schmerz*|brille|rollstuhl',
    preference:
      'liebe|mag|hasse|bevorzug*|liebsten|lieber|lieblings*|gern|gerne|esse|trinke|ungern|nicht ausstehen|am liebsten|vorzieh*|ziehe|kaffee|tee|zucker|schwarz|bier|wein|rad|zug|lieblingsessen',
    decision:
      'beschlossen|entschieden|entscheidung|vereinbart|geeinigt|gewählt|gebucht|abgemacht|festgelegt|gekündigt|unterschrieben|abgesagt|verschoben|einigten|beschließen|ab sofort|nehmen wir',
    agenda:
      'termin*|*termin|treffen|besprechung|meeting|prüfung|hochzeit|geburtstag|flug|abgabe|frist|urlaub|reise|konferenz|abflug|liefer*|fällig|muss|müssen|feier|umzug|vorstellungsgespräch|uhr',
    life: 'miete|gehalt|wohn*|lebe|leben|zog|gezogen|umgezogen|arbeit*|studier*|lern*|heiße|heißt|name|adresse|telefonnummer|geboren|komme aus|stamme|jahre alt|beruf*|firma|büro|projekt|team|verwend*|nutz*|benutz*|setzen|betreiben|spiele|spreche|besitze|fahre|sammle|gründ*|gekauft|verkauft|server|datenbank|haus|wohnung|garten|auto|verein|statt|nehmen|beruf|tischler*|lehrer*|ingenieur*|kommt aus|hobby|nachname|vorname|verdiene|abteilung*|leite|bauernhof',
  },
  fr: {
    self: "je|j'*|me|m'*|moi|mon|ma|mes|nous|notre|nos|on",
    you: "tu|te|t'*|toi|ton|ta|tes|vous|votre|vos",
    ask: "peux-tu|pouvez-vous|pourrais-tu|est-ce|qu'*|que|quoi|qui|comment|où|quand|pourquoi|quel*|explique*|montre*|donne*|dis-moi|aide*|as-tu|es-tu",
    chat: "merci|bonjour|bonsoir|salut|comprends|compris|pense|crois|peut-être|question|super|parfait|d'accord|sais pas|espère|voudrais|aimerais|serait|pourrait|bonne journée|fatigué*|prêt*|sûr*|désolé*|content*|regarderai|regarde|erreur|ligne|essaie|essayé|va bien|faisons|proposition*|solution*|option*|variante|reviens|tout de suite|retour",
    here: 'ça|cela|ceci|celui*|celle*|y',
    family:
      'fille*|fils|femme|mari|époux|épouse|compagn*|conjoint*|mère|père|parents|frère*|sœur*|soeur*|enfant*|grand-mère|grand-père|oncle|tante|cousin*|nièce|neveu|voisin*|ami|amie|chien*|chat|chatte|chats|patron*|chef|cheffe|collègue*|marié*|divorcé*|fiancé*|enceinte|jumeaux|jumelles|famille|bébé',
    health:
      'allergi*|intoléran*|diabét*|asthm*|médicament*|malad*|médecin|docteur|épilep*|enceinte|végan*|végétari*|viande|tension|opération|noix|arachid*|gluten|lactose|fume|lait|poisson|supporte|mal|lunettes|fauteuil',
    preference:
      "préfèr*|préfér*|aime|j'aime|adore|déteste|favori*|mieux|mange|bois|supporte|café|thé|sucre|vin|bière|vélo|train",
    decision: 'décid*|décision|choisi*|convenu*|réserv*|opté|signé|démissionné|annulé|reporté|fixé|accepté',
    agenda:
      'rendez-vous|rdv|réunion*|examen*|mariage|anniversaire|vol|échéance|délai|vacances|voyage|conférence|livraison|dois|devons|entretien|fête|heures',
    life: "loyer|salaire|habit*|j'habite|vis|vivons|vit|déménag*|travaill*|étudi*|appelle|nom|adresse|numéro|téléphone|né|née|viens|ans|métier|entreprise|société|bureau|projet*|équipe|utilis*|joue|parle|possède|collectionne|acheté|vendu|fondé|serveur|base de données|maison|appartement|jardin|voiture|conduis|au lieu|professeur*|ingénieur*|famille|payé|gagne|emménag*|service|dirige|ferme|boîte",
  },
  es: {
    self: 'yo|me|mi|mis|mí|nosotros|nosotras|nos|nuestr*|soy|estoy|tengo|vivo|trabajo|estudio|prefiero|odio|amo|detesto|como|bebo|uso|juego|hablo|conduzco|nací|crecí|viví|trabajé|compré|vendí|empecé|dejé|corrí|fui|fuimos|hice|hicimos|conocí|decidí|decidimos|hemos|he|somos|tenemos|vivimos|usamos|trabajamos|necesito|debo|voy|llevo|colecciono|toco|*amos|*imos|tomo|tolero|sufro|pago|gano|escribo|leo|canto|corro|viajo|duermo|estudié|conduje|terminé|tuve',
    you: 'tú|te|ti|tu|tus|usted|ustedes|vosotros|puedes|podrías|tienes',
    ask: '¿*|puedes|podrías|puede|qué|quién|cómo|dónde|cuándo|por qué|cuál*|explica*|explíca*|muestra*|muéstra*|dime|dame|ayuda*|ayúda*|hay',
    chat: 'gracias|hola|buenos días|buenas tardes|buenas noches|entiendo|entendido|creo|pienso|quizá*|tal vez|pregunta|genial|perfecto|vale|sé|espero|quisiera|me gustaría|sería|podría|cansad*|list[oa]|segur[oa]|lo siento|content*|miro|mirar*|error|línea|intento|intenté|hagám*|propuesta*|opción|opciones|solución|vuelvo|enseguida|archivo|fichero|sigue|continúa',
    here: 'eso|esto|lo|ese|esa|este|esta',
    start: '(?:(?:no|ya|siempre|nunca|también) ){0,2}\\p{L}{2,}o',
    family:
      'hij*|espos*|marido|mujer|pareja|novi*|madre|padre|padres|mamá|papá|herman*|niñ*|abuel*|tí[oa]|tío|tía|prim[oa]|primo|prima|sobrin*|vecin*|amig*|perr*|gat[oa]|gato|gata|gatos|jef[ea]|jefe|jefa|colega*|compañer*|casad*|divorciad*|soltero|soltera|embarazada|gemel*|familia|bebé',
    health:
      'alérgic*|alergia*|intoleran*|diabét*|asma*|medicament*|pastilla*|enferm[oa]|médic*|doctor*|epilep*|embarazada|vegan*|vegetarian*|carne|tensión|operación|nuez|nueces|gluten|lactosa|fumo|leche|pescado|tolero|aguanto|dolor|gafas',
    preference:
      'prefier*|prefer*|gusta|gustan|encanta*|odio|detesto|amo|favorit*|mejor|como|bebo|soporto|café|té|azúcar|vino|cerveza|bici*|tren',
    decision:
      'decidi*|decisión|elegi*|acord*|reserv*|optamos|firm*|renunci*|cancel*|aplaz*|fijado|hemos decidido|quedamos',
    agenda:
      'cita*|reunión*|examen*|boda|cumpleaños|vuelo|plazo|vacaciones|viaje|conferencia|entrega|debo|tengo que|tenemos que|entrevista|fiesta|las \\d+',
    life: 'alquiler|sueldo|salario|viv*|mud[éoa]*|mudé|mudamos|trabaj*|estudi*|llam*|nombre|dirección|teléfono|número|nac[ií]*|nací|vengo|años|profesión|empresa|oficina|proyecto*|equipo|us[oa]|usamos|utiliz*|juego|hablo|tengo|colecciono|toco|compr*|vend*|fund*|servidor|base de datos|casa|piso|jardín|coche|conduzco|corrí|correr|en lugar|en vez|oficio|profesor*|ingenier*|carro|familia|gano|apellido|departamento|dirijo|granja|llama',
  },
  pt: {
    self: 'eu|me|mim|meu|minha|meus|minhas|nós|nos|nosso*|nossa*|sou|estou|tenho|moro|vivo|trabalho|estudo|prefiro|odeio|amo|detesto|como|bebo|uso|jogo|toco|falo|dirijo|conduzo|nasci|cresci|morei|trabalhei|comprei|vendi|comecei|deixei|corri|fui|fomos|fiz|fizemos|conheci|decidi|decidimos|somos|temos|moramos|usamos|trabalhamos|preciso|devo|vou|adotei|mudei*|coleciono|gosto|adoro|*amos|*imos|tomo|tolero|sofro|pago|ganho|escrevo|leio|canto|corro|viajo|durmo|estudei|terminei|tive',
    you: 'tu|te|ti|teu|tua|você|vocês|podes|pode|consegues|seu|sua',
    ask: 'podes|pode|poderia*|consegues|o que|que|quem|como é|onde|quando|por que|porque|qual*|explica*|mostra*|diz*|dá|dê|ajuda*|há|tens',
    chat: 'obrigad*|olá|bom dia|boa tarde|boa noite|entendo|entendi|percebo|acho|penso|talvez|pergunta|ótimo|perfeito|sei|espero|gostaria|seria|poderia|tudo bem|cansad*|pront[oa]|cert[oa]|desculp*|content*|vejo|erro|linha|tento|tentei|vamos fazer|proposta*|opção|opções|solução|volto|já volto|ficheiro|arquivo|continua',
    here: 'isso|isto|esse|essa|este|esta',
    start: '(?:(?:não|já|sempre|nunca|também) ){0,2}\\p{L}{2,}o',
    family:
      'filh*|espos*|marido|mulher|companheir*|namorad*|mãe|pai|pais|irm[ãa]*|irmão|irmã|criança*|avó|avô|avós|tio|tia|prim[oa]|primo|prima|sobrinh*|vizinh*|amig*|cão|cadela|cachorr*|gat[oa]|gato|gata|gatos|chef[ea]|chefe|patrão|colega*|casad*|divorciad*|solteir*|grávida|gémeos|gêmeos|família|bebé|bebê',
    health:
      'alérgic*|alergia*|intoleran*|diabét*|asma*|medicament*|remédio*|comprimido*|doente|médic*|doutor*|epilep*|grávida|vegan*|vegetarian*|carne|tensão|pressão|operação|cirurgia|noz|nozes|glúten|lactose|fumo|leite|peixe|tolero|suporto|dor|óculos',
    preference:
      'prefir*|prefer*|gosto|gostamos|adoro|odeio|detesto|amo|favorit*|preferid*|melhor|como|bebo|suporto|café|chá|açúcar|vinho|cerveja|bicicleta|comboio|trem',
    decision:
      'decidi*|decisão|escolhe*|combin[aá]*|combinamos|reserv*|optámos|optamos|assin*|demiti*|cancel*|adi[aá]*|marcado|acord[aá]*',
    agenda:
      'na segunda|na terça|na quarta|na quinta|na sexta|até segunda|até sexta|consulta*|reunião|reuniões|exame*|prova|casamento|aniversário|voo|prazo|férias|viagem|conferência|entrega|devo|tenho de|tenho que|temos de|entrevista|festa|às \\d+',
    life: 'aluguel|renda|salário|mor[oa]|moro|moramos|viv*|mud[eo]*|mudei|trabalh*|estud*|cham*|nome|morada|endereço|telefone|telemóvel|número|nasci|venho|anos|profissão|empresa|escritório|projet*|equipa|equipe|us[oa]|usamos|utiliz*|jogo|toco|falo|tenho|coleciono|compr*|vend*|fund*|servidor|base de dados|banco de dados|casa|apartamento|jardim|carro|conduzo|corri|correr|em vez|ao invés|professor*|engenheir*|família|ganho|apelido|sobrenome|departamento|dirijo|quinta|chama*|mudámo*|mudamo*',
  },
  it: {
    self: 'io|mi|me|mio|mia|miei|mie|noi|ci|nostr*|sono|ho|sto|vivo|abito|lavoro|studio|preferisco|odio|amo|detesto|mangio|bevo|uso|gioco|suono|parlo|guido|nacqui|abbiamo|siamo|viviamo|usiamo|lavoriamo|devo|vado|colleziono|faccio|*iamo|tollero|soffro|pago|guadagno|scrivo|leggo|canto|corro|viaggio|dormo|cerco|prendo|porto',
    you: 'tu|ti|te|tuo|tua|tuoi|tue|lei|voi|vostro|puoi|potresti|hai',
    ask: "puoi|potresti|può|che|chi|come|dove|quando|perché|quale|quali|spieg*|mostra*|dimmi|dammi|aiuta*|c'è|hai",
    chat: 'grazie|ciao|buongiorno|buonasera|capisco|capito|penso|credo|forse|domanda|ottimo|perfetto|so|spero|vorrei|sarebbe|potrebbe|va bene|stanc[oa]|pront[oa]|sicur[oa]|dispiace|content[oa]|guardo|errore|riga|provo|provato|facciamo|proposta|proposte|opzione|opzioni|soluzione|torno|subito|file|continua',
    here: 'questo|questa|ciò|quello|quella|ci',
    start: '(?:(?:non|già|sempre|anche|ci|mi) ){0,2}\\p{L}{2,}o',
    family:
      'figli*|moglie|marito|compagn*|fidanzat*|madre|padre|mamma|papà|genitori|fratell*|sorell*|bambin*|nonn*|zi[oa]|zio|zia|cugin*|nipot*|vicin[oa]|amic*|cane|cagnolin*|gatt[oaie]|gatto|gatta|gatti|cap[oa]|capo|colleg*|sposat*|divorziat*|incinta|gemell*|famiglia|bebè',
    health:
      'allergi*|intolleran*|diabet*|asma*|farmac*|medicin*|malat*|medico|dottor*|epiless*|incinta|vegan*|vegetarian*|carne|pressione|operazione|noci|noce|glutine|lattosio|fumo|latte|pesce|tollero|sopporto|dolore|occhiali',
    preference:
      'prefer*|piace|piacciono|adoro|odio|detesto|amo|preferit*|meglio|mangio|bevo|sopporto|caffè|tè|zucchero|vino|birra|bici*|treno',
    decision:
      'deciso|decisione|decid*|scelto|sceglie*|concordat*|prenotat*|firmat*|dimess*|annullat*|rimandat*|fissat*|optato|accordo',
    agenda:
      'appuntament*|riunion*|esame|esami|matrimonio|compleanno|volo|scadenza|ferie|vacanz*|viaggio|conferenza|consegna|devo|dobbiamo|colloquio|festa|alle \\d+',
    life: 'affitto|stipendio|viv*|abit*|trasferit*|trasloc*|lavor*|studi*|chiam*|nome|indirizzo|telefono|numero|nat[oa]|nato|nata|vengo|anni|professione|azienda|ufficio|progett*|squadra|team|us[oa]|usiamo|utilizz*|gioco|suono|parlo|ho|colleziono|comprat*|vendut*|fondat*|server|casa|appartamento|giardino|auto|macchina|guido|corso|correre|invece|al posto|mestiere|insegnant*|ingegner*|famiglia|guadagno|cognome|faccio il|faccio la|reparto|dirigo|fattoria|chiama',
  },
  nl: {
    self: 'ik|mij|me|mijn|wij|we|ons|onze',
    you: 'jij|je|jou|jouw|u|uw|jullie',
    ask: 'kun|kan je|kunt|zou je|wat|wie|hoe|waar|wanneer|waarom|welke|leg|laat|geef|zeg|help|is er|heb je|ben je',
    chat: 'dank*|bedankt|hallo|hoi|goedemorgen|goedemiddag|goedenavond|begrijp|snap|denk|geloof|misschien|vraag|prima|perfect|weet niet|hoop|zou|klinkt|moe|klaar|zeker|sorry|blij|kijk|fout|regel|probeer|geprobeerd|doen we|voorstel*|optie*|oplossing|zo terug|terug|bestand|ga door',
    here: 'dat|dit|hiervan|ervan|ernaar|daar*',
    family:
      'dochter*|zoon|zonen|vrouw|man|echtgeno*|partner|vriend*|moeder|vader|ouders|broer*|zus|zussen|kind|kinderen|oma|opa|kleinkind*|tante|oom|neef|nicht|buur*|hond*|kat|katten|poes|baas|chef|leidinggevende|collega*|getrouwd|gescheiden|verloofd|zwanger|tweeling|familie|gezin|baby',
    health:
      'allerg*|intoleran*|diabet*|astma*|medicijn*|pillen|ziek|arts|dokter|huisarts|epilep*|zwanger|vegan*|vegetar*|vlees|bloeddruk|operatie|noten|pinda*|gluten|lactose|rook|melk|vis|kan niet tegen|pijn|bril',
    preference:
      'hou|houd|houden|haat|liever|liefst|favoriet*|graag|eet|drink|voorkeur|lievelings*|koffie|thee|suiker|wijn|bier|fiets|trein',
    decision:
      'besloten|besluit|besloot*|gekozen|afgesproken|geboekt|gereserveerd|ontslag|getekend|geannuleerd|verzet|vastgesteld|akkoord',
    agenda:
      'afspra*|vergadering*|overleg|examen|tentamen|bruiloft|verjaardag|vlucht|deadline|vakantie|reis|conferentie|levering|moet|moeten|sollicitatie*|feest|uur',
    life: 'huur|salaris|woon*|wonen|leef|verhuis*|werk*|studeer*|heet|naam|adres|telefoonnummer|nummer|geboren|kom uit|jaar oud|beroep|bedrijf|kantoor|project*|team|gebruik*|draai*|speel|spreek|heb|verzamel|gekocht|verkocht|opgericht|server|database|huis|appartement|tuin|auto|rijd|gelopen|liep|hardgelopen|in plaats|leraar|lerares|ingenieur|familie|gezin|verdien|achternaam|afdeling*|leid|boerderij',
  },
  pl: {
    self: 'ja|mnie|mi|mną|mój|moja|moje|mojego|mojej|moim|moją|moich|my|nas|nam|nasz*|jestem|mam|mieszkam|pracuję|uczę|studiuję|wolę|lubię|nienawidzę|kocham|jem|piję|używam|gram|mówię|prowadzę|jeżdżę|muszę|urodziłem|urodziłam|jesteśmy|mamy|mieszkamy|używamy|*łem|*łam|*liśmy|*łyśmy|*amy|*emy|*imy',
    you: 'ty|ciebie|ci|tobie|twój|twoja|twoje|pan|pani|możesz|mógłbyś|masz',
    ask: 'czy|co|kto|jak|gdzie|kiedy|dlaczego|który|która|które|wyjaśnij|pokaż|podaj|powiedz|pomóż|daj',
    chat: 'dzięk*|dziękuję|cześć|dzień dobry|dobry wieczór|rozumiem|myślę|sądzę|może|pytanie|świetnie|wiem|mam nadzieję|chciałbym|chciałabym|byłoby|zmęczon*|gotow*|pewien|pewna|przepraszam|zadowolon*|zajrzę|błąd|linii|próbuj*|próbowa*|zróbmy|propozycj*|opcj*|rozwiązani*|zaraz|wracam|plik|kontynuuj',
    here: 'to|tego|temu|tym|ten|ta',
    start: '(?:(?:nie|zawsze|nigdy|też|już) ){0,2}\\p{L}{2,}(?:ę|am|em)',
    family:
      'córk*|syn|syna|synów|synem|żona|żony|żonę|mąż|męża|mężem|partner*|dziewczyn*|chłopak*|matk*|ojciec|ojca|mama|tata|rodzic*|brat*|siostr*|dzieck*|dzieci|babci*|dziad*|wuj*|ciotk*|ciocia|kuzyn*|sąsiad*|przyjaci*|pies|psa|kot|kota|koty|kotka|szef*|kierowni*|koleg*|koleżank*|żonaty|zamężna|rozwied*|w ciąży|bliźni*|rodzin*',
    health:
      'alergi*|uczulen*|uczulon*|nietoleran*|cukrzyc*|astm*|lek|leki|leków|chor[ya]*|chory|chora|lekarz*|doktor*|padaczk*|w ciąży|wegan*|wegetaria*|mięsa|mięso|ciśnieni*|operacj*|orzech*|gluten*|laktoz*|palę|laktozy|mlek*|ryb*|toleruję|znoszę|ból|okulary|tabletk*|nadciśnieni*',
    preference:
      'wolę|wolimy|lubię|lubimy|uwielbiam|nienawidzę|kocham|ulubion*|najlepiej|jem|piję|znoszę|preferuję|kawę|kawa|herbat*|cukru|wino|piwo|rower*|pociąg*',
    decision:
      'postanowi*|zdecydowa*|decyzj*|wybra*|ustali*|uzgodni*|zarezerwowa*|podpisa*|zrezygnowa*|odwoła*|przełoży*|umówi*',
    agenda:
      'wizyt*|spotkani*|egzamin*|ślub|wesele|urodzin*|lot|termin*|urlop*|wakacj*|podróż|konferencj*|dostaw*|muszę|musimy|rozmow*|impreza|godz*',
    life: 'czynsz*|pensj*|mieszka*|przeprowadz*|pracuj*|pracow*|studiuj*|uczę|nazywam|imię|adres|telefon*|numer|urodzi*|pochodzę|lat|zawód|firm*|biur*|projekt*|zespół|zespole|używa*|korzysta*|gram|mówię|zbieram|kupi*|sprzeda*|założy*|serwer*|baz[ay]|dom|mieszkanie|ogród|samochód|jeżdżę|przebieg*|biega*|zamiast|zawodu|nauczyciel*|inżynier*|rodzin*|zarabiam|nazwisko|nazywa|dział*|kieruję|gospodarstw*',
  },
  ru: {
    self: 'я|меня|мне|мной|мной|мой|моя|моё|мое|мои|моего|моей|моему|моим|мою|моих|мы|нас|нам|наш*',
    start: '(?:(?:не|уже|всегда|тоже|теперь|больше) ){0,2}\\p{L}{2,}(?:[аяе]ю|[аяе]юсь)',
    you: 'ты|тебя|тебе|твой|твоя|твои|вы|вас|вам|ваш*|можешь|можете|мог бы',
    ask: 'можешь|можете|что|кто|как|где|когда|почему|зачем|какой|какая|какие|объясни*|покажи*|дай|скажи*|помоги*|есть ли|ты знаешь',
    chat: 'спасибо|привет|здравствуй*|доброе утро|добрый день|добрый вечер|понимаю|понял*|думаю|считаю|может быть|возможно|наверное|вопрос|отлично|не знаю|надеюсь|хотел бы|хотела бы|хочу|было бы|устал*|готов*|уверен*|извини*|рад|рада|посмотрю|ошибк*|строк*|пробую|пробовал*|давай|вариант*|предложени*|решение|вернусь|сейчас|файл|продолжай',
    here: 'это|этого|этому|этот|эта|этим|то|так',
    family:
      'доч*|сын*|жен[аыуое]*|жена|муж*|партнёр*|парень|девушк*|мать|матери|мам*|отец|отца|пап*|родител*|брат*|сестр*|дет*|ребён*|ребен*|бабушк*|дедушк*|дяд*|тёт*|племянни*|сосед*|друг|подруг*|собак*|пёс|кот|кота|кошк*|кошек|начальни*|руководител*|коллег*|женат|замужем|развед*|беремен*|близнец*|семь*',
    health:
      'аллерги*|непереносим*|диабет*|астм*|лекарств*|таблет*|боле[юн]*|болею|врач*|доктор*|эпилепс*|беремен*|веган*|вегетариан*|мяс*|давлени*|операци*|орех*|глютен*|лактоз*|курю|молок*|рыб*|переношу|боль|очки',
    preference:
      'предпочит*|люблю|любим*|обожаю|ненавижу|нравит*|нравят*|терпеть|лучше|ем|пью|больше всего|кофе|чай|чая|сахар*|вино|пиво|велосипед*|поезд*',
    decision: 'реши*|решен*|выбра*|договори*|заброниров*|подписа*|уволи*|отмени*|перенес*|назначи*|соглас*',
    agenda:
      'приём*|прием*|встреч*|совещани*|экзамен*|свадьб*|день рождения|рейс|вылет*|срок*|дедлайн*|отпуск*|поездк*|конференци*|доставк*|должен|должна|должны|нужно|собеседован*|праздник|сред[уы]|пятниц*|суббот*|воскресень*|час*',
    life: 'аренд*|зарплат*|жив[уёе]*|живу|живём|перееха*|переезжа*|работа*|учусь|учил*|зовут|имя|адрес*|телефон*|номер*|родил*|родом|лет|професси*|компани*|фирм*|офис*|проект*|команд*|использу*|играю|говорю|есть|коллекциониру*|купи*|прода*|основа*|сервер*|баз[аыу]|дом|квартир*|сад|машин*|вожу|пробежа*|бега*|вместо|учител*|инженер*|семь*|зарабатыва*|фамили*|отдел*|руковож*|ферм*|называет*',
  },
  tr: {
    self: 'ben|bana|beni|bende|benim|biz|bize|bizim|*yorum|*yoruz|*rım|*rim|*rum|*rüm|*arım|*erim|*ırım|*irim|*dım|*dim|*dum|*düm|*tım|*tim|*tum|*tüm|*dık|*dik|*duk|*dük|*tık|*tik|*m var|*ım|*im|*um|*üm|*mın|*min|*mız|*miz',
    you: 'sen|sana|seni|senin|siz|size|sizin|*misin|*mısın|*musun|*müsün|*abilir misin|*ebilir misin',
    ask: 'ne|kim|nasıl|nerede|neden|niçin|hangi|kaç|misin|mısın|mi|mı|mu|mü|açıkla*|göster*|söyle*|yardım et*|ver',
    chat: 'teşekkür*|sağ ol*|merhaba|selam|günaydın|iyi akşamlar|iyi günler|anlıyorum|anladım|anlamıyorum|anlamadım|sanırım|belki|düşünüyorum|soru*|harika|bilmiyorum|umarım|isterdim|olurdu|nasılsın|yorgun*|hazır*|emin*|özür|üzgün*|mutlu*|bakarım|hata*|satır*|dene*|yapalım|öneri*|seçene*|çözüm*|hemen|dönerim|dosya|devam',
    here: 'bu|bunu|buna|bunun|şu|şunu|onu|öyle',
    family:
      'kız*|oğl*|eş[im]*|eşim|karım|kocam|partner*|sevgili*|anne*|baba*|ebeveyn*|kardeş*|abla*|abi*|ağabey*|çocu*|büyükanne*|dede*|nine*|amca*|dayı*|teyze*|hala*|kuzen*|yeğen*|komşu*|arkadaş*|köpe*|kedi*|patron*|müdür*|şef*|yönetici*|iş arkadaş*|evli*|boşan*|nişanlı*|hamile*|ikiz*|aile*|bebe*|kedimiz*|köpeğimiz*',
    health:
      'alerji*|intolerans*|diyabet*|şeker hasta*|astım*|ilaç*|hasta*|doktor*|epilepsi*|hamile*|vegan*|vejetaryen*|et|tansiyon*|ameliyat*|fındı*|fıstı*|gluten*|laktoz*|sigara|süt*|balık|hassasiyet*|dokunuyor|ağrı*|gözlük*|hap',
    preference:
      'tercih*|sev*|nefret*|bayıl*|favori*|en sevdi*|hoşlan*|yerim|yemem|yemiyorum|içerim|içmem|içmiyorum|kahve*|çay*|şeker*|şarap|bira|bisiklet*|tren*',
    decision: 'karar*|seç*|anlaş*|rezervasyon*|ayırttı*|imzala*|istifa*|iptal*|ertele*|belirle*',
    agenda:
      'randevu*|toplantı*|sınav*|düğün*|doğum günü*|uçu[şs]*|uçağ*|teslim*|son tarih*|tatil*|seyahat*|konferans*|gerek*|lazım|zorunda*|görüşme*|parti*|saat',
    life: 'kira*|maaş*|yaşı*|otur*|taşın*|çalış*|oku*|adım|adı|ad|adres*|telefon*|numara*|doğdu*|yaşında*|meslek*|şirket*|ofis*|proje*|takım*|ekip*|kullan*|oyna*|çal*|konuş*|var|topla*|al[dm]*|aldım|sat*|kur*|sunucu*|veritaban*|ev|evim|daire*|bahçe*|araba*|koş*|yerine|mesle*|öğretmen*|mühendis*|aile*|kazan*|soyad*|yaş*|bölüm*|yönet*|çiftli*',
  },
  zh: {
    self: '我|我们|我的|咱们|本人|我們',
    you: '你|您|你们',
    ask: '吗|呢？|什么|怎么|哪|为什么|谁|能不能|可以.{0,6}吗|请解释|解释一下|告诉我|给我|帮我',
    chat: '谢谢|你好|早上好|晚上好|明白|不懂|理解|觉得|也许|可能|问题|很好|好的|不知道|希望|想要|如果|累|准备好|确定|抱歉|高兴|再看|稍后|报错|错误|试|就这样|听起来|方案|建议|选项|马上|文件|继续|试过',
    here: '这|那个|它|那样',
    family:
      '女儿|儿子|妻子|老婆|丈夫|老公|爱人|女朋友|男朋友|妈妈|母亲|爸爸|父亲|父母|哥哥|弟弟|姐姐|妹妹|孩子|奶奶|爷爷|外婆|外公|叔叔|阿姨|邻居|朋友|狗|猫|老板|经理|上司|同事|结婚|离婚|怀孕|双胞胎|家人|宝宝',
    health:
      '过敏|糖尿病|哮喘|药|生病|医生|癫痫|怀孕|素食|吃素|不吃|血压|手术|坚果|花生|麸质|乳糖|抽烟|牛奶|不能喝|不能吃|鱼|疼|眼镜',
    preference: '喜欢|讨厌|爱吃|最爱|偏好|宁愿|更愿意|不吃|不喝|爱喝|咖啡|茶|糖|酒|啤酒|自行车|火车|最怕|怕',
    decision: '决定|选择了|选了|同意|商定|预订|签了|辞职|取消|改到|推迟|定在',
    agenda: '预约|会议|开会|考试|婚礼|生日|航班|截止|假期|旅行|交付|必须|需要|面试|聚会|周[一二三四五六日]|礼拜|点',
    life: '血型|身高|体重|国籍|专业|星座|鞋码|母语|时区|房租|租金|工资|薪水|住在|搬到|搬家|工作|上班|当|学习|读书|叫|名字|地址|电话|号码|出生|来自|岁|职业|公司|办公室|项目|团队|使用|用的是|玩|弹|会说|有一|养|买了|卖了|创办|服务器|数据库|房子|公寓|车|跑了|跑步|住了|在.{1,6}住|用|学医|老师|工程师|家里|家人|赚|姓|负责|部门|农场',
  },
  ja: {
    self: '私|僕|俺|わたし|ぼく|うち|自分|我々|私たち|弊社|当社',
    you: 'あなた|君|きみ|お前|もらえます|くれます|いただけ',
    ask: 'ますか|ですか|でしょうか|か？|何|誰|どう|どこ|いつ|なぜ|どれ|教えて|説明して|見せて|手伝って|？',
    chat: 'ありがとう|こんにちは|おはよう|こんばんは|わかりました|わかりません|分かりません|と思います|かもしれ|多分|質問|いいですね|知りません|といいな|たいです|すごい|助かりました|なるほど|疲れ|準備|確か|すみません|嬉しい|後で|エラー|行目|試し|しましょう|提案|案の|選択肢|すぐ戻|ファイル|続けて|試しました',
    here: 'これ|それ|あれ|この|その|あの|そう',
    family:
      '娘|息子|妻|夫|嫁|旦那|彼女|彼氏|恋人|母|父|両親|兄|弟|姉|妹|子供|子ども|祖母|祖父|おばあ|おじい|叔父|叔母|いとこ|姪|甥|隣人|友達|友人|犬|猫|上司|部長|課長|社長|同僚|結婚|離婚|婚約|妊娠|双子|家族|赤ちゃん',
    health:
      'アレルギー|不耐|糖尿病|喘息|薬|病気|医者|先生|てんかん|妊娠|ビーガン|ベジタリアン|菜食|肉|血圧|手術|ナッツ|ピーナッツ|グルテン|乳糖|タバコ|食べません|食べられません|飲みません|牛乳|飲めません|食べられない|魚|痛|眼鏡',
    preference: '好き|嫌い|大好き|苦手|お気に入り|より.{1,12}が|好み|一番|コーヒー|お茶|砂糖|ワイン|ビール|自転車|電車',
    decision: '決め|決ま|決定|選び|選んだ|合意|予約し|契約|辞め|退職|キャンセル|延期|変更|ことにし',
    agenda:
      '予約|会議|打ち合わせ|ミーティング|試験|結婚式|誕生日|便|フライト|締め切り|締切|休暇|旅行|納品|なければ|必要|面接|パーティ|時',
    life: '血液型|身長|体重|国籍|専攻|星座|靴のサイズ|母語|家賃|給料|年収|住んで|住む|引っ越|働い|勤め|仕事|勉強|通って|名前|住所|電話|番号|生まれ|出身|歳|才|職業|会社|病院|学校|オフィス|プロジェクト|チーム|使って|使い|弾|話し|飼|買い|買った|売|設立|サーバー|データベース|家|アパート|庭|車|走り|走っ|住ん|代わり|教師|エンジニア|家族|稼|名字|通う|担当|部署|農場|プロジェクト名',
  },
  ko: {
    self: '저는|제|저의|제가|저를|나는|내|내가|나의|우리|저희',
    you: '당신|너|네가|주실|줄 수|해줄|해 줄',
    ask: '까요|나요|인가요|습니까|\\?|무엇|뭐|누구|어떻게|어디|언제|왜|어느|설명해|보여|알려|도와',
    chat: '감사|고마워|안녕|좋은 아침|알겠|모르겠|이해|생각해요|생각합니다|아마|질문|좋네요|바라|싶어요|싶습니다|도움이|잘 지내|피곤|준비|확실|미안|기뻐|나중에|오류|에러|번째 줄|해 봤|그렇게 해|제안|번째 안|옵션|금방|파일|계속해',
    here: '이거|그거|이건|그건|이것|그것|그렇게|이렇게',
    family:
      '딸|아들|아내|남편|여자친구|남자친구|애인|어머니|엄마|아버지|아빠|부모|형|오빠|남동생|여동생|언니|누나|동생|아이|자녀|할머니|할아버지|삼촌|이모|고모|사촌|조카|이웃|친구|강아지|개를|고양이|상사|부장|과장|팀장|사장|동료|결혼|이혼|약혼|임신|쌍둥이|가족|아기',
    health:
      '알레르기|불내증|당뇨|천식|약을|아파|병원|의사|간질|임신|비건|채식|고기|혈압|수술|견과|땅콩|글루텐|유당|담배|안 먹|못 먹|우유|못 마|생선|아프|안경',
    preference: '좋아|싫어|선호|사랑|제일|가장|즐겨|보다|안 먹|안 마|취향|커피|차를|설탕|와인|맥주|자전거|기차',
    decision: '결정|정했|하기로|골랐|선택|합의|예약했|계약|퇴사|사직|취소|미뤘|연기|변경',
    agenda:
      '예약|회의|미팅|시험|결혼식|생일|비행기표|항공편|마감|휴가|여행|납품|해야|필요|면접|파티|시에|시예요|시입니다',
    life: '혈액형|몸무게|국적|전공|모국어|월세|연봉|월급|살고|살아|삽니다|이사|일해|일하|근무|다녀|다니|공부|이름|주소|전화|번호|태어|출신|살이|직업|회사|사무실|프로젝트|팀|사용|쓰고|연주|말해|말합|키우|샀|팔았|설립|서버|데이터베이스|집|아파트|정원|차를|뛰었|달렸|있어요|있습니다|대신|선생님|엔지니어|가족|벌어|성은|년째|맡고|부서|농장',
  },
  ar: {
    self: 'أنا|نحن|لدي|عندي|لي|اسمي|عمري|أسكن|أعيش|أعمل|أدرس|أفضل|أحب|أكره|آكل|أشرب|أستخدم|ألعب|أتكلم|أقود|ولدت|نعيش|نسكن|نعمل|نستخدم|قررنا|قررت|اتفقنا|اشتريت|بعت|انتقلت|ركضت|بدأت|تركت|*ت|*نا|أ*',
    you: 'أنت|أنتِ|لك|لكم|عندك|يمكنك|تستطيع|كيف حالك',
    ask: 'هل|ما|ماذا|من هو|كيف|أين|متى|لماذا|أي|اشرح|أرني|أعطني|قل لي|ساعدني',
    chat: 'شكرا|شكرًا|مرحبا|مرحبًا|صباح الخير|مساء الخير|السلام|أفهم|فهمت|أظن|أعتقد|ربما|سؤال|رائع|لا أعرف|آمل|أتمنى|أريد|سيكون|متعب*|جاهز*|متأكد*|آسف*|سعيد*|لاحقا|خطأ|السطر|جربت|لنفعل|الاقتراح|اقتراح|خيار|حالا|الملف|تابع',
    here: 'هذا|هذه|ذلك|تلك',
    family:
      'ابنتي|ابني|بنتي|زوجتي|زوجي|شريك*|خطيب*|أمي|والدتي|أبي|والدي|أخي|أختي|أطفال*|أولاد*|جدتي|جدي|عمي|خالي|عمتي|خالتي|ابن عم*|جاري|صديق*|كلب*|قط|قطة|قطتي|قطتين|مديري|رئيسي|زميل*|متزوج*|مطلق*|حامل|توأم|عائلتي|طفلي|قطتنا|كلبنا',
    health:
      'حساسية|سكري|السكري|ربو|الربو|دواء|أدوية|مريض*|طبيب*|صرع|حامل|نباتي*|لحم|اللحم|ضغط|عملية|مكسرات|المكسرات|فول|غلوتين|لاكتوز|أدخن|اللاكتوز|حليب|الحليب|سمك|أتحمل|ألم|نظارة|حبوبا|حبوب',
    preference:
      'أفضل|أحب|أكره|المفضل*|مفضل*|لا آكل|لا أشرب|أعشق|يعجبني|آكل|أشرب|قهوة|القهوة|شاي|الشاي|سكر|دراجة|قطار|القطار',
    decision: 'قرر*|قررنا|قررت|قرار*|اخترت|اخترنا|اتفق*|حجز*|وقعت|وقعنا|استقل*|ألغ*|أجل*|حددنا',
    agenda:
      'موعد*|اجتماع*|امتحان*|زفاف|عرس|عيد ميلاد*|رحلة|طائرة|الموعد|إجازة|سفر|مؤتمر|تسليم|يجب|علي|مقابلة|حفلة|الساعة',
    life: 'إيجار|راتب*|أسكن|نسكن|أعيش|نعيش|انتقل*|أعمل|نعمل|أدرس|اسمي|اسم*|عنوان*|هاتفي|رقم*|ولدت|سنة|عاما|مهنتي|شركة|مكتب*|مشروع*|فريق*|أستخدم|نستخدم|ألعب|أعزف|أتكلم|لدي|عندي|اشتريت|بعت|أسس*|خادم*|قاعدة بيانات|بيت*|شقة|حديقة|سيارة|أقود|ركضت|منذ|بدلا|مهنة|معلم*|مهندس*|عائلة|عائلتي|لقبي|طب|الطب|قسم|أدير|مزرعة|المشروع',
  },
  hi: {
    self: 'मैं|मैंने|मुझे|मुझको|मेरा|मेरी|मेरे|हम|हमने|हमें|हमारा|हमारी|हमारे',
    you: 'तुम|तुम्हें|तुम्हारा|आप|आपको|आपका|आपकी|सकते हैं|सकती हैं',
    ask: 'क्या|कौन|कैसे|कहाँ|कब|क्यों|कौन सा|समझाओ|समझाइए|दिखाओ|बताओ|बताइए|मदद करो',
    chat: 'धन्यवाद|शुक्रिया|नमस्ते|सुप्रभात|शुभ संध्या|समझ गया|समझ गई|समझ नहीं|लगता है|शायद|सवाल|बढ़िया|पता नहीं|उम्मीद|चाहता|चाहती|चाहूँगा|काश|थक|तैयार|यकीन|माफ़|माफ|खुश|बाद में|एरर|लाइन|कोशिश|ठीक लगता|सुझाव|विकल्प|अभी|वापस|फ़ाइल|जारी|आज़मा',
    here: 'यह|वह|इसे|उसे|इसका|ऐसा',
    family:
      'बेटी|बेटा|बेटे|पत्नी|पति|साथी|प्रेमिका|प्रेमी|माँ|माता|पिता|पापा|माता-पिता|भाई|बहन|बच्चे|बच्चा|दादी|दादा|नानी|नाना|चाचा|मामा|मौसी|भतीजा|भतीजी|पड़ोसी|दोस्त|कुत्ता|कुत्ते|बिल्ली|बिल्लियों|बॉस|मैनेजर|सहकर्मी|शादीशुदा|तलाकशुदा|सगाई|गर्भवती|जुड़वाँ|परिवार|बच्ची',
    health:
      'एलर्जी|डायबिटीज|मधुमेह|अस्थमा|दमा|दवा|दवाई|बीमार|डॉक्टर|मिर्गी|गर्भवती|वीगन|शाकाहारी|मांस|मीट|ब्लड प्रेशर|ऑपरेशन|मेवों|मूँगफली|ग्लूटेन|लैक्टोज|सिगरेट|दूध|नहीं पी सकत|नहीं खा सकत|मछली|दर्द|चश्मा|लैक्टोज़',
    preference: 'पसंद|नापसंद|नफ़रत|नफरत|प्यार|बेहतर|पसंदीदा|ज़्यादा|खाती|खाता|पीती|पीता|कॉफ़ी|कॉफी|चाय|चीनी|साइकिल|ट्रेन',
    decision: 'फ़ैसला|फैसला|तय|निर्णय|चुना|सहमत|बुक|हस्ताक्षर|इस्तीफ़ा|इस्तीफा|रद्द|टाल',
    agenda:
      'अपॉइंटमेंट|मुलाक़ात|मीटिंग|बैठक|परीक्षा|शादी|जन्मदिन|उड़ान|फ्लाइट|समय सीमा|छुट्टी|यात्रा|सम्मेलन|डिलीवरी|करना है|चाहिए|इंटरव्यू|पार्टी|बजे',
    life: 'किराया|वेतन|रहता|रहती|रहते|शिफ्ट|काम|नौकरी|पढ़ता|पढ़ती|नाम|पता है|फ़ोन|फोन|नंबर|जन्म|साल|पेशा|कंपनी|दफ़्तर|ऑफिस|अस्पताल|प्रोजेक्ट|टीम|इस्तेमाल|खेलता|खेलती|बजाता|बजाती|बोलता|बोलती|पालता|पास|ख़रीदा|खरीदा|बेचा|सर्वर|डेटाबेस|घर|मकान|बगीचा|गाड़ी|कार|दौड़|नर्स|शिक्षक|जगह|रह रह|पेशे|अध्यापक|इंजीनियर|परिवार|कमाता|कमाती|उपनाम|पढ़|विभाग|सँभाल|संभाल|खेत',
  },
}

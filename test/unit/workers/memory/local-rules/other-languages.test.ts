import { describe, expect, test } from 'vitest'
import { naturalLanguageOf } from '../../../../../workers/memory/facts/natural-language.ts'
import { factsByRules } from '../../../../../workers/memory/local-rules/fact-rules.ts'
import { SIGNAL_WORDS } from '../../../../../workers/memory/local-rules/words/signal-words.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

const factsOf = (text: string) =>
  factsByRules({ turns: [{ turn: 0, at: new Date('2026-03-04T10:00:00Z'), speaker: 'Maya', role: 'user', text }] })
    .facts

describe('what somebody says of their life is quoted', () => {
  test.each([
    'Ich bin 42.',
    'Mam 42 lata.',
    'Мне 42 года.',
    '我今年42岁。',
    'Il 3 maggio ci trasferiamo a Bari.',
    'Erik leitet das Labor.',
    'Olga gestisce il magazzino.',
    'За склад отвечает Вера.',
    'Marta leidt het team.',
    'Herr Roth geht in Rente, die Presse übernimmt jetzt Frau Falk.',
    '王芳负责采购。',
    '营业由王芳负责。',
    '田中さんが営業の責任者です。',
    '우리 팀장은 민지예요.',
    'Das Budget für den Herbst ist 40k.',
    'La limite pour les invités est de 60.',
    'Budżet na jesień to teraz 40k.',
    'Teraz jestem piekarzem.',
    'Теперь я учитель.',
    '我现在是律师。',
    'Ich lebe mit meinem Mann in Dresden.',
    'Ma sœur se marie samedi.',
    'Tengo dos hermanos y un gato.',
    'Sou enfermeira e trabalho à noite.',
    'Sono allergica al polline.',
    'Wij hebben een huis in Breda gekocht.',
    'Mój syn ma dwa lata.',
    'У меня диабет.',
    'Babam emekli öğretmen.',
    '我妹妹在北京工作。',
    '我的血型是O型。',
    '私の身長は170センチです。',
    '来月結婚します。',
    '저는 매운 음식을 싫어해요.',
    'عندي أختان وأخ.',
    'मेरे पिता किसान हैं।',
    'Min bror heter Olle och bor i Gävle.',
    'Jeg har to katte og en hund.',
    'Jeg er gravid.',
    'Jsem těhotná.',
    'Моя сестра живе в Полтаві.',
    'Ο γιος μου σπουδάζει στα Χανιά.',
    'אני סובלת מאסתמה.',
    'Tôi bị tiểu đường.',
    'ฉันมีแมวสองตัว',
    'Suami saya dokter.',
    'همسرم پزشک است.',
    'Vaimoni on lääkäri.',
    'Cukorbeteg vagyok.',
    'Sunt vegetariană.',
    'Привет, я вегетарианка.',
  ])('%s', (text) => {
    const [fact] = factsOf(text)
    expect(fact).toMatchObject({ quote: text, subject: 'Maya', attribute: null })
    expect(fact?.fact).toContain(text.replace(/^\p{Ll}/u, (first) => first.toUpperCase()))
  })
})

test.each([
  'Das verstehe ich nicht.',
  'Python verwaltet Speicher.',
  'Java became slow.',
  'Lead with the main point.',
  'El servidor gestiona las peticiones.',
  'Le serveur gère la mémoire.',
  '请管理好内存。',
  '内存管理很重要。',
  'メモリを管理してください。',
  '책임감이 중요해요.',
  'Merci beaucoup !',
  '¿Puedes repetirlo?',
  'A água ferve a 100 graus.',
  'Roma è la capitale d’Italia.',
  'Dat klinkt goed.',
  'Zaraz wracam.',
  'Что ты думаешь?',
  'Bunu açıklar mısın?',
  '这个文件太大了。',
  'ありがとうございます。',
  '다시 설명해 주세요.',
  'كيف حالك؟',
  'यह क्या है?',
  'Det låter bra, tack.',
  'Kan du forklare det?',
  'Nevím, co to znamená.',
  'Що ти думаєш?',
  'Δεν ξέρω τι σημαίνει.',
  'תודה רבה!',
  'Cảm ơn bạn rất nhiều.',
  'ขอบคุณมากค่ะ',
  'Terima kasih atas bantuannya.',
  'خیلی ممنون از کمکت.',
  'Kiitos avusta!',
  'Köszönöm a segítséget!',
  'Mulțumesc pentru ajutor!',
  'Ich habe eine Variable mit drei Werten.',
  'Meine Funktion stürzt ab.',
  'Ich hätte beinahe ein Boot gekauft.',
  'J’ai une boucle qui ne finit pas.',
  'Mon script plante.',
  'Tengo un bucle con diez pasos.',
  'Casi me compro un barco.',
  'Tenho um arquivo com três linhas.',
  'Ho un ciclo for con dieci passi.',
  'Mijn functie crasht soms.',
  'Mam pętlę z dziesięcioma krokami.',
  'У меня переменная с тремя значениями.',
  'У меня файл не открывается.',
  'Döngüm hiç bitmiyor ve çöküyor.',
  '我有一个变量和两个参数。',
  '変数が三つあります。',
  '변수가 세 개 있어요.',
  'عندي متغير ودالة.',
  'मेरे पास एक फ़ाइल है।',
  'Jag har en fil med tre rader.',
])('%s is not kept', (text) => {
  expect(factsOf(text)).toEqual([])
})

test.each([
  'Jeg bor i Oslo.',
  'Jag bor i Berlin.',
  'Min bror jobber i Bergen.',
  'Amo i gatti.',
  'Vendo i libri.',
  'Abito a Milano.',
  'Studio a Pisa.',
  'Mi chiamo Marco.',
  'Mi piace Roma.',
  'A nevem Anna.',
  'Am o pisica.',
  'Locuiesc in Cluj.',
  'Znam Pythona i Javę.',
  'Je bosse chez Renault.',
  'Je suis vegan.',
  'Je mange vegan.',
  'Tôi có hai con mèo.',
  'Tôi tên Lan.',
  'Im Herbst arbeite ich bei SAP.',
  'im a nurse',
  'I am vegan.',
  'i love la paz',
])('%s is kept', (text) => {
  expect(factsOf(text)).toHaveLength(1)
})

test.each([
  ['I have a gift for far too much optimism.', 'en'],
  ['My time is up and I have to fly.', 'en'],
  ['I let my son drive the vegan food truck.', 'en'],
  ['Jag är allergisk mot pollen.', 'sv'],
  ['Jeg har to katte.', 'da'],
  ['Я живу в Омске.', 'ru'],
  ['Я живу у Львові, її знаю.', 'uk'],
  ['من در تهران زندگی می‌کنم.', 'fa'],
  ['أعيش في تونس.', 'ar'],
  ['Asun Oulussa ja olen opettaja.', 'fi'],
  ["J'adore la plongée en mer, surtout la nuit.", 'fr'],
  ["Ma sœur s'appelle Odile et on a deux chats.", 'fr'],
  ['Io e Marta ci siamo sposati a giugno.', 'it'],
  ['De Waal stroomt door twee landen.', 'nl'],
  ['Muutimme Turkuun viime keväänä.', 'fi'],
  ['Revenue is stored as whole cents, never as floats.', 'en'],
])('%s is %s', (text, language) => {
  expect(naturalLanguageOf(text) ?? 'en').toBe(language)
})

test('every table is read in bounded time, whatever the text', async () => {
  const text = 'a'.repeat(50) + 'ıyorum ı'.repeat(2_000)
  expect(Object.keys(SIGNAL_WORDS).length).toBeGreaterThanOrEqual(28)
  expect(await cpuMsOf(() => factsOf(text))).toBeLessThan(2_000)
})

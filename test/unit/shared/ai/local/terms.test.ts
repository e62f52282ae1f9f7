import { describe, expect, it } from 'vitest'
import { faintWordsOf, queryTermsOf, termsOf } from '../../../../../shared/ai/local/terms.ts'

describe('termsOf', () => {
  it('drops what says nothing and stems the rest', () => {
    expect(termsOf('When did Ana go hiking with her children?')).toEqual(['ana', 'go', 'hike', 'child'])
    expect(termsOf("She's gone on a hike; the child wasn't.")).toEqual(['go', 'hike', 'child'])
  })

  it('has nothing to say about a query of stop words', () => {
    expect(termsOf('Who are you and what is this?')).toEqual([])
    expect(termsOf('')).toEqual([])
  })

  it('finds an identifier by its name and by its words', () => {
    const terms = termsOf('call getUserName() first')
    expect(terms).toEqual(expect.arrayContaining(termsOf('getUserName')))
    expect(terms).toEqual(expect.arrayContaining(termsOf('user name')))
  })

  it('keeps repetitions, which count', () => {
    expect(termsOf('tea, tea and more tea').filter((term) => term === 'tea')).toHaveLength(3)
  })
})

describe('a query finds an item', () => {
  const finds = (query: string, text: string) => {
    const terms = new Set(termsOf(text))
    const groups = queryTermsOf(query)
    return groups.length > 0 && groups.every((group) => group.some((term) => terms.has(term)))
  }

  it.each([
    ['one character', '猫', '猫が好き。'],
    ['inside a run', '黒', '昨日黒猫を見た'],
    ['Chinese', '茶', '我每天喝茶'],
    ['Korean', '차', '차를 마신다'],
    ['German', 'Wohnungen', 'Die Wohnung ist klein'],
    ['of one word', 'Katze', 'Katzen'],
    ['French', 'chat', 'J’ai deux chats'],
    ['Spanish', 'gatos', 'Tengo un gato negro'],
    ['Portuguese', 'reuniões', 'A reunião foi ontem'],
    ['Italian', 'gatto', 'Ho due gatti'],
    ['Dutch', 'huizen', 'Ik heb een groot huis gekocht'],
    ['Polish', 'Warszawa', 'Mieszkam w Warszawie od 2019'],
    ['Czech', 'kočka', 'Mám dvě kočky'],
    ['Finnish', 'talo', 'Asun punaisessa talossa'],
    ['Turkish', 'evler', 'Küçük bir evde oturuyorum'],
    ['Danish', 'bøger', 'Jeg læste en bog'],
    ['Romanian', 'pisici', 'Am o pisică'],
    ['Lithuanian', 'namai', 'Mano namas yra didelis'],
    ['Indonesian', 'makan', 'Saya makanan'],
    ['Russian', 'лес', 'мы гуляли по лесу'],
    ['Ukrainian', 'кішка', 'У мене дві кішки'],
    ['Bulgarian', 'котка', 'Имам две котки'],
    ['Greek', 'γάτα', 'Έχω δύο γάτες'],
    ['Hindi', 'कमरा', 'मेरे कमरे में'],
    ['Tamil', 'வீடு', 'என் வீட்டில்'],
    ['an umlaut', 'Köln', 'I moved to Koeln last year'],
    ['without one', 'Koeln', 'I moved to Köln last year'],
    ['ß', 'Straße', 'Strasse'],
    ['ł', 'Łódź', 'Mieszkam w Lodz'],
    ['ø', 'Soeren', 'Søren bor i Århus'],
    ['å', 'Aarhus', 'Søren bor i Århus'],
    ['ı', 'Istanbul', 'İstanbul’da yaşıyorum'],
    ['hamza', 'أحمد', 'احمد يعيش هنا'],
    ['vowel signs', 'محمد', 'مُحَمَّد هنا'],
    ['an article', 'قطة', 'عندي القطة السوداء'],
    ['without the article', 'القطة', 'عندي قطة'],
    ['ta marbuta', 'مدرسة', 'ذهبت الى المدرسه'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
    ['a Hebrew article', 'בית', 'הבית שלי'],
    ['a Hebrew plural', 'חשבונית', 'שולחים את החשבוניות'],
    ['a Hebrew feminine', 'מאפיות', 'יש להם מאפייה'],
    ['an Arabic plural', 'سيارات', 'ذهبت بالسيارة'],
    ['an Arabic possessive', 'كتاب', 'كتابها جديد'],
    ['Bengali', 'দোকানের', 'একটি দোকান আছে'],
    ['Turkish softening', 'ekmek', 'Evde ekmeğin tadı çok güzel'],
    ['Finnish vowels', 'kirja', 'Luen kirjoja'],
    ['a German compound', 'Schlüssel Garage', 'Der Garagenschlüssel ist weg'],
    ['a Dutch compound', 'sleutel fiets', 'De fietssleutels liggen op tafel'],
    ['a Danish compound', 'lamper koekken', 'Køkkenlamperne er nye'],
    ['an English compound', 'snow storms', 'A snowstorm closed the road'],
    ['nukta', 'ऑफिस', 'मैं ऑफ़िस जाता हूँ'],
    ['chandrabindu', 'हां', 'हाँ'],
    ['digits', '٣', '3'],
    ['a name across languages', 'Maria', 'Maria vive en Roma y trabaja en el centro'],
    ['a name in English', 'Carlos', 'Carlos lives in Rome'],
  ])('%s: %s in %s', (_, query, text) => expect(finds(query, text)).toBe(true))

  it.each([
    ['мир', 'мор'],
    ['ガ', 'カ'],
    ['лес', 'лис'],
    ['קטן', 'קטע'],
    ['red hat', 'all that hatred'],
    ['was für eine Tür hat die neue große helle Garage am Haus', 'Die Garagentür klemmt'],
    ['بيت', 'بنات'],
    ['ev', 'evlenmek'],
  ])('%s is not in %s', (query, text) => expect(finds(query, text)).toBe(false))
})

it('an English text has the terms of its words and no others', () => {
  expect(termsOf('I went hiking with my kids last weekend and loved it')).toEqual([
    'go',
    'hike',
    'kid',
    'last',
    'weekend',
    'love',
  ])
})

describe('faintWordsOf', () => {
  it.each([
    ['wo ist der Hund', ['wo', 'ist', 'der']],
    ['qual comboio vai para o aeroporto', ['qual', 'para', 'o']],
    ['где моя собака', ['где', 'моя']],
  ])('finds the small words of %s', (query, words) => {
    expect([...faintWordsOf(query)]).toEqual(expect.arrayContaining(words))
    expect([...faintWordsOf(query)]).not.toContain(query.split(' ').at(-1))
  })

  it.each(['hat dog', 'where is the hat of my son', 'wo ist das', 'Postgres', ''])('finds none in %j', (query) => {
    expect([...faintWordsOf(query)]).toEqual([])
  })
})

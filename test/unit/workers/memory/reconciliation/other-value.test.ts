import { expect, it } from 'vitest'
import { isOtherValue, saysChange } from '../../../../../workers/memory/reconciliation/other-value.ts'

const said = (words: string) => `Ana said: "${words}"`

it.each([
  ['Ines owns shipping.', 'Omar owns shipping now.'],
  ['Ines owns shipping.', 'Omar took over shipping.'],
  ['Priya is the duty officer.', 'Lars took over as the duty officer.'],
  ['Shipping is handled by Ines.', 'Shipping is now handled by Omar.'],
  ['Our CFO is Hanna.', 'Our CFO is now Viktor.'],
  ['Herr Maier ist unser Vermieter.', 'Frau Kurz ist jetzt unsere Vermieterin.'],
  ['Für die Presse ist Ute zuständig.', 'Für die Presse ist jetzt Kim zuständig.'],
  ['Ute leitet den Einkauf.', 'Inzwischen leitet Kim den Einkauf.'],
  ["Léa s'occupe des achats.", "Maintenant Inès s'occupe des achats."],
  ['El jefe de ventas es Raúl.', 'El jefe de ventas ahora es Iván.'],
  ['Giulia coordina il progetto.', 'Ora Marco coordina il progetto.'],
  ['Het magazijn wordt geleid door Jan.', 'Het magazijn wordt nu geleid door Piet.'],
  ['Rachunkami zajmuje się Ola.', 'Teraz rachunkami zajmuje się Ewa.'],
  ['Складом руководит Вера.', 'Теперь складом руководит Глеб.'],
  ['Projeyi Ayşe yönetiyor.', 'Artık projeyi Can yönetiyor.'],
  ['عمر مسؤول عن المشتريات.', 'ليلى مسؤولة الآن عن المشتريات.'],
  ['我们的经理是王芳。', '现在我们的经理是李强。'],
  ['リーダーは田中さんです。', '今のリーダーは佐藤さんです。'],
  ['销售由王芳管理。', '现在销售由李强管理。'],
  ['田中さんが請求書を担当しています。', '今は佐藤さんが請求書を担当しています。'],
  ['우리 팀장은 민지예요.', '이제 우리 팀장은 준호예요.'],
  ['The bakery is managed by Ana.', 'Ben manages the bakery now.'],
  ['Mi casero es Raúl.', 'Mi casera ahora es Ana.'],
  ['Ion conduce echipa.', 'Acum Ana conduce echipa.'],
])('names another who answers for it: %s %s', (before, now) => {
  expect(saysChange(said(now))).toBe(true)
  expect(isOtherValue(said(now), said(before))).toBe(true)
  expect(isOtherValue(said(before), said(now))).toBe(false)
})

it.each([
  ['Vivo em Braga.', 'Agora vivo em Faro.'],
  ['Ik werk bij Philips.', 'Ik werk nu bij ASML.'],
  ["İzmir'de yaşıyorum.", "Artık Ankara'da yaşıyorum."],
  ['我住在杭州。', '我现在住在苏州。'],
  ['京都に住んでいます。', '今は神戸に住んでいます。'],
  ['मैं पटना में रहती हूँ।', 'अब मैं सूरत में रहती हूँ।'],
  ['My phone is a Nokia.', 'My phone is now a Fairphone.'],
  ['Ich wiege 80 Kilo.', 'Ich wiege jetzt 76 Kilo.'],
  ['我的体重是80公斤。', '我现在的体重是76公斤。'],
  ['会议下午3点开始。', '现在会议下午4点开始。'],
  ['회의는 3시에 시작해요.', '이제 회의는 4시에 시작해요.'],
  ['We use Postgres 16.', 'We use Postgres 17 now.'],
  ['We are on Node 22.', 'We are on Node 24 now.'],
  ['Wir nutzen Postgres 16.', 'Wir nutzen jetzt Postgres 17.'],
  ['Peso 80 chili.', 'Ora peso 76 chili.'],
  ['A minha irmã mora em Braga.', 'A minha irmã agora mora em Faro.'],
  ['Our standup is on Mondays.', 'Our standup is on Tuesdays now.'],
  ['Мой любимый цвет — синий.', 'Теперь мой любимый цвет — зелёный.'],
  ['Soy soltera.', 'Ahora soy casada.'],
  ['I sleep six hours.', 'I sleep eight hours now.'],
  ['We bill monthly.', 'We bill weekly now.'],
  ['My rent is 850 euros.', 'My rent went up to 910 euros.'],
  ['My dog weighs 20 kilos.', 'My dog weighs 22 kilos now.'],
  ['Lavoro a Roma.', 'Ora lavoro a Milano.'],
  ['Ich studiere Jura.', 'Ich studiere jetzt Medizin.'],
])('gives what has one value another: %s %s', (before, now) => {
  expect(isOtherValue(said(now), said(before))).toBe(true)
})

it.each([
  ['Ines owns Billing.', 'Ines owns Search now.'],
  ['Rosa owns a car.', 'Emil owns a car now.'],
  ['Rosa likes climbing.', 'Emil likes climbing now.'],
  ['Clara works on shipping.', 'Ben works on shipping now.'],
  ['Ana runs every day.', 'Ben runs every day now.'],
  ['Lena is a teacher.', 'Mia is a teacher now.'],
  ['Rosa is in our team.', 'Emil is in our team now.'],
  ['Ines owns shipping.', 'Omar owns shipping now too.'],
  ['Ines owns shipping.', 'Omar does not own shipping now.'],
  ['Ines owns shipping.', 'Omar owns shipping.'],
  ['I speak Dutch.', 'I speak Greek now.'],
  ['I have a cat.', 'I have a dog now.'],
  ['I drink tea.', 'I drink coffee now.'],
  ['Our office is big.', 'Our office is clean now.'],
  ['My favourite city is Rome.', 'My favourite food is now pasta.'],
  ['Room 4 has a projector.', 'Room 5 has a projector now.'],
  ['Anna lives in Rome.', 'Tom lives in Rome now.'],
  ['Meine Schwester wohnt in Linz.', 'Mein Bruder wohnt jetzt in Linz.'],
  ['Ines verantwortet die Abrechnung.', 'Ines verantwortet jetzt die Buchhaltung.'],
  ['Mein Vater ist Lehrer.', 'Mein Vater ist jetzt Großvater.'],
  ['Hablo francés.', 'Ahora hablo alemán.'],
  ['Ana dirige un coro.', 'Ahora Ben dirige un coro.'],
  ['Я люблю чай.', 'Теперь я люблю кофе.'],
  ['王芳负责账单。', '王芳现在负责发票。'],
  ['我会说法语。', '我现在会说德语。'],
  ['田中さんが請求書を担当しています。', '田中さんが今は契約書を担当しています。'],
  ['My landlord is Tom.', 'My boss is now Ann.'],
  ['Our treasurer is Tom.', 'Our secretary is now Ann.'],
  ['Hanna is the CEO.', 'Viktor became the CTO.'],
  ['Unser Trainer ist Tom.', 'Unser Kapitän ist jetzt Ben.'],
  ['Notre directrice est Léa.', 'Notre trésorière est maintenant Inès.'],
  ['Наш директор — Вера.', 'Наш тренер теперь Глеб.'],
  ['Ana owns the house.', 'Ben manages the house now.'],
  ['My dog weighs 20 kilos.', 'My cat weighs 5 kilos now.'],
  ['My hat cost 20 euros.', 'My bin cost 30 euros now.'],
  ['My dog sleeps nine hours.', 'My cat sleeps twelve hours now.'],
  ['Nuoto un’ora il lunedì.', 'Nuoto un’ora il giovedì.'],
  ['Il bus passa ogni ora il lunedì.', 'Il bus passa ogni ora il giovedì.'],
  ['Am locuit la Cluj acum 3 ani.', 'Am locuit la Cluj acum 5 ani.'],
  ['Antrenamentul este la ora 5.', 'Antrenamentul este la ora 6.'],
  ['Ion conduce echipa.', 'Ana nu conduce echipa.'],
  ['Ola prowadzi nam projekt.', 'Ewa prowadzi nam projekt.'],
  ['101房间有投影仪。', '102房间现在有投影仪。'],
  ['公司101房间很大。', '公司102房间现在很大。'],
  ['大楼12号门坏了。', '现在大楼13号门坏了。'],
  ['本社の3階に会議室があります。', '今は本社の5階に会議室があります。'],
  ['본사 3층에 회의실이 있어요.', '이제 본사 5층에 회의실이 있어요.'],
  ['田中さんが東京の担当です。', '今は佐藤さんが大阪の担当です。'],
  ['민지씨가 서울 담당이에요.', '이제 준호씨가 부산 담당이에요.'],
  ['王芳负责上海。', '李强现在负责上海。'],
  ['Node 22 passes the tests.', 'Node 24 passes the tests now.'],
  ['Our tests pass on Node 22.', 'Our tests pass on Node 24 now.'],
  ['Windows 10 works.', 'Windows 11 works now.'],
  ['Our room 4 smells.', 'Our room 5 smells now.'],
  ['I have read Chapter 3.', 'I have read Chapter 4 now.'],
  ['We support Postgres 16.', 'We support Postgres 17 now.'],
  ['Le bus 12 passe ici.', 'Le bus 14 passe maintenant ici.'],
  ['Node 22 проходит тесты.', 'Теперь Node 24 проходит тесты.'],
  ['One of my sons lives in Rome.', 'One of my sons lives in Oslo now.'],
  ['Einer meiner Söhne wohnt in Rom.', 'Einer meiner Söhne wohnt jetzt in Oslo.'],
  ['Один из моих сыновей живёт в Риме.', 'Один из моих сыновей теперь живёт в Осло.'],
  ['Our team depends on Ana.', 'Our team depends on Ben now.'],
  ['I ran a marathon in 4 hours.', 'I ran a marathon in 3 hours now.'],
])('leaves what several have, or one has several of: %s %s', (before, now) => {
  expect(isOtherValue(said(now), said(before))).toBe(false)
})

it.each([
  ['I work in Berlin.', 'I might work in Munich now.'],
  ['I work in Berlin.', "I'd work in Munich now."],
  ['I work in Berlin.', 'I want to work in Munich now.'],
  ['Ana leads the project.', 'Maybe Ben leads the project now.'],
  ['Ana leads the project.', 'I assume Ben leads the project.'],
  ['Ana leads the project.', 'Does Ben lead the project now?'],
  ['Ute leitet den Einkauf.', 'Ich glaube, Kim leitet jetzt den Einkauf.'],
  ['Giulia coordina il progetto.', 'Forse ora Marco coordina il progetto.'],
  ['Складом руководит Вера.', 'Наверное, теперь складом руководит Глеб.'],
  ['リーダーは田中さんです。', '今のリーダーはたぶん佐藤さんです。'],
])('takes no guess for it: %s %s', (before, now) => {
  expect(isOtherValue(said(now), said(before))).toBe(false)
})

it.each([
  ['My ferry leaves at 6:15.', 'Sorry, my ferry leaves at 6:45.'],
  ['My ferry leaves at 6:15.', 'No, my ferry leaves at 6:45.'],
  ['My desk is in room 12.', 'I was wrong, my desk is in room 14.'],
  ['My niece is called Mira.', 'Oops, my niece is called Mina.'],
  ['Mein Zug fährt um 6:15.', 'Entschuldigung, mein Zug fährt um 6:45.'],
  ['Mon train part à 6h15.', 'Pardon, mon train part à 6h45.'],
  ['我住在杭州。', '不对，我住在苏州。'],
])('corrects: %s %s', (before, words) => {
  const fact = said(words.replace(/^[^,，]+[,，] ?/u, ''))
  expect(saysChange(fact, words)).toBe(true)
  expect(isOtherValue(fact, said(before), words)).toBe(true)
  expect(isOtherValue(fact, said(before))).toBe(false)
})

it.each([
  ['I own a cat.', 'Sorry, I own a dog.'],
  ['I like tea.', 'No, I like coffee.'],
  ['I speak Dutch.', 'Actually, I speak Greek.'],
  ['My brother lives in Ghent.', 'Sorry, my sister lives in Ghent.'],
  ['My son takes piano lessons.', 'Wait, my daughter takes piano lessons.'],
  ['My flight to Rome leaves at noon.', 'Sorry, my flight to Oslo leaves at noon.'],
  ['Mon fils joue du piano.', 'Pardon, ma fille joue du piano.'],
])('corrects nothing: %s %s', (before, words) => {
  expect(isOtherValue(said(words), said(before), words)).toBe(false)
})

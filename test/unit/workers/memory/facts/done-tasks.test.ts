import { expect, it } from 'vitest'
import { doneSentencesIn, taskMeantBy } from '../../../../../workers/memory/facts/done-tasks.ts'

const means = (said: string, ...tasks: string[]) =>
  doneSentencesIn(said).flatMap(
    (sentence) =>
      taskMeantBy(
        sentence,
        tasks.map((fact) => ({ fact, subject: 'The user' })),
      )?.fact ?? [],
  )

it.each([
  ['I need to send the report to Tom by Friday.', 'I sent the report to Tom.'],
  ['I need to send the report to Tom by Friday.', "I've just sent the report to Tom this morning."],
  ['I have to book the flight to Oslo.', 'The flight to Oslo is booked.'],
  ['I have to book the flight to Oslo.', 'I booked the flight to Oslo.'],
  ['I must renew my passport.', 'My passport is renewed.'],
  ['I need to finish the slides.', 'The slides are done.'],
  ['I need to finish the slides.', 'I finished the slides.'],
  ['We need to pay the invoice of the plumber.', "We paid the plumber's invoice yesterday."],
  ['Ich muss bis Freitag den Bericht an Tom schicken.', 'Ich habe den Bericht an Tom geschickt.'],
  ['Ich muss den Zahnarzttermin vereinbaren.', 'Der Zahnarzttermin ist vereinbart, erledigt.'],
  ['Je dois envoyer le rapport à Tom avant vendredi.', "J'ai envoyé le rapport à Tom."],
  ['Tengo que enviar el informe a Tom antes del viernes.', 'Ya he enviado el informe a Tom.'],
  ['Devo inviare il rapporto a Tom entro venerdì.', 'Ho inviato il rapporto a Tom.'],
  ['Preciso enviar o relatório ao Tom até sexta.', 'Já enviei o relatório ao Tom.'],
  ['Muszę wysłać raport do Tomka do piątku.', 'Już wysłałem raport do Tomka.'],
  ['Мне нужно отправить отчёт Тому до пятницы.', 'Я уже отправил отчёт Тому.'],
  ["Cuma gününe kadar raporu Tom'a göndermem lazım.", "Raporu Tom'a gönderdim."],
  ['我周五前要把报告发给小王。', '报告已经发给小王了。'],
  ['金曜日までにレポートを田中さんに送らないといけない。', 'レポートを田中さんに送りました。'],
  ['금요일까지 톰에게 보고서를 보내야 해요.', '톰에게 보고서를 보냈어요.'],
  ['أحتاج إلى إرسال التقرير إلى سامي قبل الجمعة.', 'لقد أرسلت التقرير إلى سامي.'],
  ['मुझे शुक्रवार तक राहुल को रिपोर्ट भेजनी है।', 'मैंने राहुल को रिपोर्ट भेज दी।'],
  ['We have a dinner with the Meyers on Friday.', 'The dinner with the Meyers is cancelled.'],
  ['Ich treffe am Freitag Jonas zum Mittagessen.', 'Das Mittagessen mit Jonas ist abgesagt.'],
  ['I need to call the bank about the loan.', 'I called the bank about the loan.'],
  ['I need to renew my passport.', 'Renewed my passport today!'],
  ['Ich muss noch die Steuererklärung abgeben.', 'Die Steuererklärung habe ich gestern abgegeben.'],
  ['Мне нужно продлить паспорт.', 'Паспорт продлила.'],
  ['Pasaportumu yenilemem lazım.', 'Pasaportumu yeniledim.'],
  ['يجب أن أجدد جواز السفر.', 'جددت جواز السفر.'],
  ['I need to buy a present for Nina.', 'I no longer need to buy a present for Nina.'],
  ['I have a physio appointment on 9 June.', 'The physio thing is off.'],
  ['My interview at the library is on 9 June.', "the interview's off, they found somebody"],
  ['Her hearing test is on 9 June.', 'Her hearing test was cancelled.'],
  ['I fly to Riga on 9 June.', 'Not flying to Riga after all.'],
  ['Am 9. Juni habe ich einen Augenarzttermin.', 'Der Augenarzttermin fällt aus.'],
  ["J'ai un entretien à la mairie le 9 juin.", "L'entretien, c'est annulé."],
  ['Tengo una cita con el notario el 9 de junio.', 'Se canceló lo del notario.'],
  ['Mam wizytę u okulisty 9 czerwca.', 'Okulista odwołany.'],
  ['У меня 9 июня собеседование.', 'Собеседование отменили.'],
  ['Jag har tandläkartid den 9 juni.', 'Tandläkaren är inställd.'],
  ['我6月9日约了眼科。', '眼科取消了。'],
  ['Ho un colloquio il 9 giugno.', 'Il colloquio è stato annullato.'],
  ['Ik heb op 9 juni een sollicitatiegesprek.', 'Het gesprek gaat niet door.'],
  ['6月9日に面接の予約があります。', '面接は中止になりました。'],
  ['Dinner with Paul is on 9 June.', 'The dinner with Paul is off.'],
  ['6월 9일에 시험이 있어요.', '시험이 취소됐어요.'],
  ['9 Haziran sınavım var.', 'Sınav iptal edildi.'],
  ['I need to call the plumber.', 'I called the plumber at 10 today.'],
])('%s | %s', (task, said) => {
  expect(means(said, task)).toEqual([task])
})

it.each([
  ['I need to send the report to Tom by Friday.', 'I sent the report to Anna.'],
  ['I need to send the report to Tom by Friday.', 'I read the report.'],
  ['I need to send the report to Tom by Friday.', "I haven't sent the report to Tom yet."],
  ['I need to send the report to Tom by Friday.', 'I will send the report to Tom.'],
  ['I have to book the flight to Oslo.', 'I booked the hotel in Oslo.'],
  ['I must renew my passport.', 'I lost my passport.'],
  ['Ich muss bis Freitag den Bericht an Tom schicken.', 'Den Bericht an Tom habe ich gestern gelesen.'],
  ['Je dois envoyer le rapport à Tom avant vendredi.', "J'ai lu le rapport de Tom."],
  ['我周五前要把报告发给小王。', '我还没把报告发给小王。'],
  ['I need to call the bank about the loan.', 'I called the bank about the card.'],
  ['I need to renew my passport.', 'Scanned my passport today!'],
  ['Мне нужно продлить паспорт.', 'Паспорт потеряла.'],
  ['I need to water the plants.', 'If I water the plants, they grow.'],
  ['I need to water the plants.', 'Have you watered the plants?'],
  ['The heating engineer comes on 9 June.', 'The heating is off.'],
  ['Am 9. Juni kommt der Heizungsmonteur.', 'Die Heizung fällt aus.'],
  ['I go to the Netflix premiere on 9 June.', 'I cancelled Netflix.'],
  ['My wedding is on 9 June.', 'Her wedding was cancelled.'],
  ['I have a hearing test on 9 June.', 'Her hearing test was cancelled.'],
  ['Meine Hochzeit ist am 9. Juni.', 'Seine Hochzeit wurde abgesagt.'],
  ['I meet the architect on 9 June.', "Today's meeting is cancelled."],
  ['I meet the architect on 9 June.', 'The meeting with the plumber is cancelled.'],
  ['I have a physio appointment on 9 June.', 'The physio on 2 June is cancelled.'],
  ["J'ai rendez-vous chez le dentiste le 9 juin.", 'Le rendez-vous de Paul est annulé.'],
  ['I have a physio appointment on 9 June.', 'If the physio is cancelled, I sleep in.'],
  ['У меня 9 июня собеседование.', 'Его собеседование отменили.'],
  ['我6月9日约了眼科。', '他的眼科取消了。'],
  ['I need to train for the marathon by May.', 'The train was cancelled.'],
  ['The meeting with sales is on 9 March.', 'The meeting with marketing is cancelled.'],
  ['A reunião com vendas é no dia 9 de março.', 'A reunião com marketing foi cancelada.'],
  ['Le rendez-vous avec le notaire est le 9 juin.', 'Le rendez-vous avec le juge est annulé.'],
  ['I have to get a refund for the flight.', 'The flight was cancelled.'],
  ['I have to order a new card by Friday.', 'My card got cancelled.'],
  ['Ich muss das Geld für den Flug zurückfordern.', 'Der Flug wurde storniert.'],
  ['Tengo que pedir el reembolso del vuelo.', 'El vuelo fue cancelado.'],
  ['Мне нужно вернуть деньги за рейс.', 'Рейс отменили.'],
  ["I'm going to sue the airline over the flight on 9 June.", 'The flight was cancelled.'],
  ['Vi skal til fest på lørdag.', 'Festen er ikke aflyst.'],
  ['Jag har tandläkartid den 9 juni.', 'Tandläkaren är inte inställd.'],
  ['Jag har tandläkartid den 9 juni.', 'Om tandläkaren blir inställd sover jag.'],
  ['Mám zkoušku 9. června.', 'Zkouška není zrušená.'],
  ['У меня 9 июня экзамен.', 'Вот бы экзамен отменили.'],
  ['У мене 9 червня іспит.', 'От би іспит скасували.'],
  ['Tenho um exame no dia 9 de junho.', 'Tomara que o exame seja cancelado.'],
  ['Tengo un examen el 9 de junio.', 'Dicen que el examen fue cancelado.'],
  ['J’ai un examen le 9 juin.', 'L’examen serait annulé.'],
  ['Ik heb op 9 juni tentamen.', 'Was het tentamen maar afgelast.'],
  ['Mám 9. června zkoušku.', 'Kéž by zkouška byla zrušena.'],
  ['6월 9일에 시험이 있어요.', '시험 취소됐으면.'],
  ['Saya ada ujian 9 Juni.', 'Ujian tidak dibatalkan.'],
  ['9 Haziran sınavım var.', 'Sınav iptal olmadı.'],
  ['9 Haziran sınavım var.', 'Sınav iptal mi'],
  ['6월 9일에 시험이 있어요.', '시험 취소하지 마.'],
  ['6월 9일에 시험이 있어요.', '시험 취소하고 싶어.'],
  ['我6月9日约了眼科。', '我想取消眼科。'],
  ['Tengo un examen el 9 de junio.', 'Quizás el examen sea cancelado.'],
  ['I have a flight to Rome on 9 June.', 'Most flights are cancelled.'],
  ['I have a dentist appointment on 9 June.', 'The other appointment was cancelled.'],
  ['Our wedding date is 12 June.', 'The date is off.'],
  ['El 9 de junio tengo un examen.', 'El examen está suspendido.'],
  ['Ich bin Lehrerin und habe am 9. Juni Prüfung.', 'Die Prüfung fällt aus.'],
  ['J’habite à Lyon et j’ai un vol le 9 juin.', 'Le vol est annulé.'],
  ['Soy profesora y tengo un examen el 9 de junio.', 'El examen se canceló.'],
  ['Я учительница, и у меня экзамен 9 июня.', 'Экзамен отменили.'],
  ['Jag är lärare och har tenta den 9 juni.', 'Tentan är inställd.'],
  ['私は教師で、6月9日に試験があります。', '試験は中止になりました。'],
])('not %s | %s', (task, said) => {
  expect(means(said, task)).toEqual([])
})

it('compares what a thing is called, and not who somebody is', () => {
  const [race, maya] = [
    { fact: 'The race is on 9 June (2026-06-09).', subject: 'race' },
    { fact: 'Maya flies to Oslo on 9 June (2026-06-09).', subject: 'Maya' },
  ]
  const meant = (said: string) => doneSentencesIn(said).map((sentence) => taskMeantBy(sentence, [race, maya]))
  expect(meant('The race is cancelled.')).toEqual([race])
  expect(meant('Maya is cancelled.')).toEqual([undefined])
})

it('ends none where several could be meant, and of several the one with the most of its words', () => {
  const [oslo, bergen] = ['I must book the flight to Oslo.', 'I must book the flight to Bergen.']
  expect(means('I booked the flight.', oslo, bergen)).toEqual([])
  expect(means('I booked the flight to Bergen.', oslo, bergen)).toEqual([bergen])
  const flights = ['I fly to Oslo on 9 June.', 'My flight to Bergen is on 9 July.']
  expect(means('My flight is cancelled.', ...flights.slice(1))).toEqual(flights.slice(1))
  expect(means('The dentist is cancelled.', 'I see the dentist on 9 June.', 'The dentist sees Mia on 9 July.')).toEqual(
    [],
  )
})

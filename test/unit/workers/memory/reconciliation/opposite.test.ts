import { expect, it } from 'vitest'
import { isOpposite } from '../../../../../workers/memory/reconciliation/opposite.ts'

const of = (fact: string) => ({ fact, subject: 'Maya' })

it.for([
  ['Maya is not allergic to nuts, only to shellfish.', 'Maya is allergic to nuts.'],
  ['Maya said: "I\'m not vegetarian, my wife is"', 'Maya is vegetarian.'],
  ['Maya hates running.', 'Maya loves running.'],
  ['Maya said: "I actually kind of like cilantro now"', 'Maya hates cilantro. tastes like soap.'],
  ['Maya eats fish now.', "Maya doesn't eat fish."],
  ['Maya has a car now.', 'Maya has no car.'],
  ['Maya said: "We don\'t use Redis, we use Kafka"', 'Maya said: "We use Redis"'],
  ['The API does not support pagination.', 'The API supports pagination.'],
  ['Maya said: "Ich mag keine Pilze"', 'Maya said: "Ich mag Pilze"'],
  ['Maya said: "je déteste le fromage"', 'Maya said: "J\'aime le fromage"'],
  ['Maya said: "no me gusta el café"', 'Maya said: "Me gusta el café"'],
  ['Maya said: "Я ненавижу кофе"', 'Maya said: "Я люблю кофе"'],
  ['Maya said: "non mangio carne"', 'Maya said: "mangio carne"'],
  ["Maya doesn't have a dog.", 'Maya has a dog.'],
  ['Maya said: "我讨厌咖啡"', 'Maya said: "我喜欢咖啡"'],
  ['Maya said: "コーヒーが嫌いです"', 'Maya said: "コーヒーが好きです"'],
  ['Maya said: "커피를 싫어해요"', 'Maya said: "커피를 좋아해요"'],
])('%s says the opposite of: %s', ([later, earlier]) => {
  expect(isOpposite(of(later as string), of(earlier as string))).toBe(true)
})

it.for([
  ["Maya doesn't like coffee in the evening.", 'Maya likes coffee.'],
  ['Maya said: "My sister doesn\'t like tea"', 'Maya likes tea.'],
  ["Leo doesn't eat meat.", 'Mia eats meat.'],
  ['Maya is not married yet.', 'Maya is married.'],
  ["Maya didn't call the bank.", 'Maya called the bank.'],
  ["Maya doesn't have three kids.", 'Maya has two kids.'],
  ['Maya might not like tea.', 'Maya likes tea.'],
  ["Maya doesn't only eat fish.", 'Maya eats fish.'],
  ['Maya loves the commute.', 'Maya said: "I love my job, I don\'t love the commute"'],
  ["Maya doesn't work today.", 'Maya works on Fridays.'],
  ['Maya said: "Moro no Porto"', 'Maya said: "Moro em Porto"'],
  ['Maya likes tea.', 'Maya loves tea.'],
  ['Maya said: "Ich mag noch nicht schlafen"', 'Maya said: "Ich mag schlafen"'],
  ['Maya hates working at Siemens.', 'Maya works at Siemens.'],
  ["Maya doesn't like nurses.", 'Maya is a nurse.'],
  ['Maya said: "Ich liebe Hunde"', 'Maya said: "Ich habe keinen Hund"'],
  ['Maya said: "My sister works at Google and doesn\'t like coffee"', 'Maya likes coffee.'],
  ['Maya is not allergic to nuts.', 'Maya is allergic to nuts, shellfish and penicillin.'],
  ["Maya doesn't eat meat this weekend.", 'Maya eats meat.'],
  ['Maya said: "Demain je ne mange pas de viande"', 'Maya said: "Je mange de la viande"'],
  ['Maya said: "Ich esse nicht viel Fleisch"', 'Maya said: "Ich esse Fleisch"'],
  ['Tom hates Anna.', 'Anna loves Tom.'],
  ['Maya can not work after 9.', 'Maya can work before 9.'],
  ['Maya said: "Ich wohne im Mai in Berlin"', 'Maya said: "Ich wohne in Berlin"'],
  ["Maya doesn't hate beer.", "Maya doesn't like beer."],
])('%s leaves: %s', ([later, earlier]) => {
  expect(isOpposite(of(later as string), of(earlier as string))).toBe(false)
})

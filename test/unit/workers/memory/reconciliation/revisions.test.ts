import { expect, it } from 'vitest'
import { mayTakeBack, takesBack } from '../../../../../workers/memory/reconciliation/revisions.ts'

it.each([
  ['We migrated the mail queue from Kafka to Pulsar.', 'Our mail queue is Kafka.'],
  ['The gate runs Python 3.13, not 3.11.', 'The gate uses Python 3.11.'],
  ['The clinic wants reports as CSV, not Excel.', 'The clinic wants reports as Excel.'],
  ['I take tea instead of coffee at breakfast.', 'I take coffee at breakfast.'],
  ['Correction: the audit starts on 12 May.', 'The audit starts on 5 May.'],
  ['I sold my trombone last week.', 'I own a trombone from 1960.'],
  ['Sorry, I meant Bruges, not Ghent.', 'I live in Ghent.'],
  ['Ich meinte Worms, nicht Mainz.', 'Ich wohne in Mainz.'],
  ['Je voulais dire Lens, pas Lille.', 'J’habite à Lille.'],
  ['We stopped using Trello.', 'We use Trello.'],
  ['I meant three canoes, not two.', 'I have two canoes.'],
  ['Greg replaces Nadia as head of the press team.', 'Nadia runs the press team.'],
  ['Seit März leitet Mareike statt Jonas den Einkauf.', 'Jonas leitet den Einkauf.'],
  ['Проект ведёт Олег вместо Инны.', 'Проект ведёт Инна.'],
  ['Marta reemplaza a Lucía como jefa de ventas.', 'La jefa de ventas es Lucía.'],
  ['We no longer use Slack.', 'We use Slack.'],
  ['Ben runs the demo instead of Julia.', 'Julia runs the demo.'],
  ['We deploy on Tuesdays instead of Mondays.', 'We deploy on Mondays.'],
  ['Projekt prowadzi Jan zamiast Anny.', 'Projekt prowadzi Anna.'],
])('%s takes back: %s', (later, earlier) => {
  expect(mayTakeBack(`Ana said: "${later}"`)).toBe(true)
  expect(takesBack(`Ana said: "${later}"`, `Ana said on 2026-02-01: "${earlier}"`)).toBe(true)
})

it.each([
  ['We migrated the mail queue from Kafka to Pulsar.', 'I gave a talk on Kafka in Prague.'],
  ['We migrated the mail queue from Kafka to Pulsar.', 'Our mail queue is Pulsar.'],
  ['The gate runs Python 3.13, not 3.11.', 'The gate costs 3.11 euros.'],
  ['The clinic wants reports as CSV, not Excel.', 'The clinic never wants Excel.'],
  ['Correction: the audit starts on 12 May.', 'My sister marries on 5 May.'],
  ['The audit starts on 12 May.', 'The audit starts on 5 May.'],
  ['I sold my trombone last week.', 'My brother learns the trombone.'],
  ['I chose Bruges, not Ghent.', 'I live in Ghent.'],
  ['We stopped using Trello.', 'Anna gave a talk on Trello.'],
  ['Mareike leitet statt Jonas den Einkauf.', 'Jonas spielt gern Geige.'],
  ['I meant the boat, not ours.', 'The house is ours.'],
  ['We are not tired.', 'We are tired.'],
  ['We no longer use Slack threads.', 'We use Slack.'],
  ['We stopped using Slack for calls.', 'We use Slack.'],
  ['Our client stopped using Slack.', 'We use Slack.'],
  ['Acme no longer uses Slack.', 'We use Slack.'],
  ['We stopped using GitHub Actions.', 'We use GitHub.'],
  ['My brother stopped using Vim.', 'I use Vim.'],
  ['My brother stopped using Vim at work.', 'I use Vim at work.'],
  ['Ben runs the demo instead of Julia.', 'Julie runs the demo.'],
  ['Ben runs the demo instead of Dana.', 'Dan runs the demo.'],
  ['Ben leitet das Team statt Marie.', 'Maria leitet das Team.'],
  ['Ben dirige el equipo en lugar de Daniela.', 'Daniel dirige el equipo.'],
  ['Проект ведёт Олег вместо Марии.', 'Проект ведёт Марина.'],
  ['This week we deploy on Tuesday instead of Monday.', 'We deploy on Mondays.'],
  ['I take the bike to work instead of the bus on Fridays.', 'I take the bus to work.'],
  ['Today I take the bike to work instead of the bus.', 'I take the bus to work.'],
])('%s takes back nothing of: %s', (later, earlier) => {
  expect(takesBack(`Ana said: "${later}"`, `Ana said: "${earlier}"`)).toBe(false)
})

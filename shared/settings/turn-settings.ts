import { isTimeZone } from '../time-zone.ts'
import { count, text } from './value-checks.ts'

/** How large a turn may be, and in which time zone its days are meant. */
export const turnSettings = {
  maxMessageBytes: count(1, 64 * 1_024 * 1_024)
    .default(256 * 1_024)
    .describe('Largest size of one message in UTF-8, after images and files inside it have been replaced'),
  maxInlineBytes: count(0, 64 * 1_024 * 1_024)
    .default(32 * 1_024)
    .describe(
      'Largest image, audio or file inside a message that is recorded; a larger one is recorded as a description',
    ),
  maxTurnBytes: count(1, 256 * 1_024 * 1_024)
    .default(8 * 1_024 * 1_024)
    .describe('Largest size of all messages of one turn'),
  maxMessagesPerTurn: count(1, 10_000).default(200).describe('Most messages in one turn'),
  timeZone: text
    .refine(isTimeZone, 'an IANA time zone, such as Europe/Lisbon')
    .default('UTC')
    .describe('Time zone of turns and searches that name none; days such as "tomorrow" are resolved in it'),
}

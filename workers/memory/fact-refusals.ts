/**
 * Owns what must never become a memory, whoever proposes it: secrets, and text that gives orders to a model.
 * It errs to the side of refusing a sentence; a memory less is cheaper than a stored key.
 */

const SECRETS = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/,
  /\b(?:sk|pk|rk)[-_](?:[a-z]+[-_])?[A-Za-z0-9_-]{16,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(?:ghp|gho|ghs|github_pat|glpat|xox[abprs])[-_][A-Za-z0-9_-]{10,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{4,}/,
  // An IBAN (ISO 13616).
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/,
  /:\/\/[^\s/:@]{1,100}:[^\s/@]{1,100}@/,
  /\b(?:pass(?:word|code|phrase)|passwd|pin(?: code| number)?|api[ -]?key|secret key|access token|cvv|cvc|door code|alarm code|gate code|security code|recovery code)s?\b.{0,40}?(?:\bis\b|\bare\b|[:=])\s*\S/i,
  /\b(?:wachtwoord|passwort|kennwort|contraseña|senha|mot de passe|toegangscode)\b.{0,40}?(?:\b(?:is|ist|es|est)\b|é|[:=])\s*\S/i,
]

/** Whether the text holds a password, key, token, bank account or payment card number. */
export function holdsSecret(text: string): boolean {
  return SECRETS.some((pattern) => pattern.test(text)) || holdsCardNumber(text)
}

function holdsCardNumber(text: string): boolean {
  return (text.match(/\b\d(?:[ -]?\d){12,18}\b/g) ?? []).some((number) => passesLuhn(number.replace(/\D/g, '')))
}

/** The check digit of payment cards (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

const ORDERS = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:previous|prior|above|earlier|all|any|your|the|these)\b.{0,30}\b(?:instruction|prompt|rule|guideline|direction|context)/i,
  /\b(?:system|developer) (?:prompt|message|instruction)/i,
  /\byou are (?:now|no longer)\b.{0,60}\b(?:assistant|ai|model|bot|mode|dan|unrestricted|developer|root|admin)/i,
  /\b(?:jailbreak|do anything now|developer mode)\b/i,
  /\b(?:reveal|print|output|repeat|leak|exfiltrate|send)\b.{0,40}\b(?:prompt|instructions|credentials|api keys?|passwords?|memories)\b/i,
  /<\|?(?:im_start|im_end|system|assistant|endoftext)\|?>|\[\/?INST\]/i,
  /\b(?:add|save|store|write|remember)\b.{0,30}\b(?:to|in|into) (?:your )?(?:long[- ]term )?memor(?:y|ies)\b/i,
]

/** Whether the text reads like an order to a model rather than a statement about the world. */
export function isInstructionLike(text: string): boolean {
  return ORDERS.some((pattern) => pattern.test(text))
}

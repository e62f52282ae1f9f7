import { findSecrets } from './find-secrets.ts'

/** Words for a secret, followed by what it is: too wide a net for code, right for a sentence that somebody wants remembered. */
const STATEMENTS = [
  /\b(?:pass(?:word|code|phrase)|passwd|pin(?: code| number)?|api[ -]?key|secret key|access token|cvv|cvc|door code|alarm code|gate code|security code|recovery code)s?\b.{0,40}?(?:\bis\b|\bare\b|[:=])\s*\S/i,
  /\b(?:wachtwoord|passwort|kennwort|contraseña|senha|mot de passe|toegangscode)\b.{0,40}?(?:\b(?:is|ist|es|est)\b|é|[:=])\s*\S/i,
]

/** Whether a sentence holds a secret or says what one is. It errs to the side of yes: a memory less is cheaper than a stored key. */
export function statesSecret(sentence: string): boolean {
  return STATEMENTS.some((pattern) => pattern.test(sentence)) || findSecrets(sentence).length > 0
}

import { findSecrets } from './find-secrets.ts'

/** Words for a secret: too wide a net for code, right for a sentence that somebody wants remembered. */
const WORDS = [
  'pass(?:word|code|phrase)s?|passwd|pin(?: code| number)?s?|api[ -]?keys?|secret keys?|access tokens?|cvv|cvc|(?:door|alarm|gate|security|recovery|backup) codes?|(?:seed|recovery) phrase',
  'wachtwoord|toegangscode|pincode|passwor(?:t|te)|kennwort|zugangscode|mot de passe|code secret|contraseña|clave de (?:acceso|seguridad)|senha|parola d.ordine|hasło|parola|şifre(?:m|si)?|пароль|пин-код',
].join('|')
const UNSPACED_WORDS = '密码|密碼|パスワード|暗証番号|비밀번호|암호|كلمة السر|كلمة المرور|पासवर्ड'

/** The word, and then what it is; or, where a language needs no verb, a value that is no word. */
const STATEMENTS = [
  new RegExp(
    String.raw`(?<!\p{L})(?:${WORDS})(?!\p{L}).{0,40}?(?:(?<!\p{L})(?:is|are|ist|sind|es|est|è|é|jest|brzmi)(?!\p{L})|[:=—])\s*\S`,
    'iu',
  ),
  new RegExp(String.raw`(?<!\p{L})(?:${WORDS})(?!\p{L})\s+["'“«„]?(?=\S*\d)(?=\S*\p{L}|\d{4,})\S{4,}`, 'iu'),
  new RegExp(String.raw`(?:${UNSPACED_WORDS}).{0,20}?(?:[:=：]|是|は|는|은|هي|है)?\s*["'“「]?[\w!@#$%^&*.-]{4,}`, 'iu'),
]

/** Whether a sentence holds a secret or says what one is, however its letters and digits are encoded. It errs to the side of yes: a memory less is cheaper than a stored key. */
export function statesSecret(sentence: string): boolean {
  const plain = sentence
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/(?<=\d{4})[./·_](?=\d{4})/g, ' ')
  return (
    STATEMENTS.some((pattern) => pattern.test(plain)) || findSecrets(sentence).length + findSecrets(plain).length > 0
  )
}

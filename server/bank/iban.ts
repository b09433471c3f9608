// The checksum of an IBAN (ISO 13616, with the check digits of ISO/IEC 7064 MOD 97-10). Whether the account exists is not
// known here, nor how long an IBAN of each country is: the bank knows.

const FORM = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/;

/** As it is stored and sent: without spaces, in capitals. */
export const plainIban = (text: string): string => text.replace(/\s/g, "").toUpperCase();

/** Whether `iban`, in its plain form, is well formed and its check digits are right. */
export const isIban = (iban: string): boolean => FORM.test(iban) && remainderOf(iban) === 1n;

/** Country and check digits go to the end, letters become two digits (A is 10), and the number is divided by 97. */
function remainderOf(iban: string): bigint {
  const turned = iban.slice(4) + iban.slice(0, 4);
  return BigInt(turned.replace(/[A-Z]/g, (letter) => `${letter.charCodeAt(0) - 55}`)) % 97n;
}

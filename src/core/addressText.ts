/** What a word is meant as where an address is asked, before it is read as one. */

/**
 * True for text that is meant as an address, right or mistyped: it must never be taken for a name.
 * @example
 * looksLikeAddress('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX') // true, although its checksum is wrong
 */
export function looksLikeAddress(text: string): boolean {
  return /^0x/i.test(text) || /^[0-9A-Za-z]{33,}$/.test(text)
}

/** True for text that can be a name of the address book, with or without `@`. */
export function isBookName(text: string): boolean {
  const name = text.startsWith('@') ? text.slice(1) : text
  return !looksLikeAddress(name) && /^[A-Za-z][A-Za-z0-9._-]*$/.test(name)
}

/** The part of libsodium that is used; the package brings no types. */
declare module 'sodium-native' {
  const sodium: {
    readonly crypto_pwhash_ALG_ARGON2I13: number
    crypto_pwhash_async(
      output: Buffer,
      password: Buffer,
      salt: Buffer,
      passes: number,
      memoryBytes: number,
      algorithm: number,
    ): Promise<void>
  }
  export default sodium
}

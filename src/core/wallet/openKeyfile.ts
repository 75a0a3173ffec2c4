/** From the content of a key file to a key that signs, with the check that all its parts belong together. */
import { BittensorError } from '../errors.js'
import {
  type Keypair,
  keypairFromMnemonic,
  keypairFromPrivateKey,
  keypairFromSeed,
} from '../keys/keypair.js'
import { corrupt, inconsistent, refusedAs } from './failures.js'
import { holdsSecret, type KeyfileContents } from './keyfileJson.js'

/**
 * The key pair of a key file. Derives it from every secret that the file holds and refuses the file unless all give the
 * same key and that key has the address of the file: older tools signed with whichever they tried first.
 * @throws {BittensorError} `KEYFILE` when there is no secret, a secret is damaged, or they disagree.
 */
export async function keypairOfKeyfile(contents: KeyfileContents, path: string): Promise<Keypair> {
  if (!holdsSecret(contents)) {
    throw new BittensorError('KEYFILE', `the key file ${path} holds no secret, only a public key`, {
      details: 'JSON imports of bittensor 5.3 lost the secret: the file cannot sign',
      hint: 'restore the key from its mnemonic or JSON backup with regen_coldkey or regen_hotkey',
    })
  }
  const made = await deriveAll(contents, path)
  const [first, ...others] = made
  if (!first) throw inconsistent(path, 'its seed does not belong to its address')
  if (others.some((other) => other.address !== first.address)) {
    throw inconsistent(path, 'its mnemonic, seed and private key give different keys')
  }
  if (contents.address !== undefined && contents.address !== first.address) {
    throw inconsistent(path, 'its secret does not belong to its address')
  }
  return first
}

/** In the order of how much of the key each keeps: mnemonic, seed, private key. */
async function deriveAll(contents: KeyfileContents, path: string): Promise<readonly Keypair[]> {
  const { mnemonic, seed, textSeed, privateKey, cryptoType, address } = contents
  const options = { cryptoType }
  const made: (Keypair | undefined)[] = [
    mnemonic === undefined
      ? undefined
      : await keypairFromMnemonic(mnemonic, options).catch(
          refusedAs(() => corrupt(path, 'its mnemonic is not valid')),
        ),
    seed && (await keypairFromSeed(seed, options)),
    privateKey &&
      (await keypairFromPrivateKey(privateKey, options).catch(
        refusedAs(() => corrupt(path, 'its privateKey is not valid')),
      )),
  ]
  const fromText = textSeed && (await keypairFromSeed(textSeed, options))
  if (fromText && fromText.address === (address ?? made.find(Boolean)?.address)) {
    made.splice(1, 0, fromText)
  }
  return made.filter((keypair) => keypair !== undefined)
}

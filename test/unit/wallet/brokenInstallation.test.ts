/** An installation with a part missing says so: the key file is not to blame, and nobody restores it from a backup. */
import { expect, it, vi } from 'vitest'
import { keypairFromMnemonic, keypairFromPrivateKey } from '../../../src/core/keys/keypair.js'
import { parseKeyfile } from '../../../src/core/wallet/keyfileJson.js'
import { keypairOfKeyfile } from '../../../src/core/wallet/openKeyfile.js'

vi.mock('@scure/sr25519', () => {
  throw new Error('Cannot find package')
})
vi.mock('@polkadot/util-crypto/mnemonic/wordlists/en', () => {
  throw new Error('Cannot find package')
})

const open = (fields: Record<string, string>) =>
  keypairOfKeyfile(parseKeyfile(Buffer.from(JSON.stringify(fields)), 'coldkey'), 'coldkey')

const broken = {
  code: 'INTERNAL',
  message: 'a part of bittensor that keys need can not be loaded',
  hint: 'the installation is not complete: install bittensor again',
}
/** A reduced scalar, then a nonce. */
const PRIVATE = `0x${'01'.repeat(31)}00${'02'.repeat(32)}`
const WORDS = 'bottom drive obey lake curtain smoke basket hold race lonely fit walk'

it('a private key', async () => {
  await expect(keypairFromPrivateKey(Buffer.from(PRIVATE.slice(2), 'hex'))).rejects.toMatchObject(
    broken,
  )
  await expect(open({ privateKey: PRIVATE })).rejects.toMatchObject(broken)
})

it('a mnemonic', async () => {
  await expect(keypairFromMnemonic(WORDS)).rejects.toMatchObject(broken)
  await expect(open({ secretPhrase: WORDS })).rejects.toMatchObject(broken)
})

it('bytes that are no key are still the fault of the file', async () => {
  await expect(open({ privateKey: `0x${'ff'.repeat(64)}` })).rejects.toMatchObject({
    code: 'KEYFILE',
    message: 'the key file coldkey is corrupt: its privateKey is not valid',
  })
})

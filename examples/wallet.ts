/** A wallet: its keys, and a signature. */
import * as bt from 'bittensor'

// The wallet `default`, or the one that BT_WALLET_NAME, BT_WALLET_HOTKEY and BT_WALLET_PATH name.
const wallet = await bt.wallet()
console.log(`${wallet}`)

// Access the hotkey.
console.log('hotkey', wallet.hotkey.address)

// Access the coldkey (requires decryption: the password is taken from BT_WALLET_PASSWORD, or given here).
const coldkey = await wallet.unlockColdkey()

// Sign data with the keypair.
const data = new TextEncoder().encode('data')
const signature = coldkey.sign(data)
console.log('signed', await bt.verify(data, signature, coldkey.publicKey))

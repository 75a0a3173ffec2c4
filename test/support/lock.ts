/** Wallets whose passwords nobody knows. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Makes every private key of a home one that no password opens: its checksum is of nothing. */
export function lock(home: string): void {
  const root = join(home, '.bittensor', 'wallets')
  const salt = Buffer.from([...Array(3)].map(() => '00'.repeat(32)).join('\n')).toString('hex')
  const vault = `$ANSIBLE_VAULT;1.1;AES256\n${salt.replaceAll(/(.{80})/g, '$1\n')}\n`
  for (const name of readdirSync(root)) {
    const folder = join(root, name)
    writeFileSync(join(folder, 'coldkey'), vault, { mode: 0o600 })
    for (const hotkey of readdirSync(join(folder, 'hotkeys'))) {
      const file = join(folder, 'hotkeys', hotkey)
      if (hotkey.endsWith('.txt')) continue
      const { publicKey, ss58Address } = JSON.parse(readFileSync(file, 'utf8'))
      writeFileSync(`${file}pub.txt`, JSON.stringify({ publicKey, ss58Address }))
      writeFileSync(file, vault, { mode: 0o600 })
    }
  }
}

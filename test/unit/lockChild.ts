/** A process that counts in a file under the lock of an account, made to be run many times at once by accountLock.test.ts. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockAccount } from '../../src/core/accountLock.js'
import { processProbe } from '../../src/core/processProbe.js'

const [mode = '', directory = ''] = process.argv.slice(2)
const counter = join(directory, 'counter')

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const take = () =>
  lockAccount({
    directory,
    account: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
    command: 'transfer',
    self: processProbe({ pid: process.pid, isAlive }),
    now: () => new Date(),
    sleep: (ms) => sleep(ms / 20),
  })

for (let round = 0; round < (mode === 'hold' ? 1 : 10); round++) {
  const lock = await take()
  const count = Number(await readFile(counter, 'utf8').catch(() => '0'))
  await sleep(2)
  await lock.assertHeld()
  if (mode === 'hold') {
    process.stdout.write('held\n')
    await sleep(60_000)
  }
  await writeFile(counter, `${count + 1}`)
  await lock.release()
}

/** `btcli root_register`: take a seat on the root network with a hotkey. */
import { defineCommand } from '../cli/define.js'
import { existingSubnet } from '../cli/netuid.js'
import { signing, walletHotkey, walletName } from '../cli/options.js'
import type { Party } from '../cli/preview.js'
import { planRecycle, type RecyclePlan } from '../cli/recyclePlan.js'
import { blocksUntilQuota, quotaUsedUp } from '../cli/registerChecks.js'
import { type SingleDone, singleJson, singleText } from '../cli/singleDone.js'
import { transact } from '../cli/transact.js'
import { readNeurons, readUid } from '../core/chain/neurons.js'
import { readTotalStake } from '../core/chain/stake.js'
import { readSubnet } from '../core/chain/subnets.js'
import type { ChainView } from '../core/chain/types.js'
import { BittensorError } from '../core/errors.js'
import { formatTao } from '../core/units.js'
import { openWallet } from '../core/wallet/wallet.js'

type Common = { readonly wallet: Party; readonly hotkey: Party }
type Already = Common & { readonly already: true; readonly uid: number }
type Done = Common & { readonly already: false } & SingleDone<RecyclePlan>

export const rootRegister = defineCommand({
  name: 'root_register',
  summary: 'Register a hotkey on the root network.',
  options: { walletName, walletHotkey, ...signing },
  examples: [
    'root_register --wallet.name alice --wallet.hotkey validator',
    'root_register -w alice -H validator --dry_run',
  ],
  notes:
    'It costs nothing but the fee. When all seats are taken, the one of the member with the least stake goes to who has more.',

  async run(ctx, values): Promise<Already | Done> {
    const location = {
      root: ctx.paths.wallets,
      name: values.walletName,
      hotkey: values.walletHotkey,
    }
    const opened = openWallet(location, { onWarning: ctx.warn })
    const wallet = { name: opened.name, address: await opened.coldkeypubAddress() }
    const hotkey = { name: opened.hotkeyName, address: await opened.hotkeyAddress() }
    const view = await ctx.head()
    await existingSubnet(view, 0)
    const uid = await readUid(view, 0, hotkey.address)
    if (uid !== undefined) return { wallet, hotkey, already: true, uid }
    const done = await transact(ctx, {
      title: 'Register on root',
      wallet: opened,
      key: 'coldkey',
      values,
      async plan(planning) {
        const plan = await planRecycle(planning, { wallet, hotkey, netuid: 0, maxBurn: undefined })
        const left = await blocksUntilQuota(planning.view, 0)
        if (left > 0) throw quotaUsedUp(planning.client, 0, left)
        await checkSeat(planning.view, hotkey)
        return {
          ...plan,
          question: `Register ${hotkey.name || hotkey.address} on the root network?`,
        }
      },
    })
    return { wallet, hotkey, already: false, ...done, commandLine: ctx.commandLine() }
  },

  render: {
    table(data, { style }) {
      const name = data.hotkey.name || data.hotkey.address
      if (data.already) {
        return `${style.green(style.sign.ok)} ${name} is on the root network already, as uid ${data.uid}.`
      }
      const uid = uidOf(data)
      return singleText(data, style, {
        headline: `${name} is on the root network${uid === undefined ? '' : ` as uid ${uid}`}`,
        changes: (before, after) => [
          { label: `${data.wallet.name}, free`, before: before.free, after: after.free },
        ],
      })
    },
    json: (data) => ({
      netuid: 0,
      uid: uidOf(data) ?? null,
      hotkey: data.hotkey.address,
      coldkey: data.wallet.address,
      alreadyRegistered: data.already,
      ...(data.already ? {} : singleJson(data)),
    }),
  },
})

function uidOf(data: Already | Done): number | undefined {
  if (data.already) return data.uid
  const result = data.results.at(-1)
  return result?.ok ? result.after?.uid : undefined
}

/** @throws {BittensorError} `INSUFFICIENT_STAKE` when all seats are taken by those with more stake */
async function checkSeat(view: ChainView, hotkey: Party): Promise<void> {
  const root = await readSubnet(view, 0)
  if (root.n < root.maxN) return
  const [members, stake] = await Promise.all([
    readNeurons(view, 0),
    readTotalStake(view, hotkey.address),
  ])
  const least = members.reduce<bigint | undefined>(
    (lowest, one) => (lowest === undefined || one.stake < lowest ? one.stake : lowest),
    undefined,
  )
  if (least !== undefined && least < stake) return
  throw new BittensorError(
    'INSUFFICIENT_STAKE',
    'all seats on root are taken by members with more stake',
    {
      details: `${hotkey.name} has τ${formatTao(stake, 'full')} staked, the poorest of ${root.n} members τ${formatTao(least ?? 0n, 'full')}`,
      hint: `stake more: btcli stake --wallet.hotkey ${hotkey.name}`,
      data: { stakeRao: stake, leastRao: least ?? null, members: root.n },
    },
  )
}

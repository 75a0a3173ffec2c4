/** `btcli inspect`: balance, delegations and registrations of one wallet or all. */
import { taoCell } from '../cli/cells.js'
import { defineCommand, flag } from '../cli/define.js'
import { taoFixed } from '../cli/numbers.js'
import { block, walletName } from '../cli/options.js'
import type { Cell } from '../cli/table.js'
import { count } from '../cli/text.js'
import { type LocalWallet, localWallets } from '../cli/wallets.js'
import { readBalances } from '../core/chain/balances.js'
import { readDelegated } from '../core/chain/delegates.js'
import { readNeuronsOfHotkeys } from '../core/chain/neurons.js'
import type { ChainView, Delegation, Neuron } from '../core/chain/types.js'
import type { Ss58 } from '../core/keys/ss58.js'
import { type Rao, rao } from '../core/units.js'

export const inspect = defineCommand({
  name: 'inspect',
  summary: 'Inspect a wallet cold, hot pair',
  options: {
    all: flag({ flags: '--all', description: 'all wallets' }),
    walletName: { ...walletName, askWhen: (soFar) => soFar['all'] !== true },
    block,
  },
  examples: ['inspect --wallet.name alice', 'inspect --all'],
  notes:
    'The first EMISSION is the share of a delegation per day before the take of the delegate, the second that of a neuron in the last epoch.',

  async run(ctx, values) {
    const local = await localWallets(ctx, values.all ? undefined : values.walletName)
    for (const wallet of local) {
      if (!wallet.coldkey) ctx.warn(`wallet ${wallet.name} has no coldkeypub.txt and is left out`)
    }
    const known = local.flatMap((wallet) =>
      wallet.coldkey ? [{ ...wallet, coldkey: wallet.coldkey }] : [],
    )
    const view = await ctx.head()
    const wallets = await ctx.progress(
      `Reading ${count(known.length, 'wallet')} from ${view.network}`,
      () => Promise.all(known.map((wallet) => readWallet(view, wallet))),
    )
    return { network: view.network, block: view.block.number, wallets }
  },

  render: {
    table: ({ network, block, wallets }, { style }) => ({
      columns: [
        { title: 'COLDKEY' },
        {
          title: `BALANCE(${style.sign.tao})`,
          align: 'right',
          footer: taoFixed(
            sum(wallets, (wallet) => wallet.free),
            9,
          ),
        },
        { title: 'DELEGATE', address: true },
        {
          title: `STAKE(${style.sign.tao})`,
          align: 'right',
          csv: 'delegated',
          footer: taoFixed(sum(wallets, delegated), 9),
        },
        {
          title: `EMISSION(${style.sign.tao}/DAY)`,
          align: 'right',
          optional: 2,
          csv: 'delegated_emission_day',
        },
        { title: 'NETUID', align: 'right' },
        { title: 'HOTKEY', address: true },
        { title: `STAKE(${style.sign.tao})`, align: 'right', csv: 'hotkey_stake' },
        {
          title: `EMISSION(${style.sign.tao})`,
          align: 'right',
          optional: 1,
          csv: 'hotkey_emission',
        },
      ],
      rows: wallets.flatMap(rows),
      note: `${count(wallets.length, 'wallet')} ${style.sign.dot} ${network} ${style.sign.dot} block ${block}`,
      empty: 'No wallets found.',
    }),
    json: ({ wallets }) => ({
      wallets: wallets.map(toJson),
      totals: {
        freeRao: `${sum(wallets, (wallet) => wallet.free)}`,
        delegatedRao: `${sum(wallets, delegated)}`,
      },
    }),
  },
})

type Inspected = {
  readonly name: string
  readonly coldkey: Ss58
  readonly free: Rao
  readonly delegations: readonly Delegation[]
  readonly neurons: readonly Neuron[]
  readonly hotkeyNames: ReadonlyMap<string, string>
}

/** Neurons of hotkeys that lie in the wallet, and of those that the chain knows as the coldkey's own. */
async function readWallet(
  view: ChainView,
  wallet: LocalWallet & { readonly coldkey: Ss58 },
): Promise<Inspected> {
  const [balances, delegations, owned] = await Promise.all([
    readBalances(view, [wallet.coldkey]),
    readDelegated(view, wallet.coldkey),
    ownedHotkeys(view, wallet.coldkey),
  ])
  const own = delegations
    .filter(({ delegate }) => delegate.owner === wallet.coldkey)
    .map(({ delegate }) => delegate.hotkey)
  const hotkeys = [...new Set([...wallet.hotkeys.map((key) => key.address), ...owned, ...own])]
  const found = await readNeuronsOfHotkeys(view, hotkeys)
  return {
    name: wallet.name,
    coldkey: wallet.coldkey,
    free: balances[0]?.free ?? rao(0n),
    delegations,
    neurons: found
      .filter((neuron) => neuron.coldkey === wallet.coldkey)
      .sort((a, b) => a.netuid - b.netuid || a.uid - b.uid),
    hotkeyNames: new Map(wallet.hotkeys.map((key) => [key.address as string, key.name])),
  }
}

/** Later runtimes list the hotkeys of a coldkey; earlier ones only know the owner of a given hotkey. */
async function ownedHotkeys(view: ChainView, coldkey: Ss58): Promise<readonly Ss58[]> {
  if (!view.hasStorage('SubtensorModule', 'OwnedHotkeys')) return []
  return (await view.read('SubtensorModule', 'OwnedHotkeys', coldkey)) as readonly Ss58[]
}

/** Share of the delegate's daily return that this stake earns, before take. */
function daily({ delegate, stake }: Delegation): Rao {
  return rao(
    delegate.totalStake === 0n ? 0n : (delegate.totalDailyReturn * stake) / delegate.totalStake,
  )
}

function delegated(wallet: Inspected): bigint {
  return wallet.delegations.reduce((total, { stake }) => total + stake, 0n)
}

function sum(wallets: readonly Inspected[], of: (wallet: Inspected) => bigint): bigint {
  return wallets.reduce((total, wallet) => total + of(wallet), 0n)
}

function rows(wallet: Inspected): Cell[][] {
  return [
    [wallet.name, taoCell(wallet.free, 9)],
    ...wallet.delegations.map((one): Cell[] => [
      '',
      '',
      one.delegate.hotkey,
      taoCell(one.stake, 9),
      taoCell(daily(one), 9),
    ]),
    ...wallet.neurons.map((neuron): Cell[] => {
      const name = wallet.hotkeyNames.get(neuron.hotkey)
      return [
        '',
        '',
        '',
        '',
        '',
        neuron.netuid,
        name === undefined ? neuron.hotkey : `${name}-${neuron.hotkey}`,
        taoCell(neuron.stake, 9),
        taoCell(neuron.emission, 9),
      ]
    }),
  ]
}

function toJson(wallet: Inspected) {
  return {
    name: wallet.name,
    coldkey: wallet.coldkey,
    freeRao: `${wallet.free}`,
    delegations: wallet.delegations.map((one) => ({
      hotkey: one.delegate.hotkey,
      name: null,
      netuid: null,
      stakeRao: `${one.stake}`,
      dailyRao: `${daily(one)}`,
    })),
    neurons: wallet.neurons.map((neuron) => ({
      netuid: neuron.netuid,
      uid: neuron.uid,
      hotkey: neuron.hotkey,
      hotkeyName: wallet.hotkeyNames.get(neuron.hotkey) ?? null,
      stakeRao: `${neuron.stake}`,
      emissionRao: `${neuron.emission}`,
    })),
  }
}

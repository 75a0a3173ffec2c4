/** `btcli balance`: free and staked τ of coldkeys. */
import { taoCell } from '../cli/cells.js'
import { defineCommand, flag, list } from '../cli/define.js'
import { taoFixed } from '../cli/numbers.js'
import { block, walletName } from '../cli/options.js'
import { count } from '../cli/text.js'
import { localColdkeys } from '../cli/wallets.js'
import { readBalance } from '../core/chain/balances.js'
import { readStakesOfColdkey } from '../core/chain/stake.js'
import type { AccountBalance, ChainView } from '../core/chain/types.js'
import { parseAccount, type Ss58 } from '../core/keys/ss58.js'

export const balance = defineCommand({
  name: 'balance',
  summary: 'Show free and staked τ of wallets or addresses.',
  options: {
    all: flag({ flags: '--all', description: 'all wallets' }),
    ss58: list({
      flags: '--ss58, --ss58_addresses <address...>',
      description: 'these accounts instead of a wallet',
      parse: (text) => parseAccount(text).address,
      address: 'account',
    }),
    walletName: {
      ...walletName,
      askWhen: (soFar) => soFar['all'] !== true && !isGiven(soFar['ss58']),
    },
    block,
  },
  examples: ['balance --wallet.name alice', 'balance --all', 'balance --ss58 5Grw… 5FHn…'],
  notes:
    'STAKED is what the coldkey has staked to all hotkeys; on a dTAO chain its value in τ at the prices of the moment.',

  async run(ctx, values) {
    const accounts = values.ss58.length > 0 ? values.ss58.map(nameless) : await walletsOf()
    const view = await ctx.head()
    const rows = await ctx.progress(
      `Reading ${count(accounts.length, 'account')} from ${view.network}`,
      () => Promise.all(accounts.map((account) => readRow(view, account))),
    )
    return { network: view.network, block: view.block.number, era: view.era, rows }

    async function walletsOf(): Promise<Account[]> {
      const local = await localColdkeys(ctx, values.all ? undefined : values.walletName)
      return local.map(({ name, coldkey }) => ({ name, address: coldkey }))
    }
  },

  render: {
    table: ({ network, block, era, rows }, { style }) => {
      const tao = style.sign.tao
      const about = era === 'dtao' ? '≈ ' : ''
      const footer = (of: (row: Row) => bigint) =>
        rows.length > 1 ? taoFixed(sum(rows, of), 9) : ''
      return {
        columns: [
          { title: 'WALLET', footer: rows.length > 1 ? 'total' : '' },
          { title: 'COLDKEY', address: true },
          { title: `FREE(${tao})`, align: 'right', footer: footer(freeOf) },
          { title: `STAKED(${about}${tao})`, align: 'right', footer: footer(stakedOf) },
          { title: `TOTAL(${about}${tao})`, align: 'right', footer: footer(totalOf) },
        ],
        rows: rows.map((row) => [
          row.name,
          row.address,
          taoCell(freeOf(row), 9),
          taoCell(stakedOf(row), 9),
          taoCell(totalOf(row), 9),
        ]),
        note: `${count(rows.length, 'account')} ${style.sign.dot} ${network} ${style.sign.dot} block ${block}`,
        empty: 'No wallets found.',
      }
    },
    json: ({ rows }) => ({
      accounts: rows.map((row) => ({
        name: row.name === '' ? null : row.name,
        coldkey: row.address,
        freeRao: freeOf(row),
        reservedRao: row.balance.reserved,
        frozenRao: row.balance.frozen,
        stakedRao: stakedOf(row),
        totalRao: totalOf(row),
      })),
      totals: {
        freeRao: sum(rows, freeOf),
        stakedRao: sum(rows, stakedOf),
        totalRao: sum(rows, totalOf),
      },
    }),
  },
})

type Account = { readonly name: string; readonly address: Ss58 }
type Row = Account & { readonly balance: AccountBalance; readonly staked: bigint }

const freeOf = ({ balance: { free } }: Row) => free
const stakedOf = ({ staked }: Row) => staked
const totalOf = ({ balance: { free, reserved }, staked }: Row) => free + reserved + staked

function isGiven(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}

function nameless(address: Ss58): Account {
  return { name: '', address }
}

function sum(rows: readonly Row[], of: (row: Row) => bigint): bigint {
  return rows.reduce((total, row) => total + of(row), 0n)
}

async function readRow(view: ChainView, account: Account): Promise<Row> {
  const [found, staked] = await Promise.all([
    readBalance(view, account.address),
    readStaked(view, account.address),
  ])
  return { ...account, balance: found, staked }
}

/** A classic chain keeps the sum; going through its whole stake map for it would be a pity. */
async function readStaked(view: ChainView, coldkey: Ss58): Promise<bigint> {
  if (view.era === 'classic' && view.hasStorage('SubtensorModule', 'TotalColdkeyStake')) {
    return BigInt(String(await view.read('SubtensorModule', 'TotalColdkeyStake', coldkey)))
  }
  const positions = await readStakesOfColdkey(view, coldkey)
  return positions.reduce((total, { stake }) => total + stake, 0n)
}
